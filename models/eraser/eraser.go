// Package eraser is the one place that deletes the rows of a person: a pupil, a household, a contact. It does so in the caller's transaction, and notes there what
// has to be reached outside the database once that is committed: the journal, the mailbox folders, the write-ahead log (booking/erasure). Whom a family is to be
// told of it, and whether anybody may, is decided by the caller. A whole school is wiped by the store, which reads the tables from the schema.
package eraser

import (
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/kept"
	"github.com/ouderavond/ouderavond/models/store"
)

// Pupil deletes everything of a pupil but the household, in which others may be: talks, log-in data, keys, memberships, suggestions. The messages of the
// households that the pupil was in go from the mailbox folders, because they name the pupil.
func Pupil(tx *store.Tx, id models.PupilID) error {
	homes, err := store.List[models.HouseholdPupil](tx, store.Eq("pupil_id", id))
	if err != nil {
		return err
	}
	households := make([]models.HouseholdID, len(homes))
	for i, home := range homes {
		households[i] = home.HouseholdID
	}
	told, err := messages(tx, store.In("household_id", households))
	if err != nil {
		return err
	}
	if err := formerTalks(tx, id); err != nil {
		return err
	}
	if _, err := store.Delete[models.Appointment](tx, store.Eq("pupil_id", id)); err != nil {
		return err
	}
	if err := known(tx, models.SubjectPupil, id); err != nil {
		return err
	}
	if err := suggestions(tx, id); err != nil {
		return err
	}
	if _, err := store.Delete[models.Pupil](tx, store.Eq("id", id)); err != nil {
		return err
	}
	if err := NeverBack(tx, id); err != nil {
		return err
	}
	return note(tx, models.ErasedPupil, id[:], told)
}

// Household deletes a household with its guardians, contacts, messages and whatever else goes with it. Its pupils and their talks must be gone before.
func Household(tx *store.Tx, id models.HouseholdID) error {
	told, err := messages(tx, store.Eq("household_id", id))
	if err != nil {
		return err
	}
	if err := known(tx, models.SubjectHousehold, id); err != nil {
		return err
	}
	if err := forgetMakers(tx, id); err != nil {
		return err
	}
	if _, err := store.Delete[models.Household](tx, store.Eq("id", id)); err != nil {
		return err
	}
	if err := NeverBack(tx, id); err != nil {
		return err
	}
	return note(tx, models.ErasedHousehold, id[:], told)
}

// forgetMakers takes a household's makers from the bookings of others: one who came along with a child made bookings where the child lived before.
func forgetMakers(tx *store.Tx, id models.HouseholdID) error {
	makers, err := store.List[models.Maker](tx, store.Eq("household_id", id))
	if err != nil {
		return err
	}
	ids := make([]models.MakerID, len(makers))
	for i, maker := range makers {
		ids[i] = maker.ID
	}
	bookings, err := store.List[models.Booking](tx, store.In("maker_id", ids), store.Not("household_id", id))
	for i := range bookings {
		bookings[i].MakerID = models.MakerID{}
		if err := store.Update(tx, &bookings[i], "maker_id"); err != nil {
			return err
		}
	}
	return err
}

// Contact deletes a contact and what was sent to it.
func Contact(tx *store.Tx, contact *models.Contact) error {
	told, err := messages(tx, store.Eq("contact_id", contact.ID))
	if err != nil {
		return err
	}
	if _, err := store.Delete[models.Contact](tx, store.Eq("id", contact.ID)); err != nil {
		return err
	}
	if err := NeverBack(tx, contact.ID, Address(tx, contact)...); err != nil {
		return err
	}
	if err := note(tx, models.ErasedContact, contact.ID[:], told); err != nil {
		return err
	}
	return note(tx, models.ErasedAddress, Address(tx, contact), nil)
}

// Address stands for the address or number of a household, whichever row it is in.
func Address(tx *store.Tx, contact *models.Contact) []byte {
	return tx.Index("erased address", contact.HouseholdID.String()+" "+strings.ToLower(contact.Details.Value))
}

// messages lists what may lie in a mailbox folder of the messages that meet a condition.
func messages(tx *store.Tx, of store.Condition) ([]models.MessageID, error) {
	rows, err := store.List[models.Message](tx, of, store.From("created_at", tx.Now().Add(-kept.MailboxAge)))
	ids := make([]models.MessageID, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	return ids, err
}

// known deletes what finds and what keeps the fields of something.
func known(tx *store.Tx, kind models.SubjectKind, subject [16]byte) error {
	if _, err := store.Delete[models.ExternalKey](tx, store.Eq("kind", kind), store.Eq("subject", models.RowID(subject))); err != nil {
		return err
	}
	_, err := store.Delete[models.Override](tx, store.Eq("kind", kind), store.Eq("subject", models.RowID(subject)))
	return err
}

func suggestions(tx *store.Tx, pupil models.PupilID) error {
	all, err := store.List[models.MergeSuggestion](tx)
	if err != nil {
		return err
	}
	for _, one := range all {
		if !slices.Contains(one.PupilIDs, pupil) {
			continue
		}
		if _, err := store.Delete[models.MergeSuggestion](tx, store.Eq("id", one.ID)); err != nil {
			return err
		}
	}
	return nil
}

func note(tx *store.Tx, kind models.ErasureKind, subject []byte, told []models.MessageID) error {
	return store.InsertLater(tx, &models.PersonErasure{ID: models.New[models.RowID](), Kind: kind, Subject: slices.Clone(subject), Messages: told, At: tx.Now()})
}
