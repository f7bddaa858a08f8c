package undo_test

import (
	"flag"
	"fmt"
	"testing"
)

var (
	seeds = flag.Int("undo.seeds", 6, "how many seeds the test of inverse changes tries")
	from  = flag.Int("undo.from", 0, "the first of them")
)

// TestAnUndoIsTheInverseOfItsImport imports one night, then another, and takes the other back: all is as it was after the first, whatever changed. Taken back once more,
// the undo itself, all is as it was after the second.
func TestAnUndoIsTheInverseOfItsImport(t *testing.T) {
	t.Parallel()
	for seed := *from; seed < *from+*seeds; seed++ {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, uint64(seed), 150)
			w.night()
			first, done := w.state(), w.last()
			w.change(20)
			w.later(1)
			change := w.night().Change
			second := w.state()
			if w.last() == done {
				t.Skipf("nothing changed: %+v", change)
			}
			w.later(1)
			result := w.undo(w.last())
			if len(result.Stays) > 0 {
				t.Errorf("nothing was changed since, and this stays: %v", result.Stays)
			}
			if lines := differences(first, w.state()); lines != "" {
				t.Fatalf("after the undo of %+v:\n%s", change, lines)
			}
			if again := w.undo(result.Import); len(again.Stays) > 0 || again.Import == result.Import {
				t.Errorf("the undo of the undo: %+v", again)
			}
			if lines := differences(second, w.state()); lines != "" {
				t.Errorf("after the undo of the undo:\n%s", lines)
			}
		})
	}
}
