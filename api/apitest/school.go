package apitest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/account"
	"github.com/ouderavond/ouderavond/auth/key"
	"github.com/ouderavond/ouderavond/auth/staff"
	"github.com/ouderavond/ouderavond/booking/availability"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/pquerna/otp/totp"
)

// Password is the password of every staff account of a test.
const Password = "zeven paarse olifanten op klompen"

// Setup says how a school is filled.
type Setup struct {
	// Families is how many families of one child there are, all in one group with one mentor. Two families of two children come on top.
	Families int
	// Draft leaves the conference unopened.
	Draft bool
}

// Family is a family of a school.
type Family struct {
	Children []Child
	Postcode string
	// Household is its id.
	Household models.HouseholdID
}

// Child is a child of a family.
type Child struct {
	ID        models.PupilID
	Key       string
	Name      string // as a parent types it
	BirthDate string
}

// School is a filled school: a roster that came in by a file, one mentor, and a conference with one evening.
type School struct {
	World      *World
	ID         models.SchoolID
	Slug       string
	Path       string // of its API
	Families   []Family
	Mentor     models.StaffID
	Group      models.GroupID
	Room       models.RoomID
	Conference models.ConferenceID
	Day        models.DayID
	TalkKind   models.TalkKindID
	// Admin and Teacher are tokens of staff sessions; the teacher is the mentor. Key is an API key with all scopes.
	Admin, Teacher, Key string
	recovery            map[string][]string // codes that are left, by login
}

// Actor is an administrator's actor, for calling services.
func (s *School) Actor() models.Actor {
	return models.Actor{Kind: models.ActorOperator, School: s.ID}
}

