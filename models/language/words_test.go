package language_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ouderavond/ouderavond/models/language"
)

// repository is the folder of the whole product.
const repository = "../.."

// outside are words that every text takes from the table, by language.
var outside = map[string]*regexp.Regexp{
	"nl": regexp.MustCompile(`(?i)leerkracht|docent|leraar|leraren|mentor|\bklas|\bgroep|leerling|\bstudent|slb`),
	"en": regexp.MustCompile(`(?i)\bteacher|\bmentor|\bpupil|\bstudent|\bclass(?:es)?\b|\bgroups?\b`),
}

// filled finds what is put into a sentence.
var filled = regexp.MustCompile(`\{\{[^}]*\}\}`)

func TestNoTextNamesAWordOutsideTheTable(t *testing.T) {
	t.Parallel()
	catalogues, templates := 0, 0
	err := filepath.WalkDir(repository, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != repository && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata"):
			return filepath.SkipDir
		case strings.HasPrefix(entry.Name(), "active.") && strings.HasSuffix(path, ".json"):
			catalogues++
			lang := strings.TrimSuffix(strings.TrimPrefix(entry.Name(), "active."), ".json")
			var sentences any
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if err := json.Unmarshal(content, &sentences); err != nil {
				return err
			}
			eachSentence("", sentences, func(id, text string) {
				if word := outside[lang].FindString(filled.ReplaceAllString(text, "")); word != "" {
					t.Errorf("%s: %s says %q itself: %s", path, id, word, text)
				}
			})
		case strings.Contains(path, "/api/page/") && strings.HasSuffix(path, ".html"):
			templates++
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			shown := regexp.MustCompile(`>[^<>]*<`).FindAllString(filled.ReplaceAllString(string(content), ""), -1)
			for _, text := range shown {
				for _, words := range outside {
					if word := words.FindString(text); word != "" {
						t.Errorf("%s says %q itself: %s", path, word, text)
					}
				}
			}
		}
		return nil
	})
	if err != nil || catalogues < 8 || templates < 20 {
		t.Fatalf("%d catalogues, %d templates, %v", catalogues, templates, err)
	}
}

func eachSentence(id string, node any, look func(id, text string)) {
	switch node := node.(type) {
	case string:
		look(id, node)
	case map[string]any:
		for name, below := range node {
			eachSentence(strings.TrimPrefix(id+"."+name, "."), below, look)
		}
	}
}

func TestWordsFollowTheKindOfSchool(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"locale/active.nl.json": {Data: []byte(`{"ask": "{{.Word_teachers}} van {{.Name}}: welke {{.word_group}}, welk {{.word_pupil}}nummer?", "plain": "Ja", "only": "Een {{.word_teacher}}", "count": {"one": "1 {{.word_pupil}}", "other": "{{.Count}} {{.word_pupils}}"}}`)},
		"locale/active.en.json": {Data: []byte(`{"ask": "{{.Word_teachers}} of {{.Name}}: which {{.word_group}}, which {{.word_pupil}} number?", "plain": "Yes", "count": {"one": "1 {{.word_pupil}}", "other": "{{.Count}} {{.word_pupils}}"}}`)},
	}
	texts, err := language.New(files, "locale")
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string]string{
		language.Voice("nl", language.Primary):    "Leerkrachten van Noor: welke groep, welk leerlingnummer?",
		language.Voice("nl", language.Secondary):  "Docenten van Noor: welke klas, welk leerlingnummer?",
		language.Voice("nl", language.Vocational): "Docenten van Noor: welke klas, welk studentnummer?",
		language.Voice("nl", ""):                  "Docenten van Noor: welke klas, welk leerlingnummer?",
		"nl-x-nonsense":                           "Docenten van Noor: welke klas, welk leerlingnummer?",
		"nl":                                      "Docenten van Noor: welke klas, welk leerlingnummer?",
		language.Voice("en", language.Vocational): "Teachers of Noor: which class, which student number?",
		language.Voice("xx", language.Primary):    "Leerkrachten van Noor: welke groep, welk leerlingnummer?",
	}
	for voice, want := range asked {
		speaker := texts.For(voice)
		if got := speaker.Text("ask", map[string]any{"Name": "Noor"}); got != want {
			t.Errorf("%s: %q", voice, got)
		}
		if strings.Contains(speaker.Language(), "-") {
			t.Errorf("%s: the language is %q", voice, speaker.Language())
		}
	}
	vocational := texts.For(language.Voice("nl", language.Vocational))
	if one, more := vocational.Plural("count", 1, nil), vocational.Plural("count", 3, nil); one != "1 student" || more != "3 studenten" {
		t.Errorf("%q, %q", one, more)
	}
	// A sentence that a language lacks comes in Dutch, with the Dutch word.
	if got := texts.For(language.Voice("en", language.Primary)).Text("only", nil); got != "Een leerkracht" {
		t.Errorf("%q", got)
	}
	if !vocational.Fixed("plain") || vocational.Fixed("ask") || vocational.Fixed("only") || vocational.Fixed("nowhere") {
		t.Error("a sentence with words counts as always the same")
	}
	if got := vocational.Words("de {{.word_mentor}} en {{.name}}"); got != "de slb’er en {{.name}}" {
		t.Errorf("%q", got)
	}
}

func TestAWordThatIsNotInTheTableIsAFault(t *testing.T) {
	t.Parallel()
	c := open(t, map[string]string{"nl": `{"a": "De {{.word_janitor}}"}`, "en": `{"a": "The {{.word_janitor}}"}`})
	if err := c.Check(); err == nil || !strings.Contains(err.Error(), "word_janitor") {
		t.Errorf("%v", err)
	}
}

func TestTheTableHasEveryWordInEveryLanguageAndKind(t *testing.T) {
	t.Parallel()
	c := open(t, map[string]string{"nl": `{"a": "a"}`, "en": `{"a": "a"}`})
	for _, key := range []string{"teacher", "teachers", "mentor", "mentors", "class_teacher", "class_teachers", "specialist", "specialists", "pupil", "pupils", "group", "groups", "evening"} {
		spoken := map[string]bool{}
		for _, lang := range c.Languages() {
			for _, kind := range language.Kinds() {
				spoken[c.For(language.Voice(lang, kind)).Word(key)] = true
			}
		}
		if len(spoken) < 2 || spoken[""] {
			t.Errorf("%s: %v", key, spoken)
		}
	}
	if got := c.For("nl").Word("janitor"); got != "janitor" {
		t.Errorf("a word that is not there is %q", got)
	}
}
