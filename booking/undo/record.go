package undo

import (
	"maps"
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// record is what is kept of one import.
type record struct {
	added   map[place][]byte // the hash of how the import left it
	deleted map[place]models.RowImage
	changed map[place]models.UndoDetails
	talks   []models.FormerTalk
	// newer are rows that a later import added: they are none of those that were there when this one was done.
	newer map[place]bool
}

// recordOf reads what is kept of an import; errs.NotFound if the school has no such import, and a conflict if nothing is kept of it any more.
func recordOf(tx *store.Tx, id models.RowID) (*record, error) {
	if _, err := store.Get[models.Import](tx, id); err != nil {
		return nil, err
	}
	own, err := store.List[models.UndoRow](tx, store.Eq("import_id", id))
	if err != nil {
		return nil, err
	}
	if len(own) == 0 {
		return nil, errs.New(errs.Conflict, "undo.over")
	}
	first := slices.MinFunc(own, func(a, b models.UndoRow) int { return a.At.Compare(b.At) }).At
	all, err := store.List[models.UndoRow](tx, store.From("at", first))
	if err != nil {
		return nil, err
	}
	if err := store.OpenGuarded(tx, all); err != nil {
		return nil, err
	}
	// In the order in which the imports were; those of one instant in the order of their ids.
	slices.SortStableFunc(all, func(a, b models.UndoRow) int {
		if order := a.At.Compare(b.At); order != 0 {
			return order
		}
		return a.ImportID.Compare(b.ImportID)
	})
	found := &record{added: map[place][]byte{}, deleted: map[place]models.RowImage{}, changed: map[place]models.UndoDetails{}, newer: map[place]bool{}}
	seen := map[place]bool{}
	for i := range all {
		row := &all[i]
		if row.ImportID == id {
			if err := found.take(row); err != nil {
				return nil, err
			}
			continue
		}
		if row.At.Equal(first) && row.ImportID.Compare(id) < 0 {
			continue // of the same instant, and made before
		}
		if err := found.later(row, seen); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// take keeps a row of the import itself.
func (r *record) take(row *models.UndoRow) error {
	details := row.Details
	at := place{row.Kind, string(details.Key)}
	switch {
	case details.Talk != nil:
		r.talks = append(r.talks, *details.Talk)
	case details.Before != nil && details.After != nil:
		if once, twice := r.changed[at]; twice { // an import may be carried out in several acts
			maps.Copy(once.After, details.After)
			details = once
		}
		r.changed[at] = details
	case details.Before != nil:
		r.deleted[at] = details.Before
	}
	list, err := details.Added.List()
	for _, one := range list {
		r.added[place{row.Kind, string(one.Key)}] = one.Hash
	}
	return err
}

// later notes which rows a later import added: the first of them that names a row tells whether it was there before.
func (r *record) later(row *models.UndoRow, seen map[place]bool) error {
	if row.Details.Before != nil {
		seen[place{row.Kind, string(row.Details.Key)}] = true
	}
	list, err := row.Details.Added.List()
	for _, one := range list {
		at := place{row.Kind, string(one.Key)}
		if _, own := r.added[at]; !seen[at] && !own && r.deleted[at] == nil {
			r.newer[at] = true
		}
		seen[at] = true
	}
	return err
}
