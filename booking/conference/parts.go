package conference

import (
	"context"
	"fmt"
	"slices"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// Parts keeps what a conference consists of: its days, its talk kinds and what is offered beside them. Everything can be changed and taken away as long as no
// booked talk is hurt by it; what would hurt some is refused with their number. It is safe for concurrent use.
type Parts struct {
	store *store.Store
}

// NewParts makes the service.
func NewParts(rows *store.Store) *Parts { return &Parts{store: rows} }

// At names a conference that is to be changed and, if Version is not zero, the version that the change is based on; another one is errs.Stale.
type At struct {
	Conference models.ConferenceID
	Version    int64
}

// change runs a change on a conference in a transaction of its own, and gives the conference as it is then.
func (p *Parts) change(ctx context.Context, actor models.Actor, at At, action string, change func(*store.Tx, *programme.Conference) error) (*programme.Conference, error) {
	var changed *programme.Conference
	err := p.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		err := ChangeIn(tx, at, action, func(tx *store.Tx, _ *models.Conference) error {
			conference, err := In(tx, at.Conference)
			if err != nil {
				return err
			}
			return change(tx, conference)
		})
		if err == nil {
			changed, err = In(tx, at.Conference)
		}
		return err
	})
	return changed, err
}

// hurts is the refusal of a change by which booked talks would suffer; nil where there are none.
func hurts(talks []models.Appointment) error {
	if len(talks) == 0 {
		return nil
	}
	return errs.New(errs.Conflict, "conference.talks-suffer").With("talks", fmt.Sprint(len(talks)))
}

// booked gives the booked talks that meet some conditions.
func booked(tx *store.Tx, conditions ...store.Condition) ([]models.Appointment, error) {
	return tx.Appointments(append(conditions, store.Eq("state", models.AppointmentBooked))...)
}

// discard removes what is left of cancelled talks that meet a condition, so that what they refer to can go. While families have not been told of a
// cancellation nothing goes: the message would go with it.
func discard(tx *store.Tx, of store.Condition) error {
	cancelled := []store.Condition{of, store.Eq("state", models.AppointmentCancelled)}
	talks, err := store.List[models.Appointment](tx, cancelled...)
	if err != nil || len(talks) == 0 {
		return err
	}
	var days []models.DayID
	for _, talk := range talks {
		if !slices.Contains(days, talk.DayID) {
			days = append(days, talk.DayID)
		}
	}
	for _, state := range []models.MessageState{models.MessageQueued, models.MessageSending} {
		waiting, err := store.Count[models.Message](tx, store.In("day_id", days), store.Eq("state", state))
		if err != nil {
			return err
		}
		if waiting > 0 {
			return errs.New(errs.Conflict, "conference.messages-wait").With("messages", fmt.Sprint(waiting))
		}
	}
	_, err = store.Delete[models.Appointment](tx, cancelled...)
	return err
}

func insertDay(tx *store.Tx, conference models.ConferenceID, wanted NewDay, field string) error {
	if err := wanted.check(tx, field); err != nil {
		return err
	}
	err := store.Insert(tx, &models.Day{ID: models.New[models.DayID](), ConferenceID: conference, Date: wanted.Date, Audience: wanted.Audience})
	if errs.CodeOf(err) == errs.CodeExists {
		return errs.InvalidField(field+"date", "twice")
	}
	return err
}

// AddDay adds a day to a conference.
func (p *Parts) AddDay(ctx context.Context, actor models.Actor, at At, day NewDay) (*programme.Conference, error) {
	return p.change(ctx, actor, at, "day", func(tx *store.Tx, conference *programme.Conference) error {
		return insertDay(tx, conference.ID, day, "")
	})
}

// DayPatch is what may be changed of a day; nil leaves a field as it is.
type DayPatch struct {
	Date     *civil.Date
	Audience *models.Audience
}

