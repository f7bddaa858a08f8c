package people

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/booking/byhand"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// guardianKey is what makes two guardians of a household the same.
type guardianKey struct {
	household          models.HouseholdID
	name, email, phone string
	// emailShared and phoneShared tell of a contact to which no log-in codes go, for it need not be a parent's.
	emailShared, phoneShared bool
}

// importGuardians brings the guardians and contacts that came from files in line with this one. Contacts that staff or parents brought stay.
func (w *importer) importGuardians() error {
	homes := w.homes()
	all, err := store.List[models.Guardian](w.tx)
	if err != nil {
		return err
	}
	contacts, err := w.contactsOnFile()
	if err != nil {
		return err
	}
	if all, err = w.moved(all, homes); err != nil {
		return err
	}
	var present, entered []models.Guardian
	var known []guardianKey
	for _, row := range all {
		switch {
		case homes.shared[row.HouseholdID] || !homes.lived[row.HouseholdID]: // of a household in which nobody is left: go with it, once it was told
		case !row.FromRoster:
			entered = append(entered, row)
		default:
			key := contacts[row.ID]
			key.household, key.name = row.HouseholdID, cmp.Or(row.Details.FileName, row.Details.Name)
			present, known = append(present, row), append(known, key)
		}
	}
	if !w.told[toldGuardians] || w.hold.fields[toldEmails] || w.hold.fields[toldPhones] {
		w.untold[toldGuardians] = len(known) > 0
		w.later(linkTeachers)
		return nil
	}
	wanted, order, named := w.wantedGuardians(homes, known)
	w.countContacts(known, order)
	said := w.guardiansByHand(present, known)
	work := enteredGuardians{w, said, wanted, order, named, contacts, map[models.GuardianID][]string{}, map[guardianName]bool{}}
	if err := work.read(); err != nil {
		return err
	}
	var gone []models.GuardianID
	for i := range present {
		switch row := &present[i]; {
		case wanted[known[i]]:
			delete(wanted, known[i])
		case len(work.reached[row.ID]) > 0: // by what staff entered
			work.stays(row, known[i].name)
		default:
			gone = append(gone, row.ID)
			work.replaced[guardianName{row.HouseholdID, strings.ToLower(known[i].name)}] = true
		}
	}
	for i := range entered {
		work.meet(&entered[i])
	}
	if len(gone) > 0 {
		w.later(func(tx *store.Tx) error {
			_, err := store.Delete[models.Guardian](tx, store.In("id", gone))
			return err
		})
		w.change.Contacts.Removed += len(gone)
	}
	w.addGuardians(wanted, order, named, said)
	w.later(linkTeachers)
	return nil
}

func linkTeachers(tx *store.Tx) error {
	_, err := household.LinkTeachers(tx)
	return err
}

// moved returns guardians as they are once those who came for children that move have gone with them, as household.Rehouse lets them.
func (w *importer) moved(present []models.Guardian, homes *homes) ([]models.Guardian, error) {
	if len(w.moves) == 0 {
		return present, nil
	}
	children, err := household.ChildrenOf(w.tx, present)
	if err != nil {
		return nil, err
	}
	for i := range present {
		for n, move := range w.moves {
			last := !slices.ContainsFunc(w.moves[n+1:], func(later household.Move) bool { return later.From == move.From })
			if move.From == present[i].HouseholdID && household.Follows(children[present[i].ID], move.Pupils, last && !homes.lived[move.From]) {
				present[i].HouseholdID = move.To
				break
			}
		}
	}
	return present, nil
}

// contactsOnFile gives the addresses and numbers that files brought, by guardian.
func (w *importer) contactsOnFile() (map[models.GuardianID]guardianKey, error) {
	contacts, err := store.List[models.Contact](w.tx, store.Eq("source", models.SourceFile))
	byGuardian := map[models.GuardianID]guardianKey{}
	for _, contact := range contacts {
		key := byGuardian[contact.GuardianID]
		if contact.Kind == models.ContactEmail {
			key.email, key.emailShared = contact.Details.Value, !slices.Contains(contact.Purposes, purposeCode)
		} else {
			key.phone, key.phoneShared = contact.Details.Value, !slices.Contains(contact.Purposes, purposeCode)
		}
		byGuardian[contact.GuardianID] = key
	}
	return byGuardian, err
}

