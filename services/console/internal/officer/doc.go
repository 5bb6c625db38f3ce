// Package officer is the console's pages for those who are logged in: find a person, read a person or a case, write a note,
// handle protected identities, and see who has looked. Each page shows what the services answer to this officer, for the
// purpose that the officer gave; a refusal is said in words, and somebody who may not be seen is nobody. Nothing is kept.
package officer
