package layout

import (
	"html"
	"html/template"
	"strings"
)

// What a page has dozens of is written here and in the packages of the pages in one piece: a template that walks over it looks up each of its fields by name and
// each of its methods by reflection, which is half of what such a page costs.

// Put writes pieces of a page by turns: one as it stands, one escaped for a text or a quoted attribute.
func Put(out *strings.Builder, pieces ...string) {
	for i, piece := range pieces {
		if i%2 == 1 {
			piece = html.EscapeString(piece)
		}
		out.WriteString(piece)
	}
}

// Markup is what was written, for a template.
func Markup(out *strings.Builder) template.HTML {
	return template.HTML(out.String()) //nolint:gosec // Put has escaped it
}

// inputs writes fields that travel unseen.
func inputs(fields []Hidden) template.HTML {
	var out strings.Builder
	for _, field := range fields {
		Put(&out, `<input type="hidden" name="`, field.Name, `" value="`, field.Value, "\">\n")
	}
	return Markup(&out)
}
