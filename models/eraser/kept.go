package eraser

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// NeverBack deletes what an import that is taken back would bring back of a pupil, a household, a guardian or a contact, and of an address if its index is given: who is
// erased by hand never comes back. Where an import erases, which may be taken back, it does nothing.
func NeverBack(tx *store.Tx, subject [16]byte, address ...byte) error {
	if of, _ := tx.Recording(); !of.IsZero() {
		return nil
	}
	deleted, err := DeleteKept(tx, func(id [16]byte) bool { return id == subject }, func(index []byte) bool { return bytes.Equal(index, address) })
	if err != nil || deleted == 0 {
		return err
	}
	return note(tx, models.ErasedKept, subject[:], nil)
}

// DeleteKept deletes what imports that are taken back would bring back of some subjects and addresses, and tells how many rows that were.
func DeleteKept(tx *store.Tx, of func([16]byte) bool, address func([]byte) bool) (int64, error) {
	rows, err := store.List[models.UndoRow](tx)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	if err := store.OpenGuarded(tx, rows); err != nil {
		return 0, err
	}
	var ids []models.RowID
	for i := range rows {
		row := &rows[i]
		named := slices.ContainsFunc(subjectsOf(&row.Details), of)
		if contact := contactOf(row); contact != nil && !named {
			named = address(Address(tx, contact))
		}
		if named {
			ids = append(ids, row.ID)
		}
	}
	return store.Delete[models.UndoRow](tx, store.In("id", ids))
}

// subjectsOf are the ids that stand in what is kept, of whatever.
func subjectsOf(details *models.UndoDetails) (ids [][16]byte) {
	for _, value := range details.Before {
		ids = append(ids, idsIn(value)...)
	}
	if talk := details.Talk; talk != nil {
		ids = append(ids, talk.Pupil, talk.Household)
	}
	return ids
}

// idsIn returns the ids in a value: one, a list of them, or whatever holds some.
func idsIn(value json.RawMessage) (ids [][16]byte) {
	const quoted = 38
	for rest := []byte(value); ; {
		at := bytes.IndexByte(rest, '"')
		if at < 0 || len(rest)-at < quoted {
			return ids
		}
		rest = rest[at:]
		if id, err := models.Parse[models.RowID](string(rest[1 : quoted-1])); err == nil && rest[quoted-1] == '"' {
			ids = append(ids, id)
			rest = rest[quoted:]
			continue
		}
		rest = rest[1:]
	}
}

// contactOf is the contact that is kept; nil if it is none.
func contactOf(row *models.UndoRow) *models.Contact {
	contact := &models.Contact{}
	if row.Kind != contact.TableName() || json.Unmarshal(row.Details.Before["HouseholdID"], &contact.HouseholdID) != nil ||
		json.Unmarshal(row.Details.Before["Details.value"], &contact.Details.Value) != nil {
		return nil
	}
	return contact
}

// ForgetImports deletes what is kept of imports that are older than a number of days: they cannot be taken back any more, and who left by them is gone for good.
func ForgetImports(tx *store.Tx, days int) (int64, error) {
	return store.Delete[models.UndoRow](tx, ForgottenAfter(tx.Now(), days))
}

// ForgottenAfter holds for what is kept of imports that are a number of days old.
func ForgottenAfter(now time.Time, days int) store.Condition {
	return store.Before("at", now.Add(-time.Duration(days)*24*time.Hour+time.Microsecond))
}

// Returned notes that something is there again that had been erased, for restores.
func Returned(tx *store.Tx, kind models.ErasureKind, subject []byte) error {
	return note(tx, kind.Back(), subject, nil)
}

// formerTalks notes the coming talks of a pupil whom an import takes away: their times are offered if it is taken back.
func formerTalks(tx *store.Tx, pupil models.PupilID) error {
	if of, _ := tx.Recording(); of.IsZero() {
		return nil
	}
	rows, err := tx.Appointments(store.Eq("pupil_id", pupil), store.Eq("state", models.AppointmentBooked))
	for _, row := range rows {
		if !row.StartTick.Time().After(tx.Now()) {
			continue
		}
		tx.RecordTalk(models.FormerTalk{
			Pupil: pupil, Household: row.HouseholdID, Conference: row.ConferenceID, Day: row.DayID, Kind: row.TalkKindID, Start: row.StartTick, End: row.EndTick, Staff: row.StaffIDs,
		})
	}
	return err
}
