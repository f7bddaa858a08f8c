package conference

import (
	"context"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// Open opens a conference: parents may book between its opening and closing times. What stands in the way is errs.Conflict, code
// "conference.not-ready", with the first blocker; warnings do not stop it.
func (s *Service) Open(ctx context.Context, actor models.Actor, id models.ConferenceID) (*programme.Conference, error) {
	err := s.changeConference(ctx, actor, At{Conference: id}, "conference-opened", func(tx *store.Tx, row *models.Conference) error {
		conference, err := In(tx, id)
		if err != nil {
			return err
		}
		people, err := tx.Directory()
		if err != nil {
			return err
		}
		ready, err := s.readinessOf(tx, people, conference)
		if err != nil {
			return err
		}
		if len(ready.Blockers) > 0 {
			refused := errs.New(errs.Conflict, "conference.not-ready").With("blocker", ready.Blockers[0].Code)
			for name, value := range ready.Blockers[0].Params {
				refused = refused.With(name, value)
			}
			return refused
		}
		row.State = models.ConferenceOpen
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.Get(ctx, actor, id)
}

// Close closes a conference: parents see their appointments and change nothing any more. One that was never opened is errs.Conflict, code
// "conference.never-opened".
func (s *Service) Close(ctx context.Context, actor models.Actor, id models.ConferenceID) (*programme.Conference, error) {
	err := s.changeConference(ctx, actor, At{Conference: id}, "conference-closed", func(_ *store.Tx, row *models.Conference) error {
		if row.State == models.ConferenceDraft {
			return errs.New(errs.Conflict, "conference.never-opened")
		}
		row.State = models.ConferenceClosed
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.Get(ctx, actor, id)
}
