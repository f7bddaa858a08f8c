package layout

import (
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/ouderavond/ouderavond/models/errs"
)

const (
	// maxForm is the most bytes that a form may have: far above any family's choices.
	maxForm = 64 << 10
	// maxQuery is the most bytes of an address's query: the choices of sixty talks.
	maxQuery = 12 << 10
	// maxValues is how many fields a form may have.
	maxValues = 300
)

// Form is the fields of a form or of an address's query.
type Form url.Values

// ErrBadForm returns errs.Invalid, for a form that these pages did not make.
func ErrBadForm() error { return errs.New(errs.Invalid, "page.bad-form") }

// readForm reads the body of a POST as the form that the pages send: URL-encoded, bounded, valid UTF-8.
func readForm(response http.ResponseWriter, request *http.Request) (Form, error) {
	kind, _, err := mime.ParseMediaType(request.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, ErrBadForm()
	}
	if request.ContentLength > maxForm {
		return nil, errs.New(errs.TooLarge, "page.too-large")
	}
	request.Body = http.MaxBytesReader(response, request.Body, maxForm)
	if err := request.ParseForm(); err != nil {
		return nil, errs.Because(errs.Invalid, "page.bad-form", err)
	}
	fields, err := checked(Form(request.PostForm))
	if err != nil {
		return nil, err
	}
	// No page has a field twice; which of the two was meant is not guessed.
	for _, values := range fields {
		if len(values) > 1 {
			return nil, ErrBadForm()
		}
	}
	return fields, nil
}

// readQuery reads the query of an address.
func readQuery(request *http.Request) (Form, error) {
	if len(request.URL.RawQuery) > maxQuery {
		return nil, errs.New(errs.TooLarge, "page.too-large")
	}
	values, err := url.ParseQuery(request.URL.RawQuery)
	if err != nil {
		return nil, errs.Because(errs.Invalid, "page.bad-form", err)
	}
	return checked(Form(values))
}

func checked(f Form) (Form, error) {
	if len(f) > maxValues {
		return nil, ErrBadForm()
	}
	for name, values := range f {
		for _, value := range append(values, name) {
			if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
				return nil, ErrBadForm()
			}
		}
	}
	return f, nil
}

// Optional gives the value of a field and whether it was there. A field that came twice counts as absent.
func (f Form) Optional(name string) (string, bool) {
	if len(f[name]) != 1 {
		return "", false
	}
	return f[name][0], true
}

// Value gives the value of a field; empty if it was not there.
func (f Form) Value(name string) string {
	value, _ := f.Optional(name)
	return value
}
