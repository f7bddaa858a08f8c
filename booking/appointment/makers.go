package appointment

import (
	"slices"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/contactpoint"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// makerGrace is how long after the last day of the last conference a device or manage link still opens what it made.
const makerGrace = 14 * 24 * time.Hour

// contactGiven is what somebody typed for a booking, checked: an e-mail address, a number in E.164, or nothing.
type contactGiven struct{ email, phone string }

func typedContact(email, phone string) (contactGiven, error) {
	var given contactGiven
	var faults []errs.Field
	if email = strings.TrimSpace(email); email != "" {
		address, ok := contactpoint.Email(email)
		if !ok {
			faults = append(faults, errs.Field{Name: "contact.email", Code: "not-an-email-address"})
		}
		given.email = address
	}
	if phone = strings.TrimSpace(phone); phone != "" {
		number, ok := contactpoint.MobilePhone(phone)
		if !ok {
			faults = append(faults, errs.Field{Name: "contact.phone", Code: "not-a-mobile-number"})
		}
		given.phone = number
	}
	if len(faults) > 0 {
		return given, &errs.Error{Kind: errs.Invalid, Code: "invalid", Fields: faults}
	}
	return given, nil
}

func (c contactGiven) empty() bool { return c.email == "" && c.phone == "" }

// ensureMaker gives the maker of this act for a household: the one of this session whose contact is the one typed now, or a new one. Staff who book for a
// family have a maker only if they typed a contact that is not on file, to carry it.
func ensureMaker(w *bookingWork, household models.HouseholdID) (models.MakerID, error) {
	known, err := w.contactsOf(household)
	if err != nil {
		return models.MakerID{}, err
	}
	wanted := w.contact.withoutKnown(known)
	if rules.ActsForFamilies(w.actor) && wanted.empty() {
		return models.MakerID{}, nil
	}
	present, err := presentMaker(w, household, w.actor.Makers, known, wanted)
	if err != nil || !present.IsZero() {
		return present, err
	}
	if w.actor.Kind != models.ActorParent {
		return newMaker(w, nil, household, wanted)
	}
	session, err := w.tx.SessionToWrite(models.SessionID(w.actor.ID))
	if err != nil {
		return models.MakerID{}, err
	}
	// Another booking of the session may have made one since the session was asked who it is.
	since := slices.DeleteFunc(slices.Clone(session.Data.Makers), func(id models.MakerID) bool { return slices.Contains(w.actor.Makers, id) })
	w.actor.Makers = append(slices.Clone(w.actor.Makers), since...)
	if present, err = presentMaker(w, household, since, known, wanted); err != nil || !present.IsZero() {
		return present, err
	}
	return newMaker(w, session, household, wanted)
}

// presentMaker gives the maker of a household among some, the newest first, whose contact is the one typed now; zero if there is none.
func presentMaker(w *bookingWork, household models.HouseholdID, makers []models.MakerID, known []models.Contact, wanted contactGiven) (models.MakerID, error) {
	for _, id := range slices.Backward(makers) {
		maker, err := store.First[models.Maker](w.tx, store.Eq("id", id), store.Eq("household_id", household))
		if errs.KindOf(err) == errs.NotFound && err != nil {
			continue
		}
		if err != nil {
			return models.MakerID{}, err
		}
		if wanted.empty() && w.contact.empty() || wanted == typedBy(known, maker.ID) {
			return maker.ID, nil
		}
	}
	return models.MakerID{}, nil
}

// withoutKnown leaves out what the school has on file: that contact hears of the booking anyway, and nothing tells the session so.
func (c contactGiven) withoutKnown(known []models.Contact) contactGiven {
	for _, contact := range known {
		if !contact.Source.Confirms() || contact.Suppressed {
			continue
		}
		if contact.Kind == models.ContactEmail && strings.EqualFold(contact.Details.Value, c.email) {
			c.email = ""
		}
		if contact.Kind == models.ContactPhone && contact.Details.Value == c.phone {
			c.phone = ""
		}
	}
	return c
}

func typedBy(known []models.Contact, maker models.MakerID) contactGiven {
	var given contactGiven
	for _, contact := range known {
		if contact.MakerID != maker {
			continue
		}
		if contact.Kind == models.ContactEmail {
			given.email = contact.Details.Value
		} else {
			given.phone = contact.Details.Value
		}
	}
	return given
}

// newMaker makes a maker, of the session that books if there is one.
func newMaker(w *bookingWork, session *models.Session, household models.HouseholdID, given contactGiven) (models.MakerID, error) {
	maker := &models.Maker{
		ID: models.New[models.MakerID](), HouseholdID: household, Language: w.change.Language, CreatedAt: w.tx.Now(),
		ExpiresAt: makerExpiry(w), DeviceIndex: []byte{},
	}
	grant, _ := w.actor.Grant(household)
	maker.PupilIDs = grant.Pupils
	if session != nil {
		maker.DeviceIndex = session.DeviceIndex
		session.Data.Makers = append(session.Data.Makers, maker.ID)
		if err := store.Update(w.tx, session, "data"); err != nil {
			return maker.ID, err
		}
		w.actor.Makers = append(slices.Clone(w.actor.Makers), maker.ID)
	} else {
		maker.PupilIDs = w.people.Members(household)
	}
	if err := store.InsertLater(w.tx, maker); err != nil {
		return maker.ID, err
	}
	return maker.ID, addTyped(w, maker, given)
}

func makerExpiry(w *bookingWork) time.Time {
	last := w.tx.Now()
	for _, conference := range w.programme.Conferences() {
		if conference.ClosesAt.After(last) {
			last = conference.ClosesAt
		}
		for _, day := range conference.Days {
			if end := time.Date(day.Date.Year, time.Month(day.Date.Month), day.Date.Day+1, 0, 0, 0, 0, time.UTC); end.After(last) {
				last = end
			}
		}
	}
	return last.Add(makerGrace)
}

func addTyped(w *bookingWork, maker *models.Maker, given contactGiven) error {
	for kind, value := range map[models.ContactKind]string{models.ContactEmail: given.email, models.ContactPhone: given.phone} {
		if value == "" {
			continue
		}
		contact := &models.Contact{
			ID: models.New[models.ContactID](), HouseholdID: maker.HouseholdID, MakerID: maker.ID, Kind: kind, Source: models.SourceTyped,
			Purposes: []string{"confirmation"}, Language: w.change.Language, CreatedAt: w.tx.Now(), Details: models.ContactDetails{Value: value},
		}
		if err := store.InsertLater(w.tx, contact); err != nil {
			return err
		}
		w.contacts[maker.HouseholdID] = append(w.contacts[maker.HouseholdID], *contact)
	}
	return nil
}

// contactsOf gives a household's contacts as they are in this transaction, with those typed in it, in the order in which they were made.
func (w *bookingWork) contactsOf(household models.HouseholdID) ([]models.Contact, error) {
	if known, ok := w.contacts[household]; ok {
		return known, nil
	}
	known, err := store.List[models.Contact](w.tx, store.Eq("household_id", household))
	if err != nil {
		return nil, err
	}
	if w.contacts == nil {
		w.contacts = map[models.HouseholdID][]models.Contact{}
	}
	w.contacts[household] = known
	return known, nil
}