// purposeCode is the purpose of a contact to which log-in codes may go.
const purposeCode = "code"

// homes is where everybody lives.
type homes struct {
	// shared are the households in which somebody has a second home. Which of two separated parents belongs to which of them no file says: what the school
	// decided there stays, or one parent would get the other's messages with the next import.
	shared map[models.HouseholdID]bool
	lived  map[models.HouseholdID]bool // those in which somebody lives
	of     map[models.PupilID]models.HouseholdID
}

func (w *importer) homes() *homes {
	count := map[models.PupilID]int{}
	for _, row := range w.memberships {
		count[row.PupilID]++
	}
	found := &homes{shared: map[models.HouseholdID]bool{}, lived: map[models.HouseholdID]bool{}, of: map[models.PupilID]models.HouseholdID{}}
	for _, row := range w.memberships {
		found.lived[row.HouseholdID] = true
		if count[row.PupilID] > 1 || w.held[row.PupilID] { // of a held pupil, the files say nothing of those at home either
			found.shared[row.HouseholdID] = true
		}
		if row.Position == 0 {
			found.of[row.PupilID] = row.HouseholdID
		}
	}
	return found
}

// wantedGuardians gives the guardians that the file wants, each once, in a stable order, with the pupils whose rows name them. A contact that staff took away does
// not come back.
func (w *importer) wantedGuardians(homes *homes, known []guardianKey) (map[guardianKey]bool, []guardianKey, map[guardianKey][]models.PupilID) {
	wanted, named := map[guardianKey]bool{}, map[guardianKey][]models.PupilID{}
	atHome := map[models.HouseholdID][]guardianKey{}
	for _, present := range known {
		atHome[present.household] = append(atHome[present.household], present)
	}
	var order []guardianKey
	for _, key := range w.sortedKeys() {
		for _, guardian := range w.rows[key].Guardians {
			entry := guardianKey{household: homes.of[w.pupils[key]], name: guardian.Name, email: guardian.Email, phone: mobileOf(guardian), emailShared: guardian.EmailShared}
			entry.phoneShared = guardian.PhoneShared && entry.phone != ""
			if entry.household.IsZero() || homes.shared[entry.household] {
				continue
			}
			if w.removedGuardian(entry) {
				w.change.keep(KeptValue{key, w.rows[key].Given, "guardian"})
				continue
			}
			entry = w.completed(entry, atHome[entry.household])
			for _, contact := range []*string{&entry.email, &entry.phone} {
				if *contact != "" && w.overridden[entry.household.String()+"/"+byhand.RemovedContact(w.tx, *contact)] {
					*contact = ""
					entry.emailShared, entry.phoneShared = entry.emailShared && entry.email != "", entry.phoneShared && entry.phone != ""
					w.change.keep(KeptValue{key, w.rows[key].Given, "contact"})
				}
			}
			if pupil := w.pupils[key]; !slices.Contains(named[entry], pupil) {
				named[entry] = append(named[entry], pupil)
			}
			if entry.name+entry.email+entry.phone == "" || wanted[entry] {
				continue
			}
			wanted[entry] = true
			order = append(order, entry)
		}
	}
	return wanted, order, named
}

// removedGuardian reports whether staff took a guardian of a name, address or number away.
func (w *importer) removedGuardian(entry guardianKey) bool {
	return slices.ContainsFunc(filled(entry.name, entry.email, entry.phone), func(value string) bool {
		return w.overridden[entry.household.String()+"/"+byhand.RemovedGuardian(w.tx, value)]
	})
}

func mobileOf(guardian roster.Guardian) string {
	if guardian.PhoneMobile {
		return guardian.PhoneE164
	}
	return ""
}

// guardiansByHand is what people said of guardians of a household, which files do not undo. A guardian is told by the name that files have, by address or by number.
type guardiansByHand struct {
	w      *importer
	silent map[guardianName]bool
	former map[guardianName]*models.Guardian
}

// guardianName is a name, address or number of a guardian in a household, in lower case.
type guardianName struct {
	household models.HouseholdID
	value     string
}

