package evening

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/plan"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// The weights of talks in a conference's instance: what the school requires counts three times.
const (
	requiredWeight = 3
	usualWeight    = 1
)

// Instance gives a conference as a planning question in the interchange format: who would have to speak to whom, and when that is possible. It holds
// ids only, no names, and what it says of a family is which talks it has or should have. Minutes count from midnight on the school's clocks.
//
// What families request is not asked yet, so the instance says what is known:
//
//   - Every booked appointment is a request that is pinned where it stands; its id is the appointment's.
//   - Beside it there is one request for each talk that the school requires or expects of a child and that is not booked yet; its id is
//     "<pupil>/<talk kind>", and a number behind it where several teachers of subjects are expected. Where any of several teachers would do, it names those
//     who are asked for least so far. The rules of the conference limit these requests. Optional talks that nobody booked are left out.
//   - Families can come on all days that are for their children, at any time.
//   - Breaks and other talks of a teacher are cut out of the slots. A room used alone that several teachers share is listed among the teachers.
//
// The format knows less than the product in three points: a teacher has one zone (the one with most of the hours), a slot has one length (where a teacher's
// talks of two lengths could begin at once, the lengths take turns by demand), and children of one family are not kept to different days. A second party of a
// household, and an appointment from which the family cannot walk to its next one in time, is a party of its own.
//
// A conference that is not there is errs.NotFound.
func (s *Service) Instance(ctx context.Context, actor models.Actor, id models.ConferenceID) (plan.Instance, error) {
	var made plan.Instance
	err := s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		people, err := tx.Directory()
		if err != nil {
			return err
		}
		opened, err := tx.Programme()
		if err != nil {
			return err
		}
		conference, ok := opened.Conference(id)
		if !ok {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		work := &exporter{tx: tx, actor: actor, people: people, programme: opened, conference: conference}
		made, err = work.run()
		return err
	})
	return made, err
}

// exporter is one run of PlanInstance.
type exporter struct {
	tx         *store.Tx
	actor      models.Actor
	people     *directory.Directory
	programme  *programme.Programme
	conference *programme.Conference

	booked   []models.Appointment
	busy     *rules.Arrangement // what teachers do elsewhere
	midnight map[models.DayID]models.Tick
	zones    []string
	zoneOf   map[models.StaffID]int
	wanted   map[models.StaffID]int // requests so far
	asked    []askedSet
	parties  []plan.Party
	pinned   []plan.Assignment
}

// askedSet is a staff set that some request needs for some minutes.
type askedSet struct {
	set     rules.StaffSet
	minutes int
	days    []models.DayID
	count   int
}

func (e *exporter) run() (plan.Instance, error) {
	if err := e.load(); err != nil {
		return plan.Instance{}, err
	}
	e.findZones()
	for _, home := range e.people.Households() {
		if err := e.addHousehold(home.ID); err != nil {
			return plan.Instance{}, err
		}
	}
	made := plan.Instance{
		Format: plan.FormatVersion, Name: e.conference.ID.String(), Days: max(1, len(e.conference.Days)), WalkMinutes: e.walks(),
		Teachers: e.teachers(), Parties: e.parties, Breaks: []plan.Break{}, Pinned: e.pinned,
	}
	if made.Parties == nil {
		made.Parties = []plan.Party{}
	}
	e.addWindows(&made)
	if err := made.Validate(); err != nil {
		return plan.Instance{}, errs.Because(errs.Internal, "internal", err)
	}
	return made, nil
}

// load reads what is booked and what teachers do beside it, and where the days begin.
func (e *exporter) load() error {
	var err error
	if e.booked, err = e.tx.Appointments(store.Eq("conference_id", e.conference.ID), store.Eq("state", models.AppointmentBooked)); err != nil {
		return err
	}
	e.busy = rules.NewArrangement(e.people, e.programme, e.tx.Now())
	e.midnight, e.wanted = map[models.DayID]models.Tick{}, map[models.StaffID]int{}
	zone := e.tx.School().Location()
	var holders []models.HolderID
	from, until := models.Tick(0), models.Tick(0)
	for _, day := range e.conference.Days {
		// Counted back from noon: midnight does not exist everywhere on the day on which the clocks change.
		noon := time.Date(day.Date.Year, time.Month(day.Date.Month), day.Date.Day, 12, 0, 0, 0, zone)
		tick, _ := models.TickAt(noon)
		e.midnight[day.ID] = tick - models.Ticks(12*60)
		if from == 0 || e.midnight[day.ID] < from {
			from = e.midnight[day.ID]
		}
		until = max(until, e.midnight[day.ID]+family.DayTicks)
		for _, staff := range e.conference.Staffed(day.ID) {
			holders = append(holders, models.HolderID(staff))
		}
	}
	slices.SortFunc(holders, models.HolderID.Compare)
	claims, err := e.tx.Claims(slices.Compact(holders), from, until)
	if err != nil {
		return err
	}
	own := map[models.AppointmentID][]models.StaffID{}
	for i := range e.booked {
		own[e.booked[i].ID] = e.booked[i].StaffIDs
	}
	for _, claim := range claims {
		// A teacher who is there as a parent is not there as a teacher.
		if !slices.Contains(own[claim.AppointmentID], models.StaffID(claim.Holder)) {
			e.busy.Occupy(claim.Holder, claim.Tick, claim.Tick+1)
		}
	}
	return nil
}

