package main

import (
	"cmp"
	"errors"
	"os"
	"runtime/debug"
	"strconv"
)

const (
	// collectAt lets the heap grow to so many percent above what is in use before it is collected. The program holds little and makes much that is used
	// once: with Go's own 100 the collector takes a seventh of an opening evening's processor time.
	collectAt = 400
	// collectFrom is the size, in bytes, from which on the collector works as often as it must to stay below, with opened schools of defaultSchoolMemory. The
	// database's own memory (some 40 MB) and the program itself (35 MB) come on top: together less than 300 MB.
	collectFrom = 192 << 20
	// defaultSchoolMemory is in MiB.
	defaultSchoolMemory = 64
)

// sparingly lets the collector run less often, unless the operator has said how (GOGC, GOMEMLIMIT). What is allowed for opened schools beyond the default
// comes on top of the limit.
func sparingly(schools int64) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(collectFrom + max(0, schools-defaultSchoolMemory<<20)*3/2)
	}
}

// schoolMemory gives how many bytes opened rosters may take.
func (s *settings) schoolMemory() (int64, error) {
	count, err := strconv.Atoi(cmp.Or(s.SchoolMemory, strconv.Itoa(defaultSchoolMemory)))
	if err != nil || count < 16 || count > 1<<20 {
		return 0, errors.New("must be a number of MiB from 16 to 1048576")
	}
	return int64(count) << 20, nil
}