func (w *importer) guardiansByHand(present []models.Guardian, known []guardianKey) guardiansByHand {
	said := guardiansByHand{w, map[guardianName]bool{}, map[guardianName]*models.Guardian{}}
	for i := range present {
		row := &present[i]
		if name := known[i].name; name != "" {
			said.former[guardianName{row.HouseholdID, strings.ToLower(name)}] = row
		}
		if !row.Details.Uninformed {
			continue
		}
		for _, value := range filled(known[i].name, row.Details.Name, known[i].email, known[i].phone) {
			said.silent[guardianName{row.HouseholdID, strings.ToLower(value)}] = true
		}
	}
	return said
}

// uninformed reports whether a name, address or number is of a guardian who is told nothing. It is so of whoever stands in the household now, wherever that one comes
// from, and of whom somebody said so who is not in the files at present.
func (g guardiansByHand) uninformed(home models.HouseholdID, value string) bool {
	return value != "" && (g.silent[guardianName{home, strings.ToLower(value)}] || g.w.overridden[home.String()+"/"+byhand.Uninformed(g.w.tx, value)])
}

// guardian returns a new guardian of the files, with what was said by hand of the one whose name it has.
func (g guardiansByHand) guardian(key guardianKey) *models.Guardian {
	row := &models.Guardian{ID: models.New[models.GuardianID](), HouseholdID: key.household, FromRoster: true, Details: models.GuardianDetails{Name: key.name}}
	if former := g.former[guardianName{key.household, strings.ToLower(key.name)}]; former != nil {
		row.Language, row.Details.Name, row.Details.FileName = former.Language, former.Details.Name, former.Details.FileName
	}
	nameless := key.name == "" && (g.uninformed(key.household, key.email) || g.uninformed(key.household, key.phone))
	row.Details.Uninformed = nameless || g.uninformed(key.household, key.name)
	return row
}

// addGuardians adds those who are wanted and not there. In a household that a person put together it is written down for whose children they came, so that a
// split gives them back.
func (w *importer) addGuardians(wanted map[guardianKey]bool, order []guardianKey, named map[guardianKey][]models.PupilID, said guardiansByHand) {
	var guardians batch[models.Guardian]
	var contacts batch[models.Contact]
	var children batch[models.GuardianPupil]
	joined := map[models.HouseholdID]bool{}
	for _, row := range w.memberships {
		joined[row.HouseholdID] = joined[row.HouseholdID] || row.ByStaff
	}
	for _, key := range order {
		if !wanted[key] {
			continue
		}
		row := said.guardian(key)
		guardians.add(row)
		w.change.Contacts.Added++
		for _, pupil := range named[key] {
			if joined[key.household] {
				children.add(&models.GuardianPupil{GuardianID: row.ID, PupilID: pupil})
			}
		}
		for _, added := range said.contactsOf(row, key) {
			contacts.add(added)
		}
	}
	insertLater(w, &guardians)
	insertLater(w, &children)
	insertLater(w, &contacts)
}

// contactsOf returns the contacts that the files have of a guardian.
func (g guardiansByHand) contactsOf(row *models.Guardian, key guardianKey) (added []*models.Contact) {
	home, ok := g.w.people.Household(row.HouseholdID)
	if !ok {
		home = &models.Household{}
	}
	for _, contact := range []struct {
		kind   models.ContactKind
		value  string
		shared bool
	}{{models.ContactEmail, key.email, key.emailShared}, {models.ContactPhone, key.phone, key.phoneShared}} {
		if contact.value == "" {
			continue
		}
		purposes := []string{"confirmation", purposeCode}
		if contact.shared {
			purposes = purposes[:1]
		}
		one := &models.Contact{
			ID: models.New[models.ContactID](), HouseholdID: row.HouseholdID, GuardianID: row.ID, Kind: contact.kind, Source: models.SourceFile,
			Purposes: purposes, Language: household.Speaks(row, home), CreatedAt: g.w.tx.Now(), Details: models.ContactDetails{Value: contact.value},
		}
		if row.Details.Uninformed || g.uninformed(row.HouseholdID, contact.value) {
			household.Silence(one, g.w.tx)
		}
		added = append(added, one)
	}
	return added
}
