package rush

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// costs is what processes cost from measure to stop.
type costs struct {
	servers      []int
	before, took time.Duration // of the servers
	ours         time.Duration // of this program
	known        bool
	resident     int64 // of the servers together, bytes, at the end
}

// measure begins to count processor time. Where the system does not tell, only this program's is known.
func measure(servers []int) *costs {
	c := &costs{servers: servers, ours: ownTime()}
	c.before, c.known = timeOf(servers)
	return c
}

func (c *costs) stop() {
	c.ours = ownTime() - c.ours
	after, known := timeOf(c.servers)
	c.took, c.known = after-c.before, c.known && known
	for _, pid := range c.servers {
		c.resident += residentOf(pid)
	}
}

func ownTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// clockTicks is the unit of /proc/PID/stat: Linux shows a hundredth of a second on every architecture that it runs on (USER_HZ).
const clockTicks = time.Second / 100

// timeOf sums up the processor time of processes, in user and system (proc(5), fields 14 and 15 of stat).
func timeOf(processes []int) (time.Duration, bool) {
	total := time.Duration(0)
	for _, pid := range processes {
		content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return 0, false
		}
		// The second field is the program's name, which may hold anything but ends at the last parenthesis.
		_, rest, _ := bytes.Cut(content[max(0, bytes.LastIndexByte(content, ')')):], []byte(" "))
		fields := strings.Fields(string(rest))
		if len(fields) < 13 {
			return 0, false
		}
		user, err1 := strconv.ParseInt(fields[11], 10, 64)
		system, err2 := strconv.ParseInt(fields[12], 10, 64)
		if err1 != nil || err2 != nil {
			return 0, false
		}
		total += time.Duration(user+system) * clockTicks
	}
	return total, len(processes) > 0
}

// residentOf gives the memory of a process that is in memory, in bytes; zero if the system does not tell.
func residentOf(pid int) int64 {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(content)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kilobytes, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			if err == nil {
				return kilobytes << 10
			}
		}
	}
	return 0
}
