package booking

import (
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// importHouseholds puts the pupils of the roster into households: the certain families together, everybody else alone. What a person decided (joined,
// split, two homes) stays as it is. A pupil whose family changed leaves the old household at once; appointments stay with the household that made them.
func (w *importer) importHouseholds() error {
	memberships, err := store.List[models.HouseholdPupil](w.tx)
	if err != nil {
		return err
	}
	house := newHousing(memberships)
	var added batch[models.Household]
	var members batch[models.HouseholdPupil]
	for _, family := range w.families(house) {
		home, isNew := house.homeFor(family)
		if isNew {
			row := &models.Household{ID: home, Origin: models.OriginSingle, CreatedAt: w.tx.Now(), Factors: models.HouseholdFactors{Postcode: w.postcodeOf(family)}}
			if len(family) > 1 {
				row.Origin = models.OriginCertain
			}
			added.add(row)
			w.change.Households.Added++
		} else if err := w.refreshHome(home, family); err != nil {
			return err
		}
		for _, pupil := range family {
			former, has := house.home[pupil]
			if has && former == home {
				continue
			}
			if has {
				if _, err := store.Delete[models.HouseholdPupil](w.tx, store.Eq("household_id", former), store.Eq("pupil_id", pupil)); err != nil {
					return err
				}
				w.change.Households.Changed++
			}
			members.add(&models.HouseholdPupil{HouseholdID: home, PupilID: pupil})
		}
	}
	if err := added.flush(w.tx); err != nil {
		return err
	}
	if err := members.flush(w.tx); err != nil {
		return err
	}
	removed, err := dropEmptyHouseholds(w.tx)
	w.change.Households.Removed += removed
	return err
}

// housing is who lives where, as far as no person decided it.
type housing struct {
	home    map[models.PupilID]models.HouseholdID
	decided map[models.PupilID]bool
	taken   map[models.HouseholdID]bool
}

func newHousing(memberships []models.HouseholdPupil) *housing {
	h := &housing{home: map[models.PupilID]models.HouseholdID{}, decided: map[models.PupilID]bool{}, taken: map[models.HouseholdID]bool{}}
	for _, row := range memberships {
		if row.ByStaff {
			h.decided[row.PupilID] = true
			h.taken[row.HouseholdID] = true
			continue
		}
		h.home[row.PupilID] = row.HouseholdID
	}
	return h
}

// homeFor gives a family the household in which most of it lives already, or a new one.
func (h *housing) homeFor(family []models.PupilID) (home models.HouseholdID, isNew bool) {
	counts := map[models.HouseholdID]int{}
	for _, pupil := range family {
		if present, ok := h.home[pupil]; ok && !h.taken[present] {
			counts[present]++
		}
	}
	best := 0
	for id, count := range counts {
		if count > best || count == best && id.Compare(home) < 0 {
			home, best = id, count
		}
	}
	if best == 0 {
		home, isNew = models.New[models.HouseholdID](), true
	}
	h.taken[home] = true
	return home, isNew
}

// families gives the sets of pupils that live together by the roster, in a stable order. Pupils whose household a person decided are left out.
func (w *importer) families(house *housing) [][]models.PupilID {
	var families [][]models.PupilID
	housed := map[models.PupilID]bool{}
	add := func(keys []string) {
		var members []models.PupilID
		for _, key := range keys {
			id, ok := w.pupils[key]
			if ok && w.protected[id] && len(keys) > 1 {
				continue // never grouped by what a file says; the pupil comes again alone
			}
			if ok && !house.decided[id] && !housed[id] {
				housed[id] = true
				members = append(members, id)
			}
		}
		if len(members) > 0 {
			families = append(families, members)
		}
	}
	for _, family := range w.roster.Households.Certain {
		add(family.PupilKeys)
	}
	for _, key := range w.sortedKeys() {
		add([]string{key})
	}
	// Pupils whom staff added are in no file and stay where they are.
	return families
}

func (w *importer) postcodeOf(family []models.PupilID) string {
	if !w.tx.School().Policy.Asks(models.FactorPostcode) {
		return ""
	}
	for _, id := range family {
		if row := w.rows[w.keyOf[id]]; row != nil && !w.protected[id] && row.Postcode != "" {
			return row.Postcode
		}
	}
	return ""
}

func (w *importer) refreshHome(home models.HouseholdID, family []models.PupilID) error {
	present, ok := w.people.Household(home)
	if !ok {
		return nil
	}
	postcode := w.postcodeOf(family)
	if present.Factors.Postcode == postcode {
		return nil
	}
	changed := *present
	changed.Factors.Postcode = postcode
	w.change.Households.Changed++
	return store.Update(w.tx, &changed, "factors")
}

// dropEmptyHouseholds removes the households in which nobody is left and which made no appointments.
func dropEmptyHouseholds(tx *store.Tx) (int, error) {
	households, err := store.List[models.Household](tx)
	if err != nil {
		return 0, err
	}
	memberships, err := store.List[models.HouseholdPupil](tx)
	if err != nil {
		return 0, err
	}
	lived := map[models.HouseholdID]bool{}
	for _, row := range memberships {
		lived[row.HouseholdID] = true
	}
	removed := 0
	for _, household := range households {
		if lived[household.ID] {
			continue
		}
		appointments, err := store.Count[models.Appointment](tx, store.Eq("household_id", household.ID))
		if err != nil {
			return removed, err
		}
		waiting, err := store.Count[models.Message](tx, store.Eq("household_id", household.ID), store.In("state", []models.MessageState{models.MessageQueued, models.MessageSending}))
		if err != nil {
			return removed, err
		}
		// One that still has a message to get goes later, with the tidying.
		if appointments+waiting > 0 {
			continue
		}
		if _, err := store.Delete[models.Household](tx, store.Eq("id", household.ID)); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, nil
}

// guardianKey is what makes two guardians of a household the same.
type guardianKey struct {
	household          models.HouseholdID
	name, email, phone string
}

// importGuardians brings the guardians and contacts that came from files in line with this one. Contacts that staff or parents brought stay.
func (w *importer) importGuardians() error {
	shared, home, err := w.homes()
	if err != nil {
		return err
	}
	wanted, order := w.wantedGuardians(shared, home)
	present, err := store.List[models.Guardian](w.tx, store.Eq("from_roster", true))
	if err != nil {
		return err
	}
	contacts, err := store.List[models.Contact](w.tx, store.Eq("source", models.SourceFile))
	if err != nil {
		return err
	}
	byGuardian := map[models.GuardianID]guardianKey{}
	for _, contact := range contacts {
		key := byGuardian[contact.GuardianID]
		if contact.Kind == models.ContactEmail {
			key.email = contact.Details.Value
		} else {
			key.phone = contact.Details.Value
		}
		byGuardian[contact.GuardianID] = key
	}
	var gone []models.GuardianID
	for _, row := range present {
		if shared[row.HouseholdID] {
			continue
		}
		key := byGuardian[row.ID]
		key.household, key.name = row.HouseholdID, row.Details.Name
		if wanted[key] {
			delete(wanted, key)
			continue
		}
		gone = append(gone, row.ID)
	}
	if len(gone) > 0 {
		if _, err := store.Delete[models.Guardian](w.tx, store.In("id", gone)); err != nil {
			return err
		}
		w.change.Contacts.Removed += len(gone)
	}
	return w.addGuardians(wanted, order)
}

// homes gives where each pupil lives, and the households in which somebody has a second home. Which of two separated parents belongs to which of them no
// file says: what the school decided there stays, or one parent would get the other's messages with the next import.
func (w *importer) homes() (shared map[models.HouseholdID]bool, home map[models.PupilID]models.HouseholdID, err error) {
	memberships, err := store.List[models.HouseholdPupil](w.tx)
	if err != nil {
		return nil, nil, err
	}
	count := map[models.PupilID]int{}
	for _, row := range memberships {
		count[row.PupilID]++
	}
	shared, home = map[models.HouseholdID]bool{}, map[models.PupilID]models.HouseholdID{}
	for _, row := range memberships {
		if count[row.PupilID] > 1 {
			shared[row.HouseholdID] = true
		}
		if row.Position == 0 {
			home[row.PupilID] = row.HouseholdID
		}
	}
	return shared, home, nil
}

func (w *importer) wantedGuardians(shared map[models.HouseholdID]bool, home map[models.PupilID]models.HouseholdID) (map[guardianKey]bool, []guardianKey) {
	wanted := map[guardianKey]bool{}
	var order []guardianKey
	for _, key := range w.sortedKeys() {
		for _, guardian := range w.rows[key].Guardians {
			entry := guardianKey{home[w.pupils[key]], guardian.Name, guardian.Email, mobileOf(guardian)}
			if entry.household.IsZero() || shared[entry.household] || entry.name+entry.email+entry.phone == "" || wanted[entry] {
				continue
			}
			wanted[entry] = true
			order = append(order, entry)
		}
	}
	return wanted, order
}

func mobileOf(guardian roster.Guardian) string {
	if guardian.PhoneMobile {
		return guardian.PhoneE164
	}
	return ""
}

func (w *importer) addGuardians(wanted map[guardianKey]bool, order []guardianKey) error {
	teachers := map[string]models.StaffID{}
	staff, err := store.List[models.Staff](w.tx)
	if err != nil {
		return err
	}
	for _, row := range staff {
		if row.Details.Email != "" {
			teachers[strings.ToLower(row.Details.Email)] = row.ID
		}
	}
	var guardians batch[models.Guardian]
	var contacts batch[models.Contact]
	for _, key := range order {
		if !wanted[key] {
			continue
		}
		// A guardian with a teacher's address is that teacher: one person cannot sit on both sides of the corridor at once.
		row := &models.Guardian{ID: models.New[models.GuardianID](), HouseholdID: key.household, StaffID: teachers[key.email], FromRoster: true, Details: models.GuardianDetails{Name: key.name}}
		guardians.add(row)
		w.change.Contacts.Added++
		for kind, value := range map[models.ContactKind]string{models.ContactEmail: key.email, models.ContactPhone: key.phone} {
			if value != "" {
				contacts.add(&models.Contact{
					ID: models.New[models.ContactID](), HouseholdID: key.household, GuardianID: row.ID, Kind: kind, Source: models.SourceFile,
					Purposes: []string{"confirmation", "code"}, CreatedAt: w.tx.Now(), Details: models.ContactDetails{Value: value},
				})
			}
		}
	}
	if err := guardians.flush(w.tx); err != nil {
		return err
	}
	return contacts.flush(w.tx)
}

// propose keeps what only looks like a family for the school to decide. One that was decided before is not proposed again.
func (w *importer) propose() error {
	for _, family := range w.roster.Households.Proposed {
		var members []models.PupilID
		for _, key := range family.PupilKeys {
			if id, ok := w.pupils[key]; ok {
				members = append(members, id)
			}
		}
		if len(members) < 2 {
			continue
		}
		slices.SortFunc(members, models.PupilID.Compare)
		vetoes := []string{}
		for _, veto := range family.Vetoes {
			vetoes = append(vetoes, string(veto))
		}
		row := &models.Proposal{
			ID: models.New[models.RowID](), State: models.ProposalOpen, PupilIDs: members, Reason: string(family.Reason), Vetoes: vetoes,
			Members: w.tx.Index("proposal", membersText(members)), CreatedAt: w.tx.Now(),
		}
		added, err := store.InsertNew(w.tx, row)
		if err != nil {
			return err
		}
		w.change.Proposals += added
	}
	return nil
}

func membersText(members []models.PupilID) string {
	texts := make([]string, len(members))
	for i, id := range members {
		texts[i] = id.String()
	}
	return strings.Join(texts, ",")
}
