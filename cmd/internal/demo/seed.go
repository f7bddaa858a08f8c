package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/ouderavond/ouderavond/auth/account"
	"github.com/ouderavond/ouderavond/auth/key"
	"github.com/ouderavond/ouderavond/booking/availability"
	"github.com/ouderavond/ouderavond/booking/conference"
	households "github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/booking/sample"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/cmd/internal/server"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/programme"
)

// adminLogin is the login of the demonstration's administrators.
const adminLogin = "admin"

// demoPassword is the password of the demonstration's administrators. It opens nothing but invented data on this machine.
const demoPassword = "zilvermeeuw-2026"

// demoSchool is one school of the demonstration, and what a stranger needs to try it.
type demoSchool struct {
	id     models.SchoolID
	truth  sample.School
	logins []sample.Login
	key    string // an API key
	admin  string // login name of an administrator
}

// demoPlan says how a school of the demonstration is set up.
type demoPlan struct {
	spec    sample.Spec
	kind    models.SchoolKind
	colour  string
	policy  models.Policy
	files   func(*sample.School) []roster.File
	title   string
	note    string
	evening []rules.Window // windows of each teacher on each day
	pause   []rules.Window
	kinds   []conference.NewTalkKind
	rules   models.ConferenceRules
	days    []int // days from today
	parts   int   // of the building
}

var demoPlans = []demoPlan{
	{
		spec: sample.Secondary(), kind: models.SecondarySchool,
		policy: models.Policy{Factors: []models.Factor{models.FactorBirthDate, models.FactorPostcode}, PostcodePart: models.PostcodeAll},
		files: func(s *sample.School) []roster.File {
			return []roster.File{
				{Name: "leerlingen.csv", Data: s.CSV(sample.ParnasSysCSV(sample.Windows1252))},
				{Name: "docenten.csv", Data: s.TeacherTable()},
			}
		},
		title: "Tienminutengesprekken na rapport 1", note: "U kunt voor al uw kinderen tegelijk kiezen. Het mentorgesprek duurt 20 minuten, een gesprek met een vakdocent 10.",
		evening: []rules.Window{{From: "18:30", Until: "21:30"}}, pause: []rules.Window{{From: "20:00", Until: "20:10"}},
		kinds: []conference.NewTalkKind{
			{Title: "Mentorgesprek", Minutes: 20, Obligation: models.Expected, MaxPerPupil: 1, Staffing: models.StaffedByMentor, Pairing: models.PairingBoth},
			{Title: "Vakdocent", Minutes: 10, Obligation: models.Optional, MaxPerPupil: 3, Staffing: models.StaffedBySubject, Pairing: models.PairingEither},
		},
		rules: models.ConferenceRules{MaxPerPupil: 4, WalkingMinutes: 5, LeadMinutes: 60}, days: []int{9, 11}, parts: 3,
	},
	{
		spec: sample.Primary(), kind: models.PrimarySchool, colour: "#6b2d86",
		policy: models.Policy{Factors: []models.Factor{models.FactorBirthDate, models.FactorPostcode}, PostcodePart: models.PostcodeLetters},
		files: func(s *sample.School) []roster.File {
			return []roster.File{
				{Name: "EDEX.XML", Data: s.EdeXML(sample.EdeXMLOptions{Version: sample.EdeXML21, Realworld: true})},
				{Name: "contacten.csv", Data: s.CSV(sample.ContactsCSV())},
			}
		},
		title: "Oudergesprekken november", note: "Heeft uw kind twee leerkrachten? Dan kiest u zelf: met een van beiden, of met allebei.",
		evening: []rules.Window{{From: "15:00", Until: "17:00"}, {From: "18:30", Until: "20:30"}},
		kinds: []conference.NewTalkKind{
			{Title: "Gesprek met de groepsleerkracht", Minutes: 10, Obligation: models.Expected, MaxPerPupil: 1, Staffing: models.StaffedByGroup, Pairing: models.PairingBoth},
		},
		rules: models.ConferenceRules{MaxPerPupil: 2, LeadMinutes: 60}, days: []int{8, 10}, parts: 1,
	},
}

// seeder fills the demonstration through the product's own services, so that what a stranger sees has come the way a school's data come.
type seeder struct {
	app      *server.App
	operator models.Actor
}

