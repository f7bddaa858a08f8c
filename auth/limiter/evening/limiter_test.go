package evening_test

import (
	"testing"

	"github.com/ouderavond/ouderavond/auth/limiter/evening"
)

const nobody = int32(-1)

// desk plays single tries at a primary school: children 0 to 205 are of one household each, the next ones of households 0 to 93 again.
type desk struct {
	*evening.Limiter
	at    int64
	fresh int32
}

func newDesk(rules evening.Rules) *desk {
	households := make([]int32, 300)
	for child := range households {
		households[child] = int32(child % 206)
	}
	return &desk{Limiter: evening.NewLimiter(rules, households, 206), fresh: 1000}
}

// try is of a device and from an address of its own; answer 0 is the right one, and any other is new.
func (d *desk) try(child int32, wrong bool) evening.Try {
	d.fresh++
	try := evening.Try{At: d.at, Device: d.fresh, Address: d.fresh, Child: child, Mate: nobody}
	if wrong {
		try.Answer = d.fresh
	}
	return try
}

func (d *desk) miss(children ...int32) (charged int) {
	for _, child := range children {
		charged += d.Try(d.try(child, true)).Charged
	}
	return charged
}

func (d *desk) lets(t *testing.T, what string, try evening.Try, want bool) {
	t.Helper()
	if got := d.Try(try); got.In != want || got.Charged != 0 {
		t.Errorf("%s: %+v", what, got)
	}
}

func TestEightAtOnceAndOneMoreIn2Hours47(t *testing.T) {
	t.Parallel()
	d := newDesk(evening.Specified())
	if charged := d.miss(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10); charged != 8 {
		t.Errorf("%d were charged", charged)
	}
	d.lets(t, "while shut", d.try(20, false), false)
	d.at = 2*evening.Hour + 46*evening.Minute
	d.lets(t, "a minute too early", d.try(20, false), false)
	d.at += evening.Minute
	d.lets(t, "in time", d.try(20, false), true)
	if charged := d.miss(30, 31); charged != 1 {
		t.Errorf("%d more were charged", charged)
	}
	d.at = 11 * evening.Hour
	d.lets(t, "nine in twelve hours", d.try(21, false), false)
	d.at = 12 * evening.Hour
	d.lets(t, "after twelve hours", d.try(21, false), true)
}

func TestMissesOfADeviceAreTakenBackAtItsHousehold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		child int32 // whose right answer is given after two misses at child 0
		other bool  // on another device
		rules func(*evening.Rules)
		proof bool
		want  bool // child 0 has room for three again
	}{
		"the same child":                 {want: true},
		"a brother":                      {child: 206, want: true},
		"another family":                 {child: 1},
		"another device":                 {other: true},
		"a second proof":                 {proof: true, want: true},
		"nothing is taken back":          {rules: func(r *evening.Rules) { r.TakeBack = evening.TakeBackNever }},
		"not after second proofs":        {rules: func(r *evening.Rules) { r.TakeBack = evening.TakeBackFactors }, proof: true},
		"by factors, not after a second": {rules: func(r *evening.Rules) { r.TakeBack = evening.TakeBackFactors }, want: true},
	} {
		rules := evening.Specified()
		if tt.rules != nil {
			tt.rules(&rules)
		}
		d := newDesk(rules)
		for answer := range int32(2) {
			try := d.try(0, true)
			try.Device, try.Answer = 7, answer+1
			if d.Try(try).Charged != 1 {
				t.Fatalf("%s: a miss is not charged", name)
			}
		}
		right := d.try(tt.child, false)
		if !tt.other {
			right.Device = 7
		}
		if tt.proof {
			d.LogIn(d.at, right.Device, right.Address, 0, false)
		} else {
			d.lets(t, name, right, true)
		}
		if charged := d.miss(0, 0, 0); (charged == 3) != tt.want {
			t.Errorf("%s: %d more misses are charged", name, charged)
		}
	}
}

func TestWhatIsChargedToNobodyElse(t *testing.T) {
	t.Parallel()
	d := newDesk(evening.Specified())
	for range 100 {
		unknown := d.try(nobody, true)
		unknown.Address = 1
		if d.Try(unknown).Charged != 0 {
			t.Fatal("a name that nobody has is charged")
		}
	}
	try := d.try(0, true)
	if d.Try(try).Charged != 1 || d.Try(try).Charged != 0 {
		t.Error("one answer of one device is not one miss")
	}
	twice := try
	twice.Device = 5
	if d.Try(twice).Charged != 1 {
		t.Error("another device's same answer costs nothing")
	}
}

func TestAKnownDevicePassesUntilItHasGivenFiveWrongAnswers(t *testing.T) {
	t.Parallel()
	for _, misses := range []int{0, 4, 5} {
		d := newDesk(evening.Specified())
		d.miss(0, 1, 2, 3, 4, 5, 6, 7)
		d.Know(3, 50)
		known := d.try(50, false)
		known.Device = 3
		for n := range misses {
			wrong := known
			wrong.Answer = int32(n + 1)
			if d.Try(wrong).Charged != 1 {
				t.Errorf("miss %d is not charged", n)
			}
		}
		d.lets(t, "the known device", known, misses < 5)
		other := known
		other.Child = 51
		d.lets(t, "at another family", other, false)
	}
}

func TestANearMissIsAQuarterAndNeverGoesOver(t *testing.T) {
	t.Parallel()
	d := newDesk(evening.Specified())
	charged := 0
	for child := range int32(200) {
		try := d.try(child, true)
		try.Near = true
		charged += d.Try(try).Charged
	}
	// Eight at once, of which the last needs the room of a far one.
	if charged != 4*8-3 {
		t.Errorf("%d near misses were charged", charged)
	}
}

func TestAnAddressHasThreeAndWhoGotInFromIt(t *testing.T) {
	t.Parallel()
	d := newDesk(evening.Specified())
	from := func(child int32, wrong bool) evening.Try {
		try := d.try(child, wrong)
		try.Address, try.Near = 3, true
		return try
	}
	for n := range int32(3) {
		if d.Try(from(n, true)).Charged != 1 {
			t.Fatalf("miss %d is not charged", n)
		}
	}
	d.lets(t, "after three", from(10, false), false)
	d.LogIn(0, 1, 3, 20, false)
	d.lets(t, "after somebody got in", from(10, false), true)
	both := newDesk(evening.Specified())
	for range 2 {
		try := both.try(0, true)
		try.Mate, try.Address = 1, 3
		if got := both.Try(try).Charged; got != 2 {
			t.Fatalf("an answer about two children is charged %d times", got)
		}
	}
	try := both.try(2, false)
	try.Address = 3
	both.lets(t, "after two answers about two children each", try, true)
}
