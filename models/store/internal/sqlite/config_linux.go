package sqlite

/*
// The symbol is in the SQLite that the driver brings along.
#cgo LDFLAGS: -Wl,--unresolved-symbols=ignore-in-object-files

extern int sqlite3_config(int, ...);

// SQLITE_CONFIG_MEMSTATUS, see https://www.sqlite.org/c3ref/c_config_covering_index_scan.html
static int without_memory_statistics(void) { return sqlite3_config(9, 0); }
*/
import "C"

import "sync"

// configureSQLite tells SQLite, before its first use, to count no memory: it does so under a mutex that every connection takes for each allocation, and with
// readers and a writer on several cores they wait for one another there. Nobody asks for those figures. Where SQLite was in use before, it stays as it is.
var configureSQLite = sync.OnceFunc(func() { C.without_memory_statistics() })
