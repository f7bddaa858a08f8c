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

// claiming is a talk whose time is taken anew.
type claiming struct {
	row   *models.Appointment
	moved bool // a coming one of a child that moved
}

// reclaim takes the time of talks anew, after who belongs to which family has changed. Those of families that stayed come first.
func reclaim(tx *store.Tx, people *directory.Directory, programme *programme.Programme, talks []claiming) error {
	slices.SortStableFunc(talks, func(a, b claiming) int {
		if a.moved != b.moved {
			if b.moved {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.row.StartTick, b.row.StartTick)
	})
	ids := make([]models.AppointmentID, len(talks))
	for i, talk := range talks {
		ids[i] = talk.row.ID
	}
	if err := tx.ReleaseClaims(ids); err != nil {
		return err
	}
	state := rules.NewArrangement(people, programme, tx.Now())
	for _, talk := range talks {
		school := state.SchoolHolders(requestOf(state, talk.row), rules.NewStaffSet(talk.row.StaffIDs...), talk.row.RoomID)
		if err := placeAll(tx, talk.row, school); err != nil {
			return err
		}
	}
	for _, talk := range talks {
		if err := reclaimFamily(tx, state, talk); err != nil {
			return err
		}
	}
	return nil
}

// requestOf returns what an appointment asks of the school's people and rooms.
func requestOf(state *rules.Arrangement, row *models.Appointment) *rules.Request {
	request := &rules.Request{Kind: &models.TalkKind{}, Pupil: &models.Pupil{ID: row.PupilID}, Household: row.HouseholdID}
	if conference, ok := state.Programme.Conference(row.ConferenceID); ok {
		if kind, ok := conference.TalkKind(row.TalkKindID); ok {
			request.Kind = kind
		}
	}
	return request
}

// reclaimFamily takes the family's time of a talk: of the same party or of the other. A talk that is past, or of a family that stayed, keeps its place in any case.
func reclaimFamily(tx *store.Tx, state *rules.Arrangement, talk claiming) error {
	row, staff := talk.row, rules.NewStaffSet(talk.row.StaffIDs...)
	var free []models.HolderID
	for _, party := range []int{row.Party, 3 - row.Party} {
		family := state.FamilyHolders(row.HouseholdID, party, staff)
		busy, err := tx.Claims(family, row.StartTick, row.EndTick)
		if err != nil {
			return err
		}
		if len(busy) == 0 {
			if party != row.Party {
				row.Party = party
				row.Version++
				if err := store.Update(tx, row, "party", "version"); err != nil {
					return err
				}
			}
			return placeAll(tx, row, family)
		}
		if party == row.Party {
			free = slices.DeleteFunc(family, func(holder models.HolderID) bool {
				return slices.ContainsFunc(busy, func(claim models.Claim) bool { return claim.Holder == holder })
			})
		}
	}
	if !talk.moved {
		return placeAll(tx, row, free)
	}
	if err := tx.ReleaseClaims([]models.AppointmentID{row.ID}); err != nil {
		return err
	}
	row.State = models.AppointmentCancelled
	row.Version++
	return store.Update(tx, row, "state", "version")
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
