package parent

import (
	"html/template"
	"strings"

	"github.com/ouderavond/ouderavond/api/page/layout"
)

// options are the times of a list. A page has hundreds of them, and a template that walks over them costs more than everything else of the page together: they
// are written here, in one piece.
type options []optionView

// HTML writes the options for a template.
func (o options) HTML() template.HTML {
	var out strings.Builder
	o.write(&out)
	return layout.Markup(&out)
}

func (o options) write(out *strings.Builder) {
	out.Grow(40 * len(o))
	for _, one := range o {
		out.WriteString("<option ")
		if one.Selected {
			out.WriteString("selected ")
		}
		layout.Put(out, `value="`, one.Value, `">`, one.Text)
	}
}

// HTML writes the list for a template, in one piece as well: a page has dozens of them.
func (l listView) HTML() template.HTML {
	var out strings.Builder
	kind := "field"
	if l.Wide {
		kind = "field whole"
	}
	layout.Put(&out, `<div class="`, kind, `"><label for="`, l.ID, `">`, l.Label, "</label>")
	if l.Error != "" {
		layout.Put(&out, `<p class="err" id="`, l.ID, `-error">`, l.Error, "</p>")
	}
	if l.Full != "" {
		layout.Put(&out, `<p class="none" id="`, l.ID, `">`, l.Full, "</p></div>\n")
		return layout.Markup(&out)
	}
	layout.Put(&out, `<select id="`, l.ID, `" name="`, l.Name, `"`)
	if l.Error != "" {
		layout.Put(&out, ` aria-describedby="`, l.ID, `-error" aria-invalid="true"`)
	}
	layout.Put(&out, `><option value="">`, l.Empty)
	for _, group := range l.Groups {
		layout.Put(&out, `<optgroup label="`, group.Label, `">`)
		group.Options.write(&out)
	}
	out.WriteString("</select></div>\n")
	return layout.Markup(&out)
}

// ticks are boxes below one another, written in one piece like options.
type ticks []tickView

// HTML writes the boxes for a template.
func (t ticks) HTML() template.HTML {
	var out strings.Builder
	for _, one := range t {
		layout.Put(&out, `<p class="tick"><input type="checkbox" id="`, one.ID, `" name="`, one.Name, `" value="1"`)
		if one.Checked {
			out.WriteString(" checked")
		}
		layout.Put(&out, `> <label for="`, one.ID, `">`)
		writeGiven(&out, one.Lang, one.Label)
		out.WriteString("</label>\n")
	}
	return layout.Markup(&out)
}

// dayViews are days with their talks, in the order of the evening.
type dayViews []dayView

// HTML writes the days for a template.
func (d dayViews) HTML() template.HTML {
	var out strings.Builder
	for _, day := range d {
		layout.Put(&out, "<h3>", day.Label, "</h3>\n<ul class=\"talks\">\n")
		for _, item := range day.Talks {
			item.write(&out)
		}
		out.WriteString("</ul>")
	}
	return layout.Markup(&out)
}

// writeGiven writes words of the school's own.
func writeGiven(out *strings.Builder, lang, words string) {
	if lang == "" {
		layout.Put(out, "", words)
		return
	}
	layout.Put(out, `<span lang="`, lang, `">`, words, "</span>")
}

func (i itemView) write(out *strings.Builder) {
	layout.Put(out, `<li><p class="time">`, i.Time, "</p>\n<p><strong>", i.Child, "</strong> · ")
	writeGiven(out, i.Lang, i.Title)
	layout.Put(out, "<br>", i.Staff)
	if i.Room != "" {
		layout.Put(out, "<br>", i.Room)
	}
	out.WriteString("</p>\n")
	for _, part := range [...]struct{ kind, text string }{{"err", i.Warning}, {"hint", i.Note}, {"hint", i.After}} {
		if part.text != "" {
			layout.Put(out, `<p class="`, part.kind, `">`, part.text, "</p>\n")
		}
	}
}
