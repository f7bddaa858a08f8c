package roster

import (
	"slices"

	"github.com/ouderavond/ouderavond/models/factor"
)

// Facts that log-in may ask are known to the readers by the table of package factor alone, but for those that mean more to a roster (a postcode, a birth date, a
// number): a factor that has headers of its own there is read here.

// factColumns are the headers of the table, as foldHeader writes them.
var factColumns = func() map[string]Field {
	columns := map[string]Field{}
	for _, one := range factor.All {
		for _, header := range one.Column {
			if _, taken := columns[foldHeader(header)]; !taken {
				columns[foldHeader(header)] = Field(one.Name)
			}
		}
	}
	return columns
}()

func isFact(field Field) bool { return slices.Contains(factFields(), field) }

// factFields lists the fields of the table.
func factFields() (fields []Field) {
	for _, one := range factor.All {
		if len(one.Column) > 0 {
			fields = append(fields, Field(one.Name))
		}
	}
	return fields
}

// facts reads what a row says of them. What cannot be one is left out with a warning.
func (c *csvReader) facts(r row) (facts map[string]string) {
	for _, one := range factor.All {
		if len(one.Column) == 0 {
			continue
		}
		text, header := c.value(r, Field(one.Name))
		if text == "" {
			continue
		}
		value, code := one.Refused(text)
		if code != "" {
			c.report.warn(c.finding(r, header, ReasonBadFact, "this cannot be what the column is for; it was left out"))
			continue
		}
		if facts == nil {
			facts = map[string]string{}
		}
		facts[string(one.Name)] = value
	}
	return facts
}

// uniteFacts adds what another row says of the same pupil and the first does not.
func uniteFacts(first, more *Pupil) {
	for name, value := range more.Facts {
		if first.Facts == nil {
			first.Facts = map[string]string{}
		}
		if first.Facts[name] == "" {
			first.Facts[name] = value
		}
	}
}
