package people

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/names"
	"github.com/ouderavond/ouderavond/models/store"
)

// Renumbering is a pupil whom the files have under another number.
type Renumbering struct {
	From, To, Given string
	Because         []string // what else is the same: name, birth_date, postcode, group, guardian
}

// UnsurePupil is one of the files of whom nobody can say whether the school has the pupil. The import takes such a one for new.
type UnsurePupil struct{ Key, Given, Reason string }

// identify decides who the rows of the roster are, and asks where nobody has said it.
func (w *importer) identify() (*matcher, error) {
	contacts, err := w.contactsOfPupils()
	if err != nil {
		return nil, err
	}
	who := identify(w.persons(contacts))
	asked := who
	if len(w.request.Answers) > 0 { // what was asked before that, to name the questions that have an answer
		known, rows, request := w.persons(contacts)
		request.Answers = nil
		asked = identify(known, rows, request)
	}
	w.settleWho(asked, who)
	return who, nil
}

// persons are the pupils of the school and the rows of the files, to be compared.
func (w *importer) persons(contacts map[models.PupilID][]string) (known, rows []*person, request ImportRequest) {
	for _, pupil := range w.people.Pupils() {
		d := pupil.Details
		one := &person{
			pupil: pupil, given: names.Key(d.Given), surname: names.Surname(d.Prefix, d.Surname), birth: pupil.Factors.BirthDate,
			postcode: pupil.Factors.Postcode, group: pupil.GroupID, contacts: contacts[pupil.ID],
		}
		if !strings.HasPrefix(d.Key, "#") {
			one.exact, one.number = d.Key, looseNumber(d.Key)
		}
		known = append(known, one)
	}
	for i := range w.roster.Pupils {
		row := &w.roster.Pupils[i]
		if !row.Active() {
			continue
		}
		one := &person{row: row, given: names.Key(row.Given), surname: names.Surname(row.Prefix, row.Surname), birth: row.BirthDate, postcode: row.Postcode, group: w.groups[row.GroupKey]}
		for _, guardian := range row.Guardians {
			one.contacts = append(one.contacts, filled(guardian.Email, mobileOf(guardian))...)
		}
		if !row.KeyIsTemporary {
			one.exact, one.number = row.Key, looseNumber(row.Key)
		}
		rows = append(rows, one)
	}
	return known, rows, w.request
}

func filled(texts ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

// contactsOfPupils returns the addresses and numbers on file of each pupil's households.
func (w *importer) contactsOfPupils() (map[models.PupilID][]string, error) {
	rows, err := store.List[models.Contact](w.tx, store.Eq("source", models.SourceFile))
	byHome := map[models.HouseholdID][]string{}
	for _, row := range rows {
		byHome[row.HouseholdID] = append(byHome[row.HouseholdID], row.Details.Value)
	}
	contacts := map[models.PupilID][]string{}
	for _, pupil := range w.people.Pupils() {
		for _, home := range w.people.HouseholdsOf(pupil.ID) {
			contacts[pupil.ID] = append(contacts[pupil.ID], byHome[home.HouseholdID]...)
		}
	}
	return contacts, err
}

// note tells who has another number, and of whom nobody can say who it is.
func (w *importer) note(who *matcher) {
	for i := range w.roster.Pupils {
		row := &w.roster.Pupils[i]
		if reason := who.unsure[row]; reason != "" {
			w.change.Unsure = append(w.change.Unsure, UnsurePupil{Key: row.Key, Given: row.Given, Reason: reason})
		}
		found := who.found[row]
		if w.left[row] {
			continue
		}
		if found.pupil == nil || row.KeyIsTemporary || looseNumber(row.Key) == looseNumber(found.pupil.Details.Key) {
			continue
		}
		if len(found.because) > 0 {
			w.change.Renumbered = append(w.change.Renumbered, Renumbering{From: found.pupil.Details.Key, To: row.Key, Given: row.Given, Because: found.because})
		}
		w.later(func(tx *store.Tx) error {
			_, err := store.Delete[models.ExternalKey](tx, store.Eq("kind", models.SubjectPupil), store.Eq("subject", found.pupil.ID))
			return err
		})
		w.keyed(models.SubjectPupil, row.Key, found.pupil.ID)
	}
}

// mayRenumber refuses an import of which nobody has said whether pupils under another number are the same.
func (w *importer) mayRenumber() error {
	if len(w.change.Renumbered) == 0 && len(w.change.Unsure) == 0 {
		return nil
	}
	return errs.New(errs.Conflict, "import.renumbers").With("renumbered", fmt.Sprint(len(w.change.Renumbered))).With("unsure", fmt.Sprint(len(w.change.Unsure)))
}
