package people

import (
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/names"
	"github.com/ouderavond/ouderavond/models/store"
)

// enteredGuardians lets guardians stay whom staff entered, or to whom staff gave a contact. The files add to them what they say, and bring none of them a second time.
type enteredGuardians struct {
	w      *importer
	said   guardiansByHand
	wanted map[guardianKey]bool
	order  []guardianKey
	named  map[guardianKey][]models.PupilID
	onFile map[models.GuardianID]guardianKey
	// reached are the addresses and numbers that staff entered, by guardian.
	reached map[models.GuardianID][]string
	// replaced are the names of guardians of the files who are there with other contacts.
	replaced map[guardianName]bool
}

// read finds the contacts that staff entered.
func (e enteredGuardians) read() error {
	rows, err := store.List[models.Contact](e.w.tx, store.Eq("source", models.SourceStaff))
	for _, row := range rows {
		e.reached[row.GuardianID] = append(e.reached[row.GuardianID], row.Details.Value)
	}
	return err
}

// stays keeps a guardian of the files who has contacts of staff's: as the files have that one now, or, where they have nobody of that name any more, by hand.
func (e enteredGuardians) stays(row *models.Guardian, name string) {
	entry, found := e.find(row.HouseholdID, func(entry guardianKey) bool { return name != "" && strings.EqualFold(entry.name, name) })
	if e.refill(row, entry) && found {
		e.w.change.Contacts.Changed++
	}
	if found {
		return
	}
	e.w.change.Contacts.Changed++
	e.tell(row.HouseholdID)
	kept := *row
	kept.FromRoster = false
	updateLater(e.w, &kept, "from_roster")
}

// meet lets a guardian whom staff entered have the contacts that files say of one of that name, address or number.
func (e enteredGuardians) meet(row *models.Guardian) {
	known := filled(append([]string{e.onFile[row.ID].email, e.onFile[row.ID].phone}, e.reached[row.ID]...)...)
	entry, _ := e.find(row.HouseholdID, func(entry guardianKey) bool {
		if e.replaced[guardianName{row.HouseholdID, strings.ToLower(entry.name)}] && entry.name != "" {
			return false
		}
		same := func(value string) bool {
			return value != "" && slices.ContainsFunc(known, func(own string) bool { return strings.EqualFold(own, value) })
		}
		name := names.Key(entry.name)
		return name != "" && name == names.Key(row.Details.Name) || same(entry.email) || same(entry.phone)
	})
	for _, value := range []*string{&entry.email, &entry.phone} {
		if slices.ContainsFunc(e.reached[row.ID], func(own string) bool { return strings.EqualFold(own, *value) }) {
			*value = ""
		}
	}
	if e.refill(row, entry) {
		e.w.change.Contacts.Changed++
	}
}

// find takes one of a household whom the files want, and who is not there.
func (e enteredGuardians) find(home models.HouseholdID, means func(guardianKey) bool) (entry guardianKey, found bool) {
	at := slices.IndexFunc(e.order, func(entry guardianKey) bool { return e.wanted[entry] && entry.household == home && means(entry) })
	if at < 0 {
		return entry, false
	}
	delete(e.wanted, e.order[at])
	return e.order[at], true
}

// refill replaces the contacts that files had of a guardian by those that they have now, and reports whether anything changes.
func (e enteredGuardians) refill(row *models.Guardian, entry guardianKey) (changed bool) {
	had := e.onFile[row.ID]
	if !e.w.told[toldEmails] {
		entry.email = had.email
	}
	if !e.w.told[toldPhones] {
		entry.phone = had.phone
	}
	var added batch[models.Contact]
	for kind, pair := range map[models.ContactKind]struct{ had, is *string }{
		models.ContactEmail: {&had.email, &entry.email}, models.ContactPhone: {&had.phone, &entry.phone},
	} {
		if *pair.had == *pair.is {
			*pair.is = ""
			continue
		}
		changed = true
		if *pair.had != "" {
			e.w.later(func(tx *store.Tx) error {
				_, err := store.Delete[models.Contact](tx, store.Eq("guardian_id", row.ID), store.Eq("kind", kind), store.Eq("source", models.SourceFile))
				return err
			})
		}
	}
	for _, contact := range e.said.contactsOf(row, entry) {
		added.add(contact)
	}
	insertLater(e.w, &added)
	return changed
}

// tell names the children of a household whose guardian stays by hand.
func (e enteredGuardians) tell(home models.HouseholdID) {
	for _, key := range e.w.sortedKeys() {
		if e.w.homeOf(e.w.pupils[key]) == home {
			e.w.change.keep(KeptValue{key, e.w.rows[key].Given, "guardian_entered"})
		}
	}
}

// homeOf is where a pupil lives first.
func (w *importer) homeOf(pupil models.PupilID) models.HouseholdID {
	for _, row := range w.memberships {
		if row.PupilID == pupil && row.Position == 0 {
			return row.HouseholdID
		}
	}
	return models.HouseholdID{}
}
