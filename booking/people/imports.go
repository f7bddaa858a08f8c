package people

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/booking/policy"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// Above these, an import that takes pupils away must be told that it may: a file of one class would otherwise end the others.
const (
	removalShare = 5 // one in five
	removalLeast = 5
)

// ImportRequest is a roster import.
type ImportRequest struct {
	Files   []roster.File
	Mapping map[string]string // columns of a CSV file, as in roster.Options
	// Encoding is how the letters of CSV files are written, as in roster.Options; empty lets the reader decide.
	Encoding string
	// Digest, if set, is the digest of the preview that somebody agreed to: if the import would now do anything else, it is errs.Stale and does nothing.
	Digest string
	// AllowRemoval lets the import take away more than a fifth of the pupils or of what is taught, or empty a field of more than a twentieth of those who had it.
	AllowRemoval bool
	// Renumbered says whether pupils whom the files have under another number are the same ones. Nil is no answer: a preview takes them for the same, and an import
	// of any is refused.
	Renumbered *bool
}

// RosterChange is what an import does or would do. The lists hold the school's own keys, for people who may see the roster.
type RosterChange struct {
	Added, Changed, Gone []PupilChange
	Groups, Teachers     CountChange
	Teachings            CountChange
	Households           CountChange
	Contacts             CountChange
	Suggestions          int      // new ones
	Withdrawn            int      // open suggestions that the roster no longer suggests
	Kept                 []string // "key: field" of values that were set by hand and not overwritten
	CancelledTalks       int      // appointments of pupils who are gone
	// Erased counts, by field, the pupils (of guardians' addresses and numbers, the households) who had it and lose it.
	Erased map[string]int
	// Renumbered are the pupils whom the files have under another number, and Unsure those of whom nobody can say who they are.
	Renumbered []Renumbering
	Unsure     []UnsurePupil
	// Untold names the fields that pupils have and of which the files say nothing; they stay as they are.
	Untold []string
}

// PupilChange is one pupil in a RosterChange.
type PupilChange struct {
	Key, Given string
	Fields     []string // of a changed one
}

// CountChange counts what comes and goes.
type CountChange struct{ Added, Changed, Removed int }

// Empty tells that nothing changes.
func (c RosterChange) Empty() bool {
	none := CountChange{}
	return len(c.Added)+len(c.Changed)+len(c.Gone)+c.Suggestions+c.Withdrawn == 0 &&
		c.Groups == none && c.Teachers == none && c.Teachings == none && c.Households == none && c.Contacts == none
}

func (c RosterChange) digest(version int64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %+v", version, c))
	return hex.EncodeToString(sum[:12])
}

// ImportResult is the outcome of a preview or an import.
type ImportResult struct {
	Report  *roster.Report
	Change  RosterChange
	Digest  string
	Applied bool
}

// errPreview undoes the transaction of a preview.
var errPreview = errors.New("preview")

// PreviewImport tells what an import would do, and does nothing.
func (s *Service) PreviewImport(ctx context.Context, actor models.Actor, request ImportRequest) (*ImportResult, error) {
	return s.importRoster(ctx, actor, request, true)
}

// Import reads files and brings the school's pupils, groups, teachers and households in line with them, in one transaction. The same files twice change
// nothing. Files that cannot be read give a result with the report and no change, and no error.
func (s *Service) Import(ctx context.Context, actor models.Actor, request ImportRequest) (*ImportResult, error) {
	return s.importRoster(ctx, actor, request, false)
}

