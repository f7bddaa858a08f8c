package language

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Default is the language spoken when nothing better is known, and the one
// that missing sentences fall back to.
const Default = "nl"

// acceptLimit is how many bytes of an Accept-Language header are looked at.
// Real headers are under 200 bytes; the rest is somebody trying something.
const acceptLimit = 1000

// Catalogue holds the sentences of one package in every language it has files
// for. It does not change after [New] and may be used by many goroutines.
type Catalogue struct {
	messages  map[string]map[string]*i18n.Message
	sentences map[string]map[string]*sentence
}

// New reads every file "active.<language>.json" of the folder dir in files.
// A file maps an id to a sentence, or to its plural forms ("one", "other" and
// whatever else the language has); ids may be nested and are then joined by
// dots. Placeholders are written {{.Name}}.
//
// It fails if a file cannot be read, if a language tag means nothing, or if
// there is no file for [Default]. It does not compare the languages with one
// another; [Catalogue.Check] does.
func New(files fs.FS, dir string) (*Catalogue, error) {
	c := &Catalogue{messages: map[string]map[string]*i18n.Message{}, sentences: map[string]map[string]*sentence{}}
	if err := c.Add(files, dir); err != nil {
		return nil, err
	}
	if c.messages[Default] == nil {
		return nil, errors.New("language: there is no catalogue for " + Default)
	}
	return c, nil
}

// Add reads the files of one more folder into a catalogue that nobody uses yet. Ids that are there already are an error: the sentence would be another one than
// whoever wrote it expects.
func (c *Catalogue) Add(files fs.FS, dir string) error {
	paths, err := fs.Glob(files, path.Join(dir, "active.*.json"))
	if err != nil {
		return fmt.Errorf("language: look for catalogues: %w", err)
	}
	bundle := i18n.NewBundle(language.MustParse(Default))
	for _, p := range paths {
		lang := strings.TrimSuffix(strings.TrimPrefix(path.Base(p), "active."), ".json")
		tag, err := language.Parse(lang)
		if err != nil {
			return fmt.Errorf("language: %s: no such language: %w", p, err)
		}
		file, err := bundle.LoadMessageFileFS(files, p)
		if err != nil {
			return fmt.Errorf("language: read %s: %w", p, err)
		}
		if c.messages[lang] == nil {
			c.messages[lang], c.sentences[lang] = map[string]*i18n.Message{}, map[string]*sentence{}
		}
		for _, m := range file.Messages {
			if c.messages[lang][m.ID] != nil {
				return fmt.Errorf("language: %s: the sentence %q is there already", p, m.ID)
			}
			c.messages[lang][m.ID], c.sentences[lang][m.ID] = m, newSentence(tag, m)
		}
	}
	return nil
}

// Languages lists the languages that have a catalogue, sorted, [Default] first.
func (c *Catalogue) Languages() []string {
	langs := make([]string, 0, len(c.messages))
	for lang := range c.messages {
		langs = append(langs, lang)
	}
	sort.Slice(langs, func(i, j int) bool {
		if (langs[i] == Default) != (langs[j] == Default) {
			return langs[i] == Default
		}
		return langs[i] < langs[j]
	})
	return langs
}

// For gives the sentences of one language, named by its tag ("nl", "en") or,
// with the words of a kind of school, by its [Voice]. A language without a catalogue gets [Default]. The result is cheap and may be
// used by many goroutines.
func (c *Catalogue) For(lang string) Localizer {
	lang, kind := voiceOf(lang)
	if c.sentences[lang] == nil {
		lang = Default
	}
	return Localizer{catalogue: c, lang: lang, kind: kind}
}

// Match chooses one of the allowed languages for somebody whose browser sent
// accept as its Accept-Language header (RFC 9110, section 12.5.4). A plain tag
// such as "en" works too. The order of allowed matters: the first is taken
// when nothing fits or accept cannot be read. With nothing allowed the answer
// is [Default].
func Match(accept string, allowed []string) string {
	switch {
	case len(allowed) == 0:
		return Default
	case accept == "" || len(allowed) == 1:
		return allowed[0]
	}
	chooser := chooserOf(allowed)
	wanted, _, err := language.ParseAcceptLanguage(clip(accept))
	if err != nil || len(wanted) == 0 || len(chooser.names) == 0 {
		return allowed[0]
	}
	_, index, confidence := chooser.matcher.Match(wanted...)
	if confidence == language.No {
		return allowed[0]
	}
	return chooser.names[index]
}

// chooser matches what a browser wants with a list of languages. To make one takes longer than all else of a small request, so they are kept: schools have
// few different lists.
type chooser struct {
	names   []string
	matcher language.Matcher
}

var choosers sync.Map // of chooser, by the list

func chooserOf(allowed []string) chooser {
	list := strings.Join(allowed, " ")
	if known, ok := choosers.Load(list); ok {
		return known.(chooser)
	}
	made := chooser{}
	var tags []language.Tag
	for _, name := range allowed {
		if tag, err := language.Parse(name); err == nil {
			tags, made.names = append(tags, tag), append(made.names, name)
		}
	}
	made.matcher = language.NewMatcher(tags)
	choosers.Store(list, made)
	return made
}

// clip cuts a header that is too long behind its last whole entry.
func clip(accept string) string {
	if len(accept) <= acceptLimit {
		return accept
	}
	accept = accept[:acceptLimit]
	if comma := strings.LastIndexByte(accept, ','); comma >= 0 {
		return accept[:comma]
	}
	return ""
}
