package imports

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"

	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/policy"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/eraser"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/task"
)

// maxOpen is how many imports of a school may lie there at once.
const maxOpen = 20

// Stable codes of errors.
const (
	codeNotReady = "import.not-ready"     // it is being read, or cannot be
	codeEnded    = "import.ended"         // it was withdrawn, or is applied
	codeTooMany  = "import.too-many-open" // others have to be withdrawn first
)

// Service keeps imports.
type Service struct {
	store  *store.Store
	people *people.Service
	// one lets one file at a time be read by this program: a large one takes as much memory as everything else together.
	one     chan struct{}
	working sync.WaitGroup
	wake    func()
}

// NewService makes the service. wake is called after each commit that queued a message.
func NewService(rows *store.Store, of *people.Service, wake func()) *Service {
	return &Service{store: rows, people: of, one: make(chan struct{}, 1), wake: wake}
}

// New is what somebody hands in.
type New struct {
	Files   []roster.File
	Details models.ImportDetails
}

// View is an import as it is now.
type View struct {
	models.Import
	// Result is what the files say and would do; nil while they are read, and once the import has ended.
	Result *people.ImportResult
	// Done of Total steps of reading are behind it.
	Done, Total int
}

// Create keeps files and has them read; Work does it. An earlier import from the same source that still lies there is withdrawn: its files are older. Errors:
// errs.Invalid where there is no file, errs.Conflict where too many imports lie there.
func (s *Service) Create(ctx context.Context, actor models.Actor, wanted New) (models.RowID, error) {
	if len(wanted.Files) == 0 {
		return models.RowID{}, errs.InvalidField("file", errs.CodeRequired)
	}
	if err := people.CheckAnswers(wanted.Details.Answers); err != nil {
		return models.RowID{}, err
	}
	switch wanted.Details.Apply {
	case models.ApplyNot, models.ApplyClear, models.ApplyLeave:
	default:
		return models.RowID{}, errs.InvalidField("apply", errs.CodeUnknown)
	}
	row := &models.Import{ID: models.New[models.RowID](), State: models.ImportReading, Details: wanted.Details, Counts: map[string]int{}}
	err := s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		open, err := openImports(tx)
		if err != nil {
			return err
		}
		for i := range open {
			if row.Details.Source != "" && open[i].Details.Source == row.Details.Source {
				if err := end(tx, &open[i], models.ImportWithdrawn); err != nil {
					return err
				}
			}
		}
		if len(open) >= maxOpen {
			return errs.New(errs.Conflict, codeTooMany)
		}
		if row.TaskID, err = task.Add(tx, readingTask, row.ID); err != nil {
			return err
		}
		row.At = tx.Now()
		if err := store.Insert(tx, row); err != nil {
			return err
		}
		for i, file := range wanted.Files {
			kept := &models.ImportFile{ID: models.New[models.RowID](), ImportID: row.ID, Position: i, Content: models.ImportFileContent{Name: file.Name, Data: file.Data}}
			if err := store.Insert(tx, kept); err != nil {
				return err
			}
		}
		return tx.Audited("import-handed-in", row.ID, nil)
	})
	return row.ID, err
}

// openImports returns the imports that lie there, applied ones with questions too.
func openImports(tx *store.Tx) ([]models.Import, error) {
	rows, err := store.List[models.Import](tx)
	return slices.DeleteFunc(rows, func(row models.Import) bool { return !isOpen(row) }), err
}

func isOpen(row models.Import) bool {
	return slices.Contains(eraser.OpenImports, row.State) || row.State == models.ImportApplied && row.Questions > 0
}

// end ends an import; one that was applied stays so.
func end(tx *store.Tx, row *models.Import, state models.ImportState) error {
	if row.State != models.ImportApplied {
		row.State = state
	}
	return eraser.EndImport(tx, row)
}

// List returns the school's imports in the order in which they were handed in; open ones are those that lie there or ask something.
func (s *Service) List(ctx context.Context, actor models.Actor, open bool) (rows []models.Import, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		if open {
			rows, err = openImports(tx)
		} else {
			rows, err = store.List[models.Import](tx)
		}
		return err
	})
	slices.SortFunc(rows, func(a, b models.Import) int { return a.ID.Compare(b.ID) })
	return rows, err
}

// Get returns an import. What it would do is compared anew where the school has changed since it was.
func (s *Service) Get(ctx context.Context, actor models.Actor, id models.RowID) (view *View, err error) {
	stale := false
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		if view, err = viewOf(tx, id); err != nil || view.Result == nil || !isOpen(view.Import) {
			return err
		}
		stamp, err := people.Stamp(tx)
		stale = stamp != view.Result.Stamp
		return err
	})
	if err != nil || !stale {
		return view, err
	}
	return s.compare(ctx, actor, id)
}

func viewOf(tx *store.Tx, id models.RowID) (*View, error) {
	row, err := store.Get[models.Import](tx, id)
	if err != nil {
		return nil, err
	}
	rows := []models.Import{*row}
	if err := store.OpenGuarded(tx, rows); err != nil {
		return nil, err
	}
	view := &View{Import: rows[0]}
	if len(view.Outcome) > 0 {
		if err := json.Unmarshal(view.Outcome, &view.Result); err != nil {
			return nil, err
		}
	}
	if view.State == models.ImportReading {
		reading, err := store.Get[models.Task](tx, view.TaskID)
		if err != nil {
			return nil, err
		}
		view.Done, view.Total = reading.Done, reading.Total
	}
	return view, nil
}

