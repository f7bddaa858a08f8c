package api_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/api"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/api/trail"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/models"
)

// plainOnes are the routes outside the description that somebody known may call, and why they show nobody.
var plainOnes = map[string]string{
	"metrics": "figures of the program",
	"bounce":  "takes a mail in, and answers nothing of it",
}

// nobody are the texts of answers that are about nobody, by the type that they stand in, or the route where the type has no name. Whoever adds a text to an answer finds it
// here or gives it the id of its person, or tells whom it shows.
var nobody = map[string][]string{
	"create-operator-key": {"Key"}, "create-api-key": {"Key"}, // secrets that were just made
	"issue-family-code": {"Code"}, "issue-desk-code": {"Code"}, // the same; who made them is audited
	"begin-totp": {"URL", "Key"}, "confirm-totp": {"RecoveryCodes"}, "renew-recovery-codes": {"RecoveryCodes"}, // the caller's own
	"office.matchBody":  {"Text"},                                    // why a family was found, beside its id one level up
	"school.apiKeyBody": {"Name", "Scopes"},                          // programs
	"shape.LogoBody":    {"ID"}, "school.logoFile": {"Type", "Body"}, // the school's own
	"operator.receiptBody": {"School", "Rows", "Note", "PublicKey", "Signature"},
	"messages.channelBody": {"Carrier", "LastState", "LastAbout"},
	"roster.ImportRow":     {"At", "Source", "Format", "Counts", "Problem"},
	"roster.fieldBody":     {"Field", "Meaning", "Example"},
	"roster.mappingBody":   {"ID", "Source", "Encoding", "Sheet"},
	"roster.mappedBody":    {"Header", "Field"},
	"roster.groupBody":     {"Key", "Name", "Year"},
	"roster.groupName":     {"Key", "Name"},
	// Messages, links and log of the family whose id stands at the top of the same answer.
	"office.familyMessage": {"Kind", "Channel", "State", "To", "Problem", "About"}, "office.linkState": {"Title"}, "office.logEntry": {"Action"}, "office.logCount": {"What"},
	"office.progressGroup":      {"Name"},
	"roster.touchedTalk":        {"Local"}, // when a talk is, beside the talk's id
	"conference.roomBody":       {"Key", "Name", "Zone"},
	"conference.outsideBody":    {"Local"}, // the same
	"conference.audienceShown":  {"Years"},
	"conference.dayBody":        {"Date"},
	"conference.talkKindBody":   {"Title", "Obligation", "Staffing", "Pairing"},
	"conference.windowBody":     {"From", "Until"}, // beside the teacher's id, one level up
	"conference.breakBody":      {"From", "Until"},
	"conference.noticeBody":     {"Code", "Detail", "Params"}, // counts, days, rooms, groups
	"conference.groupCountBody": {"Name"},
	"family.conferenceSummary":  {"Title", "Note"},
	"family.daySummary":         {"Date"},
	"rest.ItemFault":            {"Ref", "Detail"},         // as the caller named it
	"rest.alternative":          {"Local", "Staff", "Day"}, // teachers whose ids the caller has sent
	// What is said of a file that the caller sent: its headers, its lines, three words of it. Answers about a file that lies there are told by their handlers.
	"shape.RosterReport": {"Format", "FormatVersion", "Encoding", "Letters", "Separator", "Dropped"},
	"shape.FindingBody":  {"File", "Sheet", "Field", "Reason", "Detail", "Message"},
	"shape.FileBody":     {"Name", "Kind", "Format", "FormatVersion", "Encoding", "Separator", "Unread"},
	"shape.SheetBody":    {"Name"},
	"shape.ColumnBody":   {"Header", "Letter", "Field", "Suggested", "State", "Because"},
}

// own are headers of answers and the like, which no person has.
var own = []string{"ETag", "Location", "RetryAfter", "Replayed", "Next", "CacheControl", "Vary", "ContentLanguage"}

