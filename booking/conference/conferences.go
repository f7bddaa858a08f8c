package conference

import (
	"context"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/typed"
)

// maxTalkMinutes is the longest talk.
const maxTalkMinutes = 240

// NewConference is a conference to be made, with its days and talk kinds.
type NewConference struct {
	Key, Title, Note  string
	OpensAt, ClosesAt time.Time
	Rules             models.ConferenceRules
	Days              []NewDay
	TalkKinds         []NewTalkKind
}

// NewDay is a day of a conference to be made.
type NewDay struct {
	Date     civil.Date
	Audience models.Audience
}

// NewTalkKind is a talk kind to be made.
type NewTalkKind struct {
	Title        string
	Minutes      int
	Obligation   models.Obligation
	MaxPerPupil  int
	PupilAttends bool
	Staffing     models.Staffing
	Pairing      models.Pairing
}

// Create makes a conference in draft.
func (s *Service) Create(ctx context.Context, actor models.Actor, wanted NewConference) (*programme.Conference, error) {
	if err := wanted.check(); err != nil {
		return nil, err
	}
	id := models.New[models.ConferenceID]()
	err := s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		conference := &models.Conference{
			ID: id, State: models.ConferenceDraft, OpensAt: wanted.OpensAt.UTC(), ClosesAt: wanted.ClosesAt.UTC(), Rules: wanted.Rules, Version: 1,
			CreatedAt: tx.Now(), Details: models.ConferenceDetails{Key: wanted.Key, Title: typed.OneLine(wanted.Title), Note: wanted.Note},
		}
		if err := store.Insert(tx, conference); err != nil {
			return err
		}
		if err := tx.AddExternalKey(models.SubjectConference, wanted.Key, id); err != nil {
			return err
		}
		for _, day := range wanted.Days {
			if err := insertDay(tx, id, day); err != nil {
				return err
			}
		}
		for i, kind := range wanted.TalkKinds {
			if err := store.Insert(tx, kind.row(id, i)); err != nil {
				return err
			}
		}
		return tx.Audited("conference", id, map[string]int{"days": len(wanted.Days), "talk_kinds": len(wanted.TalkKinds)})
	})
	if err != nil {
		return nil, err
	}
	return s.Get(ctx, actor, id)
}

func (n NewConference) check() error {
	switch {
	case !typed.Readable(n.Title):
		return errs.InvalidField("title", errs.CodeRequired)
	case len(n.Title) > 400 || len(n.Note) > 4000:
		return errs.InvalidField("title", "too-long")
	case n.OpensAt.IsZero():
		return errs.InvalidField("opens_at", errs.CodeRequired)
	case n.ClosesAt.IsZero():
		return errs.InvalidField("closes_at", errs.CodeRequired)
	case !n.OpensAt.Before(n.ClosesAt):
		return errs.InvalidField("closes_at", "before-opening")
	case len(n.Days) > 60 || len(n.TalkKinds) > 60:
		return errs.InvalidField("days", errs.CodeTooMany)
	}
	if err := checkRules(n.Rules); err != nil {
		return err
	}
	var dates []civil.Date
	for _, day := range n.Days {
		if !day.Date.Valid() {
			return errs.InvalidField("days.date", "not-a-date")
		}
		if slices.Contains(dates, day.Date) {
			return errs.InvalidField("days.date", "twice")
		}
		dates = append(dates, day.Date)
	}
	for _, kind := range n.TalkKinds {
		if err := kind.check(); err != nil {
			return err
		}
	}
	return nil
}

func checkRules(rules models.ConferenceRules) error {
	for name, value := range map[string]int{
		"rules.max_per_pupil": rules.MaxPerPupil, "rules.max_per_household": rules.MaxPerHousehold,
		"rules.walking_minutes": rules.WalkingMinutes, "rules.lead_minutes": rules.LeadMinutes,
	} {
		if value < 0 || value > 10_000 {
			return errs.InvalidField(name, "out-of-range")
		}
	}
	return nil
}

