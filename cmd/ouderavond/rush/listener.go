package rush

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Local tells whether an address can only be this machine: a loopback address written as such, or localhost.
func Local(host string) bool {
	name := host
	if split, _, err := net.SplitHostPort(host); err == nil {
		name = split
	}
	address := net.ParseIP(strings.Trim(name, "[]"))
	return strings.EqualFold(name, "localhost") || address != nil && address.IsLoopback()
}

// Listener finds the process on this machine that listens on a TCP port (proc(5), net/tcp). It gives false where the system does not tell, or there is none.
func Listener(port string) (int, bool) {
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return 0, false
	}
	wanted := map[string]bool{}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		for inode := range listening(table, fmt.Sprintf(":%04X", number)) {
			wanted["socket:["+inode+"]"] = true
		}
	}
	if len(wanted) == 0 {
		return 0, false
	}
	links, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, link := range links {
		if to, err := os.Readlink(link); err == nil && wanted[to] {
			pid, err := strconv.Atoi(strings.Split(link, "/")[2])
			return pid, err == nil
		}
	}
	return 0, false
}

// listening gives the inodes of the sockets of a table that listen (state 0A) on a port.
func listening(table, port string) map[string]bool {
	file, err := os.Open(table)
	if err != nil {
		return nil
	}
	defer func() { _ = file.Close() }()
	found := map[string]bool{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) > 9 && strings.HasSuffix(fields[1], port) && fields[3] == "0A" {
			found[fields[9]] = true
		}
	}
	return found
}
