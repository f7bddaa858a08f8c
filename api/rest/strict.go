package rest

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ouderavond/ouderavond/models/errs"
)

const (
	// maxDepth is how deep a body may be nested; the deepest one of the API has six levels.
	maxDepth = 20
	// maxFaults is how many faults one answer lists: a body of a megabyte can have a hundred thousand.
	maxFaults = 50
	// unnamed stands for a field whose name is better not repeated.
	unnamed = "(unnamed)"
	// longestName is how long the name of a field can be.
	longestName = 40
)

// isFieldName tells whether a name is one that fields of requests can have.
func isFieldName(name string) bool {
	if name == "" || len(name) > longestName || name[0] < 'a' || name[0] > 'z' {
		return false
	}
	for i := range len(name) {
		if one := name[i]; (one < 'a' || one > 'z') && (one < '0' || one > '9') && one != '_' {
			return false
		}
	}
	return true
}

// checkJSON refuses bodies that mean different things to different readers: what is not JSON of exactly one value, text that is not UTF-8, the same field
// twice, names that only differ by case from a field's, and characters that no text has. What the fields may hold is for the operation's schema to say.
func checkJSON(body []byte) error {
	if !utf8.Valid(body) || !json.Valid(body) {
		return WireFault(CodeMalformed)
	}
	reader := &jsonReader{left: body}
	return reader.value(0)
}

// jsonReader walks over a body that is known to be JSON (RFC 8259): so a value's first byte tells what it is, and nothing is missing. It makes nothing of the
// values, which are read again by whoever needs them.
type jsonReader struct {
	left []byte
	path []step
}

// step is a field, or a place in a list if there is no name.
type step struct {
	name  string
	place int
}

// fault is an error about the field at which the reader stands.
func (r *jsonReader) fault(code string) error {
	var name strings.Builder
	for i, one := range r.path {
		switch {
		case one.name == "":
			name.WriteString("[" + strconv.Itoa(one.place) + "]")
		case i > 0:
			name.WriteString("." + one.name)
		default:
			name.WriteString(one.name)
		}
	}
	if name.Len() == 0 {
		return errs.InvalidField("body", code)
	}
	return errs.InvalidField(name.String(), code)
}

// next gives the first byte of what comes after white space and the signs between values, and leaves it there.
func (r *jsonReader) next() byte {
	r.left = bytes.TrimLeft(r.left, " \t\r\n,:")
	return r.left[0]
}

func (r *jsonReader) value(depth int) error {
	if depth > maxDepth {
		return WireFault(CodeMalformed)
	}
	switch first := r.next(); {
	case first == '{':
		return r.object(depth)
	case first == '[':
		return r.array(depth)
	case first == '"':
		if strings.ContainsRune(r.text(), 0) {
			return r.fault("not-text")
		}
	case first == '-' || first >= '0' && first <= '9':
		if _, err := strconv.ParseFloat(string(r.word()), 64); err != nil {
			return r.fault("out-of-range")
		}
	default:
		r.word()
	}
	return nil
}

// word takes a number, true, false or null.
func (r *jsonReader) word() []byte {
	end := bytes.IndexAny(r.left, " \t\r\n,]}")
	if end < 0 {
		end = len(r.left)
	}
	word := r.left[:end]
	r.left = r.left[end:]
	return word
}

// text takes a text or a name. One without escapes is what stands there; for the others encoding/json knows the rules.
func (r *jsonReader) text() string {
	for i := 1; ; i++ {
		switch r.left[i] {
		case '"':
			quoted := r.left[:i+1]
			r.left = r.left[i+1:]
			return unquoted(quoted)
		case '\\':
			i++ // what is escaped is no end
		}
	}
}

func unquoted(quoted []byte) string {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1 : len(quoted)-1])
	}
	var text string
	_ = json.Unmarshal(quoted, &text) // it is known to be one
	return text
}

// maxNamesInLine is up to how many names are looked through one by one. No object of the API has many more, but a body of a megabyte can have a hundred thousand.
const maxNamesInLine = 16

// fieldNames are the names of one object.
type fieldNames struct {
	few  [maxNamesInLine]string
	many map[string]bool
	used int
}

// add adds a name, and tells whether it was there.
func (n *fieldNames) add(name string) (twice bool) {
	if slices.Contains(n.few[:min(n.used, maxNamesInLine)], name) || n.many[name] {
		return true
	}
	switch {
	case n.used < maxNamesInLine:
		n.few[n.used] = name
	case n.many == nil:
		n.many = map[string]bool{name: true}
	default:
		n.many[name] = true
	}
	n.used++
	return false
}

func (r *jsonReader) object(depth int) error {
	r.left = r.left[1:]
	var names fieldNames
	for r.next() != '}' {
		name := r.text()
		if !isFieldName(name) {
			r.path = append(r.path, step{name: unnamed})
			return r.fault("unknown-field")
		}
		r.path = append(r.path, step{name: name})
		if names.add(name) {
			return r.fault("twice")
		}
		if err := r.value(depth + 1); err != nil {
			return err
		}
		r.path = r.path[:len(r.path)-1]
	}
	r.left = r.left[1:]
	return nil
}

func (r *jsonReader) array(depth int) error {
	r.left = r.left[1:]
	for i := 0; r.next() != ']'; i++ {
		r.path = append(r.path, step{place: i})
		if err := r.value(depth + 1); err != nil {
			return err
		}
		r.path = r.path[:len(r.path)-1]
	}
	r.left = r.left[1:]
	return nil
}