// unshown gives the texts in what a route answers that are beside no id of a person and on no list, as type and field.
func unshown(route api.Route, used map[string]bool) (found []string) {
	if route.Public != "" || slices.Equal(route.Needs, []access.Action{access.UseFamily}) || route.Telling {
		return nil // nobody known, the parents themselves, or the handler says it
	}
	if route.Answer == nil {
		if plainOnes[route.ID] == "" {
			found = append(found, route.ID+" is plain")
		}
		return found
	}
	var walk func(of, within, in reflect.Type, field reflect.StructField, path []reflect.Type)
	walk = func(of, within, in reflect.Type, field reflect.StructField, path []reflect.Type) {
		if slices.Contains(path, of) || of == reflect.TypeFor[time.Time]() || strings.HasPrefix(of.Name(), "Ref[") || strings.HasPrefix(of.Name(), "Clearable[") {
			return
		}
		path = append(path, of)
		switch of.Kind() {
		case reflect.Pointer:
			walk(of.Elem(), within, in, field, path)
			return
		case reflect.Slice, reflect.Array:
			if of.Elem().Kind() == reflect.Struct {
				within = of.Elem()
			}
			if of.Elem().Kind() != reflect.Uint8 {
				walk(of.Elem(), within, in, field, path)
				return
			}
		case reflect.Struct:
			for i := range of.NumField() {
				if one := of.Field(i); one.IsExported() {
					walk(one.Type, within, of, one, path)
				}
			}
			return
		case reflect.String, reflect.Map, reflect.Interface:
		default:
			return
		}
		if field.Tag.Get("enum") != "" || slices.Contains(own, field.Name) || trail.PlanOf(within).Names() {
			return
		}
		name := in.String()
		if in.Name() == "" || in.Name()[0] >= 'a' && in.NumField() == 1 && in.Field(0).Name == "Body" {
			name = route.ID
		}
		if used[name+"."+field.Name] = true; !slices.Contains(nobody[name], field.Name) {
			found = append(found, name+"."+field.Name)
		}
	}
	walk(route.Answer, route.Answer, route.Answer, reflect.StructField{}, nil)
	slices.Sort(found)
	return slices.Compact(found)
}

// A route whose answer shows somebody is written down by the ids in its types, or tells whom it shows. One that does neither is red here.
func TestNoAnswerShowsSomebodyUnwritten(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, route := range api.Routes() {
		for _, text := range unshown(route, used) {
			t.Errorf("%s answers %s: is it of somebody, and of whom?", route.ID, text)
		}
	}
	for name, fields := range nobody {
		for _, field := range fields {
			if !used[name+"."+field] {
				t.Errorf("%s.%s is on the list, and nothing answers it without an id", name, field)
			}
		}
	}
}

// The test above must be able to fail.
func TestAnAnswerThatShowsSomebodyUnwrittenIsFound(t *testing.T) {
	t.Parallel()
	type child struct {
		Given string `json:"given"`
	}
	type identified struct {
		Pupil shape.Ref[models.PupilID] `json:"pupil"`
		child
		Given string
	}
	route := func(answer reflect.Type) api.Route {
		return api.Route{ID: "planted", Needs: []access.Action{access.ReadRoster}, Answer: answer}
	}
	for name, planted := range map[string]struct {
		route api.Route
		found bool
	}{
		"a name without an id": {route(reflect.TypeFor[struct{ Body child }]()), true},
		"a list of names beside an id of somebody else": {route(reflect.TypeFor[struct {
			Body struct {
				Teacher shape.Ref[models.StaffID]
				Names   []child
			}
		}]()), true},
		"a file":                      {route(reflect.TypeFor[struct{ Body []byte }]()), true},
		"something open":              {route(reflect.TypeFor[struct{ Body any }]()), true},
		"a map":                       {route(reflect.TypeFor[struct{ Body map[string]string }]()), true},
		"outside the description":     {route(nil), true},
		"a name with an id":           {route(reflect.TypeFor[struct{ Body identified }]()), false},
		"a list of names with ids":    {route(reflect.TypeFor[struct{ Body []identified }]()), false},
		"a handler that says it":      {api.Route{ID: "planted", Needs: []access.Action{access.ReadRoster}, Telling: true}, false},
		"what parents see":            {api.Route{ID: "planted", Needs: []access.Action{access.UseFamily}, Answer: reflect.TypeFor[struct{ Body child }]()}, false},
		"parents and staff at once":   {api.Route{ID: "planted", Needs: []access.Action{access.UseFamily, access.ReadRoster}, Answer: reflect.TypeFor[struct{ Body child }]()}, true},
		"what nobody needs to be for": {api.Route{ID: "planted", Public: "a reason", Answer: reflect.TypeFor[struct{ Body child }]()}, false},
	} {
		if got := unshown(planted.route, map[string]bool{}); (len(got) > 0) != planted.found {
			t.Errorf("%s: %s", name, fmt.Sprint(got))
		}
	}
}
