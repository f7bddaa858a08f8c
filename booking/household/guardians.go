package household

import (
	"encoding/hex"
	"strings"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// removedContact begins the fields that RemovedContact makes.
const removedContact = "contact "

// RemovedContact is the field of the override that keeps a contact, taken away by staff, from coming back. It holds no address, only the index of one.
func RemovedContact(tx *store.Tx, value string) string {
	return removedContact + hex.EncodeToString(tx.Index("removed contact", strings.ToLower(value)))
}

// LinkTeachers ties guardians to the teachers with whom they share an address, and tells how many it tied: one person cannot sit on both sides of the
// table at once. What staff tied by hand stays. Conditions narrow it to some households; without any it looks at all of the school.
func LinkTeachers(tx *store.Tx, within ...store.Condition) (linked int, err error) {
	guardians, err := store.List[models.Guardian](tx, append([]store.Condition{store.Null("staff_id")}, within...)...)
	if err != nil || len(guardians) == 0 {
		return 0, err
	}
	staff, err := store.List[models.Staff](tx)
	if err != nil {
		return 0, err
	}
	teachers := map[string]models.StaffID{}
	for _, row := range staff {
		if row.Details.Email != "" {
			teachers[strings.ToLower(row.Details.Email)] = row.ID
		}
	}
	onFile := []store.Condition{store.Eq("kind", models.ContactEmail), store.In("source", []models.ContactSource{models.SourceFile, models.SourceStaff})}
	contacts, err := store.List[models.Contact](tx, append(onFile, within...)...)
	if err != nil {
		return 0, err
	}
	person := map[models.GuardianID]models.StaffID{}
	for _, contact := range contacts {
		if teacher, ok := teachers[strings.ToLower(contact.Details.Value)]; ok {
			person[contact.GuardianID] = teacher
		}
	}
	for i := range guardians {
		teacher, ok := person[guardians[i].ID]
		if !ok {
			continue
		}
		guardians[i].StaffID = teacher
		if err := store.Update(tx, &guardians[i], "staff_id"); err != nil {
			return linked, err
		}
		linked++
	}
	return linked, nil
}

// Override notes that a field was set by hand. The value stands in the row itself; the note only says that it is a person's.
func Override(tx *store.Tx, kind models.SubjectKind, subject [16]byte, field string) error {
	_, err := store.InsertNew(tx, &models.Override{ID: models.New[models.RowID](), Kind: kind, Subject: models.RowID(subject), Field: field, At: tx.Now()})
	return err
}
