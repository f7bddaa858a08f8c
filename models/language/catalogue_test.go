package language_test

import (
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/ouderavond/ouderavond/models/language"
)

const (
	dutch = `{
		"hello": "Hallo {{.Name}}",
		"only": "Alleen hier",
		"talks": {"one": "een gesprek", "other": "{{.Count}} gesprekken"},
		"page": {"title": "Gesprekken"}
	}`
	english = `{
		"hello": "Hello {{.Name}}",
		"talks": {"one": "one talk", "other": "{{.Count}} talks"},
		"page": {"title": "Talks"}
	}`
)

// open makes a catalogue of files given by language.
func open(t *testing.T, files map[string]string) *language.Catalogue {
	t.Helper()
	fsys := fstest.MapFS{}
	for lang, text := range files {
		fsys["locale/active."+lang+".json"] = &fstest.MapFile{Data: []byte(text)}
	}
	c, err := language.New(fsys, "locale")
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return c
}

func TestText(t *testing.T) {
	t.Parallel()
	c := open(t, map[string]string{"nl": dutch, "en": english})
	name := map[string]any{"Name": "Sam"}
	tests := map[string]struct{ lang, id, want string }{
		"a sentence comes in the language asked for": {"en", "hello", "Hello Sam"},
		"Dutch is Dutch":                                       {"nl", "hello", "Hallo Sam"},
		"nested ids are joined by dots":                        {"en", "page.title", "Talks"},
		"a sentence that English lacks comes in Dutch":         {"en", "only", "Alleen hier"},
		"a language without a catalogue speaks Dutch":          {"xx", "hello", "Hallo Sam"},
		"no language at all speaks Dutch":                      {"", "hello", "Hallo Sam"},
		"an unknown id answers itself instead of nothing":      {"en", "nowhere", "nowhere"},
		"an unknown id answers itself in an unknown language":  {"xx", "nowhere", "nowhere"},
		"a plural asked for without a count takes other as is": {"nl", "talks", "talks"},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			if got := c.For(test.lang).Text(test.id, name); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestAForgottenPlaceholderNeverPrintsNoValue(t *testing.T) {
	t.Parallel()
	c := open(t, map[string]string{"nl": dutch, "en": english})
	for _, data := range []map[string]any{nil, {}, {"Other": 1}} {
		if got := c.For("en").Text("hello", data); got != "hello" {
			t.Errorf("got %q, want the id", got)
		}
	}
}

func TestPlural(t *testing.T) {
	t.Parallel()
	c := open(t, map[string]string{"nl": dutch, "en": english})
	tests := map[string]struct {
		lang  string
		count int
		want  string
	}{
		"one talk":                   {"en", 1, "one talk"},
		"no talks":                   {"en", 0, "0 talks"},
		"several talks":              {"en", 3, "3 talks"},
		"one Dutch talk":             {"nl", 1, "een gesprek"},
		"several Dutch talks":        {"nl", 12, "12 gesprekken"},
		"an unknown language counts": {"xx", 2, "2 gesprekken"},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			given := map[string]any{"Name": "Sam"}
			if got := c.For(test.lang).Plural("talks", test.count, given); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if len(given) != 1 {
				t.Error("the caller's data was changed")
			}
		})
	}
}

func TestAPluralOfASentenceThatCountsNothing(t *testing.T) {
	t.Parallel()
	c := open(t, map[string]string{"nl": dutch, "en": english})
	for _, count := range []int{0, 1, 2} {
		if got := c.For("en").Plural("hello", count, map[string]any{"Name": "Sam"}); got != "Hello Sam" {
			t.Errorf("%d: got %q", count, got)
		}
		if got := c.For("en").Plural("only", count, nil); got != "Alleen hier" {
			t.Errorf("%d: got %q", count, got)
		}
	}
}

func TestALocalizerServesManyAtOnce(t *testing.T) {
	t.Parallel()
	c := open(t, map[string]string{"nl": dutch, "en": english})
	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() {
			for _, lang := range c.Languages() {
				if c.For(lang).Plural("talks", 2, nil) == "talks" {
					t.Error("lost a sentence")
				}
			}
		})
	}
	wait.Wait()
}

