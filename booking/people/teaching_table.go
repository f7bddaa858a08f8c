package people

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/ouderavond/ouderavond/booking/consequences"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// TeachingTable is a table of groups and teachers to be imported.
type TeachingTable struct {
	Table roster.File
	Sheet string // of a spreadsheet, as of ImportRequest
	// Digest, if set, is the digest of the preview that somebody agreed to, as of ImportRequest.
	Digest string
	// AllowRemoval lets the table leave less than four fifths of what files say is taught.
	AllowRemoval bool
}

// TeachingTableResult is what a table of groups and teachers does or would do.
type TeachingTableResult struct {
	Report    *roster.Report
	Teachers  CountChange
	Teachings CountChange
	Unknown   []string // groups that the school does not have
	// UnknownPupils counts the pupils of a list of lessons whom the school does not have.
	UnknownPupils int
	Kept          []KeptValue
	// Unserved counts the pupils who had teachers before and would have none.
	Unserved int
	Digest   string
	Applied  bool
	// Consequences are as of ImportResult.
	Consequences Consequences
}

// Empty reports whether nothing changes.
func (r *TeachingTableResult) Empty() bool {
	return r.Teachers == (CountChange{}) && r.Teachings == (CountChange{})
}

// PreviewTeachers tells what a table would do, and does nothing.
func (s *Service) PreviewTeachers(ctx context.Context, actor models.Actor, table TeachingTable) (*TeachingTableResult, error) {
	return s.importTable(ctx, actor, table, true)
}

// ImportTeachers reads a table of group x teacher, as a file or pasted, and replaces the teachings that came from files by it. It is the way on for a
// roster whose format has no teachers. A table of which no group is known is refused, and so is one that leaves much less taught than before.
func (s *Service) ImportTeachers(ctx context.Context, actor models.Actor, table TeachingTable) (*TeachingTableResult, error) {
	return s.importTable(ctx, actor, table, false)
}

func (s *Service) importTable(ctx context.Context, actor models.Actor, table TeachingTable, preview bool) (*TeachingTableResult, error) {
	read, report := roster.ParseTeacherTable(table.Table.Data, roster.Options{Sheet: table.Sheet})
	result := &TeachingTableResult{Report: report, Unknown: []string{}}
	if !report.Readable() {
		return result, nil
	}
	var planned *importer
	err := s.store.For(actor).Read(ctx, func(tx *store.Tx) (err error) {
		planned, err = planTable(tx, read, result)
		return err
	})
	if err != nil || preview {
		return result, err
	}
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		work := planned
		stands, err := work.stands(tx)
		if err == nil && !stands {
			work, err = planTable(tx, read, result)
		}
		if err != nil {
			return err
		}
		if table.Digest != "" && table.Digest != result.Digest {
			return errs.New(errs.Stale, "import.changed-since-preview")
		}
		if err := work.mayUnteach(); err != nil && !table.AllowRemoval {
			return err
		}
		if err := work.carryOut(tx); err != nil {
			return err
		}
		result.Consequences = Count(work.touched, work.moves)
		tx.AfterCommit(s.wake)
		result.Applied = true
		if result.Empty() {
			return nil
		}
		return tx.Audited("teachers", [16]byte{}, map[string]int{"added": result.Teachers.Added, "teachings": result.Teachings.Added})
	})
	return result, err
}

// planTable decides what a table does, and tells it.
func planTable(tx *store.Tx, read *roster.Roster, result *TeachingTableResult) (*importer, error) {
	work, err := newTableImporter(tx, read)
	if err != nil {
		return nil, err
	}
	if err := work.tie(result); err != nil {
		return nil, err
	}
	if err := work.follow(tx); err != nil {
		return nil, err
	}
	result.Consequences = Count(work.touched, work.moves)
	return work, work.prepare(tx)
}

// newTableImporter makes an importer of teachers alone, who knows the school's groups by key and by name.
func newTableImporter(tx *store.Tx, read *roster.Roster) (*importer, error) {
	work, err := newImporter(tx, &roster.Roster{Teachers: read.Teachers, Lessons: read.Lessons, OnlyLessons: read.OnlyLessons}, civil.Date{}, ImportRequest{})
	if err != nil {
		return nil, err
	}
	for _, group := range work.people.Groups() {
		work.groups[group.Details.Key] = group.ID
		if _, taken := work.groups[group.Details.Name]; !taken {
			work.groups[group.Details.Name] = group.ID
		}
	}
	work.findPupils()
	return work, nil
}

