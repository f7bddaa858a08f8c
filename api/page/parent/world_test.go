package parent_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/page/parent"
	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/availability"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// world is a school with a real store, real services and the pages on a router.
type world struct {
	t       *testing.T
	db      *storetest.Database
	booking *booking.Services
	auth    *auth.Services
	echo    *echo.Echo
	school  models.SchoolID
	slug    string
	staff   map[string]models.StaffID
	groups  map[string]models.GroupID
	pupils  map[string]models.PupilID
	rooms   map[string]models.RoomID
	homes   map[string]models.HouseholdID
	talks   map[string]models.TalkKindID
	round   models.ConferenceID
	day     models.DayID
}

// evening is the day of the talks.
var evening = civil.Date{Year: 2026, Month: 11, Day: 24}

// newWorld makes an empty school and the pages. Settings may change the configuration.
func newWorld(t *testing.T, settings ...func(*parent.Config)) *world {
	t.Helper()
	db := storetest.New(t)
	w := &world{
		t: t, db: db, booking: booking.New(db.Store, booking.Options{}), auth: auth.NewServices(db.Store, nil), slug: "de-linde",
		staff: map[string]models.StaffID{}, groups: map[string]models.GroupID{}, pupils: map[string]models.PupilID{},
		rooms: map[string]models.RoomID{}, homes: map[string]models.HouseholdID{}, talks: map[string]models.TalkKindID{},
	}
	school := storetest.NewSchool(w.slug)
	school.Details = models.SchoolDetails{Name: "Basisschool De Linde", ReplyTo: "info@linde.example", Phone: "010 1234567"}
	w.must(db.Store.Installation(storetest.Operator()).CreateSchool(context.Background(), school))
	w.school = school.ID
	config := parent.Config{Booking: w.booking, Auth: w.auth, Clock: db.Clock, Logger: slog.New(slog.NewTextHandler(t.Output(), nil))}
	for _, set := range settings {
		set(&config)
	}
	pages, err := parent.New(config)
	w.must(err)
	w.echo = echo.New()
	pages.Mount(w.echo)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) actor() models.Actor { return storetest.As(w.school) }

func (w *world) write(do func(*store.Tx) error) {
	w.t.Helper()
	w.must(w.db.Store.For(w.actor()).Write(context.Background(), do))
}

func (w *world) addGroup(name string) {
	w.t.Helper()
	row := &models.Group{ID: models.New[models.GroupID](), State: models.PersonActive, Details: models.GroupDetails{Key: name, Name: name}}
	w.write(func(tx *store.Tx) error { return store.Insert(tx, row) })
	w.groups[name] = row.ID
}

func (w *world) addTeacher(name, group string, role models.TeachingRole) {
	w.t.Helper()
	if _, ok := w.staff[name]; !ok {
		row, err := w.booking.People.AddStaff(context.Background(), w.actor(), "key "+name, people.StaffPatch{DisplayName: &name})
		w.must(err)
		w.staff[name] = row.ID
	}
	w.write(func(tx *store.Tx) error {
		return store.Insert(tx, &models.Teaching{ID: models.New[models.RowID](), StaffID: w.staff[name], GroupID: w.groups[group], Role: role})
	})
}

// addPupil adds a child; what parents know of it is its number: born on that day of January 2017.
func (w *world) addPupil(number int, given, prefix, surname, group, postcode string) {
	w.t.Helper()
	born := fmt.Sprintf("%d-1-2017", number)
	id := w.groups[group]
	pupil, err := w.booking.People.AddPupil(context.Background(), w.actor(), people.NewPupil{Key: fmt.Sprint(1000 + number), Patch: people.PupilPatch{
		Given: &given, Prefix: &prefix, Surname: &surname, Group: &id, Factors: map[models.Factor]string{models.FactorPostcode: postcode, models.FactorBirthDate: born},
	}})
	w.must(err)
	w.pupils[given] = pupil.ID
}

