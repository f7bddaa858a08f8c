package family

import (
	"context"
	"strconv"
	"time"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// maxProposals is how many proposals a family is given, and maxWindows how many times it may name at which it can come.
const (
	maxProposals = 3
	maxWindows   = 60
)

// Question asks for the best ways in which a family could have its talks, as things are now.
type Question struct {
	// Household is set by staff who ask for a family; a parent's session knows its own.
	Household models.HouseholdID
	// Talks that are wanted, each child's most wanted first. None means what the school expects and the family has not booked yet.
	Talks []TalkRequest
	// Keep lists talks at the times that the family chose: they stay as they are, and the others are planned around them.
	Keep []appointment.Request
	// Refused lists times that a booking refused a moment ago. They are not proposed again, whatever the state says.
	Refused []appointment.Request
	// Windows at which the family can come; none means always.
	Windows []Window
	// Parties is 2 where the household splits up; 0 and 1 mean that it stays together.
	Parties int
	// Most is how many proposals are wanted, three at most; 0 means three.
	Most int
}

// TalkRequest is one wanted talk.
type TalkRequest struct {
	Ref      string // the client's own name for the talk; its place in the list, from 1, where empty
	Pupil    models.PupilID
	TalkKind models.TalkKindID
	// Staff is one of the staff sets that the child is offered; empty where any of them will do.
	Staff []models.StaffID
}

// Window is a time at which a family can come, as clocks on the school's wall show it.
type Window struct {
	Day         models.DayID // zero means every day
	From, Until string       // "19:00"; empty means from the beginning, or until the end
}

// Proposals is what a family can choose from.
type Proposals struct {
	// Requests is what was planned: the question's talks, or what the school expects.
	Requests []TalkRequest
	// Proposals, the best for the family first, each clearly different. None if no talk could be placed at all.
	Proposals []Proposal
	// Missing lists the talks that are in none of the proposals.
	Missing []MissingTalk
	// Zone is the school's time zone, for who shows the times.
	Zone *time.Location
}

// Proposal is one way in which the family could have its talks. It is a snapshot: nothing is held for the family.
type Proposal struct {
	// Talks by start. Their items, all of them and as they are, make a Change that Book takes.
	Talks []Placement
	// Missing lists the wanted talks that are not in this proposal. It is empty in a proposal that is complete.
	Missing []MissingTalk
	// Days on which the family comes, and the minutes it waits and walks between talks, appointments that it has already included.
	Days, WaitMinutes, WalkMinutes int
	// Proven tells that nothing better is possible, but for the few minutes that a family may wait for the sake of others. It is false above twelve talks, for households that split up, and for the second and third proposal.
	Proven bool
}

// Placement is a talk with its time, and what people call it.
type Placement struct {
	Item       appointment.Request
	Conference models.ConferenceID
	Day        models.DayID
	Title      string // of the talk kind
	Child      string // first name only
	Household  models.HouseholdID
	Staff      []rules.StaffName
	End        time.Time // UTC
	Kept       bool      // the family chose this time itself
}

// MissingReason tells why a talk is missing in a proposal. The list is closed.
type MissingReason string

// The reasons.
const (
	MissingFull       MissingReason = "full"             // no time is free any more
	MissingWindows    MissingReason = "outside_windows"  // there are free times, but not when the family can come
	MissingOwn        MissingReason = "own_appointments" // not together with what the family has already, or with the times it chose
	MissingInTheWay   MissingReason = "in_the_way"       // it could be had, but then other talks could not
	MissingLimit      MissingReason = "limit"            // the school's maximum is reached
	MissingClosed     MissingReason = "closed"           // the conference is not open
	MissingNotOffered MissingReason = "not_offered"      // this child is not offered this talk
)

// MissingTalk is a wanted talk that a proposal leaves out.
type MissingTalk struct {
	Request TalkRequest
	Title   string            // of the talk kind
	Child   string            // first name only
	Staff   []rules.StaffName // with whom it was wanted; everybody it could be with where any would do
	Reason  MissingReason
	// Instead names the requests (by Ref) that would be left out if this one were held; for MissingInTheWay only.
	Instead []string
}

// Propose finds up to three clearly different ways in which a family could have its talks: from the times that are free now, over all open conferences and
// all children of the session, within the rules of the conferences and the windows of the family, with time to walk. Times are chosen such that the
// family waits little and that what is left suits other families (see plan.PriceRule). It reads in one transaction and changes nothing.
//
// A proposal can be booked as it is, until somebody else books one of its times: then Book names the items, and a new question, with those in Refused, gives
// proposals from the fresh state. A session that is only recognised does not learn when its household has other appointments, so that its proposal can be
// refused for them.
//
// A child, talk kind or household that is not there or not the actor's is errs.NotFound; a window that is no time is errs.Invalid.
func (s *Service) Propose(ctx context.Context, actor models.Actor, question Question) (*Proposals, error) {
	if err := question.validate(); err != nil {
		return nil, err
	}
	work := &proposer{question: &question, popularity: &s.popularity}
	err := s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		people, err := tx.Directory()
		if err != nil {
			return err
		}
		programme, err := tx.Programme()
		if err != nil {
			return err
		}
		work.tx, work.Viewer = tx, rules.NewViewer(actor, people, programme, tx.Now())
		return work.gather()
	})
	if err != nil {
		return nil, err
	}
	// The planning itself needs no transaction: readers are few and shared.
	return work.propose()
}

// validate checks what needs no database, and fills in what was left out.
func (q *Question) validate() error {
	switch {
	case len(q.Talks)+len(q.Keep) > appointment.MaxItems:
		return errs.New(errs.Invalid, "booking.too-many-items")
	case len(q.Refused) > appointment.MaxItems:
		return errs.InvalidField("refused", errs.CodeTooMany)
	case len(q.Windows) > maxWindows:
		return errs.InvalidField("windows", errs.CodeTooMany)
	case q.Parties < 0 || q.Parties > 2:
		return errs.InvalidField("parties", "out-of-range")
	case q.Most < 0 || q.Most > maxProposals:
		return errs.InvalidField("most", "out-of-range")
	}
	if q.Most == 0 {
		q.Most = maxProposals
	}
	if q.Parties == 0 {
		q.Parties = 1
	}
	q.Talks, q.Keep = named(q.Talks), keptParties(q.Keep)
	for _, item := range q.Keep {
		if item.Party > 2 || item.Party < 1 {
			return errs.InvalidField("keep.party", "out-of-range")
		}
	}
	return nil
}

// named gives every request a name.
func named(requests []TalkRequest) []TalkRequest {
	list := make([]TalkRequest, len(requests))
	for i, request := range requests {
		if request.Ref == "" {
			request.Ref = strconv.Itoa(i + 1)
		}
		list[i] = request
	}
	return list
}

func keptParties(items []appointment.Request) []appointment.Request {
	list := make([]appointment.Request, len(items))
	for i, item := range items {
		if item.Party == 0 {
			item.Party = 1
		}
		list[i] = item
	}
	return list
}
