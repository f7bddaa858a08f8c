package main

import (
	"os"
	"runtime/debug"
)

const (
	// collectAt lets the heap grow to so many percent above what is in use before it is collected. The program holds little and makes much that is used
	// once: with Go's own 100 the collector takes a seventh of an opening evening's processor time.
	collectAt = 400
	// collectFrom is the size, in bytes, from which on the collector works as often as it must to stay below. The database's own memory (some 40 MB) and
	// the program itself (35 MB) come on top: together less than 300 MB.
	collectFrom = 192 << 20
)

// sparingly lets the collector run less often, unless the operator has said how (GOGC, GOMEMLIMIT).
func sparingly() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(collectFrom)
	}
}