// join makes one household of children, with an e-mail address on file.
func (w *world) join(name, email string, given ...string) {
	w.t.Helper()
	var ids []models.PupilID
	for _, child := range given {
		ids = append(ids, w.pupils[child])
	}
	made, err := w.booking.Households.Create(context.Background(), w.actor(), household.NewHousehold{
		Pupils: ids, Postcode: "1234AB", Contacts: []household.NewContact{{Name: "Ouder", Email: email, Language: "nl"}},
	})
	w.must(err)
	w.homes[name] = made.Household
}

func (w *world) addConference(rules models.ConferenceRules, kinds ...conference.NewTalkKind) {
	w.t.Helper()
	made, err := w.booking.Conferences.Create(context.Background(), w.actor(), conference.NewConference{
		Title: "Tienminutengesprekken november", Note: "We spreken u graag over het eerste rapport.", Rules: rules,
		OpensAt: storetest.Start().Add(-time.Hour), ClosesAt: time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC),
		Days: []conference.NewDay{{Date: evening, Audience: models.Audience{Everybody: true}}}, TalkKinds: kinds,
	})
	w.must(err)
	w.round, w.day = made.ID, made.Days[0].ID
	for _, kind := range made.TalkKinds {
		w.talks[kind.Details.Title] = kind.ID
	}
}

func (w *world) available(name, from, until string, room models.RoomID) {
	w.t.Helper()
	_, err := w.booking.Availability.Set(context.Background(), w.actor(), w.round, []availability.TeacherDay{{
		Staff: w.staff[name], Day: w.day, Windows: []rules.Window{{From: from, Until: until, Room: room}},
	}})
	w.must(err)
}

func (w *world) addRoom(name, zone string) models.RoomID {
	w.t.Helper()
	room, err := w.booking.Availability.CreateRoom(context.Background(), w.actor(), name, name, zone, false)
	w.must(err)
	w.rooms[name] = room.ID
	return room.ID
}

// open opens the conference without the checks that a school gets, which are not the pages' business.
func (w *world) open(state models.ConferenceState) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		row, err := store.Get[models.Conference](tx, w.round)
		if err != nil {
			return err
		}
		row.State = state
		return store.Update(tx, row, "state")
	})
}

// primary is a primary school with two families: De Vries with Sanne and Tim, Yilmaz with Noor.
func primary(t *testing.T, settings ...func(*parent.Config)) *world {
	t.Helper()
	w := newWorld(t, settings...)
	w.addGroup("Groep 5")
	w.addGroup("Groep 7")
	w.addTeacher("Juf Anna", "Groep 5", models.TeachesMentor)
	w.addTeacher("Meester Bob", "Groep 5", models.TeachesMentor)
	w.addTeacher("Juf Carla", "Groep 7", models.TeachesMentor)
	w.addTeacher("Daan Smit", "Groep 7", models.TeachesCare)
	w.addPupil(3, "Sanne", "de", "Vries", "Groep 5", "1234 AB")
	w.addPupil(4, "Tim", "de", "Vries", "Groep 7", "1234 AB")
	w.addPupil(5, "Noor", "", "Yilmaz", "Groep 5", "1234 CD")
	w.join("De Vries", "ouder@vries.example", "Sanne", "Tim")
	w.addConference(models.ConferenceRules{WalkingMinutes: 5},
		conference.NewTalkKind{Title: "Rapportgesprek", Minutes: 10, Obligation: models.Required, MaxPerPupil: 1, Staffing: models.StaffedByMentor, Pairing: models.PairingBoth},
		conference.NewTalkKind{Title: "Intern begeleider", Minutes: 15, Obligation: models.Optional, MaxPerPupil: 1, PupilAttends: true, Staffing: models.StaffedByCare, Pairing: models.PairingEither})
	ground, upper := w.addRoom("Lokaal 1", "beneden"), w.addRoom("Lokaal 12", "boven")
	w.available("Juf Anna", "19:00", "20:00", ground)
	w.available("Meester Bob", "19:00", "20:00", ground)
	w.available("Juf Carla", "19:00", "20:00", ground)
	w.available("Daan Smit", "19:00", "20:00", upper)
	w.open(models.ConferenceOpen)
	return w
}

