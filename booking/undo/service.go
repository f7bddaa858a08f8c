package undo

import (
	"context"

	"github.com/ouderavond/ouderavond/booking/consequences"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// Service takes imports back. It is safe for concurrent use.
type Service struct {
	store *store.Store
	// wake tells the dispatcher of messages that something was queued.
	wake func()
	// reach erases what lies outside the database of those whose rows are gone.
	reach func(context.Context)
}

// NewService makes the service. wake is called after each commit that queued a message, reach after each that erased somebody.
func NewService(rows *store.Store, wake func(), reach func(context.Context)) *Service {
	return &Service{store: rows, wake: wake, reach: reach}
}

// Format is the format of the import that taking one back is.
const Format = "undo"

// Request is a wish to take an import back.
type Request struct {
	Import models.RowID
	// Digest, if set, is the digest of the preview that somebody agreed to: if it would now do anything else, it is errs.Stale and does nothing.
	Digest string
	// AllowRemoval lets it take away more than a fifth of the pupils.
	AllowRemoval bool
}

// Result is what taking an import back does or would do. Pupils who come back are those whom its change adds.
type Result struct {
	Change       people.RosterChange
	Digest       string
	Applied      bool
	Import       models.RowID // the import that it is itself; zero of a preview, and where nothing was to do
	Consequences people.Consequences
	// Stays is what the import did and what was changed since.
	Stays []Stay
	// Former are the talks that the pupils had who come back: those without an obstacle are offered to their families, the others are the school's to see to.
	Former []Former
	Zone   string // of the school, by whose clocks times are shown
	Empty  bool   // nothing is to do
}

// Preview tells what taking an import back would do, and does nothing. An import that the school does not have is errs.NotFound; one of which nothing is kept any
// more, because its time is over or it changed nothing, a conflict with the code "undo.over".
func (s *Service) Preview(ctx context.Context, actor models.Actor, request Request) (result *Result, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		_, _, result, err = planned(tx, request)
		return err
	})
	return result, err
}

// Undo takes an import back, in one transaction: rows that it added go, rows that it changed get their former values, rows that it deleted come back, each as far as
// nobody has changed it since. It is an import itself. A second time it does nothing.
func (s *Service) Undo(ctx context.Context, actor models.Actor, request Request) (result *Result, err error) {
	err = s.store.For(actor).WriteLong(ctx, func(tx *store.Tx) error {
		var work *plan
		var touched []consequences.Talk
		if work, touched, result, err = planned(tx, request); err != nil {
			return err
		}
		if request.Digest != "" && request.Digest != result.Digest {
			return errs.New(errs.Stale, "import.changed-since-preview")
		}
		if !request.AllowRemoval {
			roster, err := tx.Directory()
			if err != nil {
				return err
			}
			if err := people.MayRemove(roster, len(result.Change.Gone)); err != nil {
				return err
			}
		}
		result.Applied = true
		if work.empty() {
			return nil
		}
		return work.carryOut(touched, result)
	})
	if err != nil {
		return nil, err
	}
	s.wake()
	s.reach(ctx)
	return result, nil
}

func planned(tx *store.Tx, request Request) (work *plan, touched []consequences.Talk, result *Result, err error) {
	if work, err = newPlan(tx, request.Import); err != nil {
		return nil, nil, nil, err
	}
	after, err := work.after()
	if err != nil {
		return nil, nil, nil, err
	}
	if touched, err = work.touched(after); err != nil {
		return nil, nil, nil, err
	}
	result = &Result{Change: work.change(), Stays: work.list(), Consequences: people.Count(touched, work.moves()), Zone: tx.School().Zone, Empty: work.empty()}
	result.Change.CancelledTalks = result.Consequences.Cancelled
	result.Digest = work.digest(result.Change)
	result.Former, err = work.former(after)
	return work, touched, result, err
}

// carryOut carries the plan out as an import of its own.
func (p *plan) carryOut(touched []consequences.Talk, result *Result) error {
	id := models.New[models.RowID]()
	if err := p.tx.Record(id, p.tx.Now()); err != nil {
		return err
	}
	if err := household.Change(p.tx, p.write); err != nil {
		return err
	}
	if err := people.TellMovable(p.tx, touched); err != nil {
		return err
	}
	if err := p.tell(result.Former); err != nil {
		return err
	}
	counts := map[string]int{"added": len(result.Change.Added), "changed": len(result.Change.Changed), "gone": len(result.Change.Gone)}
	if err := store.Insert(p.tx, &models.Import{ID: id, At: p.tx.Now(), State: models.ImportApplied, Format: Format, Counts: counts}); err != nil {
		return err
	}
	result.Import = id
	return p.tx.Audited("import-undone", id, counts)
}
