package people

import (
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// importHouseholds puts the pupils of the roster into households: the certain families together, everybody else alone. What a person decided (joined,
// split, two homes) stays as it is. A pupil whose family changed leaves the old household at once; appointments stay with the household that made them.
func (w *importer) importHouseholds() error {
	house := newHousing(w.memberships)
	decided := slices.Clone(w.memberships)
	var added batch[models.Household]
	var members batch[models.HouseholdPupil]
	for _, found := range w.families(house) {
		family := found.members
		home, isNew := house.homeFor(found)
		if former, ok := house.home[family[0]]; isNew && ok && len(family) == 1 && w.staysWithOthers(family[0], former) {
			home, isNew = former, false
		}
		if isNew {
			row := &models.Household{ID: home, Origin: models.OriginSingle, CreatedAt: w.tx.Now(), Factors: w.factorsOf(family)}
			if len(family) > 1 {
				row.Origin = models.OriginCertain
			}
			added.add(row)
			w.change.Households.Added++
		} else {
			w.refreshHome(home, family)
		}
		for _, pupil := range family {
			former, has := house.home[pupil]
			if has && former == home {
				continue
			}
			if has {
				w.leave(former, home, pupil)
				w.change.Households.Changed++
			}
			members.add(&models.HouseholdPupil{HouseholdID: home, PupilID: pupil})
			w.memberships = append(w.memberships, models.HouseholdPupil{HouseholdID: home, PupilID: pupil})
		}
	}
	insertLater(w, &added)
	insertLater(w, &members)
	w.refreshDecided(decided)
	w.change.Households.Removed = w.emptied()
	return nil
}

// rehouse lets everything follow the children who live elsewhere now. That is after guardians have come and gone: whose time the talks take depends on who of them
// teaches here.
func (w *importer) rehouse() error {
	w.later(func(tx *store.Tx) error {
		_, err := household.Rehouse(tx, w.moves)
		return err
	})
	w.later(func(tx *store.Tx) error {
		_, err := household.DropEmpty(tx)
		return err
	})
	return nil
}

// staysWithOthers reports whether a pupil whom the files have alone stays in a household of several. That the files do not say any more what made them one household, as
// a list without addresses, is no news that they live apart: that takes something in which they differ from every other child of it.
func (w *importer) staysWithOthers(pupil models.PupilID, home models.HouseholdID) bool {
	own := w.rowOf[pupil]
	return own != nil && !w.filled[pupil].Protected && slices.ContainsFunc(w.former, func(row models.HouseholdPupil) bool {
		other := w.rowOf[row.PupilID]
		return row.HouseholdID == home && row.PupilID != pupil && other != nil && !w.filled[row.PupilID].Protected && !liveApart(own, other)
	})
}

// liveApart reports whether two rows of the files tell of two homes: something that both have is different.
func liveApart(a, b *roster.Pupil) bool {
	for _, fact := range [][2]string{
		{a.Postcode, b.Postcode}, {a.HouseNumber, b.HouseNumber}, {strings.ToLower(a.HouseNumberAddition), strings.ToLower(b.HouseNumberAddition)}, {a.FamilyCode, b.FamilyCode},
	} {
		if fact[0] != "" && fact[1] != "" && fact[0] != fact[1] {
			return true
		}
	}
	reached := func(row *roster.Pupil) (contacts []string) {
		for _, guardian := range row.Guardians {
			contacts = append(contacts, filled(guardian.Email, guardian.PhoneE164)...)
		}
		return contacts
	}
	own, others := reached(a), reached(b)
	return len(own) > 0 && len(others) > 0 && !overlap(own, others)
}

// leave takes a pupil out of a household, for another.
func (w *importer) leave(former, home models.HouseholdID, pupil models.PupilID) {
	w.later(func(tx *store.Tx) error {
		_, err := store.Delete[models.HouseholdPupil](tx, store.Eq("household_id", former), store.Eq("pupil_id", pupil))
		return err
	})
	w.memberships = slices.DeleteFunc(w.memberships, func(row models.HouseholdPupil) bool { return row.HouseholdID == former && row.PupilID == pupil })
	at := slices.IndexFunc(w.moves, func(move household.Move) bool { return move.From == former && move.To == home })
	if at < 0 {
		at = len(w.moves)
		w.moves = append(w.moves, household.Move{From: former, To: home})
	}
	w.moves[at].Pupils = append(w.moves[at].Pupils, pupil)
}

// emptied counts the households in which nobody is left. Those that are told of a cancelled talk first go with the tidying.
func (w *importer) emptied() int {
	lived, left := map[models.HouseholdID]bool{}, map[models.HouseholdID]bool{}
	for _, row := range w.memberships {
		lived[row.HouseholdID] = true
	}
	for _, row := range w.former {
		if !lived[row.HouseholdID] {
			left[row.HouseholdID] = true
		}
	}
	return len(left)
}

// refreshDecided brings the postcodes of the households that a person put together in line with the file. Where a child has two homes no file says whose
// postcode it has, and a postcode entered by hand stays.
func (w *importer) refreshDecided(memberships []models.HouseholdPupil) {
	members, homes := map[models.HouseholdID][]models.PupilID{}, map[models.PupilID]int{}
	var decided []models.HouseholdID
	for _, row := range memberships {
		members[row.HouseholdID] = append(members[row.HouseholdID], row.PupilID)
		homes[row.PupilID]++
		if row.ByStaff && !slices.Contains(decided, row.HouseholdID) {
			decided = append(decided, row.HouseholdID)
		}
	}
	for _, home := range decided {
		family := slices.DeleteFunc(members[home], func(id models.PupilID) bool { return !w.present[id] })
		shared := slices.ContainsFunc(family, func(id models.PupilID) bool { return homes[id] > 1 })
		if len(family) == 0 || shared || w.overridden[home.String()+"/postcode"] {
			continue
		}
		slices.SortFunc(family, models.PupilID.Compare)
		w.refreshHome(home, family)
	}
}

// housing is who lives where, as far as no person decided it.
type housing struct {
	home    map[models.PupilID]models.HouseholdID
	decided map[models.PupilID]bool
	taken   map[models.HouseholdID]bool
	// keepers are the pupils for whom a person decided that they live in a household.
	keepers map[models.HouseholdID][]models.PupilID
}

// rosterFamily is pupils who live together by the roster: those whose household the import finds, and those for whom a person decided it.
type rosterFamily struct{ members, decided []models.PupilID }

func newHousing(memberships []models.HouseholdPupil) *housing {
	h := &housing{home: map[models.PupilID]models.HouseholdID{}, decided: map[models.PupilID]bool{}, taken: map[models.HouseholdID]bool{}, keepers: map[models.HouseholdID][]models.PupilID{}}
	for _, row := range memberships {
		if row.ByStaff {
			h.decided[row.PupilID] = true
			h.taken[row.HouseholdID] = true
			h.keepers[row.HouseholdID] = append(h.keepers[row.HouseholdID], row.PupilID)
			continue
		}
		h.home[row.PupilID] = row.HouseholdID
	}
	return h
}

// homeFor gives a family the household in which most of it lives already, or a new one. Where a person decided about somebody in that household, the others
// stay in it only as long as the roster still has them with one of those.
func (h *housing) homeFor(family rosterFamily) (home models.HouseholdID, isNew bool) {
	counts := map[models.HouseholdID]int{}
	for _, pupil := range family.members {
		present, ok := h.home[pupil]
		kin := slices.ContainsFunc(h.keepers[present], func(id models.PupilID) bool { return slices.Contains(family.decided, id) })
		if ok && (!h.taken[present] || kin) {
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

// families gives the sets of pupils that live together by the roster, in a stable order.
func (w *importer) families(house *housing) []rosterFamily {
	var families []rosterFamily
	housed := map[models.PupilID]bool{}
	add := func(keys []string) {
		var family rosterFamily
		for _, key := range keys {
			switch id, ok := w.pupils[key]; {
			case !ok || housed[id]:
			case w.filled[id].Protected && len(keys) > 1: // never grouped by what a file says; the pupil comes again alone
			case house.decided[id]:
				family.decided = append(family.decided, id)
			default:
				housed[id] = true
				family.members = append(family.members, id)
			}
		}
		if len(family.members) > 0 {
			families = append(families, family)
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

// factorsOf returns the postcode of a family, one entered by hand before the file's. Where an address is secret there is none.
func (w *importer) factorsOf(family []models.PupilID) models.HouseholdFactors {
	facts, byHand := models.HouseholdFactors{}, false
	for _, id := range family {
		pupil := w.filled[id]
		if pupil.Protected {
			return models.HouseholdFactors{}
		}
		entered := w.overridden[id.String()+"/postcode"]
		if pupil.Factors.Postcode != "" && (facts.Postcode == "" || entered && !byHand) {
			facts, byHand = models.HouseholdOf(pupil.Factors), entered
		}
	}
	return facts
}

func (w *importer) refreshHome(home models.HouseholdID, family []models.PupilID) {
	present, ok := w.people.Household(home)
	if !ok {
		return
	}
	changed := *present
	changed.Factors = w.factorsOf(family)
	own := present.Factors.Postcode != "" && !present.Factors.OfPupils
	for _, id := range family {
		former, ok := w.people.Pupil(id)
		own = own && !(ok && former.Factors.Postcode == present.Factors.Postcode) && !w.filled[id].Protected
	}
	if own && changed.Factors.Postcode == "" && (!w.told[string(models.FactorPostcode)] || w.hold.fields[ownPostcode]) {
		w.untold[string(models.FactorPostcode)] = true
		return
	}
	if own {
		w.had[ownPostcode]++
		if changed.Factors.Postcode == "" {
			w.erased(ownPostcode, 1)
		}
	}
	if present.Factors == changed.Factors {
		return
	}
	w.change.Households.Changed++
	updateLater(w, &changed, "factors")
}
