// Package backup copies a SQLite database while others use it, looks whether a copy is good for anything, and makes a copy fit to be used again.
//
// It works on files, with connections of its own, and stands beside the store: what it does is about whole files and all schools, which the store's scopes
// keep out on purpose. Nothing here is opened that is sealed but the schools' own details, as proof that their keys open; no value of a row is returned,
// logged or put into an error. Folders of copies, ages and names of files are the program's affair.
package backup
