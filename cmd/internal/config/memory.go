package config

import (
	"cmp"
	"errors"
	"strconv"
)

const (
	// CollectAt lets the heap grow to so many percent above what is in use before it is collected. The program holds little and makes much that is used
	// once: with Go's own 100 the collector takes a seventh of an opening evening's processor time.
	CollectAt = 400
	// CollectFrom is the size, in bytes, from which on the collector works as often as it must to stay below, with opened schools of defaultSchoolMemory. The
	// database's own memory (some 40 MB) and the program itself (35 MB) come on top: together less than 300 MB.
	CollectFrom = 192 << 20
	// DefaultSchoolMemory is in MiB.
	DefaultSchoolMemory = 64
)

// SchoolBytes gives how many bytes opened rosters may take.
func (s *Settings) SchoolBytes() (int64, error) {
	count, err := strconv.Atoi(cmp.Or(s.SchoolMemory, strconv.Itoa(DefaultSchoolMemory)))
	if err != nil || count < 16 || count > 1<<20 {
		return 0, errors.New("must be a number of MiB from 16 to 1048576")
	}
	return int64(count) << 20, nil
}
