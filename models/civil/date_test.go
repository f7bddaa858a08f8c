package civil_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models/civil"
	"pgregory.net/rapid"
)

func TestParseAcceptsOnlyExistingDaysInISOForm(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want civil.Date
		ok   bool
	}{
		"an ordinary day":                   {"2017-11-03", civil.Date{Year: 2017, Month: 11, Day: 3}, true},
		"a leap day":                        {"2016-02-29", civil.Date{Year: 2016, Month: 2, Day: 29}, true},
		"a leap day of a common year":       {"2019-02-29", civil.Date{}, false},
		"the thirty-first of April":         {"2019-04-31", civil.Date{}, false},
		"month zero":                        {"2019-00-10", civil.Date{}, false},
		"month thirteen":                    {"2019-13-10", civil.Date{}, false},
		"day zero":                          {"2019-10-00", civil.Date{}, false},
		"year zero":                         {"0000-10-10", civil.Date{}, false},
		"one-digit month":                   {"2019-1-10", civil.Date{}, false},
		"a day with a zone":                 {"2019-01-10Z", civil.Date{}, false},
		"a sign among the digits":           {"2019--1-10", civil.Date{}, false},
		"slashes":                           {"2019/01/10", civil.Date{}, false},
		"nothing":                           {"", civil.Date{}, false},
		"digits of another script":          {"２０１９-01-10", civil.Date{}, false},
		"century that is no leap year":      {"1900-02-29", civil.Date{}, false},
		"century that is a leap year":       {"2000-02-29", civil.Date{Year: 2000, Month: 2, Day: 29}, true},
		"surrounding space is not accepted": {" 2019-01-10", civil.Date{}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := civil.Parse(tt.text)
			if got != tt.want || (err == nil) != tt.ok {
				t.Fatalf("Parse = %v, %v; want %v, ok %v", got, err, tt.want, tt.ok)
			}
			if err != nil && (!errors.Is(err, civil.ErrBadDate) || (tt.text != "" && strings.Contains(err.Error(), tt.text))) {
				t.Fatalf("error %q is not ErrBadDate or echoes the text", err)
			}
		})
	}
}

func anyDate() *rapid.Generator[civil.Date] {
	return rapid.Custom(func(t *rapid.T) civil.Date {
		return civil.Date{Year: 1900, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 80000).Draw(t, "days"))
	})
}

func TestEveryDateSurvivesTextAndJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate().Draw(t, "date")
		back, err := civil.Parse(d.String())
		if err != nil || back != d {
			t.Fatalf("%v became %v, %v", d, back, err)
		}
		type holder struct {
			Day civil.Date `json:"day"`
		}
		raw, err := json.Marshal(holder{d})
		if err != nil {
			t.Fatal(err)
		}
		var h holder
		if err := json.Unmarshal(raw, &h); err != nil || h.Day != d {
			t.Fatalf("%s became %v, %v", raw, h.Day, err)
		}
	})
}

func TestDayArithmeticAgreesWithItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, n := anyDate().Draw(t, "a"), rapid.IntRange(-4000, 4000).Draw(t, "n")
		b := a.AddDays(n)
		if a.DaysUntil(b) != n || b.DaysUntil(a) != -n {
			t.Fatalf("%v + %d = %v, but they are %d days apart", a, n, b, a.DaysUntil(b))
		}
		if a.Before(b) != (n > 0) || a.After(b) != (n < 0) || (a.Compare(b) == 0) != (n == 0) {
			t.Fatalf("order of %v and %v disagrees with %d", a, b, n)
		}
	})
}

func TestZeroDateIsEmptyTextAndBeforeAll(t *testing.T) {
	t.Parallel()
	var zero civil.Date
	if !zero.IsZero() || zero.Valid() || zero.String() != "" {
		t.Fatalf("zero date: %v %v %q", zero.IsZero(), zero.Valid(), zero)
	}
	raw, err := json.Marshal(zero)
	if err != nil || string(raw) != `""` {
		t.Fatalf("zero date in JSON is %s, %v", raw, err)
	}
	if !zero.Before(civil.Date{Year: 1, Month: 1, Day: 1}) {
		t.Fatal("zero does not lie before the first day")
	}
	d := civil.Date{Year: 2017, Month: 1, Day: 1}
	if err := d.UnmarshalText(nil); err != nil || !d.IsZero() {
		t.Fatalf("empty text gave %v, %v", d, err)
	}
	if err := d.UnmarshalText([]byte("yesterday")); err == nil {
		t.Fatal("nonsense was read as a date")
	}
}

func TestOfUsesTheZoneOfTheInstant(t *testing.T) {
	t.Parallel()
	instant := time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC)
	if got := civil.Of(instant); got.Day != 20 {
		t.Fatalf("in UTC it is the %dth", got.Day)
	}
	if got := civil.Of(instant.In(time.FixedZone("CET", 3600))); got.Day != 21 {
		t.Fatalf("an hour east it is the %dth", got.Day)
	}
}

func TestNewKnowsTheCalendar(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		year, month, day int
		ok               bool
	}{{2016, 2, 29, true}, {2017, 2, 29, false}, {2017, 13, 1, false}, {2017, 1, 0, false}, {0, 1, 1, false}, {10000, 1, 1, false}} {
		if d, ok := civil.New(c.year, c.month, c.day); ok != c.ok || ok != d.Valid() {
			t.Errorf("New(%d, %d, %d) = %v, %v", c.year, c.month, c.day, d, ok)
		}
	}
	if got := (civil.Date{Year: 2016, Month: 2, Day: 29}).AddYears(18).String(); got != "2034-03-01" {
		t.Errorf("eighteen years after a leap day is %s", got)
	}
}

func TestEveryDateSurvivesTheDatabase(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate().Draw(t, "date")
		if rapid.Bool().Draw(t, "none") {
			d = civil.Date{}
		}
		value, err := d.Value()
		if err != nil {
			t.Fatal(err)
		}
		back := civil.Date{Year: 1, Month: 1, Day: 1}
		if err := back.Scan(value); err != nil || back != d {
			t.Fatalf("%v became %v, %v", d, back, err)
		}
	})
	var d civil.Date
	if err := d.Scan([]byte("2017-11-03")); err != nil || d.Day != 3 {
		t.Errorf("bytes gave %v, %v", d, err)
	}
	if err := d.Scan(time.Date(2017, 11, 4, 0, 0, 0, 0, time.UTC)); err != nil || d.Day != 4 {
		t.Errorf("a midnight gave %v, %v", d, err)
	}
	if err := d.Scan(20171103); !errors.Is(err, civil.ErrBadDate) {
		t.Errorf("a number gave %v", err)
	}
}
