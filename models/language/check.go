package language

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"text/template/parse"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// countName is the placeholder that a plural form may leave out: "a talk"
// needs no number where "{{.Count}} talks" does.
const countName = "Count"

// Check compares the languages with one another and reports every fault at
// once: an id that one of them lacks, placeholders that differ, a plural form
// that the language needs and the sentence has not, an empty sentence, and
// anything in double braces that is no plain placeholder. Every package that
// has a catalogue calls it in a test.
func (c *Catalogue) Check() error {
	var faults []error
	for _, id := range c.ids() {
		if c.messages[Default][id] == nil {
			faults = append(faults, fmt.Errorf("%s: missing in %s", id, Default))
			continue
		}
		faults = append(faults, c.checkSentence(id)...)
	}
	return errors.Join(faults...)
}

// ids lists every id that any language has, sorted.
func (c *Catalogue) ids() []string {
	seen := map[string]bool{}
	for _, messages := range c.messages {
		for id := range messages {
			seen[id] = true
		}
	}
	ids := make([]string, 0, len(seen))
	for id := range seen {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}

// checkSentence looks at one id in every language.
func (c *Catalogue) checkSentence(id string) []error {
	var faults []error
	want, err := placeholders(forms(c.messages[Default][id]))
	if err != nil {
		return []error{fmt.Errorf("%s in %s: %w", id, Default, err)}
	}
	// What counts in one language counts in all of them.
	several := false
	for _, messages := range c.messages {
		several = several || messages[id] != nil && len(forms(messages[id])) > 1
	}
	for _, lang := range c.Languages() {
		message := c.messages[lang][id]
		if message == nil {
			faults = append(faults, fmt.Errorf("%s: missing in %s", id, lang))
			continue
		}
		have := forms(message)
		got, err := placeholders(have)
		switch {
		case err != nil:
			faults = append(faults, fmt.Errorf("%s in %s: %w", id, lang, err))
		case got != want:
			faults = append(faults, fmt.Errorf("%s in %s: placeholders are %q, in %s %q", id, lang, got, Default, want))
		}
		for _, form := range neededForms(lang, several) {
			if strings.TrimSpace(have[form]) == "" {
				faults = append(faults, fmt.Errorf("%s in %s: no text for %q", id, lang, form))
			}
		}
	}
	return faults
}

// forms gives the texts of a message by the names of the plural forms in CLDR.
func forms(m *i18n.Message) map[string]string {
	all := map[string]string{
		"zero": m.Zero, "one": m.One, "two": m.Two, "few": m.Few, "many": m.Many, "other": m.Other,
	}
	for name, text := range all {
		if text == "" {
			delete(all, name)
		}
	}
	return all
}

// neededForms lists the plural forms that whole numbers need in a language, or
// just "other" for a sentence that counts nothing.
func neededForms(lang string, several bool) []string {
	needed := map[string]bool{"other": true}
	if several {
		tag := language.Make(lang)
		for n := 0; n <= 200; n++ {
			needed[formNames[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)]] = true
		}
	}
	list := make([]string, 0, len(needed))
	for form := range needed {
		list = append(list, form)
	}
	sort.Strings(list)
	return list
}

// placeholders lists the names used in any of the texts, sorted and joined,
// [countName] left out.
func placeholders(texts map[string]string) (string, error) {
	seen := map[string]bool{}
	for _, text := range texts {
		trees, err := parse.Parse("sentence", text, "{{", "}}")
		if err != nil {
			return "", fmt.Errorf("cannot be read: %w", err)
		}
		for _, tree := range trees {
			for _, node := range tree.Root.Nodes {
				name, err := placeholder(node)
				if err != nil {
					return "", err
				}
				if key, _, ok := isWord(name); ok {
					if _, known := schoolWords[Default][key]; !known {
						return "", fmt.Errorf("%q is no word of the table", name)
					}
					continue
				}
				seen[name] = true
			}
		}
	}
	delete(seen, "")
	delete(seen, countName)
	names := make([]string, 0, len(seen))
	for name := range seen {
		names = append(names, name)
	}
	sort.Strings(names)
	return strings.Join(names, " "), nil
}

// placeholder names the value that a node prints, nothing for plain text. A
// catalogue is translated by people who do not program, so anything cleverer
// than {{.Name}} is refused.
func placeholder(node parse.Node) (string, error) {
	if node.Type() == parse.NodeText {
		return "", nil
	}
	action, ok := node.(*parse.ActionNode)
	if !ok || len(action.Pipe.Decl) > 0 || len(action.Pipe.Cmds) != 1 || len(action.Pipe.Cmds[0].Args) != 1 {
		return "", fmt.Errorf("%s is no plain placeholder", node)
	}
	field, ok := action.Pipe.Cmds[0].Args[0].(*parse.FieldNode)
	if !ok || len(field.Ident) != 1 {
		return "", fmt.Errorf("%s is no plain placeholder", node)
	}
	return field.Ident[0], nil
}
