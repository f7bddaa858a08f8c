// Package teaching is who teaches whom by hand: somebody more or less, and who stands in for somebody, over what files say. Files are imported by package people, which
// leaves alone what is said here. What becomes of talks that are booked is decided by package consequences.
package teaching

import (
	"context"
	"slices"
	"unicode/utf8"

	"github.com/ouderavond/ouderavond/booking/consequences"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/typed"
)

// Service changes who teaches whom. It is safe for concurrent use.
type Service struct{ store *store.Store }

// NewService makes the service.
func NewService(rows *store.Store) *Service { return &Service{rows} }

// Outcome is what a change does, or would do where it was only asked.
type Outcome struct {
	Teachings    []models.Teaching // those that were changed, as they are then
	Consequences consequences.Figures
}

// List returns who teaches whom, with what was taken away, and the school's people.
func (s *Service) List(ctx context.Context, actor models.Actor) (rows []models.Teaching, people *directory.Directory, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		if people, err = tx.Directory(); err != nil {
			return err
		}
		rows, err = store.List[models.Teaching](tx)
		return err
	})
	slices.SortFunc(rows, func(a, b models.Teaching) int { return a.ID.Compare(b.ID) })
	return rows, people, err
}

// work is a change of who teaches whom, within a transaction.
type work struct {
	people  *directory.Directory
	rows    []models.Teaching
	changed []models.Teaching // as they are then
	added   *models.Teaching
	deleted models.RowID
}

// change carries a change out, or only tells what it would do.
func (s *Service) change(ctx context.Context, actor models.Actor, preview bool, decide func(*store.Tx, *work) error) (outcome Outcome, err error) {
	do := func(tx *store.Tx) error {
		w := &work{}
		if w.people, err = tx.Directory(); err != nil {
			return err
		}
		if w.rows, err = store.List[models.Teaching](tx); err != nil {
			return err
		}
		if err := decide(tx, w); err != nil {
			return err
		}
		if outcome, err = w.outcome(tx); err != nil || preview {
			return err
		}
		return w.write(tx)
	}
	if preview {
		return outcome, s.store.For(actor).Read(ctx, do)
	}
	return outcome, s.store.For(actor).Write(ctx, do)
}

// outcome finds what the change means for the talks that are booked.
func (w *work) outcome(tx *store.Tx) (Outcome, error) {
	outcome := Outcome{Teachings: w.changed}
	after := slices.DeleteFunc(slices.Clone(w.rows), func(row models.Teaching) bool { return row.ID == w.deleted })
	for i := range after {
		if at := slices.IndexFunc(w.changed, func(row models.Teaching) bool { return row.ID == after[i].ID }); at >= 0 {
			after[i] = w.changed[at]
		}
	}
	if w.added != nil {
		after = append(after, *w.added)
	}
	plans, err := tx.Programme()
	if err != nil {
		return outcome, err
	}
	now, _ := models.TickAt(tx.Now())
	coming, err := tx.Appointments(store.From("start_tick", now+1), store.Eq("state", models.AppointmentBooked))
	if err != nil {
		return outcome, err
	}
	before := consequences.Roster{People: w.people, Programme: plans}
	outcome.Consequences = consequences.Count(consequences.Of(before, consequences.Change{After: w.people.Taught(after)}, coming))
	return outcome, nil
}

func (w *work) write(tx *store.Tx) error {
	counts := map[string]int{"changed": len(w.changed)}
	if w.added != nil {
		counts["added"] = 1
		if err := store.Insert(tx, w.added); err != nil {
			return err
		}
	}
	if !w.deleted.IsZero() {
		counts["removed"] = 1
		if _, err := store.Delete[models.Teaching](tx, store.Eq("id", w.deleted)); err != nil {
			return err
		}
	}
	for i := range w.changed {
		if w.added != nil && w.changed[i].ID == w.added.ID || w.changed[i].ID == w.deleted {
			continue
		}
		if err := store.Update(tx, &w.changed[i], "removed", "instead_id"); err != nil {
			return err
		}
	}
	return tx.Audited("teachings-by-hand", [16]byte{}, counts)
}

// maxSubject is the greatest length, in runes, of a subject.
const maxSubject = 100

// Add ties a teacher to a group or to one pupil, by hand; one of the files that staff took away is given back instead. What is so already is an errs.Conflict.
func (s *Service) Add(ctx context.Context, actor models.Actor, wanted models.Teaching, preview bool) (Outcome, error) {
	return s.change(ctx, actor, preview, func(_ *store.Tx, w *work) error {
		if err := w.check(&wanted); err != nil {
			return err
		}
		for _, row := range w.rows {
			same := row.StaffID == wanted.StaffID && row.GroupID == wanted.GroupID && row.PupilID == wanted.PupilID && row.Role == wanted.Role && row.Subject == wanted.Subject
			switch {
			case !same:
			case !row.Removed && row.InsteadID.IsZero():
				return errs.New(errs.Conflict, errs.CodeExists)
			default:
				row.Removed, row.InsteadID = false, models.StaffID{}
				w.changed = append(w.changed, row)
				return nil
			}
		}
		added := models.Teaching{
			ID: models.New[models.RowID](), StaffID: wanted.StaffID, GroupID: wanted.GroupID, PupilID: wanted.PupilID, Role: wanted.Role, Subject: wanted.Subject,
		}
		w.added, w.changed = &added, append(w.changed, added)
		return nil
	})
}

