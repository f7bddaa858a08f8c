package people

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/booking/consequences"
	"github.com/ouderavond/ouderavond/booking/mapping"
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
	Mapping map[string]string // columns of a list, as in roster.Options
	Sheet   string            // of spreadsheets, as in roster.Options; empty lets the reader choose
	// Encoding is how the letters of CSV files are written, as in roster.Options; empty lets the reader decide.
	Encoding string
	// Source is what the caller calls the program that the files come from: what somebody said of their columns is remembered under it. Empty lets each list be known by
	// its row of column names.
	Source string
	// Digest, if set, is the digest of the preview that somebody agreed to: if the import would now do anything else, it is errs.Stale and does nothing.
	Digest string
	// AllowRemoval answers all that is asked of what much is taken of with yes: pupils, what is taught, fields.
	AllowRemoval bool
	// Renumbered says whether pupils whom the files have under another number are the same ones. Nil is no answer: a preview takes them for the same, and an import
	// of any is refused.
	Renumbered *bool
	// Answers are answers to questions, by Question.ID, or by Question.Kind for all of a kind. They go before AllowRemoval and Renumbered.
	Answers map[string]string
	// Leave lets everything that is asked and not answered stay as it is, instead of refusing the import.
	Leave bool
	// Groups are the keys or names of the groups for which the files speak; of the others' pupils they say nothing. None are all.
	Groups []string
	// Policy is what the school asks at log-in from this import on; nil leaves it.
	Policy *models.Policy
	// Row is the import's own row, if it has one already.
	Row models.RowID
}

// RosterChange is what an import does or would do. The lists hold the school's own keys, for people who may see the roster.
type RosterChange struct {
	Added, Changed, Gone []PupilChange
	Groups, Teachers     CountChange
	Teachings            CountChange
	Households           CountChange
	Contacts             CountChange
	Suggestions          int           // new ones
	Withdrawn            int           // open suggestions that the roster no longer suggests
	Adopted              []PupilChange // pupils added by hand whom the files have: from now on they decide
	Kept                 []KeptValue
	CancelledTalks       int // appointments of pupils who are gone
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

// Digest names a change and the rules by which talks follow from it. The talks themselves are not in it: families go on booking.
func (c RosterChange) Digest(version int64, chosen *models.Policy) string {
	c.CancelledTalks = 0
	text := fmt.Appendf(nil, "%d %+v %s", version, c, consequences.Rules)
	if chosen != nil {
		text = fmt.Appendf(text, " %v %s", chosen.Factors, chosen.PostcodePart)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12])
}

// KeptValue is what somebody set by hand, and an import leaves as it is although the files say otherwise.
type KeptValue struct {
	Key, Name string // the school's own key of the pupil or teacher, and the pupil's first name or the teacher's display name
	Field     string
}

// KeptFields are the fields that a KeptValue can name, in order.
func KeptFields() []string {
	fields := append(slices.Collect(maps.Keys(pupilFields)), "adult", "contact", "guardian", "guardian_entered", "display_name", "email", "state", "teaching", "substitute")
	slices.Sort(fields)
	return fields
}

// keep notes values that were kept, each once and in order.
func (c *RosterChange) keep(values ...KeptValue) {
	c.Kept = append(c.Kept, values...)
	slices.SortFunc(c.Kept, func(a, b KeptValue) int {
		return cmp.Or(strings.Compare(a.Key, b.Key), strings.Compare(a.Field, b.Field), strings.Compare(a.Name, b.Name))
	})
	c.Kept = slices.Compact(c.Kept)
}

// ImportResult is the outcome of a preview or an import.
type ImportResult struct {
	Report  *roster.Report
	Change  RosterChange
	Digest  string
	Applied bool
	// Questions are what the import asks, answered ones too.
	Questions []Question
	// Prices tell of each policy that the school could have what it would be worth with this roster, of a preview.
	Prices []policy.Price
	// Stamp changes when the school does in a way that could make the same files do something else.
	Stamp string
	// Consequences is what the change means for the talks that are booked at the moment. What is booked between a preview and its import is counted by the
	// import, and does not stand in its way.
	Consequences Consequences
}

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
	if err := CheckAnswers(request.Answers); err != nil {
		return nil, err
	}
	var school *models.School
	today, own := civil.Date{}, []string{}
	var memory *mapping.Memory
	err := s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		school, today = tx.School(), civil.Of(tx.Now().In(tx.School().Location()))
		people, err := tx.Directory()
		if err != nil {
			return err
		}
		own = ownAddresses(school, people)
		memory, err = mapping.Load(tx, request.Source)
		return err
	})
	if err != nil {
		return nil, err
	}
	options := roster.Options{
		ReferenceDate: today, Zone: school.Location(), CitizenLast4: request.policyOf(school).Keeps(models.FactorCitizenLast4), Mapping: request.Mapping,
		Encoding: request.Encoding, Sheet: request.Sheet, OwnAddresses: own,
	}
	memory.Tell(&options)
	read, report := roster.Read(request.Files, options)
	result := &ImportResult{Report: report}
	if !report.Readable() {
		return result, nil
	}
	var planned *importer
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) (err error) {
		if planned, err = plan(tx, read, today, request); err != nil {
			return err
		}
		result.tell(planned)
		if preview {
			result.Prices = planned.prices()
			return nil
		}
		if err := planned.allow(request, result.Digest); err != nil {
			return err
		}
		return planned.prepare(tx)
	})
	switch {
	case err != nil:
		return nil, err
	case preview:
		return result, nil
	}
	err = s.store.For(actor).WriteLong(ctx, func(tx *store.Tx) error {
		work := planned
		if err := request.mayApply(tx); err != nil {
			return err
		}
		switch stands, err := work.stands(tx); {
		case err != nil:
			return err
		case !stands:
			if work, err = plan(tx, read, today, request); err != nil {
				return err
			}
			result.tell(work)
			if err := work.allow(request, result.Digest); err != nil {
				return err
			}
			if err := work.prepare(tx); err != nil {
				return err
			}
		}
		err := work.apply(tx, report)
		result.tell(work)
		if err != nil {
			return err
		}
		return mapping.Keep(tx, request.Source, report, request.Encoding, request.Sheet)
	})
	if err != nil {
		return nil, err
	}
	result.Applied = true
	s.wake()
	s.reach(ctx)
	return result, nil
}