// Patch is what somebody says of an import; what is nil stays as it is.
type Patch struct {
	// Answers are added to those that were given; an empty one takes it back.
	Answers         map[string]string
	Mapping         map[string]string
	Encoding, Sheet *string
	Groups          []string
	Policy          *models.Policy
	// NoPolicy takes back that the school is to ask something else at log-in.
	NoPolicy bool
}

// Update says how an import's files are read, answers its questions, and chooses what the school asks at log-in from it on. It returns the import as it is then.
// Errors: errs.Conflict while it is read for the first time, and once it has ended.
func (s *Service) Update(ctx context.Context, actor models.Actor, id models.RowID, patch Patch) (*View, error) {
	if err := people.CheckAnswers(given(patch.Answers)); err != nil {
		return nil, err
	}
	if patch.Policy != nil {
		if err := policy.Check(*patch.Policy); err != nil {
			return nil, err
		}
	}
	err := s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		row, err := ready(tx, id)
		if err != nil {
			return err
		}
		patch.apply(&row.Details)
		if err := store.Update(tx, row, "details"); err != nil {
			return err
		}
		return tx.Audited("import-answered", id, nil)
	})
	if err != nil {
		return nil, err
	}
	return s.compare(ctx, actor, id)
}

// given are the answers that are not taken back.
func given(answers map[string]string) map[string]string {
	kept := map[string]string{}
	for id, answer := range answers {
		if answer != "" {
			kept[id] = answer
		}
	}
	return kept
}

func (p Patch) apply(to *models.ImportDetails) {
	merged := given(to.Answers)
	for id, answer := range p.Answers {
		if merged[id] = answer; answer == "" {
			delete(merged, id)
		}
	}
	to.Answers = merged
	if p.Mapping != nil {
		to.Mapping = p.Mapping
	}
	if p.Groups != nil {
		to.Groups = p.Groups
	}
	if p.Encoding != nil {
		to.Encoding = *p.Encoding
	}
	if p.Sheet != nil {
		to.Sheet = *p.Sheet
	}
	if p.Policy != nil || p.NoPolicy {
		to.Policy = p.Policy
	}
}

// ready returns an import that was read and has not ended, to be written.
func ready(tx *store.Tx, id models.RowID) (*models.Import, error) {
	row, err := store.Get[models.Import](tx, id)
	switch {
	case err != nil:
		return nil, err
	case row.State == models.ImportReading:
		return nil, errs.New(errs.Conflict, codeNotReady)
	case !isOpen(*row):
		return nil, errs.New(errs.Conflict, codeEnded)
	}
	return row, nil
}

// Commit applies an import. digest, if given, is that of the look which somebody agreed to: errs.Stale if the import would now do anything else. With leave, what is asked
// and not answered stays as it is, and the import can be committed again once it is answered; without, it is refused. An import that is applied wholly is applied by
// this again without doing anything. Other errors are those of people.Service.Import.
func (s *Service) Commit(ctx context.Context, actor models.Actor, id models.RowID, digest string, leave bool) (*View, error) {
	var request people.ImportRequest
	done := false
	err := s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		row, err := store.Get[models.Import](tx, id)
		if err != nil {
			return err
		}
		if done = row.State == models.ImportApplied && row.Questions == 0; done {
			return nil
		}
		if row.State == models.ImportUnreadable {
			return errs.New(errs.Conflict, codeNotReady)
		}
		if _, err := ready(tx, id); err != nil {
			return err
		}
		request, err = requestOf(tx, row)
		return err
	})
	if err != nil || done {
		view, again := s.Get(ctx, actor, id)
		return view, errors.Join(err, again)
	}
	request.Digest, request.Leave = digest, leave
	release, err := s.turn(ctx)
	if err != nil {
		return nil, err
	}
	result, err := s.people.Import(ctx, actor, request)
	release()
	if err != nil {
		return nil, err
	}
	view, err := s.Get(ctx, actor, id)
	if err == nil && view.Result == nil {
		view.Result = result
	}
	return view, err
}

// Withdraw ends an import that is not applied, and deletes its files. One that has ended stays as it is.
func (s *Service) Withdraw(ctx context.Context, actor models.Actor, id models.RowID) error {
	return s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		row, err := store.Get[models.Import](tx, id)
		if err != nil || !isOpen(*row) {
			return err
		}
		if err := end(tx, row, models.ImportWithdrawn); err != nil {
			return err
		}
		return tx.Audited("import-withdrawn", id, nil)
	})
}

// requestOf returns an import's files with what was said of them.
func requestOf(tx *store.Tx, row *models.Import) (request people.ImportRequest, err error) {
	files, err := store.List[models.ImportFile](tx, store.Eq("import_id", row.ID))
	if err != nil {
		return request, err
	}
	if err := store.OpenGuarded(tx, files); err != nil {
		return request, err
	}
	slices.SortFunc(files, func(a, b models.ImportFile) int { return a.Position - b.Position })
	said := row.Details
	request = people.ImportRequest{
		Row: row.ID, Source: said.Source, Mapping: said.Mapping, Encoding: said.Encoding, Sheet: said.Sheet, Answers: said.Answers, Groups: said.Groups, Policy: said.Policy,
	}
	for _, file := range files {
		request.Files = append(request.Files, roster.File{Name: file.Content.Name, Data: file.Content.Data})
	}
	return request, nil
}
