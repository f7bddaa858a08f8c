package migrate

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// Newest gives the version of the newest step that the program knows for an engine.
func Newest(engine Engine) (int64, error) {
	steps, err := fs.ReadDir(files, string(engine))
	if err != nil {
		return 0, err
	}
	var newest int64
	for _, step := range steps {
		number, _, _ := strings.Cut(step.Name(), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("migration %s has no number", step.Name())
		}
		newest = max(newest, version)
	}
	return newest, nil
}
