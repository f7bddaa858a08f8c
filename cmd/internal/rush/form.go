package rush

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// page is what a browser shows: its forms, and the appointments that it leads to, in the order of the page.
type page struct {
	forms        []*form
	appointments []string
	children     int
}

// form is a form as the page comes: what is filled in, and what could be.
type form struct {
	id, action string
	fields     url.Values
	boxes      []string // that are not ticked
	lists      []list
}

// list is a list of times, of which none may be chosen.
type list struct {
	name   string
	values []string
}

// readPage reads the forms of a page.
func readPage(body []byte) page {
	var seen page
	var now *form
	selected := ""
	tokens := html.NewTokenizer(bytes.NewReader(body))
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			return seen
		}
		name, more := tokens.TagName()
		tag := string(name)
		if kind == html.EndTagToken && tag == "form" {
			now = nil
		}
		if kind != html.StartTagToken || !slices.Contains(readTags, tag) {
			continue
		}
		has := map[string]string{}
		for more {
			var key, value []byte
			key, value, more = tokens.TagAttr()
			has[string(key)] = string(value)
		}
		if tag == "form" {
			now = &form{id: has["id"], action: has["action"], fields: url.Values{}}
			seen.forms = append(seen.forms, now)
		}
		selected = seen.take(now, tag, has, selected)
	}
}

// readTags are the elements that matter.
var readTags = []string{"form", "input", "select", "option", "a", "section"}

// take takes an element of a page. It returns the name of the list whose options come next.
func (p *page) take(now *form, tag string, has map[string]string, inList string) string {
	_, chosen := has["selected"]
	_, ticked := has["checked"]
	switch {
	case tag == "section" && strings.HasPrefix(has["aria-labelledby"], "child-"):
		p.children++
	case tag == "a":
		if _, id, ok := strings.Cut(has["href"], "/appointments/"); ok && !strings.Contains(id, "/") && !slices.Contains(p.appointments, id) {
			p.appointments = append(p.appointments, id)
		}
	case now == nil:
	case tag == "select":
		now.fields.Set(has["name"], "")
		now.lists = append(now.lists, list{name: has["name"]})
		return has["name"]
	case tag == "option" && inList != "":
		if last := &now.lists[len(now.lists)-1]; has["value"] != "" {
			last.values = append(last.values, has["value"])
		}
		if chosen {
			now.fields.Set(inList, has["value"])
		}
	case tag == "input" && (has["type"] == "checkbox" || has["type"] == "radio") && !ticked:
		now.boxes = append(now.boxes, has["name"])
	case tag == "input":
		now.fields.Set(has["name"], has["value"])
	}
	return inList
}

// filled is the form that the page is for.
func (p *page) filled() *form {
	for _, one := range p.forms {
		if one.id == "filled" {
			return one
		}
	}
	return nil
}

// planned is the first form that holds a proposal.
func (p *page) planned() *form {
	for _, one := range p.forms {
		if one.fields.Get("p.taken") != "" && one.id != "filled" {
			return one
		}
	}
	return nil
}

// chosen reads the talks that a form holds.
func (f *form) chosen() ([]askedTalk, error) {
	var talks []askedTalk
	for name := range f.fields {
		value := f.fields.Get(name)
		rest, ok := strings.CutPrefix(name, "c.")
		if !ok || value == "" {
			continue
		}
		ids, parts := strings.Split(rest, "."), strings.Split(value, ".")
		ticks, err := strconv.ParseInt(parts[0], 36, 64)
		if err != nil || len(ids) < 2 {
			return nil, fmt.Errorf("a choice that cannot be read")
		}
		one := askedTalk{Pupil: longID(ids[0]), Kind: longID(ids[1]), Start: instant(ticks * tick)}
		staff := ids[2:]
		if named := slices.DeleteFunc(parts[1:], func(part string) bool { return part == "p2" || part == "w" }); len(named) > 0 {
			staff = named
		}
		for _, member := range staff {
			one.Staff = append(one.Staff, longID(member))
		}
		talks = append(talks, one)
	}
	slices.SortFunc(talks, func(a, b askedTalk) int { return a.Start.Compare(b.Start) })
	return talks, nil
}

// longID writes an id of a page as the API does; empty if it is none.
func longID(short string) string {
	raw, err := base64.RawURLEncoding.DecodeString(short)
	if err != nil || len(raw) != 16 {
		return ""
	}
	return fmt.Sprintf("%x-%x-%x-%x-%x", raw[:4], raw[4:6], raw[6:8], raw[8:10], raw[10:])
}
