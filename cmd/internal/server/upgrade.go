package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/cmd/internal/machine"
)

const (
	// lockWait is how long a server waits for the data folder: a predecessor may still be finishing, or a command be at work.
	lockWait = 45 * time.Second
	// lockPause is the pause between two tries.
	lockPause = 20 * time.Millisecond
	// checkFor bounds the look whether the new program can start at all.
	checkFor = 30 * time.Second
)

// ErrUpgrade ends serving because another program is to take this one's place.
var ErrUpgrade = errors.New("upgrade")

// NewWaitingApp opens the program to serve, and waits a while for a data folder that is in use.
func NewWaitingApp(ctx context.Context, s *config.Settings, term console.Terminal) (*App, error) {
	deadline := time.Now().Add(lockWait)
	for said := false; ; said = true {
		a, err := NewApp(ctx, s, term.Err, nil)
		if !errors.Is(err, datafolder.ErrInUse) || time.Now().After(deadline) {
			return a, err
		}
		if !said {
			NewLogger(s, term.Err).Warn("the data folder is in use; waiting for it", "seconds", lockWait.Seconds(), "error", err)
		}
		if err := machine.Pause(ctx, lockPause); err != nil {
			return nil, err
		}
	}
}

// successorFile is the file that this program was started from, by the name that it was started by: where a link was turned to a newer file, the newer one.
func successorFile() (string, error) {
	path, err := exec.LookPath(os.Args[0])
	if err != nil {
		return os.Executable()
	}
	return filepath.Abs(path)
}

// checkSuccessor lets the program that is to take over say whether it can start with these settings. Nothing has been stopped yet.
func checkSuccessor(ctx context.Context) error {
	path, err := successorFile()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, checkFor)
	defer cancel()
	var said bytes.Buffer
	check := exec.CommandContext(ctx, path, append(os.Args[1:len(os.Args):len(os.Args)], "--check")...)
	check.Stdout, check.Stderr = &said, &said
	if err := check.Run(); err != nil {
		return fmt.Errorf("%s does not start: %w: %s", filepath.Base(path), err, strings.TrimSpace(said.String()))
	}
	return nil
}

// BecomeSuccessor turns this process into the new program, with the sockets that the variables of its environment name. It returns only if that failed.
func BecomeSuccessor(sockets ...string) error {
	path, err := successorFile()
	if err != nil {
		return err
	}
	environment := os.Environ()
	for _, variable := range sockets {
		environment = withVariable(environment, variable)
	}
	return syscall.Exec(path, os.Args, environment)
}

// tellSystemd tells the manager of services how the program stands (sd_notify); without one nothing happens.
func tellSystemd(state string) {
	path := os.Getenv("NOTIFY_SOCKET")
	if path == "" {
		return
	}
	connection, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		return
	}
	_, _ = connection.Write([]byte(state))
	_ = connection.Close()
}
