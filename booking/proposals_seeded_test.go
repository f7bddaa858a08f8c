package booking_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/availability"
	"github.com/ouderavond/ouderavond/booking/conference"
	families "github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/booking/sample"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// seeded is a seeded school whose families want to book: who wants what, and when each of them can come.
type seeded struct {
	t        testing.TB
	ctx      context.Context
	rows     *storetest.Database
	service  *booking.Services
	auth     *auth.Services
	operator models.Actor
	evening  *programme.Conference
	hours    time.Duration // of each evening
	families []seededFamily
}

// seededFamily is one household with its wishes, and the hours at which it can come, as minutes from the start of each evening.
type seededFamily struct {
	actor   models.Actor
	wishes  []families.TalkRequest
	windows []seededWindow
}

type seededWindow struct {
	day      int
	from, to int
}

// seededPlan is the shape of a school and its evenings.
type seededPlan struct {
	spec    sample.Spec
	kinds   []conference.NewTalkKind
	parts   int // of the building
	from    int // hour of the first talk
	hours   int
	days    int
	walking int
}

func seededPlans() map[string]seededPlan {
	primary := seededPlan{
		spec: sample.Primary(), parts: 2, from: 18, hours: 3, days: 2, walking: 5,
		kinds: []conference.NewTalkKind{
			{Title: "Groep", Minutes: 10, Obligation: models.Expected, MaxPerPupil: 1, Staffing: models.StaffedByGroup, Pairing: models.PairingTogether},
			{Title: "Zorg", Minutes: 10, Obligation: models.Optional, MaxPerPupil: 1, Staffing: models.StaffedByCare, Pairing: models.PairingEither},
		},
	}
	little := primary
	little.spec.Pupils, little.spec.Groups, little.spec.Teachers, little.spec.CrossGroups = 90, 4, 7, 0
	secondary := seededPlan{
		spec: sample.Secondary(), parts: 3, from: 18, hours: 4, days: 3, walking: 5,
		kinds: []conference.NewTalkKind{
			{Title: "Mentor", Minutes: 10, Obligation: models.Expected, MaxPerPupil: 1, Staffing: models.StaffedByMentor, Pairing: models.PairingEither},
			{Title: "Vak", Minutes: 10, Obligation: models.Optional, MaxPerPupil: 4, Staffing: models.StaffedBySubject, Pairing: models.PairingEither},
		},
	}
	return map[string]seededPlan{"little": little, "primary": primary, "secondary": secondary}
}

// newSeeded makes the school through the services, and lets every family make up its mind.
func newSeeded(t testing.TB, shape seededPlan) *seeded {
	t.Helper()
	rows := storetest.New(t)
	c := &seeded{
		t: t, ctx: context.Background(), rows: rows, service: booking.New(rows.Store, booking.Options{}), auth: auth.NewServices(rows.Store, nil), operator: models.Actor{Kind: models.ActorOperator},
		hours: time.Duration(shape.hours) * time.Hour,
	}
	truth := sample.Generate(shape.spec)
	school, err := c.service.Schools.Create(c.ctx, c.operator, school.NewSchool{Slug: truth.Spec.Slug, Details: models.SchoolDetails{Name: truth.Spec.Name}, Channels: &models.Channels{None: true}})
	c.must(err)
	c.operator.School = school.ID
	_, err = c.service.People.Import(c.ctx, c.operator, people.ImportRequest{Files: []roster.File{
		{Name: "leerlingen.csv", Data: truth.CSV(sample.ParnasSysCSV(sample.UTF8))}, {Name: "docenten.csv", Data: truth.TeacherTable()},
	}})
	c.must(err)
	_, err = c.service.Households.DecideMergeSuggestions(c.ctx, c.operator, nil, true)
	c.must(err)
	c.open(shape)
	people, err := c.service.People.Staff(c.ctx, c.operator)
	c.must(err)
	dice := rand.New(rand.NewPCG(shape.spec.Seed, 7))
	// In an order that does not depend on ids, so that the same seed gives the same wishes.
	homes := slices.SortedFunc(slices.Values(people.Households()), func(a, b *models.Household) int {
		return cmp.Compare(firstKey(people, a.ID), firstKey(people, b.ID))
	})
	for _, home := range homes {
		c.join(people, home.ID, shape, dice)
	}
	return c
}

// firstKey is the lowest student number of a household.
func firstKey(people *directory.Directory, home models.HouseholdID) string {
	lowest := ""
	for _, id := range people.Members(home) {
		if pupil, ok := people.Pupil(id); ok && (lowest == "" || pupil.Details.Key < lowest) {
			lowest = pupil.Details.Key
		}
	}
	return lowest
}

