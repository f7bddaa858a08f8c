package imports

import (
	"context"
	"encoding/json"
	"reflect"
	"time"

	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/eraser"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/outbox"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/task"
)

// readingTask reads the files of an import for the first time. Its input is the import's id.
const readingTask models.TaskKind = "read-import"

const (
	// steps of a reading task: read and compared, applied and told.
	steps = 2
	// mostAttempts is how often a reading is begun, before it is given up: files that end the program must not end it for ever.
	mostAttempts = 3
	// codeGaveUp is the problem of an import whose reading ended the program each time, codeUnknownTask that of a task that an older program left.
	codeGaveUp, codeUnknownTask = "import.gave-up", "unknown-task"
)

// Start works in the background, as Work does, whatever becomes of the caller. What it leaves is done by the next who works.
func (s *Service) Start(ctx context.Context, school models.SchoolID) <-chan error {
	done := make(chan error, 1)
	s.working.Go(func() { done <- s.Work(context.WithoutCancel(ctx), school) })
	return done
}

// lookAgain is how often a reading that is in another's hands is looked at.
const lookAgain = 50 * time.Millisecond

// Await returns once the reading of an import has ended, whoever does it: somebody who was at work already takes what was handed in behind it, and so may another
// program. It waits as long as the context lasts, whose end is no error.
func (s *Service) Await(ctx context.Context, school models.SchoolID, id models.RowID) error {
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	for {
		ended := false
		err := s.store.For(models.System(school, "import")).Read(ctx, func(tx *store.Tx) error {
			row, err := store.Get[models.Import](tx, id)
			if err != nil {
				return err
			}
			reading, err := store.Get[models.Task](tx, row.TaskID)
			ended = err == nil && (reading.State == models.TaskDone || reading.State == models.TaskFailed)
			return err
		})
		if ctx.Err() != nil {
			return nil
		}
		if err != nil || ended {
			return err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// Wait returns once what was started has ended.
func (s *Service) Wait() { s.working.Wait() }

// Work reads the imports of a school that nobody reads, one after another.
func (s *Service) Work(ctx context.Context, school models.SchoolID) error {
	for {
		running, err := task.Take(ctx, s.store, school)
		if err != nil || running == nil {
			return err
		}
		if err := s.read(ctx, running); err != nil {
			return err
		}
	}
}

// WorkAll does what Work does for every school: what a program that stopped has left.
func (s *Service) WorkAll(ctx context.Context) error {
	schools, err := s.store.Installation(models.Actor{Kind: models.ActorSystem, Reason: "imports"}).Schools(ctx)
	if err != nil {
		return err
	}
	for _, school := range schools {
		if school.State != models.SchoolActive {
			continue
		}
		if err := s.Work(ctx, school.ID); err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
	}
	return nil
}

// read carries one task out: it reads the files, applies the import if that was asked for, and tells the office. Where it was begun before, it goes on behind what is
// done.
func (s *Service) read(ctx context.Context, running *task.Running) error {
	var id models.RowID
	if running.Kind != readingTask || json.Unmarshal(running.Input, &id) != nil {
		return running.Fail(ctx, codeUnknownTask)
	}
	if running.Attempt > mostAttempts {
		return s.giveUp(ctx, running, id, codeGaveUp)
	}
	actor := models.System(running.SchoolID, "import")
	view, err := s.Get(ctx, actor, id)
	if err != nil {
		return err
	}
	if view.State == models.ImportReading {
		if err := running.Progress(ctx, 0, steps); err != nil {
			return err
		}
		found, err := s.look(ctx, actor, id)
		if err != nil {
			if errs.KindOf(err) == errs.Internal || errs.KindOf(err) == errs.Unavailable { // it is tried again, by whoever works next
				return err
			}
			return s.giveUp(ctx, running, id, errs.CodeOf(err))
		}
		err = running.Write(ctx, func(tx *store.Tx) error {
			_, err := found.keep(tx)
			return err
		})
		if err != nil {
			return err
		}
	}
	if err := running.Progress(ctx, 1, steps); err != nil {
		return err
	}
	if err := s.applyUnseen(ctx, actor, id); err != nil {
		return err
	}
	return running.Finish(ctx, func(tx *store.Tx) error { return s.tell(tx, id, view.Details) })
}

// giveUp ends an import that cannot be read.
func (s *Service) giveUp(ctx context.Context, running *task.Running, id models.RowID, code string) error {
	return running.Finish(ctx, func(tx *store.Tx) error {
		row, err := store.Get[models.Import](tx, id)
		if err != nil || row.State != models.ImportReading {
			return err
		}
		said := row.Details
		row.State, row.Problem = models.ImportFailed, code
		if err := store.Update(tx, row, "problem"); err != nil {
			return err
		}
		if err := eraser.EndImport(tx, row); err != nil {
			return err
		}
		return s.tell(tx, id, said)
	})
}

// applyUnseen applies an import that was handed in to be applied without anybody's look. What stands in its way, as somebody who imports at the same moment, leaves it
// lying there.
func (s *Service) applyUnseen(ctx context.Context, actor models.Actor, id models.RowID) error {
	view, err := s.Get(ctx, actor, id)
	if err != nil || view.State != models.ImportReady {
		return err
	}
	switch said := view.Details.Apply; {
	case said == models.ApplyNot, said == models.ApplyClear && view.Questions > 0:
		return nil
	default:
		_, err = s.Commit(ctx, actor, id, "", said == models.ApplyLeave)
	}
	if kind := errs.KindOf(err); err != nil && (kind == errs.Conflict || kind == errs.Stale || kind == errs.Invalid) {
		return nil
	}
	return err
}

// toldUseful is how long it is worth telling the office of an import.
const toldUseful = 48 * time.Hour

// tell queues a message to the office about an import, if that was asked for and the school has an address.
func (s *Service) tell(tx *store.Tx, id models.RowID, said models.ImportDetails) error {
	to := tx.School().Details.ReplyTo
	if !said.Tell || to == "" {
		return nil
	}
	_, err := outbox.Queue(tx, outbox.Message{
		Kind: models.MessageImport, Channel: models.ChannelMail, Until: tx.Now().Add(toldUseful), Details: models.MessageDetails{To: to, Import: id},
	})
	tx.AfterCommit(s.wake)
	return err
}

// looked is what an import's files say and would do, by what was said of them at the time.
type looked struct {
	id     models.RowID
	said   models.ImportDetails
	result *people.ImportResult // nil if the import has ended
}

// look reads an import's files and compares them with the school.
func (s *Service) look(ctx context.Context, actor models.Actor, id models.RowID) (found looked, err error) {
	var request people.ImportRequest
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		row, err := store.Get[models.Import](tx, id)
		if err != nil {
			return err
		}
		found.id, found.said = id, row.Details
		request, err = requestOf(tx, row)
		return err
	})
	if err != nil || len(request.Files) == 0 {
		return found, err
	}
	release, err := s.turn(ctx)
	if err != nil {
		return found, err
	}
	defer release()
	found.result, err = s.people.PreviewImport(ctx, actor, request)
	return found, err
}

// keep keeps what was found. It returns false, and keeps nothing, if somebody has said something else meanwhile.
func (l looked) keep(tx *store.Tx) (kept bool, err error) {
	row, err := store.Get[models.Import](tx, l.id)
	if err != nil || l.result == nil || !isOpen(*row) {
		return true, err
	}
	if !reflect.DeepEqual(row.Details, l.said) {
		return false, nil
	}
	if row.Outcome, err = json.Marshal(l.result); err != nil {
		return false, err
	}
	row.Questions = 0
	for _, question := range l.result.Questions {
		if question.Answer == "" {
			row.Questions++
		}
	}
	row.Format, row.Dropped = l.result.Report.Format, l.result.Report.Dropped
	switch {
	case row.State == models.ImportApplied && row.Questions > 0:
	case row.State == models.ImportApplied && l.result.Change.Empty():
		return true, eraser.EndImport(tx, row) // nothing is left of it
	case l.result.Report.Readable():
		row.State = models.ImportReady
	default:
		row.State = models.ImportUnreadable
	}
	return true, store.Update(tx, row, "state", "questions", "format", "dropped", "outcome")
}

// compare looks at an import anew, as often as somebody says something else meanwhile, and returns it.
func (s *Service) compare(ctx context.Context, actor models.Actor, id models.RowID) (view *View, err error) {
	for kept := false; !kept; {
		found, err := s.look(ctx, actor, id)
		if err != nil {
			return nil, err
		}
		err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
			kept, err = found.keep(tx)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		view, err = viewOf(tx, id)
		return err
	})
	return view, err
}

// turn waits until no other file is read by this program.
func (s *Service) turn(ctx context.Context) (release func(), err error) {
	select {
	case s.one <- struct{}{}:
		return func() { <-s.one }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
