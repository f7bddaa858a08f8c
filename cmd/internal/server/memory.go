package server

import (
	"os"
	"runtime/debug"

	"github.com/ouderavond/ouderavond/cmd/internal/config"
)

// sparingly lets the collector run less often, unless the operator has said how (GOGC, GOMEMLIMIT). What is allowed for opened schools beyond the default
// comes on top of the limit.
func sparingly(schools int64) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(config.CollectAt)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(config.CollectFrom + max(0, schools-config.DefaultSchoolMemory<<20)*3/2)
	}
}
