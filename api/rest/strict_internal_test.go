package rest

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/models/errs"
)

var tokenName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// tokenReader is the same walk, token by token of encoding/json: slower, and plainly right.
type tokenReader struct {
	decoder *json.Decoder
	path    []string
}

// fault is an error about the field at which the reader stands.
func (r *tokenReader) fault(code string) error {
	name := strings.TrimPrefix(strings.Join(r.path, ""), ".")
	if name == "" {
		name = "body"
	}
	return errs.InvalidField(name, code)
}

func (r *tokenReader) value(depth int) error {
	if depth > maxDepth {
		return WireFault(CodeMalformed)
	}
	token, err := r.decoder.Token()
	if err != nil {
		return WireFault(CodeMalformed)
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

func (r *tokenReader) object(depth int) error {
	seen := map[string]bool{}
	for r.decoder.More() {
		token, err := r.decoder.Token()
		if err != nil {
			return WireFault(CodeMalformed)
		}
		name, _ := token.(string)
		if !tokenName.MatchString(name) {
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

func (r *tokenReader) array(depth int) error {
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
func (r *tokenReader) end() error {
	if _, err := r.decoder.Token(); err != nil && err != io.EOF {
		return WireFault(CodeMalformed)
	}
	return nil
}

// anyJSON draws JSON of fields that clash now and then, and of values that are refused.
func anyJSON(t *rapid.T, depth int) string {
	space := rapid.SampledFrom([]string{"", "", " ", "\n\t", "\r "}).Draw(t, "space")
	kinds := 6
	if depth > 4 {
		kinds = 4
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return space + rapid.SampledFrom([]string{"true", "false", "null"}).Draw(t, "word") + space
	case 1:
		return space + rapid.SampledFrom([]string{"0", "-1.5e3", "1e400", "-0", "12345678901234567890", "1E-400"}).Draw(t, "number") + space
	case 2, 3:
		return space + rapid.SampledFrom([]string{`""`, `"a\"b"`, `"\\"`, `"\\\""`, `"\u0000"`, `"\\u0000"`, `"\ud800"`, `"é,]}:"`}).Draw(t, "string") + space
	case 4:
		return space + "[" + strings.Join(some(t, depth), ",") + "]"
	default:
		fields := some(t, depth)
		for i := range fields {
			names := []string{"a", "b", "c", "d_1", "e", `\u0061`, "A", "", "é", "a-b", strings.Repeat("x", 40), strings.Repeat("x", 41), "f", "g"}
			fields[i] = space + `"` + rapid.SampledFrom(names).Draw(t, "name") + `"` + space + ":" + fields[i]
		}
		return space + "{" + strings.Join(fields, ",") + "}"
	}
}

func some(t *rapid.T, depth int) []string {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string { return anyJSON(t, depth+1) }), 0, 4).Draw(t, "values")
}

// sameVerdict compares what both readers say of a body that is JSON.
func sameVerdict(t rapid.TB, body string) {
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.UseNumber()
	wanted := (&tokenReader{decoder: decoder}).value(0)
	got := (&jsonReader{left: []byte(body)}).value(0)
	if verdict(wanted) != verdict(got) {
		t.Fatalf("%s: %s instead of %s", body, verdict(got), verdict(wanted))
	}
}

func verdict(err error) string {
	known, ok := errs.As(err)
	switch {
	case !ok:
		return "no fault"
	case len(known.Fields) > 0:
		return known.Fields[0].Name + " " + known.Fields[0].Code
	}
	return known.Code
}

func TestBodiesAreReadAsTokenByToken(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { sameVerdict(t, anyJSON(t, 0)) })
	many := []string{}
	for n := range 3 * maxNamesInLine {
		many = append(many, `"f`+strconv.Itoa(n)+`": 1`)
		sameVerdict(t, "{"+strings.Join(many, ",")+"}")
		for _, twice := range many {
			sameVerdict(t, "{"+strings.Join(many, ",")+","+twice+"}")
		}
	}
	for _, deep := range []int{maxDepth - 1, maxDepth, maxDepth + 1, 5 * maxDepth} {
		sameVerdict(t, strings.Repeat(`[`, deep)+strings.Repeat(`]`, deep))
		sameVerdict(t, strings.Repeat(`{"a":`, deep)+"1"+strings.Repeat(`}`, deep))
	}
}

func FuzzCheckJSON(f *testing.F) {
	for _, body := range []string{`{"a":[1,"b",{"c":null}]}`, `"\u0000"`, `[1e999]`, `{"a":1,"a":2}`, ` true `, `{"A":1}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if _ = checkJSON(body); json.Valid(body) && utf8.Valid(body) {
			sameVerdict(t, string(bytes.TrimSpace(body)))
		}
	})
}
