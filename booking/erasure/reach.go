package erasure

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/kept"
	"github.com/ouderavond/ouderavond/models/store"
)

// stillOnItsWay is how long a message that was being written when somebody was erased may come after that into the mailbox folder.
const stillOnItsWay = 5 * time.Minute

// reached is how far this program has come with what others and itself have erased.
type reached struct {
	sync.Mutex
	rows map[models.RowID]time.Time // in the journal
	log  bool                       // the write-ahead log has been emptied since
}

// Reach erases what lies outside the rows of persons whose rows are gone: their messages in this program's mailbox folder and what the write-ahead log still
// holds; and it keeps a line for each in the journal, by which a restore erases them again. It is called after each such commit, and by a job, which also finishes
// what failed and what other programs on the database have erased. Without a function to wait with nobody is waited for.
func (s *Service) Reach(ctx context.Context, wait func(context.Context, time.Duration) error) error {
	s.reached.Lock()
	defer s.reached.Unlock()
	if s.reached.rows == nil {
		s.reached.rows = map[models.RowID]time.Time{}
	}
	installation := s.store.Installation(models.Actor{Kind: models.ActorSystem, Reason: "reach what was erased"})
	rows, err := installation.PersonErasures(ctx, s.store.Now().Add(-kept.MailboxAge))
	if err != nil {
		return err
	}
	fresh := slices.DeleteFunc(slices.Clone(rows), func(row models.PersonErasure) bool { _, done := s.reached.rows[row.ID]; return done })
	if err := s.eraseOutside(rows, fresh); err != nil {
		return err
	}
	for _, row := range fresh {
		s.reached.rows[row.ID], s.reached.log = row.At, false
	}
	for id, at := range s.reached.rows {
		if at.Before(s.store.Now().Add(-kept.MailboxAge)) {
			delete(s.reached.rows, id)
		}
	}
	if s.reached.log {
		return nil
	}
	err = installation.TruncateLog(ctx, wait)
	s.reached.log = err == nil
	return err
}

func (s *Service) eraseOutside(rows, fresh []models.PersonErasure) error {
	if s.external == nil {
		return nil
	}
	lines := make([]Erased, len(fresh))
	for i, row := range fresh {
		of, _ := row.Kind.Of()
		lines[i] = Erased{row.Kind, s.keyed(row.SchoolID, of, row.Subject), row.At.UTC()}
	}
	if err := s.external.KeepErased(lines); err != nil {
		return err
	}
	messages := map[string][]string{}
	late := s.store.Now().Add(-stillOnItsWay)
	for _, row := range rows {
		if _, done := s.reached.rows[row.ID]; !done || row.At.After(late) {
			messages[row.SchoolID.String()] = append(messages[row.SchoolID.String()], models.Texts(row.Messages)...)
		}
	}
	var failed error
	for school, ids := range messages {
		if len(ids) > 0 {
			_, err := s.external.EraseMessages(school, ids)
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// keyed is how the journal calls something of a school.
func (s *Service) keyed(school models.SchoolID, kind models.ErasureKind, subject []byte) string {
	return hex.EncodeToString(s.store.Master().Erased(school, string(kind), subject))
}

// ForgetAged removes what this program keeps beside the database and has become old: messages of the mailbox folder, and lines of the journal that no copy needs
// any more.
func (s *Service) ForgetAged(context.Context) error {
	if s.external == nil {
		return nil
	}
	now := s.store.Now()
	_, err := s.external.ForgetMessages(now.Add(-kept.MailboxAge), now)
	return errors.Join(err, s.external.ForgetErased(now.Add(-kept.JournalAge)))
}

// DropEmptied removes the households in which nobody is left since an import and which were told by now, of the schools that erased somebody of late.
func (s *Service) DropEmptied(ctx context.Context) error {
	rows, err := s.store.Installation(models.Actor{Kind: models.ActorSystem, Reason: "drop emptied households"}).PersonErasures(ctx, s.store.Now().Add(-kept.MailboxAge))
	if err != nil {
		return err
	}
	looked := map[models.SchoolID]bool{}
	for _, row := range rows {
		if looked[row.SchoolID] {
			continue
		}
		looked[row.SchoolID] = true
		if err := s.dropEmptied(ctx, row.SchoolID); err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
	}
	return nil
}

func (s *Service) dropEmptied(ctx context.Context, school models.SchoolID) error {
	scope, due := s.store.For(models.System(school, "drop emptied households")), false
	err := scope.Read(ctx, func(tx *store.Tx) error {
		empty, err := store.Count[models.Household](tx, household.NobodyIn)
		due = empty > 0
		return err
	})
	if err != nil || !due {
		return err
	}
	return scope.Write(ctx, func(tx *store.Tx) error {
		_, err := household.DropEmpty(tx)
		return err
	})
}