// findZones gives each teacher the part of the building with most of the hours.
func (e *exporter) findZones() {
	hours := map[models.StaffID]map[string]models.Tick{}
	for _, day := range e.conference.Days {
		for _, staff := range e.conference.Staffed(day.ID) {
			if hours[staff] == nil {
				hours[staff] = map[string]models.Tick{}
			}
			for _, window := range e.conference.Windows(staff, day.ID) {
				name := ""
				if room, ok := e.programme.Room(window.RoomID); ok {
					name = room.Details.Zone
				}
				hours[staff][name] += window.EndTick - window.StartTick
				if !slices.Contains(e.zones, name) {
					e.zones = append(e.zones, name)
				}
			}
		}
	}
	slices.Sort(e.zones)
	e.zoneOf = map[models.StaffID]int{}
	for staff, times := range hours {
		for at, name := range e.zones {
			if times[name] > times[e.zones[e.zoneOf[staff]]] {
				e.zoneOf[staff] = at
			}
		}
	}
	if len(e.zones) == 0 {
		e.zones = []string{""}
	}
}

// walks is the table of walking times, in whole ticks.
func (e *exporter) walks() [][]int {
	table := make([][]int, len(e.zones))
	for i := range e.zones {
		table[i] = make([]int, len(e.zones))
		for j := range e.zones {
			if walking := e.conference.Rules.WalkingMinutes; i != j && walking > 0 {
				table[i][j] = models.TicksUp(walking).Minutes()
			}
		}
	}
	return table
}

func (e *exporter) minute(day models.DayID, tick models.Tick) int {
	return (tick - e.midnight[day]).Minutes()
}

func (e *exporter) dayNumber(id models.DayID) int {
	return slices.IndexFunc(e.conference.Days, func(day *models.Day) bool { return day.ID == id })
}

// addWindows lets every party come on the days that are for its children, from the first slot of the day to the end of the last.
func (e *exporter) addWindows(made *plan.Instance) {
	from, to := make([]int, made.Days), make([]int, made.Days)
	for _, teacher := range made.Teachers {
		for _, slot := range teacher.Slots {
			if to[slot.Day] == 0 || slot.Start < from[slot.Day] {
				from[slot.Day] = slot.Start
			}
			to[slot.Day] = max(to[slot.Day], slot.End)
		}
	}
	for i := range made.Parties {
		for j := range made.Parties[i].Windows {
			window := &made.Parties[i].Windows[j]
			window.From, window.To = from[window.Day], to[window.Day]
		}
	}
}

// partyOf makes a party; number tells parties of one household apart.
func (e *exporter) partyOf(household models.HouseholdID, number int, days []models.DayID, requests []plan.Request) plan.Party {
	party := plan.Party{ID: household.String() + "/" + strconv.Itoa(number), Kind: plan.Family, Requests: requests}
	if e.separated(household) {
		party.Kind = plan.Separated
	}
	for at, day := range e.conference.Days {
		if slices.Contains(days, day.ID) {
			party.Windows = append(party.Windows, plan.Window{Day: at})
		}
	}
	return party
}

// separated tells whether another household has talks of its own about one of the children.
func (e *exporter) separated(household models.HouseholdID) bool {
	return slices.ContainsFunc(e.people.Members(household), func(id models.PupilID) bool {
		pupil, ok := e.people.Pupil(id)
		return ok && pupil.Arrangement == models.ArrangementEach && len(e.people.HouseholdsOf(id)) > 1
	})
}

// inOrder sorts appointments by start.
func inOrder(rows []models.Appointment) []models.Appointment {
	return slices.SortedStableFunc(slices.Values(rows), func(a, b models.Appointment) int { return cmp.Compare(a.StartTick, b.StartTick) })
}