// ChangeDay changes a day. Another date takes the teachers' hours along; it is refused while talks are booked on the day. So is another audience, while talks are
// booked of pupils who would be expected no more.
func (p *Parts) ChangeDay(ctx context.Context, actor models.Actor, at At, id models.DayID, patch DayPatch) (*programme.Conference, error) {
	return p.change(ctx, actor, at, "day-changed", func(tx *store.Tx, conference *programme.Conference) error {
		day, ok := conference.Day(id)
		if !ok {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		wanted := NewDay{Date: day.Date, Audience: day.Audience}
		set(&wanted.Date, patch.Date)
		set(&wanted.Audience, patch.Audience)
		if err := wanted.check(tx, ""); err != nil {
			return err
		}
		talks, err := booked(tx, store.Eq("day_id", id))
		if err != nil {
			return err
		}
		if wanted.Date == day.Date {
			if talks, err = unexpected(tx, conference, day, wanted.Audience, talks); err != nil {
				return err
			}
		}
		if err := hurts(talks); err != nil {
			return err
		}
		changed := *day
		changed.Date, changed.Audience = wanted.Date, wanted.Audience
		err = store.Update(tx, &changed, "date", "audience")
		if errs.CodeOf(err) == errs.CodeExists {
			return errs.InvalidField("date", "twice")
		}
		if err != nil || wanted.Date == day.Date {
			return err
		}
		return moveHours(tx, conference, day, wanted.Date)
	})
}

// unexpected gives those of some talks whose pupils would be expected on no day any more on which they have one, if a day had another audience.
func unexpected(tx *store.Tx, conference *programme.Conference, day *models.Day, audience models.Audience, talks []models.Appointment) ([]models.Appointment, error) {
	people, err := tx.Directory()
	if err != nil {
		return nil, err
	}
	other := *day
	other.Audience = audience
	alone := &programme.Conference{Conference: conference.Conference, Days: []*models.Day{&other}}
	return slices.DeleteFunc(talks, func(talk models.Appointment) bool {
		pupil, ok := people.Pupil(talk.PupilID)
		return ok && len(rules.DaysFor(people, alone, pupil, people.Members(talk.HouseholdID))) > 0
	}), nil
}

// moveHours puts the teachers' hours of a day, which has no talks, on another date, at the same times of the school's clocks.
func moveHours(tx *store.Tx, conference *programme.Conference, day *models.Day, date civil.Date) error {
	zone := tx.School().Location()
	moved := func(tick models.Tick) (models.Tick, error) {
		local := tick.Time().In(zone)
		later := day.Date.DaysUntil(civil.Of(local)) // hours may go on past midnight
		instant, err := rules.WallTime(date.AddDays(later), local.Hour(), local.Minute(), zone)
		if err != nil {
			return 0, errs.InvalidField("date", errs.CodeOf(err))
		}
		found, _ := models.TickAt(instant)
		return found, nil
	}
	span := func(start, end *models.Tick) (err error) {
		if *start, err = moved(*start); err == nil {
			*end, err = moved(*end)
		}
		return err
	}
	for _, member := range conference.Staffed(day.ID) {
		for _, window := range conference.Windows(member, day.ID) {
			if err := span(&window.StartTick, &window.EndTick); err != nil {
				return err
			}
			if err := store.Update(tx, &window, "start_tick", "end_tick"); err != nil {
				return err
			}
		}
	}
	blocks, err := store.List[models.Block](tx, store.Eq("day_id", day.ID))
	if err != nil {
		return err
	}
	for i := range blocks {
		if _, err := store.Delete[models.Claim](tx, store.Eq("block_id", blocks[i].ID)); err != nil {
			return err
		}
		if err := span(&blocks[i].StartTick, &blocks[i].EndTick); err != nil {
			return err
		}
		if err := store.Update(tx, &blocks[i], "start_tick", "end_tick"); err != nil {
			return err
		}
		if err := ClaimBlock(tx, &blocks[i]); err != nil {
			return err
		}
	}
	return reclaimAll(tx, blocks)
}

// RemoveDay takes a day away with the teachers' hours on it. It is refused while talks are booked on it.
func (p *Parts) RemoveDay(ctx context.Context, actor models.Actor, at At, id models.DayID) (*programme.Conference, error) {
	return p.change(ctx, actor, at, "day-removed", func(tx *store.Tx, conference *programme.Conference) error {
		if _, ok := conference.Day(id); !ok {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		talks, err := booked(tx, store.Eq("day_id", id))
		if err != nil {
			return err
		}
		if err := hurts(talks); err != nil {
			return err
		}
		if err := discard(tx, store.Eq("day_id", id)); err != nil {
			return err
		}
		blocks, err := store.List[models.Block](tx, store.Eq("day_id", id))
		if err != nil {
			return err
		}
		if _, err := store.Delete[models.Day](tx, store.Eq("id", id)); err != nil {
			return err
		}
		return reclaimAll(tx, blocks)
	})
}
