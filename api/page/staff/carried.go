package staff

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/models/errs"
)

// Who has to log in or to prove something in the middle of a form loses nothing: where they were going, and what they had typed, travels along in the forms by which they
// do so, and is shown to be sent once they are in. Passwords and codes do not travel.

const (
	nextField  = "next"
	keptPrefix = "kept."
	mostKept   = 200
)

// secret are fields that are never kept.
var secret = []string{"password", "present", "repeat", "code", "digits"}

// Carried is where somebody was going, with what they had typed.
type Carried struct {
	// Next is a path of the school's pages of staff; empty where they were going nowhere.
	Next string
	// Kept are the fields of a form that was to be sent to Next; none where it was only to be looked at.
	Kept []layout.Hidden
}

// Carried reads what travels along with a form or an address.
func (v *Visit) Carried() Carried {
	next := v.Form.Value(nextField)
	if next == "" {
		next = v.Query.Value(nextField)
	}
	carried := Carried{Next: v.ownPath(next)}
	if carried.Next == "" {
		return carried
	}
	for name, values := range v.Form {
		if plain, ok := strings.CutPrefix(name, keptPrefix); ok && len(values) == 1 && len(carried.Kept) < mostKept {
			carried.Kept = append(carried.Kept, layout.Hidden{Name: plain, Value: values[0]})
		}
	}
	slices.SortFunc(carried.Kept, func(a, b layout.Hidden) int { return strings.Compare(a.Name, b.Name) })
	return carried
}

// ownPath returns a path if it is one of this school's pages of staff, so that nobody is led elsewhere; else nothing.
func (v *Visit) ownPath(path string) string {
	parsed, err := url.Parse(path)
	if err != nil || parsed.IsAbs() || parsed.Host != "" || len(path) > 500 || !strings.HasPrefix(path, v.At("")) || strings.ContainsAny(path, "\\\r\n") || strings.Contains(path, "//") || strings.Contains(path, "..") {
		return ""
	}
	return path
}

// Hidden are the fields by which it travels on.
func (c Carried) Hidden() []layout.Hidden {
	if c.Next == "" {
		return nil
	}
	fields := []layout.Hidden{{Name: nextField, Value: c.Next}}
	for _, one := range c.Kept {
		fields = append(fields, layout.Hidden{Name: keptPrefix + one.Name, Value: one.Value})
	}
	return fields
}

// ask sends somebody to a page where they say who they are, with where they were going. A form that was sent is shown there itself, for a redirect would lose it.
func (v *Visit) ask(path string, expired bool) error {
	request := v.Echo.Request()
	query := url.Values{}
	if expired {
		query.Set("again", "1")
	}
	if request.Method == http.MethodGet {
		next := layout.OwnPath(request.URL)
		if request.URL.RawQuery != "" {
			next += "?" + request.URL.RawQuery
		}
		query.Set(nextField, next)
		return v.Redirect(v.At(path), query)
	}
	if !strings.HasPrefix(request.Header.Get("Content-Type"), "application/x-www-form-urlencoded") || v.base.asking == nil {
		return errs.New(errs.Forbidden, "forbidden")
	}
	carried := Carried{Next: layout.OwnPath(request.URL)}
	for name, values := range v.Form {
		if len(values) == 1 && !slices.Contains(secret, name) {
			carried.Kept = append(carried.Kept, layout.Hidden{Name: name, Value: values[0]})
		}
	}
	slices.SortFunc(carried.Kept, func(a, b layout.Hidden) int { return strings.Compare(a.Name, b.Name) })
	return v.base.asking(v, path, carried, expired)
}

// OnAsking says how a form that was sent by somebody who has to say who they are is answered: with the page of the path, in which what was carried travels along.
func (b *Base) OnAsking(answer func(v *Visit, path string, carried Carried, expired bool) error) {
	b.asking = answer
}
