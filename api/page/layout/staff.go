package layout

// Staff is what the frame of a page for those who work at the school has more than that of a family: the school's menu, who is logged in, and the script that
// makes searching live. Such a page works without the script too.
type Staff struct {
	// Menu are the entries of the menu, in their order; none where nobody is logged in yet.
	Menu []Entry
	// Person is the name of who is logged in; empty where nobody is.
	Person string
	// Round is the title of the conference that the page is about, under the school's name; empty where it is about none.
	Round string
	// Leave is the address that logs the person out by POST; empty where nobody is logged in.
	Leave string
	// Current is the key of the entry that the page belongs to.
	Current string

	site      *Site
	menuLabel string
}

// Entry is an entry of the menu. Its label takes its words from the table of the school's kind.
type Entry struct {
	Key, Href, Label string
	// Icon is the name of the small picture above or before the label.
	Icon string
}

// MenuLabel names the menu for a screen reader.
func (s *Staff) MenuLabel() string { return s.menuLabel }

// Script is the address of the script.
func (s *Staff) Script() string { return s.site.paths.script }

// ScriptConfig is what the script may: nothing that the pages' policy would have to be weakened for, and no page kept in the browser's storage.
func (s *Staff) ScriptConfig() string {
	return `{"includeIndicatorStyles":false,"allowEval":false,"selfRequestsOnly":true,"historyCacheSize":0,"historyEnabled":true,"refreshOnHistoryMiss":true,"allowScriptTags":false}`
}

// NewStaffFrame makes the frame of a page for those who work at the school. The title is the id of a sentence. The answer may then run our own script and ask our
// own server from it, which no page of a family may.
func (v *Visit) NewStaffFrame(staff Staff, title string, pairs ...any) *Frame {
	f := v.NewFrame(title, pairs...)
	staff.site, staff.menuLabel = v.site, f.T("layout.menu")
	f.Staff, f.Style = &staff, v.site.paths.staffStyle
	v.Policy = staffPolicy
	return f
}

// Partial tells that the script asked for a part of the page instead of the whole: the handler answers with [Visit.RenderPart]. A page that the script restores
// from the browser's history is asked for whole.
func (v *Visit) Partial() bool {
	header := v.Echo.Request().Header
	return header.Get("HX-Request") == "true" && header.Get("HX-History-Restore-Request") != "true"
}
