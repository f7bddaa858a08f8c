package rush_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/cmd/internal/rush"
)

// talk is an appointment as both the journal and the schedule write it, but for the names of their fields.
type talk struct{ id, pupil, household, teacher, start, end, kind string }

func at(id, start, end string) talk {
	return talk{id: id, pupil: "p1", household: "h1", teacher: "t-" + id, start: start, end: end, kind: "k"}
}

// journal is how the journal of a rush writes it.
func (t talk) journal() string {
	return fmt.Sprintf(`{"id":%q,"pupil":%q,"talk_kind":%q,"household":%q,"party":1,"staff":[%q],"start":%q,"end":%q}`, t.id, t.pupil, t.kind, t.household, t.teacher, t.start, t.end)
}

// shown is how the API shows it in the schedule.
func (t talk) shown() string {
	return fmt.Sprintf(`{"id":%q,"conference":"c","title":"\"Talk\" {[","pupil":%q,"talk_kind":%q,"household":%q,"party":1,"staff":[{"id":%q,"name":"J"}],"start":%q,"end":%q}`,
		t.id, t.pupil, t.kind, t.household, t.teacher, t.start, t.end)
}

func (t talk) with(change func(*talk)) talk {
	change(&t)
	return t
}

const (
	head  = `{"header":{"version":1,"schools":[{"slug":"rush-1-1","conference":"c"}],"before":{"0":["old"]}}}`
	seven = "2026-11-24T18:00:00Z"
	ten   = "2026-11-24T18:10:00Z"
	twent = "2026-11-24T18:20:00Z"
	half  = "2026-11-24T18:30:00Z"
)

func asks(key string, talks ...talk) string {
	var made []string
	for _, one := range talks {
		made = append(made, fmt.Sprintf(`{"pupil":%q,"talk_kind":%q,"staff":[%q],"start":%q}`, one.pupil, one.kind, one.teacher, one.start))
	}
	return fmt.Sprintf(`{"asked":{"key":%q,"school":0,"family":1,"make":[%s]}}`, key, strings.Join(made, ","))
}

func tells(key string, talks ...talk) string {
	var made []string
	for _, one := range talks {
		made = append(made, one.journal())
	}
	return fmt.Sprintf(`{"told":{"key":%q,"appointments":[%s]}}`, key, strings.Join(made, ","))
}

func cancels(key, id string) string {
	return fmt.Sprintf(`{"asked":{"key":%q,"school":0,"family":1,"cancel":[%q]}}`, key, id)
}

func cancelled(key, id string) string {
	return fmt.Sprintf(`{"told":{"key":%q,"cancelled":[%q]}}`, key, id)
}

// office is a server that shows a schedule.
func office(t *testing.T, schedule ...talk) *rush.Office {
	t.Helper()
	var rows []string
	for _, one := range schedule {
		rows = append(rows, one.shown())
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if strings.HasSuffix(request.URL.Path, "/schedule") {
			_, _ = fmt.Fprintf(w, `{"items":[%s],"next":""}`, strings.Join(rows, ","))
			return
		}
		_, _ = fmt.Fprint(w, `{"talk_kinds":[{"id":"k","pupil_attends":false},{"id":"together","pupil_attends":true}]}`)
	}))
	t.Cleanup(server.Close)
	return &rush.Office{HTTP: server.Client(), Bases: []string{server.URL}}
}