// mayApply refuses to apply an import that lies there no more.
func (r ImportRequest) mayApply(tx *store.Tx) error {
	if r.Row.IsZero() {
		return nil
	}
	row, err := store.Get[models.Import](tx, r.Row)
	if err == nil && row.State != models.ImportReady && (row.State != models.ImportApplied || row.Questions == 0) {
		err = errs.New(errs.Conflict, "import.ended")
	}
	return err
}

// tell puts what was planned into the result.
func (r *ImportResult) tell(work *importer) {
	r.Change, r.Digest, r.Consequences, r.Questions = work.change, work.change.Digest(work.at.roster, work.request.Policy), Count(work.touched, work.moves), work.questions
	r.Stamp = work.at.String()
}

// ownAddresses returns the e-mail addresses of a school and its people.
func ownAddresses(school *models.School, people *directory.Directory) []string {
	own := []string{school.Details.ReplyTo}
	for _, staff := range people.AllStaff() {
		own = append(own, staff.Details.Email)
	}
	return own
}

func (w *importer) importGroups() error {
	var added batch[models.Group]
	known := matchGroups(w.people.Groups(), w.roster.Groups)
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
		if wanted.Year == "" && !w.told["year"] {
			changed.Year = present.Year
		}
		if w.overridden[present.ID.String()+"/name"] || wanted.Name == wanted.Key { // a list that has only one of the two says nothing of the other
			changed.Details.Name = present.Details.Name
		}
		if changed.State == present.State && changed.Year == present.Year && changed.Details == present.Details {
			continue
		}
		w.change.Groups.Changed++
		updateLater(w, &changed, "state", "year", "details")
	}
	insertLater(w, &added)
	return nil
}

// matchGroups finds which of the school's groups are those of the files, by the files' keys. One that has another key in another kind of file, as where a list names
// groups and EdeXML numbers them, is known by its name, if nobody else has that.
func matchGroups(present []*models.Group, wanted []roster.Group) map[string]*models.Group {
	found, byKey, byName := map[string]*models.Group{}, map[string]*models.Group{}, map[string][]*models.Group{}
	for _, group := range present {
		byKey[group.Details.Key] = group
	}
	taken, rivals := map[*models.Group]bool{}, map[string]int{}
	for _, group := range wanted {
		if same := byKey[group.Key]; same != nil {
			found[group.Key], taken[same] = same, true
		} else {
			rivals[groupName(group.Name)]++
		}
	}
	for _, group := range present {
		if name := groupName(group.Details.Name); !taken[group] && group.State == models.PersonActive {
			byName[name] = append(byName[name], group)
		}
	}
	for _, group := range wanted {
		name := groupName(group.Name)
		if same := byName[name]; found[group.Key] == nil && name != "" && len(same) == 1 && rivals[name] == 1 {
			found[group.Key] = same[0]
		}
	}
	return found
}

// groupName is a group's name as it is compared. Signs count: 3-4 is not 34.
func groupName(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// batch collects new rows, so that a school of a thousand pupils takes a few statements and not thousands.
type batch[T any] struct{ rows []*T }

func (b *batch[T]) add(row *T) { b.rows = append(b.rows, row) }

// insertLater lets the collected rows be inserted when the import is carried out.
func insertLater[T any](w *importer, b *batch[T]) {
	rows := b.rows
	b.rows = nil
	if len(rows) > 0 {
		w.edits = append(w.edits, func(tx *store.Tx) (store.Prepared, error) { return store.PrepareInsert(tx, rows...) })
	}
}

// keyed notes the school's own key of a new row.
func (w *importer) keyed(kind models.SubjectKind, key string, id [16]byte) {
	w.keys.add(&models.ExternalKey{Kind: kind, KeyIndex: w.tx.Index(string(kind), key), Subject: models.RowID(id)})
}

// dropKey takes a key away from whoever had it, for somebody else who has it now.
func (w *importer) dropKey(kind models.SubjectKind, key string) {
	index := w.tx.Index(string(kind), key)
	w.later(func(tx *store.Tx) error {
		_, err := store.Delete[models.ExternalKey](tx, store.Eq("kind", kind), store.Eq("key_index", index))
		return err
	})
}

// flushKeys writes the noted keys. One that is there already belongs to somebody who left and came back; the older row keeps it.
func (w *importer) flushKeys() error {
	rows := w.keys.rows
	w.keys.rows = nil
	w.later(func(tx *store.Tx) error {
		_, err := store.InsertNew(tx, rows...)
		return err
	})
	return nil
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
