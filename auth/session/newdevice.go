package session

import (
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/outbox"
	"github.com/ouderavond/ouderavond/models/store"
)

const (
	// noticeUseful is how long it is worth telling that somebody got in.
	noticeUseful = 24 * time.Hour
	// noticeEvery is the least time between two such notices to one household.
	noticeEvery = time.Hour
)

// tellOfDevice queues a notice to the contacts on file of each household that is confirmed here on a device which the household has not used before: whoever
// got in sees everything of it, and if that was somebody else, the family must hear of it (OWASP ASVS 5.0, 6.3.5). A household that is recognised only shows
// nothing that would be worth a message, but who came by a personal link is told of all the same: it may be in the wrong hands.
func (o *Opening) tellOfDevice(device []byte, grants []models.Grant) error {
	for _, grant := range grants {
		if !grant.Confirmed && !o.Tell {
			continue
		}
		known, err := o.knowsDevice(device, grant.Household)
		if err != nil {
			return err
		}
		if known {
			continue
		}
		told, err := store.Count[models.Message](o.Tx, store.Eq("household_id", grant.Household), store.Eq("kind", models.MessageNewDevice),
			store.From("created_at", o.Tx.Now().Add(-noticeEvery)))
		if err != nil {
			return err
		}
		if told > 0 {
			continue
		}
		if err := o.queueNotice(grant.Household); err != nil {
			return err
		}
	}
	return nil
}

// knowsDevice reports whether a device made bookings of a household, or was confirmed for it before.
func (o *Opening) knowsDevice(device []byte, household models.HouseholdID) (bool, error) {
	makers, err := store.Count[models.Maker](o.Tx, store.Eq("device_index", device), store.Eq("household_id", household))
	if err != nil || makers > 0 {
		return makers > 0, err
	}
	sessions, err := store.List[models.Session](o.Tx, store.Eq("device_index", device))
	return slices.ContainsFunc(sessions, func(session models.Session) bool {
		return slices.ContainsFunc(session.Data.Grants, func(grant models.Grant) bool { return grant.Household == household && grant.Confirmed })
	}), err
}

func (o *Opening) queueNotice(household models.HouseholdID) error {
	contacts, err := store.List[models.Contact](o.Tx, store.Eq("household_id", household), store.Eq("suppressed", false))
	if err != nil {
		return err
	}
	for _, contact := range contacts {
		if !contact.Source.Confirms() || !outbox.Reaches(o.Tx.School(), &contact) {
			continue
		}
		notice := outbox.Message{Kind: models.MessageNewDevice, Contact: &contact, Household: household, Until: o.Tx.Now().Add(noticeUseful)}
		if _, err := outbox.Queue(o.Tx, notice); err != nil {
			return err
		}
	}
	return nil
}
