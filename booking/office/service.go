// Package office is what the school's office reads of its families: finding one as one types, who has not booked yet, and everything about one. It only reads: what staff
// change of families lives in household and people, and what it may be shown is decided by who asks it (package access), not here. What a log-in compares, and codes and
// links themselves, are never given.
package office

import (
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/store"
)

// Service reads about families. It is safe for concurrent use.
type Service struct {
	store *store.Store
}

// NewService makes the service.
func NewService(rows *store.Store) *Service { return &Service{store: rows} }

// Child is a child of a family who is at the school.
type Child struct {
	ID    models.PupilID
	Key   string // the student number
	Name  string // in full
	Group string // name of the main group; empty for none
}

// Guardian is a guardian of a family.
type Guardian struct {
	ID   models.GuardianID
	Name string
}

// Row is a family in a list.
type Row struct {
	Household models.HouseholdID
	Name      string // the surnames of its children, each once, or of its guardians where no child is at the school
	Label     string // the school's own note
	Children  []Child
	Guardians []Guardian
}

// rowOf shows a family; false where it is not there.
func rowOf(people *directory.Directory, id models.HouseholdID) (row Row, ok bool) {
	home, ok := people.Household(id)
	if !ok {
		return row, false
	}
	row = Row{Household: id, Label: home.Details.Label, Children: []Child{}, Guardians: []Guardian{}}
	var surnames, guardians []string
	for _, member := range people.Members(id) {
		pupil, ok := people.Pupil(member)
		if !ok || pupil.State != models.PersonActive {
			continue
		}
		child := Child{ID: pupil.ID, Key: pupil.Details.Key, Name: pupil.Details.FullName()}
		if group, ok := people.Group(pupil.GroupID); ok {
			child.Group = group.Details.Name
		}
		row.Children = append(row.Children, child)
		surnames = append(surnames, strings.TrimSpace(pupil.Details.Prefix+" "+pupil.Details.Surname))
	}
	for _, guardian := range people.Guardians(id) {
		row.Guardians = append(row.Guardians, Guardian{guardian.ID, guardian.Details.Name})
		guardians = append(guardians, guardian.Details.Name)
	}
	if len(surnames) == 0 {
		surnames = guardians
	}
	row.Name = strings.Join(once(surnames), " / ")
	return row, true
}

// once leaves out what is empty, and what was there before.
func once(texts []string) (list []string) {
	for _, text := range texts {
		if text != "" && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}

// compareNames puts names of groups in the order in which people count them: 2B before 10A.
func compareNames(a, b string) int {
	numberOf := func(name string) (number int, found bool) {
		for _, r := range name {
			if r >= '0' && r <= '9' {
				number, found = min(10*number+int(r-'0'), 1_000_000), true
			} else if found {
				break
			}
		}
		return number, found
	}
	first, isFirst := numberOf(a)
	second, isSecond := numberOf(b)
	if isFirst && isSecond && first != second {
		return first - second
	}
	return strings.Compare(a, b)
}