func (n NewTalkKind) check() error {
	switch {
	case !typed.Readable(n.Title):
		return errs.InvalidField("talk_kinds.title", errs.CodeRequired)
	case n.Minutes <= 0 || n.Minutes > maxTalkMinutes || n.Minutes%5 != 0:
		return errs.InvalidField("talk_kinds.minutes", "not-a-multiple-of-five")
	case n.MaxPerPupil < 0:
		return errs.InvalidField("talk_kinds.max_per_pupil", "out-of-range")
	case !slices.Contains([]models.Obligation{models.Optional, models.Expected, models.Required}, n.Obligation):
		return errs.InvalidField("talk_kinds.obligation", errs.CodeUnknown)
	case !slices.Contains([]models.Staffing{models.StaffedByMentor, models.StaffedByGroup, models.StaffedBySubject, models.StaffedByCare, models.StaffedByOffer}, n.Staffing):
		return errs.InvalidField("talk_kinds.staffing", errs.CodeUnknown)
	case !slices.Contains([]models.Pairing{models.PairingEither, models.PairingTogether, models.PairingBoth}, n.Pairing):
		return errs.InvalidField("talk_kinds.pairing", errs.CodeUnknown)
	}
	return nil
}

func (n NewTalkKind) row(conference models.ConferenceID, position int) *models.TalkKind {
	return &models.TalkKind{
		ID: models.New[models.TalkKindID](), ConferenceID: conference, Minutes: n.Minutes, Obligation: n.Obligation, MaxPerPupil: n.MaxPerPupil,
		PupilAttends: n.PupilAttends, Staffing: n.Staffing, Pairing: n.Pairing, Position: position, Details: models.TalkKindDetails{Title: typed.OneLine(n.Title)},
	}
}

func insertDay(tx *store.Tx, conference models.ConferenceID, wanted NewDay) error {
	for _, group := range wanted.Audience.Groups {
		if _, err := store.Get[models.Group](tx, group); err != nil {
			return errs.InvalidField("days.audience.groups", errs.CodeUnknown)
		}
	}
	err := store.Insert(tx, &models.Day{ID: models.New[models.DayID](), ConferenceID: conference, Date: wanted.Date, Audience: wanted.Audience})
	if errs.CodeOf(err) == errs.CodeExists {
		return errs.InvalidField("days.date", "twice")
	}
	return err
}

// List gives all conferences of the school.
func (s *Service) List(ctx context.Context, actor models.Actor) ([]*programme.Conference, error) {
	var list []*programme.Conference
	err := s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		programme, err := tx.Programme()
		if err == nil {
			list = programme.Conferences()
		}
		return err
	})
	return list, err
}

// Get gives one conference.
func (s *Service) Get(ctx context.Context, actor models.Actor, id models.ConferenceID) (*programme.Conference, error) {
	var found *programme.Conference
	err := s.store.For(actor).Read(ctx, func(tx *store.Tx) (err error) {
		found, err = In(tx, id)
		return err
	})
	return found, err
}