func (s *Service) importRoster(ctx context.Context, actor models.Actor, request ImportRequest, preview bool) (*ImportResult, error) {
	if len(request.Files) == 0 {
		return nil, errs.InvalidField("file", errs.CodeRequired)
	}
	var school *models.School
	today, own := civil.Date{}, []string{}
	err := s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		school, today = tx.School(), civil.Of(tx.Now().In(tx.School().Location()))
		people, err := tx.Directory()
		if err == nil {
			own = ownAddresses(school, people)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	read, report := roster.Read(request.Files, roster.Options{
		ReferenceDate: today, Zone: school.Location(), CitizenLast4: school.Policy.Keeps(models.FactorCitizenLast4), Mapping: request.Mapping,
		Encoding: request.Encoding, OwnAddresses: own,
	})
	result := &ImportResult{Report: report}
	if !report.Readable() {
		return result, nil
	}
	err = s.store.For(actor).WriteLong(ctx, func(tx *store.Tx) error {
		work, err := newImporter(tx, read, today, request)
		if err != nil {
			return err
		}
		if err := work.run(); err != nil {
			return err
		}
		result.Change, result.Digest = work.change, work.change.digest(tx.School().RosterVersion)
		if preview {
			return errPreview
		}
		return work.finish(request, result.Digest, report)
	})
	if preview && errors.Is(err, errPreview) {
		return result, nil
	}
	if err != nil {
		return nil, err
	}
	result.Applied = true
	s.wake()
	s.reach(ctx)
	return result, nil
}

// ownAddresses returns the e-mail addresses of a school and its people.
func ownAddresses(school *models.School, people *directory.Directory) []string {
	own := []string{school.Details.ReplyTo}
	for _, staff := range people.AllStaff() {
		own = append(own, staff.Details.Email)
	}
	return own
}

// importer brings one school in line with a roster, within a transaction.
type importer struct {
	tx     *store.Tx
	people *directory.Directory
	roster *roster.Roster
	today  civil.Date
	change RosterChange

	overridden map[string]bool // "subject/field" of values set by hand
	groups     map[string]models.GroupID
	staff      map[string]models.StaffID
	pupils     map[string]models.PupilID // by the roster's key
	rows       map[string]*roster.Pupil
	present    map[models.PupilID]bool          // in the roster and active
	filled     map[models.PupilID]*models.Pupil // those as they are after the import
	keys       batch[models.ExternalKey]
	newPupils  batch[models.Pupil]
	newMembers batch[models.PupilGroup]

	renumbers bool // pupils may have another number

	taught int // teachings from files, before

	told   map[string]bool // fields of which the files say anything
	untold map[string]bool // those that somebody has and the files say nothing of
	had    map[string]int  // how many had a field
}

func newImporter(tx *store.Tx, read *roster.Roster, today civil.Date, request ImportRequest) (*importer, error) {
	people, err := tx.Directory()
	if err != nil {
		return nil, err
	}
	work := &importer{
		tx: tx, people: people, roster: read, today: today, overridden: map[string]bool{}, groups: map[string]models.GroupID{}, staff: map[string]models.StaffID{},
		pupils: map[string]models.PupilID{}, rows: map[string]*roster.Pupil{}, present: map[models.PupilID]bool{}, filled: map[models.PupilID]*models.Pupil{},
		renumbers: request.Renumbered == nil || *request.Renumbered, told: toldFields(read), untold: map[string]bool{}, had: map[string]int{},
	}
	overrides, err := store.List[models.Override](tx)
	for _, row := range overrides {
		work.overridden[row.Subject.String()+"/"+row.Field] = true
	}
	return work, err
}

func (w *importer) run() error {
	for _, step := range []func() error{w.importGroups, w.importStaff, w.importPupils, w.importTeachings, w.removeGone, w.importHouseholds, w.importGuardians, w.suggest, w.flushKeys} {
		if err := step(); err != nil {
			return err
		}
	}
	maps.DeleteFunc(w.untold, func(_ string, had bool) bool { return !had })
	w.change.Untold = slices.Sorted(maps.Keys(w.untold))
	return nil
}

// finish checks what was agreed to, and writes the import's own row.
func (w *importer) finish(request ImportRequest, digest string, report *roster.Report) error {
	if request.Digest != "" && request.Digest != digest {
		return errs.New(errs.Stale, "import.changed-since-preview")
	}
	before := 0
	for _, pupil := range w.people.Pupils() {
		if pupil.State == models.PersonActive {
			before++
		}
	}
	if err := w.mayUnteach(); err != nil && !request.AllowRemoval {
		return err
	}
	if gone := len(w.change.Gone); !request.AllowRemoval && gone > removalLeast && gone*removalShare > before {
		return errs.New(errs.Conflict, "import.removes-many").With("gone", fmt.Sprint(gone)).With("present", fmt.Sprint(before))
	}
	if err := w.mayErase(); err != nil && !request.AllowRemoval {
		return err
	}
	if err := w.mayRenumber(); err != nil && request.Renumbered == nil {
		return err
	}
	if err := policy.Settle(w.tx); err != nil || w.change.Empty() {
		return err
	}
	counts := map[string]int{"added": len(w.change.Added), "changed": len(w.change.Changed), "gone": len(w.change.Gone)}
	row := &models.Import{ID: models.New[models.RowID](), At: w.tx.Now(), Format: report.Format, Counts: counts, Dropped: report.Dropped}
	if err := store.Insert(w.tx, row); err != nil {
		return err
	}
	return w.tx.Audited("import", row.ID, counts)
}

func (w *importer) importGroups() error {
	var added batch[models.Group]
	known := map[string]*models.Group{}
	for _, group := range w.people.Groups() {
		known[group.Details.Key] = group
	}
	for _, wanted := range w.roster.Groups {
		present, ok := known[wanted.Key]
		if !ok {
			row := &models.Group{ID: models.New[models.GroupID](), State: models.PersonActive, Year: wanted.Year, CreatedAt: w.tx.Now(), Details: models.GroupDetails{Key: wanted.Key, Name: wanted.Name}}
			added.add(row)
			w.keyed(models.SubjectGroup, wanted.Key, row.ID)
			w.groups[wanted.Key] = row.ID
			w.change.Groups.Added++
			continue
		}
		w.groups[wanted.Key] = present.ID
		changed := *present
		changed.State, changed.Year, changed.Details.Name = models.PersonActive, wanted.Year, wanted.Name
		if w.overridden[present.ID.String()+"/name"] {
			changed.Details.Name = present.Details.Name
		}
		if changed.State == present.State && changed.Year == present.Year && changed.Details == present.Details {
			continue
		}
		w.change.Groups.Changed++
		if err := store.Update(w.tx, &changed, "state", "year", "details"); err != nil {
			return err
		}
	}
	return added.flush(w.tx)
}

// batch collects new rows, so that a school of a thousand pupils takes a few statements and not thousands.
type batch[T any] struct{ rows []*T }

func (b *batch[T]) add(row *T) { b.rows = append(b.rows, row) }

func (b *batch[T]) flush(tx *store.Tx) error {
	rows := b.rows
	b.rows = nil
	return store.Insert(tx, rows...)
}

// keyed notes the school's own key of a new row.
func (w *importer) keyed(kind models.SubjectKind, key string, id [16]byte) {
	w.keys.add(&models.ExternalKey{Kind: kind, KeyIndex: w.tx.Index(string(kind), key), Subject: models.RowID(id)})
}

// dropKey takes a key away from whoever had it, for somebody else who has it now.
func (w *importer) dropKey(kind models.SubjectKind, key string) error {
	_, err := store.Delete[models.ExternalKey](w.tx, store.Eq("kind", kind), store.Eq("key_index", w.tx.Index(string(kind), key)))
	return err
}

// flushKeys writes the noted keys. One that is there already belongs to somebody who left and came back; the older row keeps it.
func (w *importer) flushKeys() error {
	rows := w.keys.rows
	w.keys.rows = nil
	_, err := store.InsertNew(w.tx, rows...)
	return err
}

// sortedKeys gives the keys of the rows, so that everything happens in the same order each time.
func (w *importer) sortedKeys() []string {
	keys := make([]string, 0, len(w.rows))
	for key := range w.rows {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, strings.Compare)
	return keys
}
