package conference

import (
	"context"
	"slices"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/typed"
)

// check checks a talk kind; field is what stands before the names of its fields in the request.
func (n NewTalkKind) check(field string) error {
	switch {
	case !typed.Readable(n.Title):
		return errs.InvalidField(field+"title", errs.CodeRequired)
	case n.Minutes <= 0 || n.Minutes > maxTalkMinutes || n.Minutes%5 != 0:
		return errs.InvalidField(field+"minutes", "not-a-multiple-of-five")
	case n.MaxPerPupil < 0:
		return errs.InvalidField(field+"max_per_pupil", "out-of-range")
	case !slices.Contains([]models.Obligation{models.Optional, models.Expected, models.Required}, n.Obligation):
		return errs.InvalidField(field+"obligation", errs.CodeUnknown)
	case !slices.Contains(staffings, n.Staffing):
		return errs.InvalidField(field+"staffing", errs.CodeUnknown)
	case !slices.Contains([]models.Pairing{models.PairingEither, models.PairingTogether, models.PairingBoth}, n.Pairing):
		return errs.InvalidField(field+"pairing", errs.CodeUnknown)
	}
	return nil
}

// staffings are all ways of saying with whom a talk is.
var staffings = []models.Staffing{models.StaffedByMentor, models.StaffedByGroup, models.StaffedBySubject, models.StaffedByCare, models.StaffedByOffer}

func (n NewTalkKind) row(conference models.ConferenceID, position int) *models.TalkKind {
	return &models.TalkKind{
		ID: models.New[models.TalkKindID](), ConferenceID: conference, Minutes: n.Minutes, Obligation: n.Obligation, MaxPerPupil: n.MaxPerPupil,
		PupilAttends: n.PupilAttends, Staffing: n.Staffing, Pairing: n.Pairing, Position: position, Details: models.TalkKindDetails{Title: typed.OneLine(n.Title), OneAtATime: n.OneAtATime},
	}
}

// AddTalkKind adds a talk kind to a conference, behind those that it has.
func (p *Parts) AddTalkKind(ctx context.Context, actor models.Actor, at At, kind NewTalkKind) (*programme.Conference, error) {
	if err := kind.check(""); err != nil {
		return nil, err
	}
	return p.change(ctx, actor, at, "talk-kind", func(tx *store.Tx, conference *programme.Conference) error {
		position := 0
		for _, present := range conference.TalkKinds {
			position = max(position, present.Position+1)
		}
		return store.Insert(tx, kind.row(conference.ID, position))
	})
}

// TalkKindPatch is what may be changed of a talk kind; nil leaves a field as it is.
type TalkKindPatch struct {
	Title        *string
	Minutes      *int
	Obligation   *models.Obligation
	MaxPerPupil  *int
	PupilAttends *bool
	OneAtATime   *bool
	Staffing     *models.Staffing
	Pairing      *models.Pairing
	Position     *int // its place among the talk kinds, from 0
}

func (p TalkKindPatch) apply(kind *models.TalkKind) NewTalkKind {
	wanted := NewTalkKind{
		Title: kind.Details.Title, Minutes: kind.Minutes, Obligation: kind.Obligation, MaxPerPupil: kind.MaxPerPupil, PupilAttends: kind.PupilAttends, OneAtATime: kind.Details.OneAtATime,
		Staffing: kind.Staffing, Pairing: kind.Pairing,
	}
	set(&wanted.Title, p.Title)
	set(&wanted.Minutes, p.Minutes)
	set(&wanted.Obligation, p.Obligation)
	set(&wanted.MaxPerPupil, p.MaxPerPupil)
	set(&wanted.PupilAttends, p.PupilAttends)
	set(&wanted.OneAtATime, p.OneAtATime)
	set(&wanted.Staffing, p.Staffing)
	set(&wanted.Pairing, p.Pairing)
	return wanted
}