// findPupils finds those of whom a list of lessons tells: by the number as it is written, or else without zeros in front, where only one has it.
func (w *importer) findPupils() {
	exact, loose := map[string]models.PupilID{}, map[string][]models.PupilID{}
	for _, pupil := range w.people.Pupils() {
		if key := pupil.Details.Key; pupil.State == models.PersonActive && !strings.HasPrefix(key, unnumbered) {
			exact[key] = pupil.ID
			loose[looseNumber(key)] = append(loose[looseNumber(key)], pupil.ID)
		}
	}
	for _, lesson := range w.roster.Lessons {
		if id, ok := exact[lesson.PupilKey]; ok {
			w.pupils[lesson.PupilKey] = id
		} else if fits := loose[looseNumber(lesson.PupilKey)]; len(fits) == 1 {
			w.pupils[lesson.PupilKey] = fits[0]
		}
	}
}

// unknownPupils counts the pupils of a list of lessons whom the school does not have.
func (w *importer) unknownPupils() int {
	unknown := map[string]bool{}
	for _, lesson := range w.roster.Lessons {
		if _, ok := w.pupils[lesson.PupilKey]; !ok {
			unknown[lesson.PupilKey] = true
		}
	}
	return len(unknown)
}

// tie ties the teachers to the groups and pupils, and tells what that does.
func (w *importer) tie(result *TeachingTableResult) error {
	result.Unknown = unknownGroups(w.roster.Teachers, w.groups)
	known := false
	for _, teacher := range w.roster.Teachers {
		for _, tie := range teacher.Groups {
			known = known || !w.groups[tie.GroupKey].IsZero()
		}
	}
	result.UnknownPupils = w.unknownPupils()
	switch {
	case len(w.roster.Lessons) > 0 && len(w.pupils) == 0:
		return errs.New(errs.Conflict, "import.no-such-pupils").With("pupils", fmt.Sprint(result.UnknownPupils))
	case len(w.roster.Lessons) == 0 && !known:
		return errs.New(errs.Conflict, "import.no-such-groups").With("groups", strings.Join(result.Unknown[:min(len(result.Unknown), 5)], ", "))
	}
	for _, step := range []func() error{w.importStaff, w.flushKeys, w.importTeachings} {
		if err := step(); err != nil {
			return err
		}
	}
	w.later(linkTeachers)
	unserved := w.unserved()
	result.Teachers, result.Teachings, result.Kept, result.Unserved = w.change.Teachers, w.change.Teachings, w.change.Kept, unserved
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %+v %d %v %v %s", w.tx.School().RosterVersion, w.change, unserved, w.roster.Teachers, w.roster.Lessons, consequences.Rules))
	result.Digest = hex.EncodeToString(sum[:12])
	return nil
}

// unserved counts the pupils who had teachers and have none any more.
func (w *importer) unserved() (count int) {
	groups, pupils := map[models.GroupID]bool{}, map[models.PupilID]bool{}
	for _, row := range w.teachings {
		if !row.Removed {
			groups[row.GroupID], pupils[row.PupilID] = true, true
		}
	}
	for _, pupil := range w.people.Pupils() {
		before, after := false, pupils[pupil.ID]
		for range w.people.Teachings(pupil.ID) {
			before = true
			break
		}
		for _, group := range w.people.GroupsOf(pupil.ID) {
			after = after || groups[group]
		}
		if before && !after && !groups[pupil.GroupID] {
			count++
		}
	}
	return count
}

func unknownGroups(teachers []roster.Teacher, groups map[string]models.GroupID) []string {
	unknown, seen := []string{}, map[string]bool{}
	for _, teacher := range teachers {
		for _, tie := range teacher.Groups {
			if _, ok := groups[tie.GroupKey]; !ok && !seen[tie.GroupKey] {
				seen[tie.GroupKey] = true
				unknown = append(unknown, tie.GroupKey)
			}
		}
	}
	return unknown
}
