// Package people keeps pupils and staff: imported from the school's files, changed by hand, erased one by one. Files are read by package roster; who books
// together is package household's.
package people
