package appointment

import (
	"cmp"
	"slices"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// KeepHeld carries out a change of the roster within a transaction, and takes anew the time of the talks that are other people's afterwards: those of a household
// whose guardians who teach here are others, and those of a pupil who has a second home now, or no more. Whatever writes guardians or who lives where goes
// through here.
func KeepHeld(tx *store.Tx, change func() error) error {
	before, err := heldBy(tx)
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	after, err := heldBy(tx)
	if err != nil {
		return err
	}
	talks, err := before.otherwise(tx, after)
	if err != nil || len(talks) == 0 {
		return err
	}
	people, err := tx.Directory()
	if err != nil {
		return err
	}
	programme, err := tx.Programme()
	if err != nil {
		return err
	}
	return reclaim(tx, people, programme, talks)
}

// holding is what of a roster says whose time talks take.
type holding struct {
	teaching map[models.HouseholdID][]models.StaffID // the guardians who teach here
	twoHomes map[models.PupilID]bool
}

func heldBy(tx *store.Tx) (holding, error) {
	held := holding{map[models.HouseholdID][]models.StaffID{}, map[models.PupilID]bool{}}
	guardians, err := store.List[models.Guardian](tx, store.Not("staff_id", models.StaffID{}))
	if err != nil {
		return held, err
	}
	for _, guardian := range guardians {
		held.teaching[guardian.HouseholdID] = append(held.teaching[guardian.HouseholdID], guardian.StaffID)
	}
	for home, teachers := range held.teaching {
		slices.SortFunc(teachers, models.StaffID.Compare)
		held.teaching[home] = slices.Compact(teachers)
	}
	seconds, err := store.List[models.HouseholdPupil](tx, store.From("position", 1))
	if err != nil {
		return held, err
	}
	var pupils []models.PupilID
	for _, row := range seconds {
		pupils = append(pupils, row.PupilID)
	}
	homes, err := store.List[models.HouseholdPupil](tx, store.In("pupil_id", pupils))
	seen := map[models.PupilID]bool{}
	for _, row := range homes {
		held.twoHomes[row.PupilID] = seen[row.PupilID]
		seen[row.PupilID] = true
	}
	return held, err
}

// otherwise returns the booked talks that take other people's time after a change than before it.
func (h holding) otherwise(tx *store.Tx, after holding) (talks []claiming, err error) {
	var homes []models.HouseholdID
	var pupils []models.PupilID
	for _, held := range []holding{h, after} {
		for home := range held.teaching {
			if !slices.Equal(h.teaching[home], after.teaching[home]) {
				homes = append(homes, home)
			}
		}
		for pupil := range held.twoHomes {
			if h.twoHomes[pupil] != after.twoHomes[pupil] {
				pupils = append(pupils, pupil)
			}
		}
	}
	seen := map[models.AppointmentID]bool{}
	for _, of := range []store.Condition{store.In("household_id", homes), store.In("pupil_id", pupils)} {
		rows, err := tx.Appointments(of, store.Eq("state", models.AppointmentBooked))
		if err != nil {
			return nil, err
		}
		for i := range rows {
			if !seen[rows[i].ID] {
				seen[rows[i].ID] = true
				talks = append(talks, claiming{row: &rows[i]})
			}
		}
	}
	return talks, nil
}

// claiming is a talk whose time is taken anew.
type claiming struct {
	row   *models.Appointment
	moved bool // a coming one of a child that moved
}

// reclaim takes the time of talks anew, after who belongs to which family has changed. Those of families that stayed come first, and of them those that need not
// become the other party's.
func reclaim(tx *store.Tx, people *directory.Directory, programme *programme.Programme, talks []claiming) error {
	slices.SortStableFunc(talks, func(a, b claiming) int { return cmp.Compare(a.row.StartTick, b.row.StartTick) })
	ids := make([]models.AppointmentID, len(talks))
	for i, talk := range talks {
		ids[i] = talk.row.ID
	}
	if err := tx.ReleaseClaims(ids); err != nil {
		return err
	}
	state := rules.NewArrangement(people, programme, tx.Now())
	for _, talk := range talks {
		if err := placeAll(tx, talk.row, state.StaffHolders(rules.NewStaffSet(talk.row.StaffIDs...), talk.row.RoomID)); err != nil {
			return err
		}
	}
	for _, moved := range []bool{false, true} {
		waiting := slices.DeleteFunc(slices.Clone(talks), func(talk claiming) bool { return talk.moved != moved })
		for _, step := range []func(*store.Tx, *rules.Arrangement, claiming) (bool, error){asItWas, asTheOtherParty, asFarAsItGoes} {
			var left []claiming
			for _, talk := range waiting {
				done, err := step(tx, state, talk)
				if err != nil {
					return err
				}
				if !done {
					left = append(left, talk)
				}
			}
			waiting = left
		}
	}
	return nil
}

// asItWas takes the family's time of a talk for the party that goes to it, if all of them are free.
func asItWas(tx *store.Tx, state *rules.Arrangement, talk claiming) (bool, error) {
	family := familyOf(state, talk.row, talk.row.Party)
	busy, err := tx.Claims(family, talk.row.StartTick, talk.row.EndTick)
	if err != nil || len(busy) > 0 {
		return false, err
	}
	return true, placeAll(tx, talk.row, family)
}

// asTheOtherParty makes a talk that of the other party, if that one is free.
func asTheOtherParty(tx *store.Tx, state *rules.Arrangement, talk claiming) (bool, error) {
	row := talk.row
	family := familyOf(state, row, 3-row.Party)
	busy, err := tx.Claims(family, row.StartTick, row.EndTick)
	if err != nil || len(busy) > 0 {
		return false, err
	}
	row.Party = 3 - row.Party
	row.Version++
	if err := store.Update(tx, row, "party", "version"); err != nil {
		return false, err
	}
	return true, placeAll(tx, row, family)
}

// asFarAsItGoes cancels a coming talk of a child that moved to a family that is elsewhere then. One that is past, or of a family that stayed, keeps its place in any
// case, with the time of those who are free.
func asFarAsItGoes(tx *store.Tx, state *rules.Arrangement, talk claiming) (bool, error) {
	row := talk.row
	if talk.moved {
		if err := tx.ReleaseClaims([]models.AppointmentID{row.ID}); err != nil {
			return false, err
		}
		row.State = models.AppointmentCancelled
		row.Version++
		return true, store.Update(tx, row, "state", "version")
	}
	family := familyOf(state, row, row.Party)
	busy, err := tx.Claims(family, row.StartTick, row.EndTick)
	if err != nil {
		return false, err
	}
	return true, placeAll(tx, row, slices.DeleteFunc(family, func(holder models.HolderID) bool {
		return slices.ContainsFunc(busy, func(claim models.Claim) bool { return claim.Holder == holder })
	}))
}

// familyOf returns those of the family whose time a talk takes if a party goes to it: theirs, and that of the pupil who attends.
func familyOf(state *rules.Arrangement, row *models.Appointment, party int) []models.HolderID {
	request := &rules.Request{Kind: &models.TalkKind{}, Pupil: &models.Pupil{ID: row.PupilID}, Household: row.HouseholdID}
	if pupil, ok := state.People.Pupil(row.PupilID); ok {
		request.Pupil = pupil
	}
	if conference, ok := state.Programme.Conference(row.ConferenceID); ok {
		if kind, ok := conference.TalkKind(row.TalkKindID); ok {
			request.Kind = kind
		}
	}
	return append(state.FamilyHolders(row.HouseholdID, party, rules.NewStaffSet(row.StaffIDs...)), state.PupilHolders(request)...)
}

func placeAll(tx *store.Tx, row *models.Appointment, holders []models.HolderID) error {
	var claims []*models.Claim
	for _, holder := range holders {
		for tick := row.StartTick; tick < row.EndTick; tick++ {
			claims = append(claims, &models.Claim{Holder: holder, Tick: tick, AppointmentID: row.ID})
		}
	}
	complete, err := tx.PlaceClaims(claims)
	if err == nil && !complete {
		err = errLostRace
	}
	return err
}
