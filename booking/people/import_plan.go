package people

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/ouderavond/ouderavond/booking/consequences"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/policy"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/eraser"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// edit makes one change that an import will write ready. It is not asked for by a preview.
type edit func(*store.Tx) (store.Prepared, error)

// importer decides what brings one school in line with a roster. It only reads: what is to be written it keeps as edits, which apply carries out in a writing
// transaction. So a preview takes nobody's turn, and an import only that of the writing itself.
type importer struct {
	tx     *store.Tx // in which it was planned; dead when edits run
	people *directory.Directory
	roster *roster.Roster
	today  civil.Date
	change RosterChange
	at     planStamp
	edits  []edit
	ready  []store.Prepared // the edits, made ready to be carried out

	overridden map[string]bool // "subject/field" of values set by hand
	groups     map[string]models.GroupID
	staff      map[string]models.StaffID
	pupils     map[string]models.PupilID // by the roster's key
	rows       map[string]*roster.Pupil
	rowOf      map[models.PupilID]*roster.Pupil
	present    map[models.PupilID]bool          // in the roster and active
	filled     map[models.PupilID]*models.Pupil // those as they are after the import
	keys       batch[models.ExternalKey]
	newPupils  batch[models.Pupil]
	newMembers batch[models.PupilGroup]

	gone        []*models.Pupil
	memberships []models.HouseholdPupil // who lives where, as far as the import has come
	former      []models.HouseholdPupil // who lived where before
	teachings   []models.Teaching       // who teaches whom afterwards
	moves       []household.Move
	touched     []consequences.Talk

	request   ImportRequest
	hold      holds
	scope     map[models.GroupID]bool // the groups for which the files speak; nil if for all
	held      map[models.PupilID]bool // pupils of whom the files say nothing, whatever is in them
	left      map[*roster.Pupil]bool  // rows of whom nobody has said who they are
	questions []Question

	taught, untaught int // teachings from files before, and those of them that go although the pupil or the group is in the files

	told   map[string]bool // fields of which the files say anything
	untold map[string]bool // those that somebody has and the files say nothing of
	had    map[string]int  // how many had a field
}

// planStamp reports whether what an import was planned on still stands.
type planStamp struct {
	roster              int64 // version
	policy              models.Policy
	overrides, contacts int64
}

// String tells stamps apart.
func (s planStamp) String() string {
	return fmt.Sprintf("%d %d %d %+v", s.roster, s.overrides, s.contacts, s.policy.Factors) + string(s.policy.PostcodePart)
}

// Stamp returns ImportResult.Stamp of an import that is compared in a transaction.
func Stamp(tx *store.Tx) (string, error) {
	at, err := stampOf(tx)
	return at.String(), err
}

func stampOf(tx *store.Tx) (at planStamp, err error) {
	at = planStamp{roster: tx.School().RosterVersion, policy: tx.School().Policy}
	if at.overrides, err = store.Count[models.Override](tx); err == nil {
		at.contacts, err = store.Count[models.Contact](tx, store.Not("source", models.SourceTyped))
	}
	return at, err
}

// plan decides what brings a school in line with a roster.
func plan(tx *store.Tx, read *roster.Roster, today civil.Date, request ImportRequest) (*importer, error) {
	var hold holds
	var asked []Question
	for {
		work, err := newImporter(tx, read, today, request)
		if err != nil {
			return nil, err
		}
		work.hold = hold
		if err := work.run(); err != nil {
			return nil, err
		}
		// What must not be done is left out of another plan: what that does instead may be asked about, too.
		more := work.toHold(request, hold)
		if len(more) == 0 {
			work.questions = slices.Concat(work.questions, asked, slices.DeleteFunc(work.guards(request), hold.has))
			return work, work.follow(tx)
		}
		for _, q := range more {
			hold = hold.with(q)
		}
		asked = append(asked, more...)
	}
}

// follow finds the talks that are touched.
func (w *importer) follow(tx *store.Tx) (err error) {
	if w.touched, err = w.consequencesIn(tx); err != nil {
		return err
	}
	w.change.CancelledTalks = Count(w.touched, w.moves).Cancelled
	return nil
}

func newImporter(tx *store.Tx, read *roster.Roster, today civil.Date, request ImportRequest) (*importer, error) {
	people, err := tx.Directory()
	if err != nil {
		return nil, err
	}
	work := &importer{
		tx: tx, people: people, roster: read, today: today, overridden: map[string]bool{}, groups: map[string]models.GroupID{}, staff: map[string]models.StaffID{},
		pupils: map[string]models.PupilID{}, rows: map[string]*roster.Pupil{}, rowOf: map[models.PupilID]*roster.Pupil{}, present: map[models.PupilID]bool{}, filled: map[models.PupilID]*models.Pupil{},
		request: request, held: map[models.PupilID]bool{}, left: map[*roster.Pupil]bool{}, told: toldFields(read), untold: map[string]bool{}, had: map[string]int{},
	}
	if work.memberships, err = store.List[models.HouseholdPupil](tx); err != nil {
		return nil, err
	}
	work.former = slices.Clone(work.memberships)
	if work.at, err = stampOf(tx); err != nil {
		return nil, err
	}
	overrides, err := store.List[models.Override](tx)
	for _, row := range overrides {
		work.overridden[row.Subject.String()+"/"+row.Field] = true
	}
	return work, err
}

