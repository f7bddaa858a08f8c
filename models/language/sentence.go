package language

import (
	"fmt"
	"strings"
	"text/template/parse"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// sentence is a message taken apart once, when the catalogue is read: a page
// or mail is made of dozens, and to have a template engine look up each of
// their placeholders took a fifth of the time of a mail.
type sentence struct {
	tag   language.Tag
	forms map[string][]piece
}

// piece is text as it stands, the name of a placeholder, or the key of a word
// that depends on the kind of school.
type piece struct {
	text, name, word string
	capital          bool
}

// formNames are the plural forms as catalogues name them.
var formNames = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

// newSentence takes a message apart. A form that holds more than text and
// placeholders is left out, as if the language lacked it; [Catalogue.Check]
// reports it.
func newSentence(tag language.Tag, m *i18n.Message) *sentence {
	s := &sentence{tag: tag, forms: map[string][]piece{}}
	for form, text := range forms(m) {
		if pieces, err := piecesOf(text); err == nil {
			s.forms[form] = pieces
		}
	}
	return s
}

func piecesOf(text string) ([]piece, error) {
	trees, err := parse.Parse("sentence", text, "{{", "}}")
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	var pieces []piece
	for _, node := range trees["sentence"].Root.Nodes {
		name, err := placeholder(node)
		if err != nil {
			return nil, err
		}
		if name == "" {
			pieces = append(pieces, piece{text: node.String()})
			continue
		}
		if key, capital, ok := isWord(name); ok {
			if _, known := schoolWords[Default][key]; !known {
				return nil, fmt.Errorf("%q is no word of the table", name)
			}
			pieces = append(pieces, piece{word: key, capital: capital})
			continue
		}
		pieces = append(pieces, piece{name: name})
	}
	return pieces, nil
}

// form gives the pieces to say; counted tells that the plural form for count
// is wanted. A sentence that has one form only is given as it is.
func (s *sentence) form(count int, counted bool) []piece {
	if counted && len(s.forms) > 1 {
		if pieces, ok := s.forms[formNames[plural.Cardinal.MatchPlural(s.tag, max(count, -count), 0, 0, 0, 0)]]; ok {
			return pieces
		}
	}
	return s.forms["other"]
}

// say fills the placeholders. It tells false if one has no value, or if there
// is nothing to say: a person must never read half a sentence.
func (l Localizer) say(pieces []piece, count int, counted bool, data map[string]any) (string, bool) {
	if len(pieces) == 1 && pieces[0].name == "" && pieces[0].word == "" {
		return pieces[0].text, pieces[0].text != ""
	}
	var b strings.Builder
	for _, p := range pieces {
		if p.word != "" {
			word := l.Word(p.word)
			if p.capital {
				word = capitalised(word)
			}
			b.WriteString(word)
			continue
		}
		if p.name == "" {
			b.WriteString(p.text)
			continue
		}
		var value any
		if counted && p.name == countName {
			value = count
		} else {
			value = data[p.name]
		}
		switch value := value.(type) {
		case nil:
			return "", false
		case string:
			b.WriteString(value)
		default:
			fmt.Fprint(&b, value)
		}
	}
	return b.String(), b.Len() > 0
}
