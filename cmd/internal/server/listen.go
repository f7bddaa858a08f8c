package server

import (
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

const (
	// firstPassed is the first of the sockets that systemd passes (sd_listen_fds, SD_LISTEN_FDS_START).
	firstPassed = 3
	// HandedOver is the environment variable by which a program hands its listening sockets to the one that takes its place: their numbers.
	HandedOver = "OUDERAVOND_HANDED_OVER"
)

// ListenPublic gives the sockets that people reach: those that a predecessor or systemd has passed, which never stopped taking connections, or a new one.
func ListenPublic(address string) ([]net.Listener, error) {
	passed, err := PassedSockets(os.Getenv, os.Getpid())
	if err != nil {
		return nil, err
	}
	for _, name := range []string{HandedOver, "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"} {
		_ = os.Unsetenv(name) // they are not for a program that this one starts
	}
	if len(passed) == 0 {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			return nil, fmt.Errorf("listen: %w", err)
		}
		return []net.Listener{listener}, nil
	}
	var listeners []net.Listener
	for _, number := range passed {
		listener, err := takeSocket(number)
		if err != nil {
			CloseAll(listeners)
			return nil, err
		}
		listeners = append(listeners, listener)
	}
	return listeners, nil
}

// PassedSockets gives the numbers of sockets that were passed to this process.
func PassedSockets(environment func(string) string, process int) ([]int, error) {
	if text := environment(HandedOver); text != "" {
		var numbers []int
		for _, part := range strings.Split(text, ",") {
			number, err := strconv.Atoi(part)
			if err != nil || number < firstPassed {
				return nil, fmt.Errorf("%s: %q is no socket", HandedOver, part)
			}
			numbers = append(numbers, number)
		}
		return numbers, nil
	}
	if environment("LISTEN_PID") != strconv.Itoa(process) {
		return nil, nil
	}
	count, err := strconv.Atoi(environment("LISTEN_FDS"))
	if err != nil || count < 1 || count > 16 {
		return nil, errors.New("LISTEN_FDS: systemd passed no socket, or too many")
	}
	numbers := make([]int, count)
	for i := range numbers {
		numbers[i] = firstPassed + i
	}
	return numbers, nil
}

func takeSocket(number int) (net.Listener, error) {
	syscall.CloseOnExec(number)
	file := os.NewFile(uintptr(number), "socket")
	listener, err := net.FileListener(file) // has a number of its own
	if err != nil {
		return nil, fmt.Errorf("passed socket %d: %w", number, errors.Join(err, file.Close()))
	}
	return listener, file.Close()
}

// CloseAll gives up listeners that will not be used.
func CloseAll(listeners []net.Listener) {
	for _, listener := range listeners {
		_ = listener.Close()
	}
}

// handOver gives the listening sockets as an environment variable for the program that takes this one's place. The sockets stay open: connections wait in
// their queue until somebody takes them.
func handOver(listeners []net.Listener) (variable string, err error) {
	var numbers []string
	for _, listener := range listeners {
		connection, ok := listener.(syscall.Conn)
		if !ok {
			return "", fmt.Errorf("a socket of type %T cannot be handed over", listener)
		}
		number, err := outliving(connection)
		if err != nil {
			return "", err
		}
		numbers = append(numbers, strconv.Itoa(number))
	}
	return HandedOver + "=" + strings.Join(numbers, ","), nil
}

// outliving gives a copy of a socket, with a number of its own, that survives the change of program.
func outliving(socket syscall.Conn) (number int, err error) {
	raw, err := socket.SyscallConn()
	if err != nil {
		return 0, err
	}
	failed := raw.Control(func(fd uintptr) { number, err = syscall.Dup(int(fd)) })
	return number, errors.Join(failed, err)
}

// withVariable puts a variable into an environment in place of one of the same name.
func withVariable(environment []string, variable string) []string {
	name, _, _ := strings.Cut(variable, "=")
	kept := slices.DeleteFunc(slices.Clone(environment), func(one string) bool { return strings.HasPrefix(one, name+"=") })
	return append(kept, variable)
}

// ListenLocal opens the socket for the administrator's commands: for the owner of the data folder only. The folder's lock is held, so a socket that is
// there belongs to a program that died.
func (a *App) ListenLocal() (net.Listener, error) {
	path := a.Folder.Socket()
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("local socket: %w", err)
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("local socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("local socket: %w", err), listener.Close())
	}
	return listener, nil
}