func (w *importer) run() error {
	steps := []func() error{
		w.importGroups, w.importStaff, w.importPupils, w.importTeachings, w.removeGone, w.importHouseholds, w.importGuardians, w.rehouse, w.suggest, w.flushKeys,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	maps.DeleteFunc(w.untold, func(_ string, had bool) bool { return !had })
	w.change.Untold = slices.Sorted(maps.Keys(w.untold))
	return nil
}

// later keeps an edit for when the import is carried out.
func (w *importer) later(write func(*store.Tx) error) {
	w.edits = append(w.edits, func(*store.Tx) (store.Prepared, error) { return write, nil })
}

// updateLater has columns of a row written when the import is carried out.
func updateLater[T any](w *importer, row *T, columns ...string) {
	w.edits = append(w.edits, func(tx *store.Tx) (store.Prepared, error) { return store.PrepareUpdate(tx, row, columns...) })
}

// prepare seals what is to be written and writes the statements, in the transaction in which it was planned: of this, half of an import's work, nobody waits for
// the end.
func (w *importer) prepare(tx *store.Tx) error {
	w.ready = make([]store.Prepared, 0, len(w.edits))
	for _, make := range w.edits {
		ready, err := make(tx)
		if err != nil {
			return err
		}
		w.ready = append(w.ready, ready)
	}
	return nil
}

// stands reports whether nothing has changed that the plan was made on.
func (w *importer) stands(tx *store.Tx) (bool, error) {
	now, err := stampOf(tx)
	return reflect.DeepEqual(now, w.at), err
}

// allow checks what was agreed to, and asks about what takes much away.
func (w *importer) allow(request ImportRequest, digest string) error {
	if request.Digest != "" && request.Digest != digest {
		return errs.New(errs.Stale, "import.changed-since-preview")
	}
	if request.Leave {
		return nil
	}
	for _, kind := range []QuestionKind{AskLessons, AskPupils, AskField, AskWho} {
		for _, q := range w.questions {
			if q.Kind == kind && q.Answer == "" {
				return w.refusal(q)
			}
		}
	}
	return nil
}

// MayRemove refuses to take so many pupils away that somebody must say so.
func MayRemove(people *directory.Directory, gone int) error {
	before := 0
	for _, pupil := range people.Pupils() {
		if pupil.State == models.PersonActive {
			before++
		}
	}
	if gone > removalLeast && gone*removalShare > before {
		return errs.New(errs.Conflict, "import.removes-many").With("gone", fmt.Sprint(gone)).With("present", fmt.Sprint(before))
	}
	return nil
}

// write carries out the edits.
func (w *importer) write(tx *store.Tx) error {
	for _, write := range w.ready {
		if err := write(tx); err != nil {
			return err
		}
	}
	return nil
}

// carryOut carries the edits out, with what they mean for talks.
func (w *importer) carryOut(tx *store.Tx) error {
	if err := w.follow(tx); err != nil { // once more: families have gone on booking
		return err
	}
	if err := household.Change(tx, func() error { return w.write(tx) }); err != nil {
		return err
	}
	return TellMovable(tx, w.touched)
}

// apply carries the plan out, and writes the import's own row. What it does is noted, so that it can be taken back.
func (w *importer) apply(tx *store.Tx, report *roster.Report) error {
	id := w.request.Row
	if id.IsZero() {
		id = models.New[models.RowID]()
	}
	if err := tx.Record(id, tx.Now()); err != nil {
		return err
	}
	if err := w.carryOut(tx); err != nil {
		return err
	}
	if err := tx.Record(models.RowID{}, tx.Now()); err != nil { // what a policy does that comes into force is no part of it
		return err
	}
	if err := w.choosePolicy(tx); err != nil {
		return err
	}
	if err := policy.Settle(tx); err != nil || w.change.Empty() && w.request.Row.IsZero() {
		return err
	}
	return w.record(tx, id, report)
}

// choosePolicy brings into force what the school asks at log-in from now on, for all of whom the preview said that they could not log in by it.
func (w *importer) choosePolicy(tx *store.Tx) error {
	if w.request.Policy == nil {
		return nil
	}
	accepted := w.people.Active() + len(w.change.Added)
	if err := policy.Change(tx, w.request.Policy, &accepted); err != nil {
		return err
	}
	return tx.UpdateSchool("policy")
}

// record writes the import's own row.
func (w *importer) record(tx *store.Tx, id models.RowID, report *roster.Report) error {
	counts := map[string]int{"added": len(w.change.Added), "changed": len(w.change.Changed), "gone": len(w.change.Gone)}
	row := &models.Import{ID: id, At: tx.Now(), State: models.ImportApplied, Format: report.Format, Counts: counts, Dropped: report.Dropped}
	if w.request.Row.IsZero() {
		if err := store.Insert(tx, row); err != nil {
			return err
		}
		return tx.Audited("import", row.ID, counts)
	}
	present, err := store.Get[models.Import](tx, w.request.Row)
	if err != nil {
		return err
	}
	row.ID = present.ID
	for name, count := range present.Counts { // of what was applied of it before
		row.Counts[name] += count
	}
	for _, q := range w.questions {
		if q.Answer == "" {
			row.Questions++
		}
	}
	if err := store.Update(tx, row, "at", "state", "format", "counts", "dropped", "questions"); err != nil {
		return err
	}
	if row.Questions == 0 {
		if err := eraser.EndImport(tx, row); err != nil {
			return err
		}
	}
	return tx.Audited("import", row.ID, counts)
}
