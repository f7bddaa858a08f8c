package language_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models/language"
	"pgregory.net/rapid"
)

// amsterdam loads the zone that the examples are told in.
func amsterdam(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatalf("zone: %v", err)
	}
	return zone
}

func TestDates(t *testing.T) {
	t.Parallel()
	zone := amsterdam(t)
	evening := time.Date(2026, time.November, 24, 18, 10, 0, 0, time.UTC)
	summer := time.Date(2027, time.March, 30, 17, 5, 0, 0, time.UTC)
	late := time.Date(2026, time.December, 31, 23, 30, 0, 0, time.UTC)
	nl, en := language.NewDates("nl", zone), language.NewDates("en", zone)
	tests := map[string]struct{ got, want string }{
		"a date":                       {nl.Date(evening), "dinsdag 24 november 2026"},
		"an English date":              {en.Date(evening), "Tuesday 24 November 2026"},
		"a short date":                 {nl.ShortDate(evening), "di 24 nov"},
		"an English short date":        {en.ShortDate(evening), "Tue 24 Nov"},
		"a time in winter":             {nl.Time(evening), "19:10"},
		"a time in summer":             {nl.Time(summer), "19:05"},
		"March is mrt":                 {nl.ShortDate(summer), "di 30 mrt"},
		"date and time":                {nl.DateTime(evening), "dinsdag 24 november 2026 om 19:10"},
		"English date and time":        {en.DateTime(evening), "Tuesday 24 November 2026 at 19:10"},
		"a span":                       {nl.Span(evening, evening.Add(10*time.Minute)), "19:10–19:20"},
		"the zone decides the date":    {nl.Date(late), "vrijdag 1 januari 2027"},
		"no zone is UTC":               {language.NewDates("nl", nil).Time(evening), "18:10"},
		"an unknown language is Dutch": {language.NewDates("xx", zone).ShortDate(evening), "di 24 nov"},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			if test.got != test.want {
				t.Errorf("got %q, want %q", test.got, test.want)
			}
		})
	}
}

func TestASpanOverMidnightNamesBothDays(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, time.November, 24, 22, 50, 0, 0, time.UTC)
	got := language.NewDates("nl", amsterdam(t)).Span(start, start.Add(20*time.Minute))
	if want := "di 24 nov 23:50 – wo 25 nov 00:10"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestALocalizerWritesDatesInItsLanguage(t *testing.T) {
	t.Parallel()
	c := open(t, map[string]string{"nl": dutch, "en": english})
	moment := time.Date(2026, time.November, 24, 18, 10, 0, 0, time.UTC)
	if got := c.For("en").Dates(amsterdam(t)).ShortDate(moment); got != "Tue 24 Nov" {
		t.Errorf("got %q", got)
	}
}

func TestADateReadsBackAsTheSameDay(t *testing.T) {
	t.Parallel()
	zone := amsterdam(t)
	en := language.NewDates("en", zone)
	rapid.Check(t, func(t *rapid.T) {
		// 2000 to 2100, in minutes.
		moment := time.Unix(rapid.Int64Range(15778080, 68374080).Draw(t, "minute")*60, 0)
		back, err := time.ParseInLocation("Monday 2 January 2006 15:04", en.Date(moment)+" "+en.Time(moment), zone)
		if err != nil {
			t.Fatalf("read back: %v", err)
		}
		// In the hour that happens twice the text names two instants.
		if !back.Equal(moment) && !back.Add(time.Hour).Equal(moment) && !back.Add(-time.Hour).Equal(moment) {
			t.Fatalf("%v came back as %v", moment, back)
		}
		if !strings.HasPrefix(moment.In(zone).Format("Mon 2 Jan"), en.ShortDate(moment)) {
			t.Fatalf("short date %q", en.ShortDate(moment))
		}
	})
}
