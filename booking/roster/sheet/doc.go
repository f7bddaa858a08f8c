// Package sheet opens spreadsheets: it finds out what a file is by looking inside, refuses what is not read or would hurt, and returns the rows of a sheet with
// what each cell is. It knows nothing of pupils: which sheet, row or column means what is decided by package roster.
//
// A reader stands behind the interface Book. There is one, of Office Open XML workbooks (.xlsx, .xlsm; ECMA-376), by the excelize library. The library streams the
// texts of a sheet and nothing else about a cell, ends silently where the XML is broken, and bounds nothing; therefore each part is checked before the library sees
// it, and what the cells are is noted on the way (see inspect).
//
// Everything here is a pure function of its arguments. Nothing is written to disk, and no fault repeats a value of a file.
package sheet
