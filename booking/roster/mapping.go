package roster

import (
	"regexp"
	"strings"
)

// Recalled is what a school remembers of a list that somebody once explained: the columns, and how the file is read.
type Recalled struct {
	// Mapping binds columns by their header, as Options.Mapping does. A header that the list does not have any more does not matter.
	Mapping  map[string]string
	Encoding string // as Options.Encoding
	Sheet    string // as Options.Sheet
}

// chosenField is what somebody said of a column, now or earlier.
type chosenField struct{ word, because string }

// chosenFields gives what was said of the columns of a list, by their folded headers: what is said now goes before what is remembered.
func chosenFields(headers []string, options Options) map[string]chosenField {
	chosen := map[string]chosenField{}
	if recalled, ok := options.recalled(headers); ok {
		for header, word := range recalled.Mapping {
			chosen[MappingKey(header)] = chosenField{word, BecauseRemembered}
		}
	}
	for header, word := range options.Mapping {
		chosen[MappingKey(header)] = chosenField{word, BecauseChosen}
	}
	delete(chosen, "")
	return chosen
}

// recalled gives what is remembered of a list with some column names.
func (o Options) recalled(headers []string) (Recalled, bool) {
	if o.Recall != nil {
		if recalled, ok := o.Recall(SourceOf(headers)); ok {
			return recalled, true
		}
	}
	if o.Remembered != nil {
		return *o.Remembered, true
	}
	return Recalled{}, false
}

// explained reports whether somebody once explained a list with some column names.
func (o Options) explained(headers []string) bool {
	if o.Recall == nil {
		return false
	}
	_, ok := o.Recall(SourceOf(headers))
	return ok
}

// recalledEncoding is how the letters of a list were written that somebody once explained; empty if nobody did.
func recalledEncoding(d decoded, options Options) string {
	if options.Encoding != "" || options.Recall == nil && options.Remembered == nil || d.binary {
		return ""
	}
	found, ok := findHeader(withoutEntities(unifyLines(strings.TrimPrefix(d.text, "\ufeff"))), options)
	if !ok {
		return ""
	}
	recalled, _ := options.recalled(found.headers())
	return recalled.Encoding
}

// SourceOf writes a row of column names so that the next export of the same program has the same: without case, accents, spaces and punctuation.
func SourceOf(headers []string) string {
	folded := make([]string, len(headers))
	for i, header := range headers {
		folded[i] = foldHeader(header)
	}
	return strings.Join(folded, "\n")
}

var placeName = regexp.MustCompile(`^\s*\[\s*([A-Za-z]{1,3})\s*\]\s*$`)

// MappingKey is how a mapping names a column: by its header as it is compared, or by the letter of one without a header: [C].
func MappingKey(header string) string {
	if m := placeName.FindStringSubmatch(header); m != nil {
		return "[" + strings.ToUpper(m[1]) + "]"
	}
	return foldHeader(header)
}

// columnOf finds the column that a mapping names; -1 if there is none.
func (s columnSet) columnOf(key string) int {
	for i, c := range s.columns {
		if c.header == "" && placeKey(i) == key || c.header != "" && c.key == key {
			return i
		}
	}
	return -1
}

// source is how the list is known again.
func (s columnSet) source() string { return SourceOf(s.headers()) }

func (s columnSet) headers() []string {
	headers := make([]string, 0, len(s.columns))
	for _, c := range s.columns {
		if !c.heading {
			headers = append(headers, c.header)
		}
	}
	return headers
}

// chosen gives what Options.Mapping said of the columns, by their headers.
func (s columnSet) chosen() map[string]string {
	chosen := map[string]string{}
	for i, c := range s.columns {
		if c.because != BecauseChosen {
			continue
		}
		header, word := c.header, string(fieldIgnored)
		if header == "" {
			header = placeKey(i)
		}
		if c.target.field != "" {
			word = c.target.String()
		}
		chosen[header] = word
	}
	return chosen
}

// lacks is the field without which nobody knows of whom the rows speak, and which nothing else says; empty if there is no such field or more is missing.
func (s columnSet) lacks() Field {
	switch {
	case s.usable() || s.known() == 0:
		return ""
	case s.has(FieldTeacher, FieldMentor, FieldTeacherSurname):
		return FieldGroup
	}
	return FieldPupilNumber
}

// makeDo binds the one column whose values look like the field that a list lacks. It reports false where there is none, or more than one.
func (h *header) makeDo(rows []row, options Options) bool {
	field, only := h.lacks(), -1
	for i, c := range h.columns {
		if c.state != ColumnIgnored || c.byHand || judge(rows, i, options.ReferenceDate) != field {
			continue
		}
		if only >= 0 {
			return false
		}
		only = i
	}
	if field == "" || only < 0 {
		return false
	}
	h.columns[only].because = BecauseValues
	h.columns[only].bind(target{field: field})
	h.bindTeacherFile()
	h.score = h.known()
	return h.usable()
}
