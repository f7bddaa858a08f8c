package cmdtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

var built = struct {
	sync.Mutex
	folder   string
	programs map[string]func() (string, error)
}{programs: map[string]func() (string, error){}}

// Build builds a command of the product (a folder of cmd) once for all tests of a binary, as it is released: without the race detector, which would make it
// another program. It returns the path of the program; Clean removes it.
func Build(command string) (path string, err error) {
	built.Lock()
	build, known := built.programs[command]
	if !known {
		build = sync.OnceValues(func() (string, error) { return buildOnce(command) })
		built.programs[command] = build
	}
	built.Unlock()
	return build()
}

func buildOnce(command string) (string, error) {
	folder, err := programs()
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, command)
	output, err := exec.Command("go", "build", "-o", path, "github.com/ouderavond/ouderavond/cmd/"+command).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, output)
	}
	return path, nil
}

func programs() (string, error) {
	built.Lock()
	defer built.Unlock()
	if built.folder != "" {
		return built.folder, nil
	}
	var err error
	built.folder, err = os.MkdirTemp("", "ouderavond-program")
	return built.folder, err
}

// Clean removes what Build made. TestMain calls it at the end.
func Clean() {
	built.Lock()
	defer built.Unlock()
	if built.folder != "" {
		_ = os.RemoveAll(built.folder)
	}
}
