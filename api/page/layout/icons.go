package layout

import "html/template"

// icons are small pictures beside words, never in their place: drawn with strokes on a field of 24 by 24, in the colour of the text around them. Their names say what
// they show, in menus and templates alike.
var icons = map[string]string{
	"tick":     `<path d="m5 13 4 4L19 7"/>`,
	"cross":    `<path d="m6 6 12 12M18 6 6 18"/>`,
	"info":     `<circle cx="12" cy="12" r="9"/><path d="M12 11v5m0-8v.01"/>`,
	"warning":  `<path d="M12 4 2.5 20h19z"/><path d="M12 10v4m0 3v.01"/>`,
	"clock":    `<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 2"/>`,
	"globe":    `<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3.3 3 3.3 15 0 18-3.3-3-3.3-15 0-18"/>`,
	"people":   `<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 5a3.5 3.5 0 0 1 0 6.500M18 14.500c2 .8 3.2 2.6 3.5 5.5"/>`,
	"person":   `<circle cx="12" cy="8" r="4"/><path d="M4 21c.6-4.5 4-6.5 8-6.500s7.4 2 8 6.5"/>`,
	"mail":     `<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m3.5 7 8.5 6 8.5-6"/>`,
	"calendar": `<rect x="3.5" y="5" width="17" height="15.5" rx="2"/><path d="M3.5 10h17M8 3v4m8-4v4"/>`,
	"settings": `<path d="M4 7h9m4 0h3M4 17h3m4 0h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>`,
	"house":    `<path d="m4 11 8-7 8 7v9h-5v-6H9v6H4z"/>`,
	"list":     `<path d="M8 6h12M8 12h12M8 18h12M4 6v.01M4 12v.01M4 18v.01"/>`,
	"search":   `<circle cx="11" cy="11" r="6.5"/><path d="m16 16 5 5"/>`,
	"plus":     `<path d="M12 5v14M5 12h14"/>`,
	"print":    `<path d="M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z"/>`,
	"upload":   `<path d="M12 16V5m-4 4 4-4 4 4M4 16v4h16v-4"/>`,
	"download": `<path d="M12 5v11m-4-4 4 4 4-4M4 16v4h16v-4"/>`,
	"dots":     `<path d="M12 6v.01M12 12v.01M12 18v.01" stroke-width="3.5"/>`,
	"door":     `<path d="M6 21V4l9-1v18M4 21h16M15 6h3v15M12 12v.01"/>`,
}

// icon draws a small picture. One that does not exist is nothing; a test looks for such names in the templates.
func icon(name string) template.HTML {
	drawn, ok := icons[name]
	if !ok {
		return ""
	}
	return template.HTML(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">` + drawn + `</svg>`) //nolint:gosec // the strings above
}