func (c *seeded) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// open makes the conference. Everybody can be met on every evening, in a room in one of the parts of the building.
func (c *seeded) open(shape seededPlan) {
	c.t.Helper()
	now := c.rows.Clock.Now()
	wanted := conference.NewConference{Title: "Gesprekken", OpensAt: now.Add(-time.Hour), ClosesAt: now.AddDate(0, 0, 30), TalkKinds: shape.kinds, Rules: models.ConferenceRules{WalkingMinutes: shape.walking}}
	for day := range shape.days {
		wanted.Days = append(wanted.Days, conference.NewDay{Date: date("2026-12-0" + fmt.Sprint(1+day)), Audience: models.Audience{Everybody: true}})
	}
	made, err := c.service.Conferences.Create(c.ctx, c.operator, wanted)
	c.must(err)
	people, err := c.service.People.Staff(c.ctx, c.operator)
	c.must(err)
	var hours []availability.TeacherDay
	for at, staff := range people.AllStaff() {
		part := string(rune('A' + at%shape.parts))
		room, err := c.service.Availability.CreateRoom(c.ctx, c.operator, "", fmt.Sprintf("%s%d", part, at), part, false)
		c.must(err)
		for _, day := range made.Days {
			window := rules.Window{From: fmt.Sprintf("%02d:00", shape.from), Until: fmt.Sprintf("%02d:00", shape.from+shape.hours), Room: room.ID}
			hours = append(hours, availability.TeacherDay{Staff: staff.ID, Day: day.ID, Windows: []rules.Window{window}})
		}
	}
	_, err = c.service.Availability.Set(c.ctx, c.operator, made.ID, hours)
	c.must(err)
	c.evening, err = c.service.Conferences.Open(c.ctx, c.operator, made.ID)
	c.must(err)
}

// subjectWeights says how much families want to speak about a subject; others weigh one.
var subjectWeights = map[string]float64{"Wiskunde": 1.5, "Nederlands": 1.2, "Engels": 1.2, "Lichamelijke opvoeding": 0.15, "Beeldende vorming": 0.3, "Muziek": 0.3}

// join adds a family that makes up its mind: a third can come on one evening only; of an evening a quarter can come early only, and a quarter late only.
func (c *seeded) join(people *directory.Directory, home models.HouseholdID, shape seededPlan, dice *rand.Rand) {
	family := seededFamily{actor: c.logIn(people, home)}
	length := shape.hours * 60
	only := -1
	if dice.Float64() < 0.35 {
		only = dice.IntN(shape.days)
	}
	for day := range shape.days {
		window := seededWindow{day, 0, length}
		switch kind := dice.Float64(); {
		case kind < 0.25:
			window.to = length / 20 * 10
		case kind < 0.5:
			window.from = length / 20 * 10
		}
		if only < 0 || only == day {
			family.windows = append(family.windows, window)
		}
	}
	asked, err := c.service.Families.Family(c.ctx, family.actor)
	c.must(err)
	slices.SortFunc(asked.Children, func(a, b families.Child) int { return cmp.Compare(a.Given, b.Given) })
	for _, child := range asked.Children {
		family.wishes = append(family.wishes, c.wishesOf(child, dice)...)
	}
	if len(family.wishes) > 0 {
		c.families = append(c.families, family)
	}
}

// logIn opens a session of a family that is confirmed, by a code that was read out to it.
func (c *seeded) logIn(people *directory.Directory, home models.HouseholdID) models.Actor {
	c.t.Helper()
	pupil, _ := people.Pupil(people.Members(home)[0])
	code, _, err := c.auth.Parents.DeskCode(c.ctx, c.operator, home)
	c.must(err)
	name := strings.Join([]string{pupil.Details.Given, pupil.Details.Prefix, pupil.Details.Surname}, " ")
	opened, err := c.auth.Parents.Recognise(c.ctx, c.operator.School, parent.Answers{Name: name, Code: code}, parent.Origin{})
	c.must(err)
	actor, err := c.auth.Authenticate(c.ctx, c.operator.School, opened.Token)
	c.must(err)
	return actor
}

// wishesOf makes up what is wanted for a child: at a primary school the talk that everybody has and now and then the care co-ordinator, at a secondary
// school two to four teachers.
func (c *seeded) wishesOf(child families.Child, dice *rand.Rand) []families.TalkRequest {
	var requests []families.TalkRequest
	for _, talk := range child.Talks {
		switch {
		case talk.Title == "Groep", talk.Title == "Mentor" && dice.Float64() < 0.5, talk.Title == "Zorg" && dice.Float64() < 0.08:
			requests = append(requests, families.TalkRequest{Pupil: child.ID, TalkKind: talk.Kind, Staff: staffOf(talk.Options[dice.IntN(len(talk.Options))])})
		case talk.Title == "Vak":
			options := slices.SortedFunc(slices.Values(talk.Options), func(a, b families.TalkOption) int { return cmp.Compare(a.Staff[0].Name, b.Staff[0].Name) })
			for range min(len(options), 2+dice.IntN(3)-len(requests)) {
				at := weighted(options, dice)
				requests = append(requests, families.TalkRequest{Pupil: child.ID, TalkKind: talk.Kind, Staff: staffOf(options[at])})
				options = slices.Delete(options, at, at+1)
			}
		}
	}
	return requests
}

func weighted(options []families.TalkOption, dice *rand.Rand) int {
	total := 0.0
	weight := func(option families.TalkOption) float64 { return cmp.Or(subjectWeights[option.Subject], 1) }
	for _, option := range options {
		total += weight(option)
	}
	at := dice.Float64() * total
	for i, option := range options {
		if at -= weight(option); at < 0 {
			return i
		}
	}
	return len(options) - 1
}

func staffOf(option families.TalkOption) []models.StaffID {
	var staff []models.StaffID
	for _, member := range option.Staff {
		staff = append(staff, member.ID)
	}
	return staff
}

// start gives the instant of a minute of an evening.
func (c *seeded) start(day int) time.Time {
	c.t.Helper()
	hour := c.evening.Windows(c.evening.Staffed(c.evening.Days[day].ID)[0], c.evening.Days[day].ID)[0]
	return hour.StartTick.Time()
}
