package conference

import (
	"context"
	"fmt"
	"slices"
	"time"

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
	OneAtATime   bool // of a pupil of two households who attends; see models.TalkKindDetails
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
		for i, day := range wanted.Days {
			if err := insertDay(tx, id, day, fmt.Sprintf("days[%d].", i)); err != nil {
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
	for i, day := range n.Days {
		if slices.Contains(dates, day.Date) {
			return errs.InvalidField(fmt.Sprintf("days[%d].date", i), "twice")
		}
		dates = append(dates, day.Date)
	}
	for i, kind := range n.TalkKinds {
		if err := kind.check(fmt.Sprintf("talk_kinds[%d].", i)); err != nil {
			return err
		}
	}
	return nil
}

// check checks a day; field is what stands before the names of its fields in the request.
func (n NewDay) check(tx *store.Tx, field string) error {
	if !n.Date.Valid() {
		return errs.InvalidField(field+"date", "not-a-date")
	}
	for i, group := range n.Audience.Groups {
		_, err := store.Get[models.Group](tx, group)
		if errs.KindOf(err) == errs.NotFound {
			return errs.InvalidField(fmt.Sprintf("%saudience.groups[%d]", field, i), errs.CodeUnknown)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func checkRules(rules models.ConferenceRules) error {
	for name, value := range map[string]int{
		"rules.max_per_pupil": rules.MaxPerPupil, "rules.max_per_household": rules.MaxPerHousehold,
		"rules.walking_minutes": rules.WalkingMinutes, "rules.lead_minutes": rules.LeadMinutes,
		"rules.cancel_minutes": rules.CancelMinutes,
	} {
		if value < 0 || value > 10_000 {
			return errs.InvalidField(name, "out-of-range")
		}
	}
	return nil
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
	Key, Title, Note  *string
	OpensAt, ClosesAt *time.Time
	Rules             *models.ConferenceRules
	// Version, if not zero, is the version that the change is based on; another one is errs.Stale.
	Version int64
}

// Update changes a conference's own fields.
func (s *Service) Update(ctx context.Context, actor models.Actor, id models.ConferenceID, patch Patch) (*programme.Conference, error) {
	err := s.changeConference(ctx, actor, At{id, patch.Version}, "conference-changed", func(tx *store.Tx, row *models.Conference) error {
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
		if patch.Key == nil || *patch.Key == row.Details.Key {
			return nil
		}
		row.Details.Key = *patch.Key
		return Rekey(tx, models.SubjectConference, row.Details.Key, id)
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
func (s *Service) changeConference(ctx context.Context, actor models.Actor, at At, action string, change func(*store.Tx, *models.Conference) error) error {
	return s.store.For(actor).Write(ctx, func(tx *store.Tx) error { return ChangeIn(tx, at, action, change) })
}

// ChangeIn runs a change on a conference's row in the caller's transaction, writes the row with its next version, and notes the action in the audit.
func ChangeIn(tx *store.Tx, at At, action string, change func(*store.Tx, *models.Conference) error) error {
	row, err := at.row(tx)
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
	return tx.Audited(action, at.Conference, nil)
}

// row reads the row of the conference, and holds its version against the one that a change is based on.
func (at At) row(tx *store.Tx) (*models.Conference, error) {
	row, err := store.Get[models.Conference](tx, at.Conference)
	if err == nil && at.Version != 0 && at.Version != row.Version {
		err = errs.New(errs.Stale, "stale")
	}
	return row, err
}

// Remove takes a conference away with everything that belongs to it. It is refused while talks are booked in it.
func (s *Service) Remove(ctx context.Context, actor models.Actor, at At) error {
	return s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		if _, err := at.row(tx); err != nil {
			return err
		}
		talks, err := booked(tx, store.Eq("conference_id", at.Conference))
		if err != nil {
			return err
		}
		if err := hurts(talks); err != nil {
			return err
		}
		if err := discard(tx, store.Eq("conference_id", at.Conference)); err != nil {
			return err
		}
		blocks, err := store.List[models.Block](tx, store.Eq("conference_id", at.Conference))
		if err != nil {
			return err
		}
		if _, err := store.Delete[models.Conference](tx, store.Eq("id", at.Conference)); err != nil {
			return err
		}
		if err := Rekey(tx, models.SubjectConference, "", at.Conference); err != nil {
			return err
		}
		if err := reclaimAll(tx, blocks); err != nil {
			return err
		}
		return tx.Audited("conference-removed", at.Conference, nil)
	})
}

// Rekey gives a thing another key of the school's own in the caller's transaction; the empty key is none.
func Rekey(tx *store.Tx, kind models.SubjectKind, key string, subject [16]byte) error {
	if _, err := store.Delete[models.ExternalKey](tx, store.Eq("kind", kind), store.Eq("subject", models.RowID(subject))); err != nil {
		return err
	}
	return tx.AddExternalKey(kind, key, subject)
}
