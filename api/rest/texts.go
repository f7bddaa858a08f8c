package rest

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

// ProblemText is what is said of a problem, with its placeholders.
type ProblemText struct{ Title, Detail string }

// Sentences finds sentences for answers.
type Sentences struct {
	catalogue *language.Catalogue
	problems  map[string]map[string]ProblemText // language -> code
}

// NewSentences reads the texts of problems, which the program has with it. An error is a fault of the build.
func NewSentences() (Sentences, error) {
	catalogue, err := Texts()
	if err != nil {
		return Sentences{}, fmt.Errorf("texts of the API: %w", err)
	}
	found := Sentences{catalogue: catalogue, problems: map[string]map[string]ProblemText{}}
	for _, lang := range catalogue.Languages() {
		content, err := localeFiles.ReadFile("locale/active." + lang + ".json")
		if err != nil {
			return Sentences{}, fmt.Errorf("texts of the API: %w", err)
		}
		var file struct{ Problem map[string]ProblemText }
		if err := json.Unmarshal(content, &file); err != nil {
			return Sentences{}, fmt.Errorf("texts of the API: %w", err)
		}
		found.problems[lang] = file.Problem
	}
	return found, nil
}

// Codes lists the codes of all problems that there are texts for.
func (t Sentences) Codes() []string { return slices.Sorted(maps.Keys(t.problems[language.Default])) }

var placeholder = regexp.MustCompile(`\{\{[^}]*\}\}`)

// Explain says of a problem what is the same each time: what differs is left open.
func (t Sentences) Explain(lang, code string) ProblemText {
	text := t.problems[lang][code]
	speaker := t.catalogue.For(lang)
	return ProblemText{placeholder.ReplaceAllString(speaker.Words(text.Title), "…"), placeholder.ReplaceAllString(speaker.Words(text.Detail), "…")}
}

// Match chooses the language of an answer from an Accept-Language header.
func (t Sentences) Match(accept string) string {
	return language.Match(accept, t.catalogue.Languages())
}

// Say gives a sentence in a language; empty if there is none.
func (t Sentences) Say(lang, id string, params map[string]string) string {
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

// Count gives a sentence that counts something; empty if there is none.
func (t Sentences) Count(lang, id string, count int, params map[string]string) string {
	data := make(map[string]any, len(params))
	for name, value := range params {
		data[name] = value
	}
	text := t.catalogue.For(lang).Plural(id, count, data)
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

// Problem gives the title and detail of a problem.
func (t Sentences) Problem(lang, code string, kind errs.Kind, params map[string]string) (title, detail string) {
	if blocker, ok := params["blocker"]; ok {
		params = map[string]string{"blocker": cmp.Or(t.Say(lang, "notice."+blocker, params), blocker)}
	}
	id := "problem." + code
	if t.Say(lang, id+".title", params) == "" {
		id = "problem." + kindCodes[kind]
	}
	return t.Say(lang, id+".title", params), t.Say(lang, id+".detail", params)
}

// field gives the sentence about a fault in a field.
func (t Sentences) field(lang, code string, params map[string]string) string {
	return cmp.Or(t.Say(lang, "field."+code, params), t.Say(lang, "field.not-valid", nil))
}

// item gives the sentence about an item that could not be.
func (t Sentences) item(lang, reason string) string {
	return cmp.Or(t.Say(lang, "item."+reason, nil), t.Say(lang, "item.taken", nil))
}

// Trouble gives the sentence about the problem of a message; empty if it has none.
func (t Sentences) Trouble(lang, problem string) string {
	if problem == "" {
		return ""
	}
	return t.Say(lang, "message."+problem, nil)
}
