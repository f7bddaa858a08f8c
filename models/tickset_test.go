package models_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/models"
)

// A set of ticks answers as a plain map does, and leaves the sets it was made of as they were.
func TestASetOfTicksIsASet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var set models.TickSet
		plain := map[models.Tick]bool{}
		tick := rapid.Custom(func(t *rapid.T) models.Tick { return models.Tick(rapid.Int64Range(-200, 400).Draw(t, "tick")) })
		for range rapid.IntRange(0, 12).Draw(t, "changes") {
			from := tick.Draw(t, "from")
			until := from + models.Tick(rapid.Int64Range(-2, 150).Draw(t, "length"))
			how := rapid.SampledFrom([]string{"with", "united with", "without"}).Draw(t, "how")
			before := set.Between(-1000, 1000)
			old, add := set, how != "without"
			switch how {
			case "with":
				set = set.With(from, until)
			case "united with":
				set = set.Union(models.TickSet(nil).With(from, until))
			default:
				set = set.Without(from, until)
			}
			if !slices.Equal(before, old.Between(-1000, 1000)) {
				t.Fatal("the set that was there changed")
			}
			for at := from; at < until; at++ {
				plain[at] = add
			}
		}
		from, until := tick.Draw(t, "asked from"), tick.Draw(t, "asked until")
		var want []models.Tick
		for at := from; at < until; at++ {
			if plain[at] {
				want = append(want, at)
			}
			if set.Has(at) != plain[at] {
				t.Fatalf("tick %d: %t", at, set.Has(at))
			}
		}
		if got := set.Between(from, until); !slices.Equal(got, want) || set.Any(from, until) != (len(want) > 0) {
			t.Fatalf("between %d and %d: %v and %t, want %v", from, until, got, set.Any(from, until), want)
		}
	})
}
