package api

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/language"
)

//go:embed locale/active.*.json
var localeFiles embed.FS

// Texts opens the catalogue of the API's sentences: titles and details of problems ("problem.<code>.title"), of faults in fields ("field.<code>"), of
// items of a booking ("item.<reason>"), of findings in files ("finding.<reason>"), and of what a conference lacks ("notice.<code>").
func Texts() (*language.Catalogue, error) { return language.New(localeFiles, "locale") }

// problemText is what is said of a problem, with its placeholders.
type problemText struct{ Title, Detail string }

// texts finds sentences for answers.
type texts struct {
	catalogue *language.Catalogue
	problems  map[string]map[string]problemText // language -> code
}

func newTexts() (texts, error) {
	catalogue, err := Texts()
	if err != nil {
		return texts{}, fmt.Errorf("texts of the API: %w", err)
	}
	found := texts{catalogue: catalogue, problems: map[string]map[string]problemText{}}
	for _, lang := range catalogue.Languages() {
		content, err := localeFiles.ReadFile("locale/active." + lang + ".json")
		if err != nil {
			return texts{}, fmt.Errorf("texts of the API: %w", err)
		}
		var file struct{ Problem map[string]problemText }
		if err := json.Unmarshal(content, &file); err != nil {
			return texts{}, fmt.Errorf("texts of the API: %w", err)
		}
		found.problems[lang] = file.Problem
	}
	return found, nil
}

// codes lists the codes of all problems that there are texts for.
func (t texts) codes() []string { return slices.Sorted(maps.Keys(t.problems[language.Default])) }

var placeholder = regexp.MustCompile(`\{\{[^}]*\}\}`)

// explain says of a problem what is the same each time: what differs is left open.
func (t texts) explain(lang, code string) problemText {
	text := t.problems[lang][code]
	return problemText{placeholder.ReplaceAllString(text.Title, "…"), placeholder.ReplaceAllString(text.Detail, "…")}
}

// match chooses the language of an answer from an Accept-Language header.
func (t texts) match(accept string) string { return language.Match(accept, t.catalogue.Languages()) }

// say gives a sentence in a language; empty if there is none.
func (t texts) say(lang, id string, params map[string]string) string {
	data := make(map[string]any, len(params))
	for name, value := range params {
		data[name] = value
	}
	text := t.catalogue.For(lang).Text(id, data)
	if text == id {
		return ""
	}
	return text
}

// count gives a sentence that counts something; empty if there is none.
func (t texts) count(lang, id string, count int) string {
	text := t.catalogue.For(lang).Plural(id, count, nil)
	if text == id {
		return ""
	}
	return text
}

// kindCodes name the general sentences of each kind, for a code that has none of its own.
var kindCodes = map[errs.Kind]string{
	errs.Internal: "internal", errs.Invalid: "invalid", errs.Unauthenticated: "not-logged-in", errs.Forbidden: "forbidden", errs.NotFound: "not-found",
	errs.Conflict: "conflict", errs.Stale: "stale", errs.TooLarge: "too-large", errs.TooMany: "too-many", errs.Unavailable: "unavailable",
}

// problem gives the title and detail of a problem.
func (t texts) problem(lang, code string, kind errs.Kind, params map[string]string) (title, detail string) {
	if blocker, ok := params["blocker"]; ok {
		params = map[string]string{"blocker": cmp.Or(t.say(lang, "notice."+blocker, nil), blocker)}
	}
	id := "problem." + code
	if t.say(lang, id+".title", params) == "" {
		id = "problem." + kindCodes[kind]
	}
	return t.say(lang, id+".title", params), t.say(lang, id+".detail", params)
}

// field gives the sentence about a fault in a field.
func (t texts) field(lang, code string, params map[string]string) string {
	return cmp.Or(t.say(lang, "field."+code, params), t.say(lang, "field.not-valid", nil))
}

// item gives the sentence about an item that could not be.
func (t texts) item(lang, reason string) string {
	return cmp.Or(t.say(lang, "item."+reason, nil), t.say(lang, "item.taken", nil))
}