// School makes and fills a school.
func (w *World) School(t testing.TB, slug string, plan Setup) *School {
	t.Helper()
	ctx := context.Background()
	made, err := w.Booking.Schools.Create(ctx, models.Actor{Kind: models.ActorOperator}, school.NewSchool{
		Slug: slug, Details: models.SchoolDetails{Name: "School " + slug}, Channels: &models.Channels{Mail: true, SMS: true},
	})
	must(t, err)
	s := &School{World: w, ID: made.ID, Slug: slug, Path: "/api/v1/schools/" + slug}
	s.Families = families(plan.Families)
	result, err := w.Booking.People.Import(ctx, s.Actor(), people.ImportRequest{Files: []roster.File{{Name: "leerlingen.csv", Data: []byte(RosterCSV(s.Families))}}})
	must(t, err)
	if !result.Applied {
		t.Fatalf("the roster was not taken: %+v", result.Report.Errors)
	}
	_, err = w.Booking.People.ImportTeachers(ctx, s.Actor(), people.TeachingTable{Table: roster.File{Name: "docenten.csv", Data: []byte("groep;leerkracht;rol\n1A;mw. J. Visser;mentor\n")}})
	must(t, err)
	s.find(t)
	s.conference(t, plan)
	s.accounts(t)
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// families invents families. Names are made of letters, so that each is another one to the program too.
func families(single int) []Family {
	var list []Family
	number := 100
	add := func(surname string, children int) {
		family := Family{Postcode: fmt.Sprintf("12%02d AB", 32+len(list)%8)}
		for i := range children {
			number++
			given := []string{"Anna", "Bram"}[i]
			family.Children = append(family.Children, Child{
				Key: fmt.Sprint(number), Name: given + " " + surname, BirthDate: civil.Date{Year: 2014 + 2*i, Month: 1, Day: 1}.AddDays(number % 28).String(),
			})
		}
		list = append(list, family)
	}
	add("Tweelaar", 2)
	add("Dubbelman", 2)
	for i := range single {
		add("Gezin"+letters(i), 1)
	}
	return list
}

func letters(number int) string {
	text := ""
	for range 3 {
		text = string(rune('a'+number%26)) + text
		number /= 26
	}
	return text
}

// RosterCSV writes families as a school's administration exports them.
func RosterCSV(families []Family) string {
	var out strings.Builder
	out.WriteString("Leerlingnummer;Roepnaam;Achternaam;Geboortedatum;Postcode;Huisnummer;Klas;Leerjaar\n")
	for i, family := range families {
		for _, child := range family.Children {
			given, surname, _ := strings.Cut(child.Name, " ")
			fmt.Fprintf(&out, "%s;%s;%s;%s;%s;%d;1A;1\n", child.Key, given, surname, child.BirthDate, family.Postcode, 1+i)
		}
	}
	return out.String()
}

func (s *School) find(t testing.TB) {
	t.Helper()
	pupils, people, err := s.World.Booking.People.Pupils(context.Background(), s.Actor())
	must(t, err)
	byKey := map[string]models.PupilID{}
	for _, pupil := range pupils {
		byKey[pupil.Details.Key] = pupil.ID
	}
	for i := range s.Families {
		for j := range s.Families[i].Children {
			child := &s.Families[i].Children[j]
			child.ID = byKey[child.Key]
			homes := people.HouseholdsOf(child.ID)
			if len(homes) != 1 {
				t.Fatalf("pupil %s has %d households", child.Key, len(homes))
			}
			s.Families[i].Household = homes[0].HouseholdID
		}
	}
	if len(people.AllStaff()) != 1 || len(people.Groups()) != 1 {
		t.Fatalf("%d teachers and %d groups, want one of each", len(people.AllStaff()), len(people.Groups()))
	}
	s.Mentor, s.Group = people.AllStaff()[0].ID, people.Groups()[0].ID
}

// Evening is the date of the conference's evening: two weeks after the clock's start.
func Evening() civil.Date { return civil.Date{Year: 2026, Month: 11, Day: 24} }

func (s *School) conference(t testing.TB, plan Setup) {
	t.Helper()
	ctx, service := context.Background(), s.World.Booking
	now := s.World.Database.Clock.Now()
	room, err := service.Availability.CreateRoom(ctx, s.Actor(), "B104", "B1.04", "B", false)
	must(t, err)
	conference, err := service.Conferences.Create(ctx, s.Actor(), conference.NewConference{
		Key: "najaar", Title: "Tienminutengesprekken", OpensAt: now.Add(-time.Hour), ClosesAt: now.AddDate(0, 0, 21),
		Days: []conference.NewDay{{Date: Evening(), Audience: models.Audience{Everybody: true}}},
		TalkKinds: []conference.NewTalkKind{{
			Title: "Mentorgesprek", Minutes: 10, Obligation: models.Expected, MaxPerPupil: 1, Staffing: models.StaffedByMentor, Pairing: models.PairingEither,
		}},
	})
	must(t, err)
	s.Room, s.Conference, s.Day, s.TalkKind = room.ID, conference.ID, conference.Days[0].ID, conference.TalkKinds[0].ID
	_, err = service.Availability.Set(ctx, s.Actor(), s.Conference, []availability.TeacherDay{{
		Staff: s.Mentor, Day: s.Day, Windows: []rules.Window{{From: "19:00", Until: "21:00", Room: room.ID}},
	}})
	must(t, err)
	if !plan.Draft {
		_, err = service.Conferences.Open(ctx, s.Actor(), s.Conference)
		must(t, err)
	}
}

func (s *School) accounts(t testing.TB) {
	t.Helper()
	s.recovery = map[string][]string{}
	s.NewAccount(t, account.New{Login: "admin", Roles: []models.Role{models.RoleAdministrator}})
	s.NewAccount(t, account.New{Login: "teacher", Roles: []models.Role{models.RoleTeacher}, Staff: s.Mentor})
	s.Admin, s.Teacher = s.LogInStaff(t, "admin"), s.LogInStaff(t, "teacher")
	s.Key = s.NewKey(t, models.AllScopes()...)
}

// NewAccount makes an account with the password of the tests. Where a role asks for a second factor, its owner has set one up.
func (s *School) NewAccount(t testing.TB, wanted account.New) models.AccountID {
	t.Helper()
	wanted.Password = Password
	ctx, service := context.Background(), s.World.Auth
	made, err := service.Accounts.Create(ctx, s.Actor(), wanted)
	must(t, err)
	if !slices.ContainsFunc(wanted.Roles, models.Role.Strong) {
		return made.ID
	}
	opened, err := service.Staff.LogIn(ctx, s.ID, wanted.Login, Password, "", staff.Origin{})
	must(t, err)
	begun, err := service.Credentials.BeginTOTP(ctx, opened.Actor)
	must(t, err)
	digits, err := totp.GenerateCode(begun.Key, s.World.Database.Clock.Now())
	must(t, err)
	s.recovery[wanted.Login], err = service.Credentials.ConfirmTOTP(ctx, opened.Actor, digits)
	must(t, err)
	return made.ID
}

// Recovery are the recovery codes of an account that NewAccount made, as far as LogInStaff has not used them up.
func (s *School) Recovery(login string) []string { return s.recovery[login] }

// LogInStaff opens a session of an account that NewAccount made, with its second factor if it has one, and returns its token. It works ten times for who has one.
func (s *School) LogInStaff(t testing.TB, login string) string {
	t.Helper()
	body := map[string]string{"login": login, "password": Password}
	if codes := s.recovery[login]; len(codes) > 0 {
		body["code"], s.recovery[login] = codes[0], codes[1:]
	}
	answer := s.World.Post(t, "", s.Path+"/staff/session", body)
	return answer.Want(t, http.StatusCreated).Text("token")
}

// NewKey makes an API key with scopes.
func (s *School) NewKey(t testing.TB, scopes ...models.Scope) string {
	t.Helper()
	_, key, err := s.World.Auth.Keys.Create(context.Background(), s.Actor(), key.NewKey{Name: "test", Scopes: scopes})
	must(t, err)
	return key
}

// Typed is what a parent of a family types for its first child.
func (s *School) Typed(family int) map[string]string {
	child := s.Families[family].Children[0]
	return map[string]string{"name": child.Name, "birth_date": child.BirthDate, "postcode": s.Families[family].Postcode}
}

// LogIn opens a parent's session for a family and gives its token.
func (s *School) LogIn(t testing.TB, family int) string {
	t.Helper()
	return s.World.Post(t, "", s.Path+"/family/session", s.Typed(family)).Want(t, http.StatusCreated).Text("token")
}

// Start is the start of a slot of the evening, counted from 0, UTC.
func (s *School) Start(slot int) time.Time {
	return time.Date(2026, time.November, 24, 18, 0, 0, 0, time.UTC).Add(time.Duration(slot) * 10 * time.Minute)
}

// Make is an item of a booking: a talk of a child with the mentor.
func (s *School) Make(child Child, slot int) map[string]any {
	return map[string]any{
		"ref": "item-" + child.Key, "pupil": child.ID.String(), "talk_kind": s.TalkKind.String(), "staff": []string{s.Mentor.String()},
		"start": s.Start(slot).Format(time.RFC3339),
	}
}

// Book is the body of a booking of one family's first child.
func (s *School) Book(family, slot int) map[string]any {
	return map[string]any{"make": []any{s.Make(s.Families[family].Children[0], slot)}}
}
