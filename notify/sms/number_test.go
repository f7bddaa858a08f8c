package sms_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/notify/sms"
)

func TestNumber(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text    string
		regions []string
		want    string
	}{
		"a Dutch mobile in international form": {"+31612345678", nil, "+31612345678"},
		"a Dutch mobile as people write it":    {"06-12 34 56 78", nil, "+31612345678"},
		"with a trunk zero in brackets":        {"+31 (0)6 12345678", nil, "+31612345678"},
		"with two zeros in front":              {"0031612345678", nil, "+31612345678"},
		"a Belgian mobile":                     {"+32470123456", nil, "+32470123456"},
		"a German mobile":                      {"+49 151 23456789", nil, "+4915123456789"},
		"white space around it":                {" +31612345678\n", nil, "+31612345678"},
		"a French mobile where switched on":    {"+33612345678", []string{"NL", "FR"}, "+33612345678"},
		"the first region is the local one":    {"0470 12 34 56", []string{"BE"}, "+32470123456"},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			if got, err := sms.Number(test.text, test.regions); err != nil || got != test.want {
				t.Errorf("got %q, %v; want %q", got, err, test.want)
			}
		})
	}
}

func TestNumberRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text    string
		regions []string
	}{
		"a French mobile":                    {"+33612345678", nil},
		"a Dutch mobile where switched off":  {"+31612345678", []string{"BE"}},
		"a Dutch land line":                  {"+31201234567", nil},
		"a Dutch premium number":             {"+319001234", nil},
		"a Dutch free number":                {"+318001234", nil},
		"a German premium number":            {"+499001234567", nil},
		"a British personal number":          {"+447012345678", []string{"GB"}},
		"a British land line":                {"+442079460000", []string{"GB"}},
		"a short code":                       {"4411", nil},
		"the emergency number":               {"112", nil},
		"a digit too few":                    {"+3161234567", nil},
		"a digit too many":                   {"+316123456789", nil},
		"words behind it":                    {"+31612345678 (moeder)", nil},
		"an extension":                       {"+31612345678 x3", nil},
		"letters for digits":                 {"+316 SCHOOL", nil},
		"a line end inside":                  {"+3161234\r\n5678", nil},
		"another channel":                    {"whatsapp:+31612345678", nil},
		"two numbers":                        {"+31612345678,+31612345679", nil},
		"a number without end":               {strings.Repeat("6", 500), nil},
		"nothing":                            {"", nil},
		"a plus":                             {"+", nil},
		"a region that does not exist holds": {"0612345678", []string{"XX"}},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			got, err := sms.Number(test.text, test.regions)
			if got != "" || !errors.Is(err, sms.ErrNumber) {
				t.Errorf("got %q, %v", got, err)
			}
			if err != nil && len(test.text) > 2 && strings.Contains(err.Error(), test.text) {
				t.Error("the error holds the number")
			}
		})
	}
}

func FuzzNumber(f *testing.F) {
	for _, text := range []string{"+31612345678", "06 12345678", "0900-1234", "+++", "(((", "+32 470/12.34.56"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := sms.Number(text, nil)
		if err != nil {
			return
		}
		if !strings.HasPrefix(got, "+31") && !strings.HasPrefix(got, "+32") && !strings.HasPrefix(got, "+49") {
			t.Errorf("%q passed", got)
		}
		if again, err := sms.Number(got, nil); err != nil || again != got {
			t.Errorf("%q is not itself again: %q, %v", got, again, err)
		}
	})
}

func TestSegments(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body string
		want int
	}{
		"nothing is one":                    {"", 1},
		"160 plain characters are one":      {strings.Repeat("a", 160), 1},
		"161 plain characters are two":      {strings.Repeat("a", 161), 2},
		"306 plain characters are two":      {strings.Repeat("a", 306), 2},
		"307 plain characters are three":    {strings.Repeat("a", 307), 3},
		"é is plain":                        {strings.Repeat("é", 160), 1},
		"a euro takes two places":           {strings.Repeat("€", 80), 1},
		"81 euros are two":                  {strings.Repeat("€", 81), 2},
		"ë makes it long: 70 are one":       {strings.Repeat("ë", 70), 1},
		"ë makes it long: 71 are two":       {strings.Repeat("ë", 71), 2},
		"one ë is enough":                   {"ë" + strings.Repeat("a", 134), 3},
		"an emoji takes two of the seventy": {strings.Repeat("😀", 36), 2},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			if got := sms.Segments(test.body); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

func TestPlainLettersWhereTheySaveAPart(t *testing.T) {
	t.Parallel()
	rest := strings.Repeat("a", 100)
	for name, test := range map[string]struct{ body, want string }{
		"what is plain stays":            {"Café, où? Ä, ö, ñ, Ç, € 5 [æ]" + rest, "Café, où? Ä, ö, ñ, Ç, € 5 [æ]" + rest},
		"other marks are left out":       {"Zoë, Anaïs, François, Škoda, Yıldız, Łódź" + rest, "Zoe, Anais, Francois, Skoda, Yildiz, Lodz" + rest},
		"marks that stand alone as well": {"Zoe\u0308" + rest, "Zoe" + rest},
		"quotes, dashes and dots":        {"’s-Hertogenbosch – “De Linde”…" + rest, `'s-Hertogenbosch - "De Linde"...` + rest},
		"spaces that do not break":       {"19:00\u00a0uur" + rest, "19:00 uur" + rest},
		"letters that are two":           {"ﬁjn œuvre" + rest, "fijn oeuvre" + rest},
		"a short one stays as it was":    {"Zoë", "Zoë"},
		"another script stays":           {"Школа ë" + rest, "Школа ë" + rest},
		"with an emoji all stays":        {"Zoë 😀" + rest, "Zoë 😀" + rest},
		"what would be longer stays":     {strings.Repeat("…", 70), strings.Repeat("…", 70)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := sms.Plain(test.body); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestPlainCostsNothingAndIsPlain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringOf(rapid.RuneFrom([]rune("aë’…ﬁœПz€ "))).Draw(t, "body")
		got := sms.Plain(body)
		if got != body && (sms.Segments(got) >= sms.Segments(body) || strings.ContainsAny(got, "ë’…ﬁœП")) {
			t.Errorf("%q became %q", body, got)
		}
		if sms.Plain(got) != got {
			t.Errorf("%q is not the same again", got)
		}
	})
}
