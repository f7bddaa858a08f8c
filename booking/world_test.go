package booking_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/availability"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// The little school of the tests. Three Bakkers live together; Emma's parents live apart; Finn's mother teaches mathematics; Gijs' father has no
// address; Hugo and Iris only look like one family.
const pupilsFile = `Leerlingnummer;Roepnaam;Tussenvoegsel;Achternaam;Geboortedatum;Postcode;Huisnummer;Klas;Leerjaar;Verzorger 1 naam;Verzorger 1 e-mail;Verzorger 1 mobiel;Verzorger 2 naam;Verzorger 2 e-mail;Verzorger 2 mobiel
1001;Anna;;Bakker;1-3-2014;1234AB;1;1A;1;M. Bakker;m.bakker@example.com;0612345601;;;
1002;Bram;;Bakker;5-5-2012;1234AB;1;2B;2;M. Bakker;m.bakker@example.com;0612345601;;;
1003;Cato;;Bakker;7-7-2010;1234AB;1;3C;3;M. Bakker;m.bakker@example.com;0612345601;;;
1004;Emma;;Smit;4-4-2014;2345BC;2;1A;1;J. Smit;j.smit@example.com;;P. de Graaf;p.degraaf@example.com;
1005;Finn;;Visser;2-2-2014;3456CD;3;1A;1;L. Visser;l.visser@school.example.com;;;;
1006;Gijs;de;Wit;6-6-2012;4567DE;4;2B;2;K. de Wit;;;;;
1007;Hugo;;Mulder;8-8-2014;5678EG;;1A;1;;;;;;
1008;Iris;;Mulder;9-9-2010;5678EG;;3C;3;;;;;;
1009;Jet;;Prins;10-10-2014;6789GH;6;1A;1;A. Prins;a.prins@example.com;0612345609;;;
`

const teachersFile = `groep;leerkracht;rol;vak;email;leerkrachtcode
1A;Ada Noord;mentor;;a.noord@school.example.com;NOO
1A;Bas Oost;mentor;;b.oost@school.example.com;OOS
2B;Cor Zuid;mentor;;c.zuid@school.example.com;ZUI
3C;Dora West;mentor;;d.west@school.example.com;WES
1A;Eva Lont;vakdocent;Engels;e.lont@school.example.com;LON
2B;Eva Lont;vakdocent;Engels;e.lont@school.example.com;LON
3C;Eva Lont;vakdocent;Engels;e.lont@school.example.com;LON
1A;Lieke Visser;vakdocent;Wiskunde;l.visser@school.example.com;VIS
2B;Lieke Visser;vakdocent;Wiskunde;l.visser@school.example.com;VIS
3C;Lieke Visser;vakdocent;Wiskunde;l.visser@school.example.com;VIS
1A;Fem Kade;intern begeleider;;f.kade@school.example.com;KAD
`

// What the parents of a child type.
var known = map[string][2]string{
	"Anna Bakker": {"1-3-2014", "1234AB"}, "Bram Bakker": {"5-5-2012", "1234AB"}, "Cato Bakker": {"7-7-2010", "1234AB"},
	"Emma Smit": {"4-4-2014", "2345BC"}, "Finn Visser": {"2-2-2014", "3456CD"}, "Gijs de Wit": {"6-6-2012", "4567DE"},
	"Hugo Mulder": {"8-8-2014", "5678EG"}, "Iris Mulder": {"9-9-2010", "5678EG"}, "Jet Prins": {"10-10-2014", "6789GH"},
}

// world is the little school in a database of the test's own.
type world struct {
	t        testing.TB
	ctx      context.Context
	db       *storetest.Database
	clock    *storetest.Clock
	store    *store.Store
	booking  *booking.Services
	auth     *auth.Services
	school   models.SchoolID
	operator models.Actor

	pupils  map[string]models.PupilID // by given name
	groups  map[string]models.GroupID // by name
	staff   map[string]models.StaffID // by code
	evening *programme.Conference     // the conference that is open
}

// moment is when the tests take place: three weeks before the first evening.
func moment() time.Time { return storetest.Start() }

