package rush

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// anyScreen invents a family's screen.
func anyScreen(t *rapid.T) screen {
	var seen screen
	for c := range rapid.IntRange(1, 4).Draw(t, "children") {
		one := child{id: fmt.Sprint("child", c)}
		for k := range rapid.IntRange(0, 3).Draw(t, "kinds") {
			kind := talk{kind: fmt.Sprint("kind", k), minutes: rapid.SampledFrom([]int{5, 10, 20}).Draw(t, "minutes"), expected: k == 0, left: rapid.SampledFrom([]int{0, 1, 2, noLimit}).Draw(t, "left")}
			for o := range rapid.IntRange(0, 4).Draw(t, "options") {
				free := []map[string]string{}
				for range rapid.IntRange(0, 6).Draw(t, "free") {
					minute := 29_000_000 + int64(rapid.IntRange(0, 12).Draw(t, "at"))*5
					free = append(free, map[string]string{"start": instant(minute).Format(time.RFC3339)})
				}
				text, err := json.Marshal(free)
				if err != nil {
					t.Fatal(err)
				}
				kind.options = append(kind.options, option{staff: []string{fmt.Sprint("teacher", (c+o)%5)}, free: text})
			}
			one.talks = append(one.talks, kind)
		}
		seen.children = append(seen.children, one)
	}
	return seen
}

func TestAFamilyChoosesWhatCanBe(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seen := anyScreen(t)
		wants := taste{talks: rapid.IntRange(1, 6).Draw(t, "talks"), hot: rapid.Bool().Draw(t, "hot"), kind: "kind1", dice: rand.New(rand.NewPCG(1, 2))}
		list := wants.place(wants.requests(seen))
		if len(list) > max(wants.talks, len(seen.children)) {
			t.Fatalf("%d talks", len(list))
		}
		perKind, met := map[string]int{}, map[string]bool{}
		for i, one := range list {
			if !one.placed || overlaps(list[:i], one.at.minute, one.minutes) {
				t.Fatalf("%+v", list)
			}
			free := false
			for _, c := range seen.children {
				for _, kind := range c.talks {
					for _, o := range kind.options {
						if c.id == one.pupil && kind.kind == one.kind && slices.Equal(o.staff, one.at.staff) {
							o.starts(func(minute int64) { free = free || minute == one.at.minute })
						}
					}
					if c.id == one.pupil && kind.kind == one.kind && perKind[c.id+kind.kind] >= kind.left {
						t.Fatalf("more than %d of %s", kind.left, kind.kind)
					}
				}
			}
			if !free {
				t.Fatalf("%+v is not free", one)
			}
			perKind[one.pupil+one.kind]++
			if meets := one.pupil + one.kind + one.at.staff[0]; met[meets] {
				t.Fatalf("the same teacher twice: %+v", list)
			} else {
				met[meets] = true
			}
		}
	})
}

func TestWhatOthersChoseIsLeftToThem(t *testing.T) {
	t.Parallel()
	shared := &taken{}
	free := []byte(`[{"start":"2026-11-24T18:00:00Z"},{"start":"2026-11-24T18:10:00Z"},{"start":"2026-11-24T18:20:00Z"}]`)
	used := map[int64]bool{}
	for i := range 4 {
		wants := taste{talks: 1, dice: rand.New(rand.NewPCG(1, uint64(i))), taken: shared}
		list := wants.place([]request{{pupil: "p", kind: "k", minutes: 10, options: []option{{staff: []string{"t"}, free: free}}}})
		if (len(list) == 1) != (i < 3) {
			t.Fatalf("family %d: %+v", i, list)
		}
		for _, one := range list {
			if used[one.at.minute] {
				t.Errorf("%s twice", instant(one.at.minute))
			}
			used[one.at.minute] = true
		}
	}
}

func TestCurves(t *testing.T) {
	t.Parallel()
	const count, over = 10_000, 700 * time.Second
	for curve, want := range map[Curve]struct{ within, atLeast, atMost float64 }{
		AllAtOnce: {0.000001, 1, 1}, Steady: {0.5, 0.49, 0.51}, Peak: {1.0 / 7, 0.48, 0.54},
	} {
		times, err := arrivals(curve, count, over, rand.New(rand.NewPCG(1, 1)))
		if err != nil || len(times) != count || !slices.IsSorted(times) || times[0] < 0 || times[count-1] > over {
			t.Fatalf("%s: %v", curve, err)
		}
		early := 0
		for _, one := range times {
			if one <= time.Duration(want.within*float64(over)) {
				early++
			}
		}
		if share := float64(early) / count; share < want.atLeast || share > want.atMost {
			t.Errorf("%s: %.2f come early", curve, share)
		}
	}
	if _, err := arrivals("other", 1, time.Second, rand.New(rand.NewPCG(1, 1))); err == nil {
		t.Error("an unknown curve was taken")
	}
}

func TestPercentilesAreNearestRanks(t *testing.T) {
	t.Parallel()
	var took []time.Duration
	for i := range 100 {
		took = append(took, time.Duration(100-i)*time.Millisecond)
	}
	if got := spread(took); got != (Spread{100, 50, 95, 99, 100}) {
		t.Errorf("%+v", got)
	}
	if got := spread([]time.Duration{time.Second}); got != (Spread{1, 1000, 1000, 1000, 1000}) {
		t.Errorf("%+v", got)
	}
	if got := spread([]time.Duration{3 * time.Second, time.Second, 2 * time.Second}); got != (Spread{3, 2000, 3000, 3000, 3000}) {
		t.Errorf("%+v", got)
	}
	if got := spread(nil); got != (Spread{}) {
		t.Errorf("%+v", got)
	}
}

func TestCostsOfThisProcessAreKnownOnLinux(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("no /proc here")
	}
	spent := measure([]int{os.Getpid()})
	for sum, until := 0, time.Now().Add(50*time.Millisecond); time.Now().Before(until); sum++ {
		_ = sum
	}
	spent.stop()
	if !spent.known || spent.ours <= 0 || spent.took < 0 || spent.took > time.Minute || spent.resident < 1<<20 {
		t.Errorf("%+v", spent)
	}
	if gone := measure([]int{1 << 30}); gone.known {
		t.Error("a process that is not there costs something")
	}
}
