package language

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is the kind of a school, as far as words go: who teaches at a primary
// school is called otherwise than at a secondary one.
type Kind string

// The kinds of schools.
const (
	Primary    Kind = "primary"
	Secondary  Kind = "secondary"
	Vocational Kind = "vocational"
)

// Kinds returns them, in the order of the columns of the table of words.
func Kinds() []Kind { return []Kind{Primary, Secondary, Vocational} }

// DefaultKind is the kind of a school that chose none, and of texts that belong
// to no school.
const DefaultKind = Secondary

// wordMark begins a placeholder that is a word of the table: {{.word_teacher}},
// or {{.Word_teacher}} where a sentence begins with it.
const wordMark = "word_"

// words3 are the words of one thing, in the order of [Kinds].
type words3 [3]string

// schoolWords is the one table of the words that depend on the kind of school,
// by language. In Dutch all three of a row have the same article ("de"), and
// all can be the front of a compound ("leerling" + "nummer"), so that one
// sentence fits them all.
var schoolWords = map[string]map[string]words3{
	"nl": {
		"teacher":        {"leerkracht", "docent", "docent"},
		"teachers":       {"leerkrachten", "docenten", "docenten"},
		"mentor":         {"groepsleerkracht", "mentor", "slb’er"},
		"mentors":        {"groepsleerkrachten", "mentoren", "slb’ers"},
		"class_teacher":  {"groepsleerkracht", "klassendocent", "klassendocent"},
		"class_teachers": {"groepsleerkrachten", "klassendocenten", "klassendocenten"},
		"specialist":     {"vakleerkracht", "vakdocent", "vakdocent"},
		"specialists":    {"vakleerkrachten", "vakdocenten", "vakdocenten"},
		"pupil":          {"leerling", "leerling", "student"},
		"pupils":         {"leerlingen", "leerlingen", "studenten"},
		"group":          {"groep", "klas", "klas"},
		"groups":         {"groepen", "klassen", "klassen"},
		"evening":        {"oudergesprekken", "ouderavond", "gesprekken"},
	},
	"en": {
		"teacher":        {"teacher", "teacher", "teacher"},
		"teachers":       {"teachers", "teachers", "teachers"},
		"mentor":         {"class teacher", "mentor", "coach"},
		"mentors":        {"class teachers", "mentors", "coaches"},
		"class_teacher":  {"class teacher", "class teacher", "class teacher"},
		"class_teachers": {"class teachers", "class teachers", "class teachers"},
		"specialist":     {"specialist teacher", "subject teacher", "subject teacher"},
		"specialists":    {"specialist teachers", "subject teachers", "subject teachers"},
		"pupil":          {"pupil", "pupil", "student"},
		"pupils":         {"pupils", "pupils", "students"},
		"group":          {"class", "class", "class"},
		"groups":         {"classes", "classes", "classes"},
		"evening":        {"parent talks", "parents’ evening", "talks"},
	},
}

// Voice is a language with the words of a kind of school, as a tag for
// [Catalogue.For]: "nl-x-primary". The kind stands in a private use subtag
// (RFC 5646, section 2.2.7).
func Voice(lang string, kind Kind) string {
	if kind == "" || kind == DefaultKind {
		return lang
	}
	return lang + privateUse + string(kind)
}

const privateUse = "-x-"

// voiceOf takes a voice apart.
func voiceOf(voice string) (lang string, kind Kind) {
	lang, name, _ := strings.Cut(voice, privateUse)
	for _, kind := range Kinds() {
		if string(kind) == name {
			return lang, kind
		}
	}
	return lang, DefaultKind
}

// Word gives a word of the table for schools, by its key ("teacher", "pupils"),
// in the language and for the kind of school; the key itself if there is no
// such word.
func (l Localizer) Word(key string) string {
	words, ok := schoolWords[l.Language()]
	if !ok {
		words = schoolWords[Default]
	}
	row, ok := words[key]
	if !ok {
		return key
	}
	for i, kind := range Kinds() {
		if kind == l.kind {
			return row[i]
		}
	}
	return row[1] // of DefaultKind
}

// wordsIn finds the words of the table in a text that is not of a catalogue.
var wordsIn = regexp.MustCompile(`\{\{\.([wW]ord_[a-z_]+)\}\}`)

// Words puts the words of the table into a text, and leaves all else of it.
func (l Localizer) Words(text string) string {
	return wordsIn.ReplaceAllStringFunc(text, func(found string) string {
		key, capital, _ := isWord(wordsIn.FindStringSubmatch(found)[1])
		if capital {
			return capitalised(l.Word(key))
		}
		return l.Word(key)
	})
}

// isWord tells whether a placeholder is a word of the table, whose key it is,
// and whether it begins a sentence.
func isWord(name string) (key string, capital, ok bool) {
	if key, ok = strings.CutPrefix(name, wordMark); ok {
		return key, false, true
	}
	key, ok = strings.CutPrefix(name, "W"+wordMark[1:])
	return key, true, ok
}

// capitalised begins with a capital letter.
func capitalised(word string) string {
	first, size := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(first)) + word[size:]
}