// ChangeTalkKind changes a talk kind. Its length, and whether the pupil comes, are refused while talks of it are booked; with whom it is, while talks are booked with
// somebody with whom it would be offered no more. Limits count for what is booked from then on.
func (p *Parts) ChangeTalkKind(ctx context.Context, actor models.Actor, at At, id models.TalkKindID, patch TalkKindPatch) (*programme.Conference, error) {
	return p.change(ctx, actor, at, "talk-kind-changed", func(tx *store.Tx, conference *programme.Conference) error {
		present, ok := conference.TalkKind(id)
		if !ok {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		wanted := patch.apply(present)
		if err := wanted.check(""); err != nil {
			return err
		}
		changed := wanted.row(conference.ID, present.Position)
		changed.ID, changed.SchoolID = id, present.SchoolID
		talks, err := booked(tx, store.Eq("talk_kind_id", id))
		if err != nil {
			return err
		}
		if changed.Minutes == present.Minutes && changed.PupilAttends == present.PupilAttends {
			if talks, err = unoffered(tx, conference, present, changed, talks); err != nil {
				return err
			}
		}
		if err := hurts(talks); err != nil {
			return err
		}
		if err := store.Update(tx, changed, "minutes", "obligation", "max_per_pupil", "pupil_attends", "staffing", "pairing", "details"); err != nil {
			return err
		}
		return reorder(tx, conference, id, patch.Position)
	})
}

// unoffered gives those of some talks that are offered as a talk kind is, and would be no more as it is to be.
func unoffered(tx *store.Tx, conference *programme.Conference, present, changed *models.TalkKind, talks []models.Appointment) ([]models.Appointment, error) {
	alike := present.Details.OneAtATime == changed.Details.OneAtATime
	if alike && present.Staffing == changed.Staffing && present.Pairing == changed.Pairing {
		return nil, nil
	}
	people, err := tx.Directory()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(talks, func(talk models.Appointment) bool {
		pupil, ok := people.Pupil(talk.PupilID)
		if !ok {
			return true
		}
		if !alike && present.PupilAttends && len(people.HouseholdsOf(pupil.ID)) > 1 {
			return false // whose time it takes would change
		}
		with := rules.NewStaffSet(talk.StaffIDs...)
		offered := func(kind *models.TalkKind) bool {
			return slices.ContainsFunc(rules.OffersOf(people, conference, kind, pupil), with.Equal)
		}
		return offered(changed) || !offered(present)
	}), nil
}

// reorder puts a talk kind at a place among those of its conference.
func reorder(tx *store.Tx, conference *programme.Conference, id models.TalkKindID, place *int) error {
	if place == nil {
		return nil
	}
	if *place < 0 || *place >= len(conference.TalkKinds) {
		return errs.InvalidField("position", "out-of-range")
	}
	order := slices.DeleteFunc(slices.Clone(conference.TalkKinds), func(kind *models.TalkKind) bool { return kind.ID == id })
	moved, _ := conference.TalkKind(id)
	for position, kind := range slices.Insert(order, *place, moved) {
		placed := *kind
		placed.Position = position
		if err := store.Update(tx, &placed, "position"); err != nil {
			return err
		}
	}
	return nil
}

// RemoveTalkKind takes a talk kind away, with its offers. It is refused while talks of it are booked.
func (p *Parts) RemoveTalkKind(ctx context.Context, actor models.Actor, at At, id models.TalkKindID) (*programme.Conference, error) {
	return p.change(ctx, actor, at, "talk-kind-removed", func(tx *store.Tx, conference *programme.Conference) error {
		if _, ok := conference.TalkKind(id); !ok {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		talks, err := booked(tx, store.Eq("talk_kind_id", id))
		if err != nil {
			return err
		}
		if err := hurts(talks); err != nil {
			return err
		}
		if err := discard(tx, store.Eq("talk_kind_id", id)); err != nil {
			return err
		}
		_, err = store.Delete[models.TalkKind](tx, store.Eq("id", id))
		return err
	})
}

func daysOf(conference *programme.Conference) []models.DayID {
	days := make([]models.DayID, len(conference.Days))
	for i, day := range conference.Days {
		days[i] = day.ID
	}
	return days
}