// newWorld is the school with an open conference on two evenings, Tuesday 24 and Thursday 26 November 2026.
func newWorld(t testing.TB) *world {
	t.Helper()
	return openCopy(t, templateOf(t, "open"))
}

// newSchool is the school before anybody made a conference.
func newSchool(t testing.TB) *world {
	t.Helper()
	return openCopy(t, templateOf(t, "imported"))
}

type template struct {
	once    sync.Once
	content storetest.Content
}

// templates are made once in each process; every test works in a copy.
var templates = map[string]*template{"imported": {}, "open": {}}

func templateOf(t testing.TB, name string) storetest.Content {
	t.Helper()
	made := templates[name]
	made.once.Do(func() {
		var w *world
		if name == "imported" {
			rows := storetest.New(t)
			w = &world{t: t, ctx: context.Background(), db: rows, clock: rows.Clock, store: rows.Store}
			w.settle()
		} else {
			w = openCopy(t, templateOf(t, "imported"))
			w.openEvening()
		}
		made.content = w.db.Content(t)
	})
	if made.content.IsZero() {
		t.Fatal("the school of the tests could not be made")
	}
	return made.content
}

// settle makes the school and reads its files.
func (w *world) settle() {
	w.t.Helper()
	w.operator = models.Actor{Kind: models.ActorOperator}
	w.serve()
	school, err := w.booking.Schools.Create(w.ctx, w.operator, school.NewSchool{
		Slug: "de-merel", Details: models.SchoolDetails{Name: "De Merel", ReplyTo: "info@merel.example.com"}, Channels: &models.Channels{Mail: true, SMS: true},
	})
	w.must(err)
	w.school = school.ID
	w.operator.School = school.ID
	w.imported(people.ImportRequest{Files: files()})
	w.look()
}

// serve starts the services.
func (w *world) serve() {
	w.booking, w.auth = booking.New(w.store, booking.Options{}), auth.NewServices(w.store, nil)
}

func files() []roster.File {
	return []roster.File{{Name: "leerlingen.csv", Data: []byte(pupilsFile)}, {Name: "docenten.csv", Data: []byte(teachersFile)}}
}

func (w *world) imported(request people.ImportRequest) *people.ImportResult {
	w.t.Helper()
	result, err := w.booking.People.Import(w.ctx, w.operator, request)
	w.must(err)
	if !result.Report.Readable() || !result.Applied {
		w.t.Fatalf("the roster cannot be read: %v", result.Report.Errors)
	}
	return result
}

// look finds the ids of everybody by the names the tests call them.
func (w *world) look() {
	w.t.Helper()
	people, err := w.booking.People.Staff(w.ctx, w.operator)
	w.must(err)
	w.pupils, w.groups, w.staff = map[string]models.PupilID{}, map[string]models.GroupID{}, map[string]models.StaffID{}
	for _, pupil := range people.Pupils() {
		w.pupils[pupil.Details.Given] = pupil.ID
	}
	for _, group := range people.Groups() {
		w.groups[group.Details.Name] = group.ID
	}
	for _, staff := range people.AllStaff() {
		w.staff[staff.Details.Key] = staff.ID
	}
	conferences, err := w.booking.Conferences.List(w.ctx, w.operator)
	w.must(err)
	w.evening = nil
	if len(conferences) > 0 {
		w.evening = conferences[0]
	}
}

func openCopy(t testing.TB, content storetest.Content) *world {
	t.Helper()
	db := storetest.From(t, content)
	db.Clock.Set(moment())
	w := &world{t: t, ctx: context.Background(), db: db, clock: db.Clock, store: db.Store}
	w.operator = models.Actor{Kind: models.ActorOperator}
	w.serve()
	schools, err := w.booking.Schools.List(w.ctx, w.operator)
	w.must(err)
	w.school = schools[0].ID
	w.operator.School = w.school
	w.look()
	return w
}

