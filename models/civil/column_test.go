package civil_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/models/civil"
)

func day(text string) civil.Date {
	parsed, _ := civil.Parse(text)
	return parsed
}

func TestYearsAndDaysAreCounted(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ got, want civil.Date }{
		"a year":                         {day("2008-03-04").AddYears(18), day("2026-03-04")},
		"a leap day where there is one":  {day("2008-02-29").AddYears(4), day("2012-02-29")},
		"a leap day where there is none": {day("2008-02-29").AddYears(18), day("2026-03-01")},
		"a year back":                    {day("2026-03-04").AddYears(-18), day("2008-03-04")},
		"over the end of a year":         {day("2026-12-31").AddDays(1), day("2027-01-01")},
		"back over a leap day":           {day("2024-03-01").AddDays(-1), day("2024-02-29")},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %v, want %v", name, tt.got, tt.want)
		}
	}
	for _, tt := range []struct {
		from, to string
		want     int
	}{{"2026-01-01", "2026-01-01", 0}, {"2026-03-28", "2026-03-30", 2}, {"0001-01-01", "9999-12-31", 3652058}, {"9999-12-31", "0001-01-01", -3652058}, {"1600-01-01", "2026-01-01", 155594}} {
		if got := day(tt.from).DaysUntil(day(tt.to)); got != tt.want {
			t.Errorf("from %s to %s: %d days", tt.from, tt.to, got)
		}
	}
}

func TestADateSurvivesItsColumn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		date := anyDate().Draw(t, "date")
		value, err := date.Value()
		if err != nil || value != date.String() {
			t.Fatalf("value %v, %v", value, err)
		}
		for _, column := range []any{value, []byte(date.String()), time.Date(date.Year, time.Month(date.Month), date.Day, 0, 0, 0, 0, time.UTC)} {
			scanned := civil.Date{Year: 1, Month: 1, Day: 1}
			if err := scanned.Scan(column); err != nil || scanned != date {
				t.Fatalf("column %v became %v, %v", column, scanned, err)
			}
		}
	})
	value, err := (civil.Date{}).Value()
	if value != nil || err != nil {
		t.Errorf("no date is %v, %v", value, err)
	}
	scanned := day("2026-01-01")
	if err := scanned.Scan(nil); err != nil || !scanned.IsZero() {
		t.Errorf("no column is %v, %v", scanned, err)
	}
	for _, column := range []any{"2026-02-30", []byte("Sanne"), int64(20260101), 1.5} {
		if err := scanned.Scan(column); !errors.Is(err, civil.ErrBadDate) || strings.Contains(err.Error(), "Sanne") {
			t.Errorf("column %v: %v", column, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"2017-11-03", "", "0000-00-00", "2024-02-29", "2017-11-03T00:00:00Z", "-001-01-01"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		date, err := civil.Parse(text)
		if err != nil {
			if !date.IsZero() || !errors.Is(err, civil.ErrBadDate) {
				t.Fatalf("%q: %v, %v", text, date, err)
			}
			return
		}
		if !date.Valid() || date.String() != text {
			t.Fatalf("%q became %v", text, date)
		}
	})
}