func TestTheAuditFindsWhatIsWrongAndNothingElse(t *testing.T) {
	t.Parallel()
	a, b := at("a", seven, ten), at("b", ten, twent)
	for name, tt := range map[string]struct {
		journal  []string
		schedule []talk
		want     rush.Fault // empty for none
		count    int
	}{
		"everything is as it was told":            {[]string{asks("1", a, b), tells("1", a, b)}, []talk{a, b}, "", 0},
		"an old appointment is nobody's business": {nil, []talk{at("old", seven, ten)}, "", 0},
		"an acknowledged one is not there":        {[]string{asks("1", a, b), tells("1", a, b)}, []talk{a}, rush.Lost, 1},
		"it is there at another time":             {[]string{asks("1", a), tells("1", a)}, []talk{a.with(func(t *talk) { t.start = "2026-11-24T17:55:00Z" })}, rush.Lost, 1},
		"it is there with another teacher":        {[]string{asks("1", a), tells("1", a)}, []talk{a.with(func(t *talk) { t.teacher = "x" })}, rush.Lost, 1},
		"it is another child's":                   {[]string{asks("1", a), tells("1", a)}, []talk{a.with(func(t *talk) { t.pupil = "p2" })}, rush.Lost, 1},
		"the answer left one out":                 {[]string{asks("1", a, b), tells("1", a)}, []talk{a}, rush.Lost, 1},
		"nobody was told of one":                  {nil, []talk{a}, rush.Unexplained, 1},
		"one was refused and is there":            {[]string{asks("1", a), `{"refused":{"key":"1","status":409}}`}, []talk{a}, rush.Unexplained, 1},
		"an unanswered one is there":              {[]string{asks("1", a, b)}, []talk{a, b}, "", 0},
		"an unanswered one is not there":          {[]string{asks("1", a, b)}, nil, "", 0},
		"an unanswered one is there in part":      {[]string{asks("1", a, b)}, []talk{a}, rush.Half, 1},
		"an unanswered one is elsewhere":          {[]string{asks("1", a)}, []talk{a.with(func(t *talk) { t.start, t.end = half, "2026-11-24T18:40:00Z" })}, rush.Unexplained, 1},
		"a cancelled one is gone":                 {[]string{asks("1", a), tells("1", a), cancels("2", "a"), cancelled("2", "a")}, nil, "", 0},
		"a cancelled one is there":                {[]string{asks("1", a), tells("1", a), cancels("2", "a"), cancelled("2", "a")}, []talk{a}, rush.Resurrected, 1},
		"an unanswered cancellation is done":      {[]string{asks("1", a), tells("1", a), cancels("2", "a")}, nil, "", 0},
		"an unanswered cancellation is not done":  {[]string{asks("1", a), tells("1", a), cancels("2", "a")}, []talk{a}, "", 0},
		"a refused cancellation is done":          {[]string{asks("1", a), tells("1", a), cancels("2", "a"), `{"refused":{"key":"2","status":409}}`}, nil, rush.Lost, 1},
		"a move is told": {[]string{asks("1", a), tells("1", a), `{"asked":{"key":"2","school":0,"family":1,"move":[{"appointment":"a","start":"2026-11-24T18:30:00Z"}]}}`,
			tells("2", at("a", half, "2026-11-24T18:40:00Z"))}, []talk{at("a", half, "2026-11-24T18:40:00Z")}, "", 0},
		"a move is told and not done": {[]string{asks("1", a), tells("1", a), `{"asked":{"key":"2","school":0,"family":1,"move":[{"appointment":"a","start":"2026-11-24T18:30:00Z"}]}}`,
			tells("2", at("a", half, "2026-11-24T18:40:00Z"))}, []talk{a}, rush.Lost, 1},
		"an unanswered move is done": {[]string{asks("1", a), tells("1", a), `{"asked":{"key":"2","school":0,"family":1,"move":[{"appointment":"a","start":"2026-11-24T18:30:00Z"}]}}`},
			[]talk{at("a", half, "2026-11-24T18:40:00Z")}, "", 0},
		"a household is in two places": {[]string{asks("1", a, b), tells("1", a, b.with(func(t *talk) { t.start, t.end = seven, ten }))},
			[]talk{a, b.with(func(t *talk) { t.start, t.end = seven, ten })}, rush.Double, 1},
		"a teacher is in two places": {nil, []talk{
			at("old", seven, twent), at("old", ten, twent).with(func(t *talk) { t.household, t.pupil = "h2", "p2" })}, rush.Double, 2},
		"a teacher's long talk reaches over a short one into a third": {
			[]string{asks("1", a), tells("1", at("x", seven, half).with(func(t *talk) { t.teacher = "T" })), asks("2", b),
				tells("2", at("y", seven, ten).with(func(t *talk) { t.teacher, t.household = "T", "h2" })), asks("3", b),
				tells("3", at("z", twent, half).with(func(t *talk) { t.teacher, t.household = "T", "h3" }))},
			[]talk{at("x", seven, half).with(func(t *talk) { t.teacher = "T" }), at("y", seven, ten).with(func(t *talk) { t.teacher, t.household = "T", "h2" }),
				at("z", twent, half).with(func(t *talk) { t.teacher, t.household = "T", "h3" })}, rush.Double, 2},
		"a pupil who comes along is in two places": {
			[]string{asks("1", a), tells("1", a.with(func(t *talk) { t.kind = "together" })), asks("2", b),
				tells("2", b.with(func(t *talk) { t.kind, t.household, t.start, t.end = "together", "h2", seven, ten }))},
			[]talk{a.with(func(t *talk) { t.kind = "together" }), b.with(func(t *talk) { t.kind, t.household, t.start, t.end = "together", "h2", seven, ten })}, rush.Double, 1},
		"one after the other is not at once": {[]string{asks("1", a, b), tells("1", a, b)}, []talk{a, b}, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Join(append([]string{head}, tt.journal...), "\n") + "\n"
			found, err := rush.AuditJournal(context.Background(), strings.NewReader(text), office(t, tt.schedule...))
			if err != nil {
				t.Fatal(err)
			}
			if found.Faults != tt.count || found.Passed() != (tt.want == "") {
				t.Errorf("%d faults: %+v", found.Faults, found.Findings)
			}
			for _, one := range found.Findings {
				if one.Kind != tt.want {
					t.Errorf("%+v, want %s", one, tt.want)
				}
			}
		})
	}
}

