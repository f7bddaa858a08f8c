// Package mapping remembers what somebody said of the columns of a school's lists, by the source of the lists: next month's export of the same program then needs nothing.
// What is remembered holds headers and fields; values of lists never live here.
package mapping

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/names"
	"github.com/ouderavond/ouderavond/models/store"
)

// most is how many sources of a school are remembered; beyond, the one that was used longest ago is forgotten.
const most = 100

// Service lists and forgets what is remembered. It is safe for concurrent use.
type Service struct{ store *store.Store }

// NewService makes the service.
func NewService(rows *store.Store) *Service { return &Service{store: rows} }

// List returns what is remembered of the school's lists, in the order in which it was said.
func (s *Service) List(ctx context.Context, actor models.Actor) (all []models.ColumnMapping, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		all, err = store.List[models.ColumnMapping](tx)
		return err
	})
	return all, err
}

// Forget forgets what is remembered of a source. It is errs.NotFound if nothing is.
func (s *Service) Forget(ctx context.Context, actor models.Actor, id models.RowID) error {
	return s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		row, err := store.Get[models.ColumnMapping](tx, id)
		if err != nil {
			return err
		}
		if _, err := store.Delete[models.ColumnMapping](tx, store.Eq("id", row.ID)); err != nil {
			return err
		}
		return tx.Audited("mapping.forgotten", row.ID, nil)
	})
}

// Recall puts what is remembered of the school's lists into how files are read. name is what the caller calls their source; empty lets each list be known by its row of
// column names.
func (s *Service) Recall(ctx context.Context, actor models.Actor, name string, options *roster.Options) error {
	return s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		memory, err := Load(tx, name)
		if err == nil {
			memory.Tell(options)
		}
		return err
	})
}

// Memory is what is remembered of a school's lists, for reading them.
type Memory struct {
	rows  map[string]*models.ColumnMapping // by index
	index func(text string) string
	named *models.ColumnMapping
}

// Load reads what is remembered. name is what the caller calls the source; empty lets it be known by its row of column names.
func Load(tx *store.Tx, name string) (*Memory, error) {
	rows, err := store.List[models.ColumnMapping](tx)
	if err != nil {
		return nil, err
	}
	m := &Memory{rows: map[string]*models.ColumnMapping{}, index: func(text string) string { return string(tx.Index("column mapping", text)) }}
	for i := range rows {
		m.rows[string(rows[i].Source)] = &rows[i]
	}
	m.named = m.rows[m.index(byName(name))]
	return m, nil
}

func byName(name string) string { return "name\n" + strings.ToLower(names.Clean(name)) }

func byRow(source string) string { return "row\n" + source }

// Tell puts what is remembered into how files are read.
func (m *Memory) Tell(options *roster.Options) {
	if m.named != nil {
		recalled := recalledOf(m.named)
		options.Remembered = &recalled
	}
	if len(m.rows) == 0 {
		return
	}
	options.Recall = func(source string) (roster.Recalled, bool) {
		row, ok := m.rows[m.index(byRow(source))]
		if !ok {
			return roster.Recalled{}, false
		}
		return recalledOf(row), true
	}
}

func recalledOf(row *models.ColumnMapping) roster.Recalled {
	return roster.Recalled{Mapping: row.Details.Mapping, Encoding: row.Details.Encoding, Sheet: row.Details.Sheet}
}

// Keep remembers what somebody said of the lists that an import read: which columns are what, the encoding and the sheet, each only if it was said. name is what the caller
// calls the source; empty lets each list be known by its row of column names.
func Keep(tx *store.Tx, name string, report *roster.Report, encoding, sheet string) error {
	memory, err := Load(tx, name)
	if err != nil {
		return err
	}
	for _, file := range report.Files {
		if file.Source == "" {
			continue
		}
		said := models.ColumnMappingDetails{Mapping: file.Chosen}
		if file.Format == roster.FormatXLSX {
			said.Sheet = sheet
		} else {
			said.Encoding = encoding
		}
		source := byRow(file.Source)
		if name != "" {
			source, said.Name = byName(name), names.Clean(name)
		}
		if err := memory.keep(tx, source, said); err != nil {
			return err
		}
	}
	return memory.letGo(tx)
}

func (m *Memory) keep(tx *store.Tx, source string, said models.ColumnMappingDetails) error {
	index := m.index(source)
	row, known := m.rows[index]
	if !known && len(said.Mapping) == 0 && said.Encoding == "" && said.Sheet == "" {
		return nil
	}
	if !known {
		row = &models.ColumnMapping{ID: models.New[models.RowID](), Source: []byte(index), CreatedAt: tx.Now(), UsedAt: tx.Now(), Details: said}
		m.rows[index] = row
		return store.Insert(tx, row)
	}
	merged := maps.Clone(row.Details.Mapping)
	if merged == nil {
		merged = map[string]string{}
	}
	for header, word := range said.Mapping {
		// The export may write it in another way now.
		maps.DeleteFunc(merged, func(earlier, _ string) bool { return roster.MappingKey(earlier) == roster.MappingKey(header) })
		merged[header] = word
	}
	row.UsedAt = tx.Now()
	row.Details.Mapping, row.Details.Encoding, row.Details.Sheet = merged, cmp.Or(said.Encoding, row.Details.Encoding), cmp.Or(said.Sheet, row.Details.Sheet)
	return store.Update(tx, row, "used_at", "details")
}

// letGo forgets what was used longest ago where too much is remembered.
func (m *Memory) letGo(tx *store.Tx) error {
	rows := slices.SortedFunc(maps.Values(m.rows), func(a, b *models.ColumnMapping) int { return b.UsedAt.Compare(a.UsedAt) })
	for _, row := range rows[min(most, len(rows)):] {
		if _, err := store.Delete[models.ColumnMapping](tx, store.Eq("id", row.ID)); err != nil {
			return err
		}
	}
	return nil
}
