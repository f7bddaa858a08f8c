package parent

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/api/page/layout"
)

// What a family chose, ticked and typed travels from page to page until something is booked: through logging in, another language, a brother or sister, a time
// that was taken. What it chose may stand in an address, as ids; what it typed about itself travels in forms only.

// typedNames are the fields of the confirm page beside the choices.
var typedNames = []string{"email", "phone", "nearest", "rest", "split"}

// nextField says where somebody was going who has to log in first: one of the pages that nextForm names.
const nextField = "next"

var nextForm = regexp.MustCompile(`^(plan|appointments(/[0-9a-f-]{36}(/cancel)?)?)$`)

// isChoice reports whether a field says what was chosen, or where somebody was going: that may stand in an address.
func isChoice(name string) bool {
	return name == nextField || name == toField || strings.HasPrefix(name, choicePrefix) || strings.HasPrefix(name, requestPrefix) || strings.HasPrefix(name, planPrefix)
}

// sent is what the request brings: its form, or its address.
func (v *visit) sent() layout.Form {
	if v.Echo.Request().Method == http.MethodPost {
		return v.Form
	}
	return v.Query
}

// chosenFields are the fields of the request that say what was chosen, as an address may hold them; none if they are not those of our pages.
func (v *visit) chosenFields() url.Values {
	from, fields := v.sent(), url.Values{}
	for name := range from {
		if value := from.Value(name); value != "" && isChoice(name) {
			fields.Set(name, value)
		}
	}
	_, badChoices := decodeChoices(layout.Form(fields))
	_, badPlan := decodePlan(layout.Form(fields))
	next, to := fields.Get(nextField), fields.Get(toField)
	if badChoices != nil || badPlan != nil || next != "" && !nextForm.MatchString(next) || to != "" && !new(request).readValue(to) {
		return url.Values{}
	}
	return fields
}

// typedFields are the fields of the form that hold what was typed and ticked on the confirm page.
func (v *visit) typedFields() []layout.Hidden {
	var fields []layout.Hidden
	for _, name := range typedNames {
		if typed := echoed(v.Form.Value(name)); typed != "" {
			fields = append(fields, layout.Hidden{Name: name, Value: typed})
		}
	}
	return fields
}

// kept is all of it as hidden fields, for a page that has a form of its own to be filled in first.
func (v *visit) kept() []layout.Hidden {
	return append(hiddenFields(v.chosenFields()), v.typedFields()...)
}

func hiddenFields(values url.Values) []layout.Hidden {
	fields := make([]layout.Hidden, 0, len(values))
	for name := range values {
		fields = append(fields, layout.Hidden{Name: name, Value: values.Get(name)})
	}
	slices.SortFunc(fields, func(a, b layout.Hidden) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

// withAnd puts one more word into an address's query.
func withAnd(query url.Values, word string) url.Values {
	query.Set(word, "1")
	return query
}