func TestALineThatWasCutOffByAKillWasNeverWritten(t *testing.T) {
	t.Parallel()
	a := at("a", seven, ten)
	whole := head + "\n" + asks("1", a) + "\n"
	found, err := rush.AuditJournal(context.Background(), strings.NewReader(whole+tells("1", a)[:40]), office(t))
	if err != nil || found.Told != 0 || found.Unanswered != 1 || !found.Passed() {
		t.Errorf("%+v, %v", found, err)
	}
	for name, text := range map[string]string{
		"nothing": "", "another file": "name;class\nA;1\n", "another version": `{"header":{"version":9}}` + "\n",
		"a broken line": head + "\n{\n" + asks("1", a) + "\n", "a school that it does not have": head + "\n" + `{"asked":{"key":"1","school":7}}` + "\n",
	} {
		if _, err := rush.AuditJournal(context.Background(), strings.NewReader(text), office(t)); err == nil {
			t.Errorf("%s was taken for a journal", name)
		}
	}
}

func TestOnlySchoolsMadeForARushAreDriven(t *testing.T) {
	t.Parallel()
	good := `{"version":1,"schools":[{"slug":"rush-1-1","conference":"c","families":[{"children":[{"name":"A B"}]}]}]}`
	if families, err := rush.ReadFamilies(strings.NewReader(good)); err != nil || families.Count() != 1 {
		t.Fatalf("%v, %v", families, err)
	}
	for name, text := range map[string]string{
		"another school": strings.Replace(good, "rush-1-1", "de-linde", 1), "an address": strings.Replace(good, "rush-1-1", "rush-1/../de-linde", 1),
		"no conference": strings.Replace(good, `"c"`, `""`, 1), "no child": strings.Replace(good, `{"name":"A B"}`, "", 1), "another version": strings.Replace(good, ":1,", ":2,", 1), "no JSON": "x",
	} {
		if _, err := rush.ReadFamilies(strings.NewReader(text)); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	other := &rush.Families{Schools: []rush.School{{Slug: "de-linde"}}}
	if err := rush.Wipe(context.Background(), office(t), other); err == nil {
		t.Error("a school that was not made for a rush was wiped")
	}
}

func TestOnlyLoopbackIsThisMachine(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"127.0.0.1:8080": true, "127.8.9.1": true, "localhost:80": true, "LOCALHOST": true, "[::1]:8080": true, "::1": true,
		"192.168.1.2:80": false, "school.example.com": false, "localhost.example.com:80": false, "0.0.0.0:80": false, "": false, "127.0.0.1.example.com": false,
	} {
		if rush.Local(host) != want {
			t.Errorf("%q: %v", host, !want)
		}
	}
}
