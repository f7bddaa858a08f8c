package notify_test

import (
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// typed makes the family's talk one that somebody booked who typed an address, and writes to that address.
func (h *house) typed(proven bool) string {
	h.t.Helper()
	maker, contact := models.New[models.MakerID](), &models.Contact{
		ID: models.New[models.ContactID](), HouseholdID: h.home, Kind: models.ContactEmail, Source: models.SourceTyped, Purposes: []string{"confirmation"}, CreatedAt: h.Clock.Now(),
		Details: models.ContactDetails{Value: "getypt@example.com"},
	}
	contact.MakerID = maker
	if proven {
		contact.VerifiedAt = new(h.Clock.Now())
	}
	h.write(func(tx *store.Tx) error {
		if err := store.Insert(tx, &models.Maker{ID: maker, HouseholdID: h.home, DeviceIndex: []byte{}, ExpiresAt: h.Clock.Now().AddDate(0, 1, 0), CreatedAt: h.Clock.Now()}); err != nil {
			return err
		}
		talks, err := tx.Appointments(store.Eq("household_id", h.home))
		if err != nil {
			return err
		}
		talks[0].MakerID = maker
		if err := store.Update(tx, &talks[0], "maker_id"); err != nil {
			return err
		}
		if err := store.Insert(tx, contact); err != nil {
			return err
		}
		return store.Insert(tx, &models.Invitation{HouseholdID: h.home, DayID: h.day, ContactID: contact.ID, UID: models.New[models.RowID]()})
	})
	h.queue(func(m *models.Message) { m.ContactID = contact.ID })
	h.equal("the outcome", h.drain(), "mail sent")
	letter := h.mails.sent[len(h.mails.sent)-1]
	return letter.Subject + letter.Text + letter.HTML + string(letter.Calendar)
}

func TestAnAddressThatWasTypedIsToldLessUntilItIsProven(t *testing.T) {
	t.Parallel()
	for name, proven := range map[string]bool{"not proven": false, "proven": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := newHouse(t).typed(proven)
			if strings.Contains(got, "Merel,") != proven || strings.Contains(got, "Namen van kinderen staan niet in dit bericht") == proven {
				t.Errorf("the child's name: %s", got)
			}
			if !strings.Contains(got, "https://ouderavond.example/de-merel/n/") || !strings.Contains(got, "Dit is niet voor mij") || !strings.Contains(got, "19:00") {
				t.Errorf("no way to say that it is not meant for the reader, or no time: %s", got)
			}
		})
	}
}

func TestAnAddressOnFileIsToldByName(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.queue()
	h.equal("the outcome", h.drain(), "mail sent")
	if got := h.mails.sent[0].Text; !strings.Contains(got, "Merel,") || strings.Contains(got, "/n/") {
		t.Errorf("the mail: %s", got)
	}
}
