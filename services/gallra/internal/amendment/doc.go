// Package amendment writes a new version of a rule into the text of a policy pack, as a person would with an editor: the
// comments stay, nothing but the rule and the list of policy versions changes. It does not judge the result; whoever loads
// the pack does, with file, line and column.
package amendment
