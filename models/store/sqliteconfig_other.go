//go:build !linux

package store

// configureSQLite has nothing to do where the linker does not find the driver's SQLite.
func configureSQLite() {}
