package language

import (
	"strings"
	"time"
)

// Localizer speaks one language. Get one from [Catalogue.For]; the zero value
// knows no sentence and answers every id with the id itself.
type Localizer struct {
	catalogue *Catalogue
	lang      string
	kind      Kind
}

// Language is the tag of the language spoken, such as "nl". It fits the lang
// attribute of HTML and the Content-Language header.
func (l Localizer) Language() string {
	if l.lang == "" {
		return Default
	}
	return l.lang
}

// Text gives the sentence with this id, its placeholders filled from data. If
// the language lacks the sentence, or data lacks a placeholder of it, the
// answer is the sentence in [Default]; failing that, the id. A person then
// reads something odd instead of nothing, and [Catalogue.Check] or a look for
// ids in the output finds it in a test.
func (l Localizer) Text(id string, data map[string]any) string {
	return l.localize(id, data, 0, false)
}

// Fixed tells that the sentence is the same in every page: it has neither
// placeholders nor words that depend on the kind of school.
func (l Localizer) Fixed(id string) bool {
	if l.catalogue == nil {
		return false
	}
	known := l.catalogue.sentences[l.Language()][id]
	if known == nil {
		return false
	}
	for _, p := range known.forms["other"] {
		if p.name != "" || p.word != "" {
			return false
		}
	}
	return true
}

// Plural gives the form of the sentence that the language uses for count
// things. Beside data the sentence can use {{.Count}}. A sentence that has one
// form only is given as it is.
func (l Localizer) Plural(id string, count int, data map[string]any) string {
	return l.localize(id, data, count, true)
}

func (l Localizer) localize(id string, data map[string]any, count int, counted bool) string {
	if l.catalogue == nil {
		return id
	}
	for _, lang := range [...]string{l.lang, Default} {
		known := l.catalogue.sentences[lang][id]
		if known == nil {
			continue
		}
		// A sentence that is lacking comes in the default language, with that language's words.
		speaker := l
		speaker.lang = lang
		if text, ok := speaker.say(known.form(count, counted), count, counted, data); ok {
			return text
		}
	}
	return id
}

// List joins items as a sentence does: "Anna, Bram en Chris".
func (l Localizer) List(items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " " + wordsFor(l.lang).and + " " + items[last]
}

// Dates writes dates and times in this language, as the clocks in zone show
// them. A nil zone is UTC.
func (l Localizer) Dates(zone *time.Location) Dates {
	return NewDates(l.lang, zone)
}