func TestTheZeroLocalizerAnswersTheID(t *testing.T) {
	t.Parallel()
	var l language.Localizer
	if got := l.Text("hello", nil); got != "hello" {
		t.Errorf("got %q", got)
	}
	if got := l.Language(); got != "nl" {
		t.Errorf("language %q", got)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	c := open(t, map[string]string{"nl": dutch, "en": english})
	tests := map[string]struct {
		lang  string
		items []string
		want  string
	}{
		"nobody":           {"nl", nil, ""},
		"one":              {"nl", []string{"Anna"}, "Anna"},
		"two":              {"nl", []string{"Anna", "Bram"}, "Anna en Bram"},
		"three":            {"nl", []string{"Anna", "Bram", "Chris"}, "Anna, Bram en Chris"},
		"three in English": {"en", []string{"Anna", "Bram", "Chris"}, "Anna, Bram and Chris"},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			if got := c.For(test.lang).List(test.items); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestLanguagesStartWithTheDefault(t *testing.T) {
	t.Parallel()
	c := open(t, map[string]string{"nl": dutch, "en": english, "de": `{}`})
	if got := strings.Join(c.Languages(), " "); got != "nl de en" {
		t.Errorf("got %q", got)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]fstest.MapFS{
		"an empty folder":         {},
		"a folder without Dutch":  {"locale/active.en.json": {Data: []byte(english)}},
		"a file that is no JSON":  {"locale/active.nl.json": {Data: []byte("{")}},
		"a tag that is none":      {"locale/active.nl.json": {Data: []byte(dutch)}, "locale/active.q!.json": {Data: []byte(dutch)}},
		"a value that is no text": {"locale/active.nl.json": {Data: []byte(`{"a": 7}`)}},
	}
	for title, files := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			if _, err := language.New(files, "locale"); err == nil {
				t.Error("it was accepted")
			}
		})
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	both := []string{"nl", "en"}
	tests := map[string]struct {
		accept  string
		allowed []string
		want    string
	}{
		"a plain tag":                                     {"en", both, "en"},
		"a regional English":                              {"en-GB,en;q=0.9", both, "en"},
		"Flemish is Dutch":                                {"nl-BE,nl;q=0.8", both, "nl"},
		"the best weight wins":                            {"nl;q=0.2, en;q=0.7", both, "en"},
		"a language we lack goes on to the next":          {"pl, en;q=0.5", both, "en"},
		"Frisian speakers get Dutch":                      {"fy-NL", []string{"en", "nl"}, "nl"},
		"nothing that we have takes the first":            {"ja, ko", both, "nl"},
		"nothing that we have takes the school's first":   {"ja", []string{"en", "nl"}, "en"},
		"an empty header takes the first":                 {"", both, "nl"},
		"a star takes the first":                          {"*", both, "nl"},
		"an unreadable header takes the first":            {"%%;;q=", both, "nl"},
		"nothing allowed is Dutch":                        {"en", nil, "nl"},
		"a nonsense language among the allowed is passed": {"en", []string{"nl", "q!", "en"}, "en"},
		"only nonsense allowed takes it as it is":         {"en", []string{"q!"}, "q!"},
		"a refused language is not taken":                 {"en;q=0", both, "nl"},
		"an endless header is read up to a limit":         {"en," + strings.Repeat("nl;q=0.1,", 5000), both, "en"},
		"an endless header without commas is left":        {strings.Repeat("e", 5000), both, "nl"},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			if got := language.Match(test.accept, test.allowed); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func FuzzMatch(f *testing.F) {
	for _, accept := range []string{"", "en", "nl-NL,nl;q=0.9,en;q=0.8", "*", ";q=", "x-klingon", "en-\xff"} {
		f.Add(accept)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		if got := language.Match(accept, []string{"nl", "en"}); got != "nl" && got != "en" {
			t.Errorf("%q was never allowed", got)
		}
	})
}
