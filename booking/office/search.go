package office

import (
	"context"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/contactpoint"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/lookup"
	"github.com/ouderavond/ouderavond/models/store"
)

// Search says which families are looked for.
type Search struct {
	// Typed is what somebody typed; where it is empty, or only space, it is all families.
	Typed string
	Limit int // how many are given at most; 0 is all
	// After is where the page before ended, as Found said; nil for the first page.
	After []byte
}

// Match is why a family was found.
type Match struct {
	Field lookup.Field
	// Text is the name, number or group that was found. Of an address or a telephone number it is as much as tells it from others.
	Text string
}

// FoundFamily is a family that was found.
type FoundFamily struct {
	Row
	Matches []Match
	// Talks is how many talks of the family are booked and yet to come.
	Talks int
}

// Found is a page of what was found.
type Found struct {
	Families []FoundFamily
	Count    int // of all pages
	// Next is where the page ends, for the page behind it; nil where there is none.
	Next []byte
}

// Search gives the families that are looked for: those whose own names were typed first, then in the order of their names. The field "cursor" is not-valid
// (errs.Invalid) where the family at which the page before ended is gone.
func (s *Service) Search(ctx context.Context, actor models.Actor, search Search) (found Found, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		people, err := tx.Directory()
		if err != nil {
			return err
		}
		index, err := tx.Lookup()
		if err != nil {
			return err
		}
		hits := hitsOf(index, search.Typed)
		found = Found{Families: []FoundFamily{}, Count: len(hits)}
		if hits, err = behind(index, hits, search.After); err != nil {
			return err
		}
		if search.Limit > 0 && len(hits) > search.Limit {
			hits = hits[:search.Limit]
			last := hits[search.Limit-1]
			found.Next = append([]byte{byte(last.Rank)}, last.Household[:]...)
		}
		page := &foundPage{tx: tx, people: people}
		found.Families, err = page.show(hits)
		return err
	})
	return found, err
}

func hitsOf(index *lookup.Index, typed string) []lookup.Hit {
	if strings.TrimSpace(typed) != "" {
		return index.Search(typed)
	}
	hits := make([]lookup.Hit, len(index.Households()))
	for i, home := range index.Households() {
		hits[i].Household = home
	}
	return hits
}

// behind gives the hits that stand behind where a page ended, whether or not the family there is still among them.
func behind(index *lookup.Index, hits []lookup.Hit, after []byte) ([]lookup.Hit, error) {
	if after == nil {
		return hits, nil
	}
	if len(after) != 1+len(models.HouseholdID{}) {
		return nil, errs.InvalidField("cursor", "not-valid")
	}
	rank := int(after[0])
	last, there := index.Place(models.HouseholdID(after[1:]))
	if !there {
		return nil, errs.InvalidField("cursor", "not-valid")
	}
	start := slices.IndexFunc(hits, func(hit lookup.Hit) bool {
		place, _ := index.Place(hit.Household)
		return hit.Rank > rank || hit.Rank == rank && place > last
	})
	if start < 0 {
		return nil, nil
	}
	return hits[start:], nil
}

// foundPage shows what was found.
type foundPage struct {
	tx       *store.Tx
	people   *directory.Directory
	contacts map[models.ContactID]string // masked
	talks    map[models.HouseholdID]int
}

func (p *foundPage) show(hits []lookup.Hit) ([]FoundFamily, error) {
	var homes []models.HouseholdID
	var contacts []models.ContactID
	for _, hit := range hits {
		homes = append(homes, hit.Household)
		for _, reason := range hit.Reasons {
			if reason.Field == lookup.FieldEmail || reason.Field == lookup.FieldPhone {
				contacts = append(contacts, models.ContactID(reason.Thing))
			}
		}
	}
	if err := p.read(homes, contacts); err != nil {
		return nil, err
	}
	list := make([]FoundFamily, 0, len(hits))
	for _, hit := range hits {
		if row, ok := rowOf(p.people, hit.Household); ok {
			list = append(list, FoundFamily{Row: row, Matches: p.matches(&row, hit.Reasons), Talks: p.talks[hit.Household]})
		}
	}
	return list, nil
}

// manyHomes is from how many families on all rows are read, instead of those of the families: a statement has room for so many ids.
const manyHomes = 500

func (p *foundPage) read(homes []models.HouseholdID, contacts []models.ContactID) error {
	now, _ := models.TickAt(p.tx.Now())
	conditions := []store.Condition{store.Eq("state", models.AppointmentBooked), store.From("end_tick", now+1)}
	if len(homes) <= manyHomes {
		conditions = append(conditions, store.In("household_id", homes))
	}
	rows, err := store.List[models.Appointment](p.tx, conditions...)
	if err != nil {
		return err
	}
	p.talks = map[models.HouseholdID]int{}
	for i := range rows {
		p.talks[rows[i].HouseholdID]++
	}
	p.contacts = map[models.ContactID]string{}
	for some := range slices.Chunk(contacts, manyHomes) {
		found, err := store.List[models.Contact](p.tx, store.In("id", some))
		if err != nil {
			return err
		}
		for i := range found {
			p.contacts[found[i].ID] = contactpoint.Masked(found[i].Details.Value)
		}
	}
	return nil
}

func (p *foundPage) matches(row *Row, reasons []lookup.Reason) []Match {
	list := make([]Match, len(reasons))
	for i, reason := range reasons {
		list[i] = Match{reason.Field, p.text(row, reason)}
	}
	return list
}

// text gives what was found, as it may be shown; empty for what is gone.
func (p *foundPage) text(row *Row, reason lookup.Reason) string {
	switch reason.Field {
	case lookup.FieldPupil:
		if pupil, ok := p.people.Pupil(models.PupilID(reason.Thing)); ok {
			return pupil.Details.FullName()
		}
	case lookup.FieldNumber:
		if pupil, ok := p.people.Pupil(models.PupilID(reason.Thing)); ok {
			return pupil.Details.Key
		}
	case lookup.FieldGuardian:
		for _, guardian := range row.Guardians {
			if guardian.ID == models.GuardianID(reason.Thing) {
				return guardian.Name
			}
		}
	case lookup.FieldGroup:
		if group, ok := p.people.Group(models.GroupID(reason.Thing)); ok {
			return group.Details.Name
		}
	case lookup.FieldTeacher:
		if teacher, ok := p.people.Staff(models.StaffID(reason.Thing)); ok {
			return teacher.Details.DisplayName
		}
	case lookup.FieldEmail, lookup.FieldPhone:
		return p.contacts[models.ContactID(reason.Thing)]
	}
	return ""
}
