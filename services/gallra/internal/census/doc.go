// Package census is the list of everything that Gallra keeps: each column of each table, each stream, each kind of file, and
// what lies in memory or with the operator. Of each it says what it holds, whether that is about anybody and under which key,
// when it goes, and what takes it away.
//
// The list is data: the files in declared, one a kind of database, strictly read. A table, column, stream or file that is not
// on it fails the build, and so does a line whose table is gone, whose eraser does not exist, or whose period no pack and no
// source states. Nothing personal is declared in the clear. What nothing takes away says so, under `gap`; docs/census.md,
// which is made of the list, shows those first.
//
// It reads nothing of a running system; its tests do, and those of acceptance.
package census