// fork is a copy of the world as it is now, with the same ids, to try something in.
func (w *world) fork() *world {
	w.t.Helper()
	copied := openCopy(w.t, w.db.Content(w.t))
	copied.clock.Set(w.clock.Now())
	return copied
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// read and write reach the rows behind the services.
func (w *world) read(work func(*store.Tx)) {
	w.t.Helper()
	w.must(w.store.For(models.System(w.school, "test")).Read(w.ctx, func(tx *store.Tx) error { work(tx); return nil }))
}

func (w *world) write(work func(*store.Tx) error) {
	w.t.Helper()
	w.must(w.store.For(models.System(w.school, "test")).Write(w.ctx, work))
}

func date(text string) civil.Date {
	day, err := civil.Parse(text)
	if err != nil {
		panic(fmt.Sprintf("%q is no date", text)) // of the test itself
	}
	return day
}

// evenings is the conference of the tests before it is changed: mentor talks of twenty minutes, subject talks of ten, and care talks with the pupil.
func evenings() conference.NewConference {
	return conference.NewConference{
		Title: "Tienminutengesprekken", OpensAt: moment().Add(-time.Hour), ClosesAt: time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC),
		Days: []conference.NewDay{
			{Date: date("2026-11-24"), Audience: models.Audience{Everybody: true}}, {Date: date("2026-11-26"), Audience: models.Audience{Everybody: true}},
		},
		TalkKinds: []conference.NewTalkKind{
			{Title: "Mentor", Minutes: 20, Obligation: models.Expected, MaxPerPupil: 1, Staffing: models.StaffedByMentor, Pairing: models.PairingBoth},
			{Title: "Vak", Minutes: 10, Obligation: models.Optional, Staffing: models.StaffedBySubject, Pairing: models.PairingEither},
			{Title: "Zorg", Minutes: 10, Obligation: models.Optional, PupilAttends: true, Staffing: models.StaffedByCare, Pairing: models.PairingEither},
		},
	}
}

func (w *world) create(wanted conference.NewConference) *programme.Conference {
	w.t.Helper()
	made, err := w.booking.Conferences.Create(w.ctx, w.operator, wanted)
	w.must(err)
	return made
}

func (w *world) openConference(id models.ConferenceID) *programme.Conference {
	w.t.Helper()
	opened, err := w.booking.Conferences.Open(w.ctx, w.operator, id)
	w.must(err)
	return opened
}

// openEvening makes the conference that most tests book in: everybody can be met from 19:00 to 21:00 on both evenings.
func (w *world) openEvening(change ...func(*conference.NewConference)) {
	w.t.Helper()
	wanted := evenings()
	for _, set := range change {
		set(&wanted)
	}
	made := w.create(wanted)
	var days []availability.TeacherDay
	for _, day := range made.Days {
		for _, code := range []string{"NOO", "OOS", "ZUI", "WES", "LON", "VIS", "KAD"} {
			days = append(days, availability.TeacherDay{Staff: w.staff[code], Day: day.ID, Windows: []rules.Window{{From: "19:00", Until: "21:00"}}})
		}
	}
	w.available(made, days...)
	w.evening = w.openConference(made.ID)
}

func (w *world) available(conference *programme.Conference, days ...availability.TeacherDay) []availability.Outside {
	w.t.Helper()
	outside, err := w.booking.Availability.Set(w.ctx, w.operator, conference.ID, days)
	w.must(err)
	return outside
}

// windows is a teacher's availability on one of the conference's days, written "19:00-21:00 A" with the room behind it if there is one.
func (w *world) windows(code string, day int, rooms map[string]models.RoomID, texts ...string) availability.TeacherDay {
	w.t.Helper()
	set := availability.TeacherDay{Staff: w.staff[code], Day: w.evening.Days[day].ID}
	for _, text := range texts {
		times, room, _ := strings.Cut(text, " ")
		from, until, _ := strings.Cut(times, "-")
		set.Windows = append(set.Windows, rules.Window{From: from, Until: until, Room: rooms[room]})
	}
	return set
}

func (w *world) change(rules models.ConferenceRules) {
	w.t.Helper()
	changed, err := w.booking.Conferences.Update(w.ctx, w.operator, w.evening.ID, conference.Patch{Rules: &rules})
	w.must(err)
	w.evening = changed
}
