package cmdtest

import (
	"testing"
	"time"
)

// WaitFor bounds every wait in these tests.
const WaitFor = 60 * time.Second

// Until waits for a condition of which nobody tells.
func Until(t *testing.T, what string, condition func() bool) {
	t.Helper()
	deadline := time.Now().Add(WaitFor)
	for !condition() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s", what, WaitFor)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
