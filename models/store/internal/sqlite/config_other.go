//go:build !linux

package sqlite

// configureSQLite has nothing to do where the linker does not find the driver's SQLite.
func configureSQLite() {}
