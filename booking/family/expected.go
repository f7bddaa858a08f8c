package family

import (
	"slices"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// expectedOrder says which kinds of talks come first where a family did not say what it wants.
var expectedOrder = map[models.Staffing]int{models.StaffedByMentor: 0, models.StaffedByGroup: 1, models.StaffedByCare: 2, models.StaffedByOffer: 3, models.StaffedBySubject: 4}

// expected gives what the school wants of the family and is not booked yet: for each child the required talks, then the expected ones, the mentor's first.
// A talk that can be with several sets of teachers is wanted once, with any of them; of subject teachers, as many as may be booked.
func (w *proposer) expected() []TalkRequest {
	var requests []TalkRequest
	seen := map[models.PupilID]bool{} // a session may have both households of a child, and the first one books
	for _, grant := range w.grants {
		for _, id := range grant.Pupils {
			pupil, ok := w.People.Pupil(id)
			if !ok || seen[id] {
				continue
			}
			seen[id] = true
			for _, kind := range w.expectedKinds() {
				requests = append(requests, w.expectedOf(grant.Household, pupil, kind)...)
			}
		}
	}
	return requests[:min(len(requests), appointment.MaxItems)]
}

type kindOf struct {
	conference *programme.Conference
	kind       *models.TalkKind
}

func (w *proposer) expectedKinds() []kindOf {
	var kinds []kindOf
	for _, conference := range w.Programme.Conferences() {
		bookable := conference.State == models.ConferenceOpen && (rules.ActsForFamilies(w.Actor) || rules.OpenAt(conference, w.Now))
		if w.only != nil && w.only != conference || w.only == nil && !bookable {
			continue
		}
		for _, kind := range conference.TalkKinds {
			if kind.Obligation != models.Optional {
				kinds = append(kinds, kindOf{conference, kind})
			}
		}
	}
	order := func(k kindOf) int {
		if k.kind.Obligation == models.Required {
			return expectedOrder[k.kind.Staffing]
		}
		return 10 + expectedOrder[k.kind.Staffing]
	}
	slices.SortStableFunc(kinds, func(a, b kindOf) int { return order(a) - order(b) })
	return kinds
}

func (w *proposer) expectedOf(household models.HouseholdID, pupil *models.Pupil, of kindOf) []TalkRequest {
	booked := slices.ContainsFunc(w.visible, func(row models.Appointment) bool {
		return row.PupilID == pupil.ID && row.TalkKindID == of.kind.ID && row.HouseholdID == household
	})
	talk := &rules.Request{Conference: of.conference, Kind: of.kind, Pupil: pupil, Household: household}
	w.offer(talk)
	if booked || len(talk.Offered) == 0 || len(talk.Days) == 0 {
		return nil
	}
	if of.kind.Staffing != models.StaffedBySubject {
		return []TalkRequest{{Pupil: pupil.ID, TalkKind: of.kind.ID}}
	}
	var requests []TalkRequest
	for _, set := range talk.Offered {
		already := rules.Counts{OfPupil: len(requests), OfKind: len(requests)}
		if already.Left(of.conference, of.kind) != 0 {
			requests = append(requests, TalkRequest{Pupil: pupil.ID, TalkKind: of.kind.ID, Staff: set})
		}
	}
	return requests
}

// ExpectedRequest is a talk that the school requires or expects of a family and that is not booked yet.
type ExpectedRequest struct {
	Conference *programme.Conference
	Kind       *models.TalkKind
	Pupil      *models.Pupil
	Household  models.HouseholdID
	Days       []models.DayID   // on which the pupil is expected
	Sets       []rules.StaffSet // of teachers that would do
	Rank       int              // among the talks of the child, from 1
}

// Expected returns what a conference expects of a household beside the appointments that it has, as far as the conference's limits allow, in the order of
// their ranks. It belongs to the caller's transaction.
func Expected(tx *store.Tx, actor models.Actor, conference *programme.Conference, household models.HouseholdID, rows []models.Appointment) ([]ExpectedRequest, error) {
	people, err := tx.Directory()
	if err != nil {
		return nil, err
	}
	opened, err := tx.Programme()
	if err != nil {
		return nil, err
	}
	w := &proposer{
		Viewer: rules.NewViewer(actor, people, opened, tx.Now()), tx: tx, only: conference, question: &Question{Household: household, Parties: 1},
		grants:  []models.Grant{{Household: household, Pupils: people.Members(household), Confirmed: true}},
		visible: rows, state: rules.NewArrangement(people, opened, tx.Now()),
	}
	for i := range rows {
		w.state.Talks = append(w.state.Talks, rules.FamilyTalkOf(opened, &rows[i]))
	}
	for _, asked := range w.expected() {
		talk, err := w.requestFor(asked)
		if err != nil {
			return nil, err
		}
		w.requests = append(w.requests, w.want(asked, talk))
	}
	chosen, _ := w.allowed(w.requests)
	talks := make([]ExpectedRequest, len(chosen))
	for i, one := range chosen {
		talks[i] = ExpectedRequest{
			Conference: one.request.Conference, Kind: one.request.Kind, Pupil: one.request.Pupil, Household: one.request.Household, Days: one.request.Days,
			Sets: one.sets, Rank: one.rank,
		}
	}
	return talks, nil
}
