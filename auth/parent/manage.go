package parent

import (
	"context"
	"crypto/hmac"
	"errors"
	"slices"

	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/managelink"
	"github.com/ouderavond/ouderavond/models/store"
)

// OpenManageLink opens a session by the link of a confirmation. The link of a typed contact opens what was booked with it, and nothing else of the
// household; the link sent to a contact on the school's file confirms the household. A link that is not good is the uniform errs.Unauthenticated.
func (s *Service) OpenManageLink(ctx context.Context, school models.SchoolID, token string, origin Origin) (*session.Opened, error) {
	origin.Try = session.Try(origin.Try)
	var opened *session.Opened
	err := s.store.For(models.System(school, "manage link")).WriteConcurrent(ctx, func(tx *store.Tx) error {
		if tx.School().State != models.SchoolActive {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		link, err := managelink.Read(tx.Index, token, tx.Now())
		if err != nil {
			return errs.Because(errs.Unauthenticated, errs.CodeLinkNotGood, err)
		}
		grant, makers, err := linkGrant(tx, link)
		if errors.Is(err, managelink.ErrBad) || err != nil && errs.KindOf(err) == errs.NotFound {
			return errs.Because(errs.Unauthenticated, errs.CodeLinkNotGood, err)
		}
		if err != nil {
			return err
		}
		present, err := session.PresentSession(tx, origin.Session)
		if err != nil {
			return err
		}
		if err := proveTyped(tx, makers, origin.Device); err != nil {
			return err
		}
		open := session.Opening{Tx: tx, Present: present, Device: origin.Device, Shared: origin.Shared, Language: origin.Language}
		if opened, err = open.Open([]models.Grant{grant}, makers); err != nil || !grant.Confirmed {
			return err
		}
		return s.noteIn(tx, grant.Household, origin)
	})
	return opened, err
}

// proveTyped notes that a typed address is the family's: its link came back from the very device that booked. Where a maker typed an address and a number, the link
// does not say by which of them it came, and proves neither.
func proveTyped(tx *store.Tx, makers []models.MakerID, device string) error {
	if device == "" || len(makers) == 0 {
		return nil
	}
	maker, err := store.Get[models.Maker](tx, makers[0])
	if err != nil || !hmac.Equal(maker.DeviceIndex, tx.Index("device", device)) {
		return err
	}
	contacts, err := store.List[models.Contact](tx, store.Eq("maker_id", maker.ID), store.Eq("source", models.SourceTyped))
	if err != nil || len(contacts) != 1 || contacts[0].VerifiedAt != nil {
		return err
	}
	contacts[0].VerifiedAt = new(tx.Now())
	return store.Update(tx, &contacts[0], "verified_at")
}

// linkGrant gives what a link opens. The error is managelink.ErrBad or errs.NotFound if it opens nothing any more.
func linkGrant(tx *store.Tx, link managelink.Link) (models.Grant, []models.MakerID, error) {
	people, err := tx.Directory()
	if err != nil {
		return models.Grant{}, nil, err
	}
	if link.Kind == managelink.Maker {
		maker, err := store.Get[models.Maker](tx, models.MakerID(link.Subject))
		if err != nil {
			return models.Grant{}, nil, err
		}
		if !tx.Now().Before(maker.ExpiresAt) {
			return models.Grant{}, nil, managelink.ErrBad
		}
		// Of the children whom the maker was let in for, those who are still the household's.
		present := activeMembers(people, maker.HouseholdID)
		pupils := slices.DeleteFunc(slices.Clone(maker.PupilIDs), func(id models.PupilID) bool { return !slices.Contains(present, id) })
		if len(pupils) == 0 {
			return models.Grant{}, nil, managelink.ErrBad
		}
		return models.Grant{Household: maker.HouseholdID, Pupils: pupils}, []models.MakerID{maker.ID}, nil
	}
	contact, err := store.Get[models.Contact](tx, models.ContactID(link.Subject))
	if err != nil {
		return models.Grant{}, nil, err
	}
	if link.Kind != managelink.Contact || !contact.Source.Confirms() {
		return models.Grant{}, nil, managelink.ErrBad
	}
	pupils := activeMembers(people, contact.HouseholdID)
	if len(pupils) == 0 {
		return models.Grant{}, nil, managelink.ErrBad // it would open a family without children
	}
	return models.Grant{Household: contact.HouseholdID, Pupils: pupils, Confirmed: true}, nil, nil
}

// noteIn counts a household that proved itself otherwise than by a try.
func (s *Service) noteIn(tx *store.Tx, household models.HouseholdID, origin Origin) error {
	people, err := tx.Directory()
	if err != nil {
		return err
	}
	public, _, err := charged(tx)
	if err != nil {
		return err
	}
	takenBack, err := gotIn(tx, people, household, originsOf(tx, origin), public)
	tx.AfterCommit(func() { s.figures.takenBack.Add(int64(takenBack)) })
	return err
}
