package layout

import "strings"

// Field is something to fill in with its label, its hint and what is wrong with it. Templates draw it as a line ("field"), an area ("area"), a list ("select"),
// cards with a reason each ("cards"), words one below the other ("choices") or in one bar ("segments"), or a box to tick ("tickbox").
type Field struct {
	Name, Label, Hint, Error, Value  string
	Type, Mode, Autocomplete, Length string
	Short, Required                  bool
	// Chosen tells that a box is ticked.
	Chosen bool
	// Options are what can be chosen; the id of the first is the field's name, so that the summary of what is wrong leads there.
	Options []Option
}

// Option is one of the ways that a field offers.
type Option struct {
	Value, Text string
	// Help says why or what then; empty where the text says it all.
	Help   string
	Chosen bool
}

// DescribedBy names the elements that describe the input, for aria-describedby.
func (f Field) DescribedBy() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.Name+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.Name+"-error")
	}
	return strings.Join(ids, " ")
}

// Hidden is a field that travels unseen.
type Hidden struct{ Name, Value string }
