package backup

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/cmd/internal/wiping"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// restoreLeap is added to every counter that people outside have seen, as by backup.Settle: what they saw since the copy has then a smaller number than
// anything that comes.
const restoreLeap = 1000

// AfterDump makes a PostgreSQL database fit to be used again that pg_restore has put back: wipes again what was wiped, and settles what must not go on as if
// nothing had happened. It can be run again if it was cut off.
func (r *Restoring) AfterDump(ctx context.Context, s *config.Settings, folders []string, yes bool) error {
	if err := r.gatherWiped(ctx, folders); err != nil {
		return err
	}
	r.say("This goes behind pg_restore, while no instance runs: see docs/operating.md. Everybody is logged out, and messages that wait are not sent.")
	if !yes && !console.Agreed(r.Term, "No instance runs, and the copy is back in the database?") {
		r.say("Nothing was changed.")
		return console.ErrFailed
	}
	rows, err := store.Open(ctx, store.Config{URL: s.Database, Master: r.Master, Clock: r.Clock})
	if err != nil {
		return err
	}
	return errors.Join(r.forgetAndSettle(ctx, rows), rows.Close())
}

func (r *Restoring) forgetAndSettle(ctx context.Context, rows *store.Store) error {
	again, err := r.mergeLedger(ctx, rows)
	if err != nil {
		return err
	}
	service := booking.New(rows, booking.Options{External: datafolder.External{Folder: r.Folder}})
	waiting := func() { r.say("waiting   a program on the database wipes a school; none should run") }
	if err := (wiping.Wipes{Rows: rows, Booking: service}).Finish(ctx, waiting); err != nil {
		return err
	}
	if _, err := service.Erasures.KeepReceipts(ctx); err != nil {
		return err
	}
	r.say("wiped     schools known to have been wiped: %d; of these in the copy, and wiped from it again: %d", len(r.wiped), len(again))
	for _, school := range again {
		r.say("          %s", school)
	}
	if err := r.replay(ctx, service); err != nil {
		return err
	}
	schools, err := rows.Installation(restorer()).Schools(ctx)
	if err != nil {
		return err
	}
	sum := settled{}
	for _, school := range schools {
		one, err := settle(ctx, rows, school.ID)
		if err != nil {
			return err
		}
		sum = settled{sum.sessions + one.sessions, sum.codes + one.codes, sum.messages + one.messages}
	}
	r.say("ended     %d sessions and %d one-time codes: everybody logs in again", sum.sessions, sum.codes)
	r.say("messages  %d were waiting in the copy. They may have gone out since, so they will not be sent: the school sees them as unknown (%s) and can send them again",
		sum.messages, models.ProblemRestored)
	r.say("lost      What happened since the copy was made. Look yourself: keys revoked and passwords changed since are as they were.")
	r.say("ready     %d schools. Start the instances. Then import the present rosters, look at each school's messages, and tell families whose appointments were lost.", len(schools))
	return nil
}

func restorer() models.Actor { return models.Actor{Kind: models.ActorSystem, Reason: "restore"} }

// mergeLedger writes into the ledger what receipts say, and gives the schools that are there and should not be. Their lines have no end yet: the wipe that
// follows gives them one, and the figures are its own.
func (r *Restoring) mergeLedger(ctx context.Context, rows *store.Store) ([]models.SchoolID, error) {
	installation := rows.Installation(restorer())
	schools, err := installation.Schools(ctx)
	if err != nil {
		return nil, err
	}
	var again []models.SchoolID
	for _, wiped := range r.wiped {
		line := &models.Erasure{SchoolID: models.RawSchoolID(wiped.School), AskedAt: wiped.AskedAt, FinishedAt: wiped.FinishedAt, Receipt: wiped.Receipt}
		if err := json.Unmarshal([]byte(wiped.Counts), &line.Counts); err != nil {
			return nil, err
		}
		there := slices.ContainsFunc(schools, func(school models.School) bool { return school.ID == wiped.School })
		known, err := installation.Erasure(ctx, wiped.School)
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return nil, err
		}
		if there {
			again = append(again, wiped.School)
			line.FinishedAt, line.Counts, line.Receipt = nil, map[string]int64{}, "{}"
		} else if err == nil && known.FinishedAt != nil {
			continue
		}
		if err := installation.RecordErasure(ctx, line); err != nil {
			return nil, err
		}
	}
	return again, nil
}

// settled counts what a restore has ended.
type settled struct{ sessions, codes, messages int64 }

// settle ends what must not go on in a school of a database that was put back: the same as backup.Settle does to a file, by the store, in one transaction.
func settle(ctx context.Context, rows *store.Store, school models.SchoolID) (done settled, err error) {
	err = rows.For(models.System(school, "restore")).WriteLong(ctx, func(tx *store.Tx) error {
		done = settled{}
		var err error
		if done.sessions, err = store.Delete[models.Session](tx, store.Not("id", models.SessionID{})); err != nil {
			return err
		}
		if done.codes, err = store.Delete[models.Code](tx, store.Not("id", models.RowID{})); err != nil {
			return err
		}
		if _, err = store.Delete[models.AccountToken](tx, store.Not("id", models.RowID{})); err != nil {
			return err
		}
		if done.messages, err = settleMessages(tx); err != nil {
			return err
		}
		return leap(tx)
	})
	return done, err
}

// settleMessages marks what was waiting to be sent: it may have been sent since. Codes are void.
func settleMessages(tx *store.Tx) (marked int64, err error) {
	waiting, err := store.List[models.Message](tx, store.In("state", []models.MessageState{models.MessageQueued, models.MessageSending}))
	if err != nil {
		return 0, err
	}
	for _, before := range waiting {
		after := before
		after.State, after.Problem, after.LeasedUntil = models.MessageUnknown, models.ProblemRestored, nil
		if before.Kind == models.MessageCode {
			after.State, after.Details = models.MessageSuperseded, models.MessageDetails{}
		} else {
			marked++
		}
		if _, err := tx.Advance(before, &after, "state", "problem", "leased_until", "details"); err != nil {
			return 0, err
		}
	}
	return marked, nil
}

// leap raises every counter that people outside have seen.
func leap(tx *store.Tx) error {
	tx.School().RosterVersion += restoreLeap
	tx.School().ProgrammeVersion += restoreLeap
	return cmp.Or(
		raise(tx, "revision", func(one *models.Household) { one.Revision += restoreLeap }),
		raise(tx, "sequence", func(one *models.Invitation) { one.Sequence += restoreLeap }),
		raise(tx, "version", func(one *models.Appointment) { one.Version += restoreLeap }),
		raise(tx, "version", func(one *models.Conference) { one.Version += restoreLeap }),
		tx.UpdateSchool("roster_version", "programme_version"),
	)
}

func raise[T any](tx *store.Tx, column string, raised func(*T)) error {
	all, err := store.List[T](tx)
	for i := range all {
		if err != nil {
			break
		}
		raised(&all[i])
		err = store.Update(tx, &all[i], column)
	}
	return err
}