func (s *seeder) school(ctx context.Context, plan demoPlan) (*demoSchool, error) {
	today := civil.Of(s.app.Clock.Now())
	plan.spec.SchoolYearStart = schoolYearStart(today)
	made := &demoSchool{truth: sample.Generate(plan.spec), admin: adminLogin}
	school, err := s.app.Booking.Schools.Create(ctx, s.operator, school.NewSchool{
		Slug: plan.spec.Slug, Details: models.SchoolDetails{Name: plan.spec.Name, Place: "Voorbeelddorp", ReplyTo: "info@school.example.com"},
		Kind: plan.kind, Colour: plan.colour, Policy: &plan.policy, Channels: &models.Channels{Mail: true, SMS: true},
	})
	if err != nil {
		return nil, err
	}
	made.id = school.ID
	actor := models.Actor{Kind: models.ActorOperator, School: school.ID}
	result, err := s.app.Booking.People.Import(ctx, actor, people.ImportRequest{Files: plan.files(&made.truth)})
	if err != nil {
		return nil, err
	}
	if !result.Report.Readable() {
		return nil, fmt.Errorf("the invented roster cannot be read: %v", result.Report.Errors)
	}
	if _, err := s.app.Booking.Households.DecideMergeSuggestions(ctx, actor, nil, true); err != nil {
		return nil, err
	}
	if err := s.secondHomes(ctx, actor, &made.truth); err != nil {
		return nil, err
	}
	if err := s.conference(ctx, actor, plan, today); err != nil {
		return nil, err
	}
	made.logins = made.truth.Logins(6)
	return made, s.keys(ctx, actor, made)
}

// schoolYearStart is the year in which the present school year began: they begin in August.
func schoolYearStart(today civil.Date) int {
	if today.Month < 8 {
		return today.Year - 1
	}
	return today.Year
}

func (s *seeder) keys(ctx context.Context, actor models.Actor, made *demoSchool) error {
	_, err := s.app.Auth.Accounts.Create(ctx, actor, account.New{Login: made.admin, Name: "Ineke Bosman", Password: demoPassword, Roles: []models.Role{models.RoleAdministrator}})
	if err != nil {
		return err
	}
	_, made.key, err = s.app.Auth.Keys.Create(ctx, actor, key.NewKey{Name: "demo", Scopes: models.AllScopes()})
	return err
}

// secondHomes gives separated parents a household each, as the school's office would do it by hand: the second parent's postcode, and the guardian moves.
func (s *seeder) secondHomes(ctx context.Context, actor models.Actor, truth *sample.School) error {
	pupils, people, err := s.app.Booking.People.Pupils(ctx, actor)
	if err != nil {
		return err
	}
	byKey := map[string]*models.Pupil{}
	for _, pupil := range pupils {
		byKey[pupil.Details.Key] = pupil
	}
	for at, household := range truth.Households {
		var second []models.PupilID
		for _, place := range household.Pupils {
			homes := truth.Pupils[place].Households
			if pupil, ok := byKey[truth.Pupils[place].Number]; ok && len(homes) > 1 && homes[1] == at {
				second = append(second, pupil.ID)
			}
		}
		if len(second) == 0 {
			continue
		}
		wanted := households.NewHousehold{Pupils: second, Postcode: household.Address.Postcode, Beside: true}
		for _, home := range people.HouseholdsOf(second[0]) {
			for _, guardian := range people.Guardians(home.HouseholdID) {
				for _, parent := range household.Guardians {
					if guardian.Details.Name == parent.Name {
						wanted.Guardians = append(wanted.Guardians, guardian.ID)
					}
				}
			}
		}
		if _, err := s.app.Booking.Households.Create(ctx, actor, wanted); err != nil {
			return err
		}
	}
	return nil
}

func (s *seeder) conference(ctx context.Context, actor models.Actor, plan demoPlan, today civil.Date) error {
	now := s.app.Clock.Now()
	wanted := conference.NewConference{Title: plan.title, Note: plan.note, OpensAt: now.Add(-time.Hour), Rules: plan.rules, TalkKinds: plan.kinds}
	for _, ahead := range plan.days {
		date := today.AddDays(ahead)
		wanted.Days = append(wanted.Days, conference.NewDay{Date: date, Audience: models.Audience{Everybody: true}})
		wanted.ClosesAt = time.Date(date.Year, time.Month(date.Month), date.Day, 12, 0, 0, 0, time.UTC)
	}
	conference, err := s.app.Booking.Conferences.Create(ctx, actor, wanted)
	if err != nil {
		return err
	}
	days, err := s.availability(ctx, actor, plan, conference)
	if err != nil {
		return err
	}
	if _, err := s.app.Booking.Availability.Set(ctx, actor, conference.ID, days); err != nil {
		return err
	}
	_, err = s.app.Booking.Conferences.Open(ctx, actor, conference.ID)
	return err
}

func (s *seeder) availability(ctx context.Context, actor models.Actor, plan demoPlan, conference *programme.Conference) ([]availability.TeacherDay, error) {
	people, err := s.app.Booking.People.Staff(ctx, actor)
	if err != nil {
		return nil, err
	}
	var days []availability.TeacherDay
	for at, staff := range people.AllStaff() {
		part := string(rune('A' + at%plan.parts))
		room, err := s.app.Booking.Availability.CreateRoom(ctx, actor, "", fmt.Sprintf("%s%d.%02d", part, 1+at/30, 1+at%30), part, false)
		if err != nil {
			return nil, err
		}
		for _, day := range conference.Days {
			windows := make([]rules.Window, len(plan.evening))
			for i, window := range plan.evening {
				window.Room = room.ID
				windows[i] = window
			}
			days = append(days, availability.TeacherDay{Staff: staff.ID, Day: day.ID, Windows: windows, Breaks: plan.pause})
		}
	}
	return days, nil
}