// In returns a conference of the caller's transaction. One that is not there is errs.NotFound.
func In(tx *store.Tx, id models.ConferenceID) (*programme.Conference, error) {
	programme, err := tx.Programme()
	if err != nil {
		return nil, err
	}
	conference, ok := programme.Conference(id)
	if !ok {
		return nil, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	return conference, nil
}

// Patch is what may be changed of a conference; nil leaves a field as it is.
type Patch struct {
	Title, Note       *string
	OpensAt, ClosesAt *time.Time
	Rules             *models.ConferenceRules
	// Version, if not zero, is the version that the change is based on; another one is errs.Stale.
	Version int64
}

// Update changes a conference's own fields.
func (s *Service) Update(ctx context.Context, actor models.Actor, id models.ConferenceID, patch Patch) (*programme.Conference, error) {
	err := s.changeConference(ctx, actor, id, "conference-changed", func(tx *store.Tx, row *models.Conference) error {
		if patch.Version != 0 && patch.Version != row.Version {
			return errs.New(errs.Stale, "stale")
		}
		wanted := NewConference{Title: row.Details.Title, Note: row.Details.Note, OpensAt: row.OpensAt, ClosesAt: row.ClosesAt, Rules: row.Rules}
		set(&wanted.Title, patch.Title)
		set(&wanted.Note, patch.Note)
		set(&wanted.OpensAt, patch.OpensAt)
		set(&wanted.ClosesAt, patch.ClosesAt)
		set(&wanted.Rules, patch.Rules)
		if err := wanted.check(); err != nil {
			return err
		}
		row.Details.Title, row.Details.Note, row.Rules = typed.OneLine(wanted.Title), wanted.Note, wanted.Rules
		row.OpensAt, row.ClosesAt = wanted.OpensAt.UTC(), wanted.ClosesAt.UTC()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.Get(ctx, actor, id)
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// changeConference runs a change on a conference's row and writes it with its next version.
func (s *Service) changeConference(ctx context.Context, actor models.Actor, id models.ConferenceID, action string, change func(*store.Tx, *models.Conference) error) error {
	return s.store.For(actor).Write(ctx, func(tx *store.Tx) error { return ChangeIn(tx, id, action, change) })
}

// ChangeIn runs a change on a conference's row in the caller's transaction, writes the row with its next version, and notes the action in the audit.
func ChangeIn(tx *store.Tx, id models.ConferenceID, action string, change func(*store.Tx, *models.Conference) error) error {
	row, err := store.Get[models.Conference](tx, id)
	if err != nil {
		return err
	}
	if err := change(tx, row); err != nil {
		return err
	}
	row.Version++
	if err := store.Update(tx, row, "state", "opens_at", "closes_at", "rules", "version", "details"); err != nil {
		return err
	}
	return tx.Audited(action, id, nil)
}

// AddDay adds a day to a conference.
func (s *Service) AddDay(ctx context.Context, actor models.Actor, id models.ConferenceID, day NewDay) (*programme.Conference, error) {
	if !day.Date.Valid() {
		return nil, errs.InvalidField("date", "not-a-date")
	}
	err := s.changeConference(ctx, actor, id, "day", func(tx *store.Tx, _ *models.Conference) error { return insertDay(tx, id, day) })
	if err != nil {
		return nil, err
	}
	return s.Get(ctx, actor, id)
}

// AddTalkKind adds a talk kind to a conference.
func (s *Service) AddTalkKind(ctx context.Context, actor models.Actor, id models.ConferenceID, kind NewTalkKind) (*programme.Conference, error) {
	if err := kind.check(); err != nil {
		return nil, err
	}
	err := s.changeConference(ctx, actor, id, "talk-kind", func(tx *store.Tx, _ *models.Conference) error {
		present, err := store.Count[models.TalkKind](tx, store.Eq("conference_id", id))
		if err != nil {
			return err
		}
		return store.Insert(tx, kind.row(id, int(present)))
	})
	if err != nil {
		return nil, err
	}
	return s.Get(ctx, actor, id)
}

// NewOffer offers a staff set to a pupil, a group, a year, or everybody.
type NewOffer struct {
	TalkKind models.TalkKindID
	Pupil    models.PupilID
	Group    models.GroupID
	Year     string
	Staff    []models.StaffID
}

// AddOffer adds an offer to a conference.
func (s *Service) AddOffer(ctx context.Context, actor models.Actor, id models.ConferenceID, wanted NewOffer) (models.RowID, error) {
	offer := &models.Offer{ID: models.New[models.RowID](), ConferenceID: id, TalkKindID: wanted.TalkKind, PupilID: wanted.Pupil, GroupID: wanted.Group, Year: wanted.Year}
	members := rules.NewStaffSet(wanted.Staff...)
	if len(members) == 0 || len(members) > 10 {
		return offer.ID, errs.InvalidField("staff", errs.CodeRequired)
	}
	err := s.changeConference(ctx, actor, id, "offer", func(tx *store.Tx, _ *models.Conference) error {
		conference, err := In(tx, id)
		if err != nil {
			return err
		}
		if _, ok := conference.TalkKind(wanted.TalkKind); !ok {
			return errs.InvalidField("talk_kind", errs.CodeUnknown)
		}
		if err := store.Insert(tx, offer); err != nil {
			return errs.AsUnknown(err, "pupil")
		}
		for _, member := range members {
			if err := store.Insert(tx, &models.OfferStaff{OfferID: offer.ID, StaffID: member}); err != nil {
				return errs.AsUnknown(err, "staff")
			}
		}
		return nil
	})
	return offer.ID, err
}

// RemoveOffer takes an offer away. Appointments made by it stay.
func (s *Service) RemoveOffer(ctx context.Context, actor models.Actor, id models.ConferenceID, offer models.RowID) error {
	return s.changeConference(ctx, actor, id, "offer-removed", func(tx *store.Tx, _ *models.Conference) error {
		removed, err := store.Delete[models.Offer](tx, store.Eq("id", offer), store.Eq("conference_id", id))
		if err == nil && removed == 0 {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		return err
	})
}
