package api

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
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
)

// fieldName is what fields of requests are called.
var fieldName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// checkJSON refuses bodies that mean different things to different readers: what is not JSON of exactly one value, text that is not UTF-8, the same field
// twice, names that only differ by case from a field's, and characters that no text has. What the fields may hold is for the operation's schema to say.
func checkJSON(body []byte) error {
	if !utf8.Valid(body) || !json.Valid(body) {
		return wire(codeMalformed)
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	reader := &jsonReader{decoder: decoder}
	if err := reader.value(0); err != nil {
		return err
	}
	return nil
}

// jsonReader walks over a body that is known to be JSON.
type jsonReader struct {
	decoder *json.Decoder
	path    []string
}

// fault is an error about the field at which the reader stands.
func (r *jsonReader) fault(code string) error {
	name := strings.TrimPrefix(strings.Join(r.path, ""), ".")
	if name == "" {
		name = "body"
	}
	return errs.InvalidField(name, code)
}

func (r *jsonReader) value(depth int) error {
	if depth > maxDepth {
		return wire(codeMalformed)
	}
	token, err := r.decoder.Token()
	if err != nil {
		return wire(codeMalformed)
	}
	switch found := token.(type) {
	case json.Delim:
		if found == '{' {
			return r.object(depth)
		}
		return r.array(depth)
	case string:
		if strings.ContainsRune(found, 0) {
			return r.fault("not-text")
		}
	case json.Number:
		if _, err := strconv.ParseFloat(found.String(), 64); err != nil {
			return r.fault("out-of-range")
		}
	}
	return nil
}

func (r *jsonReader) object(depth int) error {
	seen := map[string]bool{}
	for r.decoder.More() {
		token, err := r.decoder.Token()
		if err != nil {
			return wire(codeMalformed)
		}
		name, _ := token.(string)
		if !fieldName.MatchString(name) {
			r.path = append(r.path, "."+unnamed)
			return r.fault("unknown-field")
		}
		r.path = append(r.path, "."+name)
		if seen[name] {
			return r.fault("twice")
		}
		seen[name] = true
		if err := r.value(depth + 1); err != nil {
			return err
		}
		r.path = r.path[:len(r.path)-1]
	}
	return r.end()
}

func (r *jsonReader) array(depth int) error {
	for i := 0; r.decoder.More(); i++ {
		r.path = append(r.path, "["+strconv.Itoa(i)+"]")
		if err := r.value(depth + 1); err != nil {
			return err
		}
		r.path = r.path[:len(r.path)-1]
	}
	return r.end()
}

// end reads the closing bracket.
func (r *jsonReader) end() error {
	if _, err := r.decoder.Token(); err != nil && err != io.EOF {
		return wire(codeMalformed)
	}
	return nil
}
