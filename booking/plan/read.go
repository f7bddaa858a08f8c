package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
)

// Kinds of refusal, to be asked for with errors.Is. The message names the place in the document (`parties[3].requests[0].minutes`), never a value.
var (
	// ErrSyntax: not a JSON document of the expected shape.
	ErrSyntax = errors.New("plan: document cannot be read")
	// ErrInvalid: readable, but breaks a rule of the format.
	ErrInvalid = errors.New("plan: document is not valid")
)

// ReadInstance reads one instance in the interchange format and validates it. Fields it does not know are passed over. Errors: ErrSyntax, ErrInvalid,
// those of r.
func ReadInstance(r io.Reader) (Instance, error) {
	instance, _, err := ReadInstanceStrictly(r)
	return instance, err
}

// ReadInstanceStrictly is ReadInstance, and also lists the places of the first few keys that the format does not know. Errors: as ReadInstance.
func ReadInstanceStrictly(r io.Reader) (Instance, []string, error) {
	var instance Instance
	text, err := readDocument(r, &instance)
	if err != nil {
		return Instance{}, nil, err
	}
	if err := instance.Validate(); err != nil {
		return Instance{}, nil, err
	}
	var anything any
	if err := json.Unmarshal(text, &anything); err != nil {
		return Instance{}, nil, fmt.Errorf("%w: %s", ErrSyntax, "it is not one JSON document")
	}
	return instance, unknownKeys(anything, reflect.TypeFor[Instance](), "", nil), nil
}

// ReadPlan reads a plan in the interchange format. Whether it fits an instance is Measure's business. Errors: ErrSyntax, those of r.
func ReadPlan(r io.Reader) (Plan, error) {
	var p Plan
	if _, err := readDocument(r, &p); err != nil {
		return Plan{}, err
	}
	return p, nil
}

// Write writes the instance as one JSON document. Errors: those of w.
func (i Instance) Write(w io.Writer) error { return json.NewEncoder(w).Encode(i) }

// Write writes the plan as one JSON document. Errors: those of w.
func (p Plan) Write(w io.Writer) error { return json.NewEncoder(w).Encode(p) }

// readDocument decodes exactly one JSON value, and gives its text. The decoder's own message may quote the document, so only the place is passed on.
func readDocument(r io.Reader, into any) ([]byte, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(into); err != nil {
		var shape *json.UnmarshalTypeError
		if errors.As(err, &shape) {
			return nil, fmt.Errorf("%w: %s must be %s, %s", ErrSyntax, placeOf(shape), kindWords(shape.Type), lineOf(text, shape.Offset))
		}
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, fmt.Errorf("%w: it is not JSON, %s", ErrSyntax, lineOf(text, syntax.Offset))
		}
		return nil, fmt.Errorf("%w: it is not JSON, or ends too soon, %s", ErrSyntax, lineOf(text, int64(len(text))))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: more than one document, %s", ErrSyntax, lineOf(text, decoder.InputOffset()))
	}
	return text, nil
}

func placeOf(shape *json.UnmarshalTypeError) string {
	if shape.Field == "" {
		return "the document"
	}
	return shape.Field
}

// kindWords says what kind of value is expected.
func kindWords(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	default:
		return "an object"
	}
}

// lineOf says where in a text something is.
func lineOf(text []byte, offset int64) string {
	before := text[:min(max(offset, 0), int64(len(text)))]
	return fmt.Sprintf("line %d, column %d", 1+bytes.Count(before, []byte("\n")), len(before)-bytes.LastIndexByte(before, '\n'))
}

// shownUnknown is the number of unknown keys that are listed.
const shownUnknown = 5

// unknownKeys lists the places of keys that a type does not have. Keys count in any case, as the decoder does.
func unknownKeys(value any, t reflect.Type, place string, found []string) []string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch value := value.(type) {
	case []any:
		if t.Kind() == reflect.Slice {
			for n, element := range value {
				found = unknownKeys(element, t.Elem(), fmt.Sprintf("%s[%d]", place, n), found)
			}
		}
	case map[string]any:
		if t.Kind() != reflect.Struct {
			return found
		}
		known := 0
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			for key, inner := range value {
				if strings.EqualFold(key, name) {
					known++
					found = unknownKeys(inner, t.Field(i).Type, strings.TrimPrefix(place+"."+name, "."), found)
				}
			}
		}
		if known < len(value) {
			found = append(found, strangers(value, t, place)...)
		}
	}
	return found[:min(len(found), shownUnknown)]
}

// strangers lists, in the order of the alphabet, the keys of one object that a type does not have.
func strangers(value map[string]any, t reflect.Type, place string) []string {
	var list []string
	for key := range value {
		known := false
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			known = known || strings.EqualFold(key, name)
		}
		if !known {
			list = append(list, strings.TrimPrefix(fmt.Sprintf("%s.%.40q", place, key), "."))
		}
	}
	slices.Sort(list)
	return list
}