// secondary is a secondary school: Sanne with eight teachers of subjects and a mentor, her brother Tim with a duo of mentors, and Noor in Sanne's class.
func secondary(t *testing.T, settings ...func(*parent.Config)) *world {
	t.Helper()
	w := newWorld(t, settings...)
	w.addGroup("H2b")
	w.addGroup("V1a")
	subjects := []string{"mevrouw Jansen", "de heer Bakker", "mevrouw El Amrani", "de heer Van der Meer", "mevrouw De Wit", "de heer Yıldız", "mevrouw Visser", "de heer Smit"}
	for _, name := range subjects {
		w.addTeacher(name, "H2b", models.TeachesSubject)
	}
	for _, name := range subjects[4:] {
		w.addTeacher(name, "V1a", models.TeachesSubject)
	}
	w.addTeacher("mevrouw Mulder", "H2b", models.TeachesMentor)
	w.addTeacher("mevrouw Bos", "V1a", models.TeachesMentor)
	w.addTeacher("de heer Kok", "V1a", models.TeachesMentor)
	w.addPupil(3, "Sanne", "de", "Vries", "H2b", "1234 AB")
	w.addPupil(4, "Tim", "de", "Vries", "V1a", "1234 AB")
	w.addPupil(5, "Noor", "", "Yilmaz", "H2b", "1234 CD")
	w.join("De Vries", "ouder@vries.example", "Sanne", "Tim")
	w.addConference(models.ConferenceRules{MaxPerPupil: 5, WalkingMinutes: 5},
		conference.NewTalkKind{Title: "Gesprek met de mentor", Minutes: 20, Obligation: models.Expected, MaxPerPupil: 1, PupilAttends: true, Staffing: models.StaffedByMentor, Pairing: models.PairingBoth},
		conference.NewTalkKind{Title: "Gesprek met de vakdocent", Minutes: 10, Obligation: models.Optional, MaxPerPupil: 3, Staffing: models.StaffedBySubject, Pairing: models.PairingEither})
	for name := range w.staff {
		w.available(name, "18:30", "21:30", models.RoomID{})
	}
	w.open(models.ConferenceOpen)
	return w
}

// homeOf gives the household of a child.
func (w *world) homeOf(child string) models.HouseholdID {
	w.t.Helper()
	homes, err := w.booking.Households.List(context.Background(), w.actor())
	w.must(err)
	for _, home := range homes {
		for _, pupil := range home.Pupils {
			if pupil.ID == w.pupils[child] {
				return home.Household.ID
			}
		}
	}
	w.t.Fatalf("%s has no household", child)
	return models.HouseholdID{}
}

// bookElsewhere books a talk for a child, as the school does at the desk.
func (w *world) bookElsewhere(child, kind, teacher, wall string) models.AppointmentID {
	w.t.Helper()
	outcome, err := w.booking.Appointments.Book(context.Background(), w.actor(), appointment.Change{
		Household: w.homeOf(child), Language: "nl",
		Make: []appointment.Request{{Ref: "a", Pupil: w.pupils[child], TalkKind: w.talks[kind], Staff: []models.StaffID{w.staff[teacher]}, Start: w.at(wall)}},
	})
	w.must(err)
	return outcome.Appointments[0].ID
}

// at is a time of the evening as the school's clocks show it.
func (w *world) at(wall string) time.Time {
	w.t.Helper()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	w.must(err)
	instant, err := time.ParseInLocation("2006-01-02 15:04", evening.String()+" "+wall, zone)
	w.must(err)
	return instant.UTC()
}
