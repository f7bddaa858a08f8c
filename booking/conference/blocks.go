package conference

import (
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// ClaimBlock claims the time of a teacher's break or blocked time. One in which the teacher has a talk with a family is errs.Conflict, code
// "availability.booked". A break in another conference of the same evening is no obstacle, nor is the teacher's own visit to a colleague as a parent: both
// mean that the teacher is away.
func ClaimBlock(tx *store.Tx, block *models.Block) error {
	added, err := store.InsertNew(tx, blockClaims(block)...)
	if err != nil || models.Tick(added) == block.EndTick-block.StartTick {
		return err
	}
	claims, err := tx.Claims([]models.HolderID{models.HolderID(block.StaffID)}, block.StartTick, block.EndTick)
	if err != nil {
		return err
	}
	var appointments []models.AppointmentID
	for _, claim := range claims {
		if !claim.AppointmentID.IsZero() && !slices.Contains(appointments, claim.AppointmentID) {
			appointments = append(appointments, claim.AppointmentID)
		}
	}
	seated, err := tx.AppointmentStaff(appointments)
	if err != nil {
		return err
	}
	for _, members := range seated {
		if slices.Contains(members, block.StaffID) {
			return errs.New(errs.Conflict, "availability.booked")
		}
	}
	return nil
}

func blockClaims(block *models.Block) []*models.Claim {
	var claims []*models.Claim
	for tick := block.StartTick; tick < block.EndTick; tick++ {
		claims = append(claims, &models.Claim{Holder: models.HolderID(block.StaffID), Tick: tick, BlockID: block.ID})
	}
	return claims
}

// ReclaimBlocks claims the time of a teacher's breaks anew, where another break that held it went.
func ReclaimBlocks(tx *store.Tx, staff models.StaffID) error {
	left, err := store.List[models.Block](tx, store.Eq("staff_id", staff))
	if err != nil {
		return err
	}
	for i := range left {
		if _, err := store.InsertNew(tx, blockClaims(&left[i])...); err != nil {
			return err
		}
	}
	return nil
}

// reclaimAll is ReclaimBlocks for all whose breaks went or moved.
func reclaimAll(tx *store.Tx, gone []models.Block) error {
	done := map[models.StaffID]bool{}
	for _, block := range gone {
		if done[block.StaffID] {
			continue
		}
		done[block.StaffID] = true
		if err := ReclaimBlocks(tx, block.StaffID); err != nil {
			return err
		}
	}
	return nil
}