func (w *work) check(wanted *models.Teaching) error {
	if err := w.teaches("teacher", wanted.StaffID); err != nil {
		return err
	}
	if wanted.GroupID.IsZero() == wanted.PupilID.IsZero() {
		return errs.InvalidField("group", errs.CodeRequired)
	}
	if !wanted.GroupID.IsZero() {
		if _, ok := w.people.Group(wanted.GroupID); !ok {
			return errs.InvalidField("group", errs.CodeUnknown)
		}
	} else if _, ok := w.people.Pupil(wanted.PupilID); !ok {
		return errs.InvalidField("pupil", errs.CodeUnknown)
	}
	if !slices.Contains(models.AllTeachingRoles(), wanted.Role) {
		return errs.InvalidField("role", errs.CodeUnknown)
	}
	wanted.Subject = typed.OneLine(wanted.Subject)
	if utf8.RuneCountInString(wanted.Subject) > maxSubject {
		return errs.InvalidField("subject", "too-long")
	}
	return nil
}

// teaches refuses whoever is no teacher at the school.
func (w *work) teaches(field string, id models.StaffID) error {
	if consequences.Left(w.people, id) {
		return errs.InvalidField(field, errs.CodeUnknown)
	}
	return nil
}

// Remove takes a tie of a teacher away. One of the files stays away, whatever files say, until it is added again or Release lets files decide.
func (s *Service) Remove(ctx context.Context, actor models.Actor, id models.RowID, preview bool) (Outcome, error) {
	return s.change(ctx, actor, preview, func(_ *store.Tx, w *work) error {
		row, err := w.find(id)
		if err != nil || row.Removed {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		if !row.FromRoster {
			w.deleted = id
		}
		row.Removed = true
		w.changed = append(w.changed, row)
		return nil
	})
}

// Release lets files decide again about a tie of theirs.
func (s *Service) Release(ctx context.Context, actor models.Actor, id models.RowID, preview bool) (Outcome, error) {
	return s.change(ctx, actor, preview, func(_ *store.Tx, w *work) error {
		row, err := w.find(id)
		if err != nil || !row.FromRoster || !row.Removed && row.InsteadID.IsZero() {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		row.Removed, row.InsteadID = false, models.StaffID{}
		w.changed = append(w.changed, row)
		return nil
	})
}

func (w *work) find(id models.RowID) (models.Teaching, error) {
	at := slices.IndexFunc(w.rows, func(row models.Teaching) bool { return row.ID == id })
	if at < 0 {
		return models.Teaching{}, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	return w.rows[at], nil
}

// Substitution is somebody who stands in for a teacher from now on.
type Substitution struct {
	Teacher, Substitute models.StaffID
	Group               models.GroupID // of this group and its pupils; zero for whomever the teacher teaches
}

// Substitute lets somebody stand in for a teacher, until TakeBack says otherwise; imports leave it alone.
func (s *Service) Substitute(ctx context.Context, actor models.Actor, wanted Substitution, preview bool) (Outcome, error) {
	return s.change(ctx, actor, preview, func(_ *store.Tx, w *work) error {
		if err := w.teaches("substitute", wanted.Substitute); err != nil {
			return err
		}
		if wanted.Substitute == wanted.Teacher {
			return errs.InvalidField("substitute", errs.CodeUnknown)
		}
		return w.instead(wanted, func(row *models.Teaching) bool {
			if row.Removed || row.Teacher() != wanted.Teacher {
				return false
			}
			row.InsteadID = wanted.Substitute
			if row.StaffID == wanted.Substitute { // who had a substitute teaches again
				row.InsteadID = models.StaffID{}
			}
			return true
		})
	})
}

// TakeBack lets a teacher teach again for whom somebody stands in.
func (s *Service) TakeBack(ctx context.Context, actor models.Actor, wanted Substitution, preview bool) (Outcome, error) {
	return s.change(ctx, actor, preview, func(_ *store.Tx, w *work) error {
		return w.instead(wanted, func(row *models.Teaching) bool {
			if row.StaffID != wanted.Teacher || row.InsteadID.IsZero() {
				return false
			}
			row.InsteadID = models.StaffID{}
			return true
		})
	})
}

// instead changes the ties of a teacher that a substitution is about.
func (w *work) instead(wanted Substitution, change func(*models.Teaching) bool) error {
	if _, ok := w.people.Staff(wanted.Teacher); !ok {
		return errs.New(errs.NotFound, errs.CodeNotFound)
	}
	if _, ok := w.people.Group(wanted.Group); !ok && !wanted.Group.IsZero() {
		return errs.InvalidField("group", errs.CodeUnknown)
	}
	for _, row := range w.rows {
		if w.about(row, wanted.Group) && change(&row) {
			w.changed = append(w.changed, row)
		}
	}
	if len(w.changed) == 0 {
		return errs.InvalidField("group", "not-taught")
	}
	return nil
}

// about reports whether a tie is to a group, or to a pupil whose main group that is.
func (w *work) about(row models.Teaching, group models.GroupID) bool {
	if group.IsZero() || row.GroupID == group {
		return true
	}
	pupil, ok := w.people.Pupil(row.PupilID)
	return ok && pupil.GroupID == group
}
