package components

import (
	"embed"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/models"
)

//go:embed templates/*.html parts/*.html
var templateFiles embed.FS

//go:embed locale/*.json
var localeFiles embed.FS

// Path is the address of the page. Booking refuses it as a school's slug.
const Path = "/components"

// Page is the page. It is safe for concurrent use.
type Page struct{ site *layout.Site }

// New makes the page. Secure tells that browsers come over HTTPS. It fails if what is built into the program cannot be read.
func New(clock models.Clock, secure bool) (*Page, error) {
	site, err := layout.NewSite(layout.SiteConfig{Templates: templateFiles, Sentences: localeFiles, Clock: clock, Secure: secure})
	if err != nil {
		return nil, err
	}
	return &Page{site}, nil
}

// Mount adds the page to a router. The style sheets and the script have to be mounted by another site, or by [layout.Site.Mount] of this one.
func (p *Page) Mount(e *echo.Echo) {
	p.site.Mount(e)
	e.Match([]string{http.MethodGet, http.MethodHead}, Path, p.show)
}

// view is what the page shows. What is never the same on two pages, such as a field with its fault, is made here; the rest stands in the template.
type view struct {
	*layout.Frame
	Day      layout.DateTile
	Chips    []layout.Chip
	Line     layout.Field
	Wrong    layout.Field
	Area     layout.Field
	List     layout.Field
	Cards    layout.Field
	Choices  layout.Field
	Segments layout.Field
	Box      layout.Field
	Search   layout.Field
	Steps    layout.Steps
	Views    layout.Views
	Tiles    []layout.Tile
	Hours    []hour
	Found    []string
}

// hour is a row of a teacher's hours.
type hour struct {
	Clock string
	Cells []cell
}

// cell is one start in an hour: its class, its sign and the id of the sentence that says what it is.
type cell struct{ Clock, Class, Sign, State string }

// states are the cells that the hours show in turn.
var states = []cell{
	{Class: "free", State: "free"}, {Class: "booked", Sign: "●", State: "booked"}, {Class: "booked now", Sign: "▶", State: "now"}, {Class: "here", Sign: "✓", State: "here"},
	{Class: "late", Sign: "»", State: "late"}, {Class: "absent", Sign: "✕", State: "absent"}, {Class: "rest", State: "rest"}, {Class: "shut", State: "shut"},
}

// people are invented, for the search that is live with the script and a button without it.
var people = []string{"Kacper Kowalski, 1B", "Noor van den Berg, 1B", "Sophie Bakker, 2C", "Kwame de Wit-Osei, 1B", "Elif Aydın, 3A"}

func (p *Page) show(c echo.Context) error {
	v := p.site.NewVisit(c)
	if err := v.Read(); err != nil {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	if tag, ok := v.Query.Optional("lang"); ok {
		return v.SwitchLanguage(tag)
	}
	shown := newView(v)
	if v.Partial() {
		return v.RenderPart(http.StatusOK, "components", "found", shown)
	}
	return v.Render(http.StatusOK, "components", shown)
}

func newView(v *layout.Visit) *view {
	var menu []layout.Entry
	for _, entry := range []struct{ key, icon string }{{"today", "tick"}, {"families", "people"}, {"teachers", "clock"}, {"messages", "mail"}, {"round", "calendar"}, {"settings", "settings"}} {
		menu = append(menu, layout.Entry{Key: entry.key, Href: "#" + entry.key, Label: v.Text.Text("components.menu."+entry.key, nil), Icon: entry.icon})
	}
	f := v.NewStaffFrame(layout.Staff{Menu: menu, Current: "today", Person: "Ineke Bosman", Round: v.Text.Text("components.round", nil)}, "components.title")
	f.SchoolName = "Lindewaard College"
	if v.Query.Value("dir") == "rtl" {
		f.Dir = "rtl"
	}
	shown := &view{Frame: f, Day: layout.NewDateTile(v.Text.Dates(time.UTC), time.Date(2026, time.December, 9, 12, 0, 0, 0, time.UTC))}
	for _, kind := range []string{"", "good", "warn", "bad", "line"} {
		id := kind
		if id == "" {
			id = "quiet"
		}
		shown.Chips = append(shown.Chips, layout.Chip{Kind: kind, Text: f.T("components.chip." + id)})
	}
	shown.fill()
	for row := range 3 {
		line := hour{Clock: []string{"18:00", "19:00", "20:00"}[row]}
		for column := range 6 {
			one := states[(row*6+column)%len(states)]
			one.Clock = line.Clock[:3] + []string{"00", "10", "20", "30", "40", "50"}[column]
			one.State = f.T("components.state." + one.State)
			line.Cells = append(line.Cells, one)
		}
		shown.Hours = append(shown.Hours, line)
	}
	shown.Found = find(v.Query.Value("search"))
	return shown
}

// fill makes the fields, the steps and the figures.
func (s *view) fill() {
	t := func(id string) string { return s.T("components." + id) }
	option := func(id string, chosen bool) layout.Option {
		return layout.Option{Value: id, Text: t("option." + id), Help: t("option." + id + "_help"), Chosen: chosen}
	}
	s.Line = layout.Field{Name: "line", Label: t("birth_date"), Hint: t("birth_date_hint"), Type: "text", Autocomplete: "off", Short: true}
	s.Wrong = layout.Field{Name: "wrong", Label: t("birth_date"), Error: t("birth_date_wrong"), Value: "31112014", Type: "text", Autocomplete: "off", Short: true}
	s.Area = layout.Field{Name: "area", Label: t("message"), Hint: t("message_hint"), Length: "500"}
	s.List = layout.Field{Name: "list", Label: t("from"), Options: []layout.Option{{Value: "1800", Text: "18:00", Chosen: true}, {Value: "1810", Text: "18:10"}}, Short: true}
	s.Cards = layout.Field{Name: "cards", Label: t("plan"), Hint: t("plan_hint"), Options: []layout.Option{option("wait", true), option("early", false)}}
	s.Choices = layout.Field{Name: "choices", Label: t("where"), Options: []layout.Option{option("room", true), option("remote", false)}}
	short := func(id string, chosen bool) layout.Option {
		return layout.Option{Value: id, Text: t("option." + id), Chosen: chosen}
	}
	s.Segments = layout.Field{Name: "segments", Label: t("invite"), Options: []layout.Option{short("none", false), short("gladly", true), short("urgent", false)}}
	s.Box = layout.Field{Name: "box", Label: t("remind"), Hint: t("remind_hint"), Chosen: true}
	s.Search = layout.Field{Name: "search", Label: t("search"), Type: "search", Autocomplete: "off"}
	s.Steps = layout.Steps{Label: t("steps"), Steps: []layout.Step{{Text: t("step.file"), Href: "#step", Done: true}, {Text: t("step.check"), Current: true}, {Text: t("step.families")}}}
	s.Views = layout.Views{Label: t("days"), Views: []layout.View{{Text: s.Day.Weekday + " 9", Href: "#day1", Current: true}, {Text: t("day2"), Href: "#day2"}}}
	s.Tiles = []layout.Tile{{Figure: "812", Text: t("tile.booked"), Href: "#booked"}, {Figure: "94", Text: t("tile.not_yet")}}
}

// find returns the invented people whose name has what is searched for.
func find(typed string) []string {
	var found []string
	for _, name := range people {
		if strings.Contains(strings.ToLower(name), strings.ToLower(strings.TrimSpace(typed))) {
			found = append(found, name)
		}
	}
	return found
}
