package server

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestSignalsArePaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var came []time.Duration
		begun := time.Now()
		signal := paced(time.Second, func() { came = append(came, time.Since(begun)) })
		at := func(when time.Duration) {
			time.Sleep(when - time.Since(begun))
			synctest.Wait()
			signal()
		}
		for _, when := range []time.Duration{0, 100, 200, 1100, 5000} {
			at(when * time.Millisecond)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		want := []time.Duration{0, time.Second, 2 * time.Second, 5 * time.Second} // the second and third as one, the fourth in the next pause
		if len(came) != len(want) {
			t.Fatalf("signals at %v, want %v", came, want)
		}
		for i := range want {
			if came[i] != want[i] {
				t.Errorf("signals at %v, want %v", came, want)
			}
		}
	})
}
