package parent

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/managelink"
	"github.com/ouderavond/ouderavond/models/store"
)

// FamilyLink is a household's personal link for a round of talks, as staff hand it out.
type FamilyLink struct {
	Household models.HouseholdID
	Children  []models.PupilID
	// Token is the end of the link. It is empty for the family of a protected child: what it gets is on paper, from the school's hand, and is its family code.
	Token  string
	MadeAt time.Time // UTC
}

// Links makes the personal links of all households with an active child for a conference, or of one household, and returns them. A link stays what it was; one whose household
// lost somebody since it was last returned, or was joined or split, is dead, and the household has another one from then on. With renew, the present ones are dead too.
// Errors: errs.NotFound, and errs.Conflict for a conference that is over.
func (s *Service) Links(ctx context.Context, actor models.Actor, conference models.ConferenceID, only models.HouseholdID, renew bool) (links []FamilyLink, err error) {
	scope := s.store.For(actor)
	if err := scope.Opened(ctx); err != nil {
		return nil, err
	}
	err = scope.WriteLong(ctx, func(tx *store.Tx) error {
		m, err := newLinkMaker(tx, conference, only)
		if err != nil {
			return err
		}
		links = nil
		for _, household := range m.households(only) {
			link, err := m.link(household, renew)
			if err != nil {
				return err
			}
			if link.Household == household { // the zero link is of a household without children here
				links = append(links, link)
			}
		}
		if !only.IsZero() && len(links) == 0 {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		if err := store.Insert(tx, m.added...); err != nil {
			return err
		}
		kind := "personal-links"
		if renew {
			kind = "personal-link-renewed"
		}
		return tx.Audited(kind, conference, map[string]int{"links": len(links)})
	})
	return links, err
}

// MadeLinks returns the links of a conference that were made and are good, and makes none.
func (s *Service) MadeLinks(ctx context.Context, actor models.Actor, conference models.ConferenceID) (links []FamilyLink, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		m, err := newLinkMaker(tx, conference, models.HouseholdID{})
		if err != nil {
			return err
		}
		links = nil
		for _, id := range m.households(models.HouseholdID{}) {
			row, made := m.present[id]
			children := activeMembers(m.people, id)
			if !made || len(children) == 0 || protected(m.people, id) || !sameHome(m.people, row, peopleOf(tx, m.people, id, m.contacts[id])) {
				continue
			}
			links = append(links, FamilyLink{id, children, managelink.Personal(tx.Index, id, conference, row.Version), row.MadeAt})
		}
		return nil
	})
	return links, err
}

// linkMaker makes the links of a conference.
type linkMaker struct {
	tx         *store.Tx
	people     *directory.Directory
	conference models.ConferenceID
	present    map[models.HouseholdID]*models.PersonalLink
	contacts   map[models.HouseholdID][]models.Contact
	added      []*models.PersonalLink
}

func newLinkMaker(tx *store.Tx, conference models.ConferenceID, only models.HouseholdID) (*linkMaker, error) {
	m := &linkMaker{tx: tx, conference: conference, present: map[models.HouseholdID]*models.PersonalLink{}}
	over, err := roundOver(tx, conference)
	if err != nil {
		return nil, err
	}
	if over {
		return nil, errs.New(errs.Conflict, "link.over")
	}
	if m.people, err = tx.Directory(); err != nil {
		return nil, err
	}
	rows, err := store.List[models.PersonalLink](tx, store.Eq("conference_id", conference))
	if err != nil {
		return nil, err
	}
	for i := range rows {
		m.present[rows[i].HouseholdID] = &rows[i]
	}
	m.contacts, err = contactsOnFile(tx, only)
	return m, err
}

// roundOver reports whether the last day of a conference is over, by the school's clock.
func roundOver(tx *store.Tx, id models.ConferenceID) (bool, error) {
	programme, err := tx.Programme()
	if err != nil {
		return false, err
	}
	conference, ok := programme.Conference(id)
	if !ok {
		return false, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	if len(conference.Days) == 0 {
		return !conference.ClosesAt.IsZero() && !tx.Now().Before(conference.ClosesAt), nil
	}
	today := tx.Now().In(tx.School().Location())
	last := conference.Days[len(conference.Days)-1].Date
	return last.String() < today.Format(time.DateOnly), nil
}

// contactsOnFile gives the contacts by which households confirm, of all or of one.
func contactsOnFile(tx *store.Tx, only models.HouseholdID) (map[models.HouseholdID][]models.Contact, error) {
	var of []store.Condition
	if !only.IsZero() {
		of = append(of, store.Eq("household_id", only))
	}
	rows, err := store.List[models.Contact](tx, of...)
	contacts := map[models.HouseholdID][]models.Contact{}
	for _, row := range rows {
		if row.Source.Confirms() {
			contacts[row.HouseholdID] = append(contacts[row.HouseholdID], row)
		}
	}
	return contacts, err
}

func (m *linkMaker) households(only models.HouseholdID) []models.HouseholdID {
	if !only.IsZero() {
		return []models.HouseholdID{only}
	}
	var all []models.HouseholdID
	for _, row := range m.people.Households() {
		all = append(all, row.ID)
	}
	return all
}

// link gives the link of a household, made anew if it has none or the present one is dead. It is the zero link if no child of the household is here.
func (m *linkMaker) link(household models.HouseholdID, renew bool) (FamilyLink, error) {
	children := activeMembers(m.people, household)
	if len(children) == 0 {
		return FamilyLink{}, nil
	}
	link := FamilyLink{Household: household, Children: children, MadeAt: m.tx.Now()}
	if protected(m.people, household) {
		return link, nil
	}
	now := peopleOf(m.tx, m.people, household, m.contacts[household])
	row, known := m.present[household]
	if !known {
		row = &models.PersonalLink{ConferenceID: m.conference, HouseholdID: household, Version: 1, People: now, MadeAt: m.tx.Now()}
		m.added = append(m.added, row)
	} else if renew || !sameHome(m.people, row, now) {
		row.Version++
	}
	link.Token = managelink.Personal(m.tx.Index, household, m.conference, row.Version)
	row.LinkIndex, row.People, row.MadeAt = personalIndex(m.tx, link.Token), now, m.tx.Now()
	if !known {
		return link, nil
	}
	return link, store.Update(m.tx, row, "version", "link_index", "people", "made_at")
}

func personalIndex(tx *store.Tx, token string) []byte { return tx.Index("personal link index", token) }

// protected reports whether a child of a household has a protected address.
func protected(people *directory.Directory, household models.HouseholdID) bool {
	return slices.ContainsFunc(people.Members(household), func(id models.PupilID) bool {
		pupil, ok := people.Pupil(id)
		return ok && pupil.Protected
	})
}

// peopleOf gives whom a household consists of.
func peopleOf(tx *store.Tx, people *directory.Directory, household models.HouseholdID, contacts []models.Contact) models.LinkPeople {
	var now models.LinkPeople
	for _, id := range people.Members(household) {
		now.Pupils = append(now.Pupils, models.LinkPupil{ID: id, Homes: len(people.HouseholdsOf(id))})
	}
	names := map[models.GuardianID][]byte{}
	for _, guardian := range people.Guardians(household) {
		if name := strings.ToLower(strings.TrimSpace(guardian.Details.Name)); name != "" {
			names[guardian.ID] = tx.Index("personal link name", name)
		}
		now.Guardians = append(now.Guardians, models.LinkGuardian{ID: guardian.ID, Name: names[guardian.ID]})
	}
	for _, contact := range contacts {
		value := tx.Index("personal link contact", strings.ToLower(contact.Details.Value))
		now.Contacts = append(now.Contacts, models.LinkContact{ID: contact.ID, Kind: contact.Kind, Value: value, Guardian: names[contact.GuardianID]})
	}
	return now
}

// sameHome reports whether everybody to whom a link was given is still there, and nobody came from another household.
func sameHome(people *directory.Directory, row *models.PersonalLink, now models.LinkPeople) bool {
	for _, was := range row.People.Pupils {
		homes := people.HouseholdsOf(was.ID)
		here := slices.ContainsFunc(homes, func(home models.HouseholdPupil) bool { return home.HouseholdID == row.HouseholdID })
		if len(homes) > 0 && (!here || len(homes) != was.Homes) {
			return false // the household was split, or the child has another home beside it
		}
	}
	for _, is := range now.Pupils {
		known := slices.ContainsFunc(row.People.Pupils, func(was models.LinkPupil) bool { return was.ID == is.ID })
		if pupil, ok := people.Pupil(is.ID); !known && ok && !pupil.CreatedAt.After(row.MadeAt) {
			return false // the household was joined: a child who was here already came to it
		}
	}
	return !slices.ContainsFunc(row.People.Guardians, func(was models.LinkGuardian) bool { return !guardianStays(was, row.People, now) }) &&
		!slices.ContainsFunc(row.People.Contacts, func(was models.LinkContact) bool { return !contactStays(was, row.People, now) })
}

// guardianStays reports whether a guardian is still one of the household. A file that spells a name or an address right brings another row for the same person.
func guardianStays(was models.LinkGuardian, before, now models.LinkPeople) bool {
	if slices.ContainsFunc(now.Guardians, func(is models.LinkGuardian) bool {
		return is.ID == was.ID || len(was.Name) > 0 && bytes.Equal(is.Name, was.Name)
	}) {
		return true
	}
	return slices.ContainsFunc(before.Contacts, func(contact models.LinkContact) bool {
		own := len(was.Name) > 0 && bytes.Equal(contact.Guardian, was.Name)
		return own && slices.ContainsFunc(now.Contacts, func(is models.LinkContact) bool { return len(is.Guardian) > 0 && bytes.Equal(is.Value, contact.Value) })
	})
}

// contactStays reports whether a contact is still one of the household, or was put right: its guardian has as many of its kind as before.
func contactStays(was models.LinkContact, before, now models.LinkPeople) bool {
	if slices.ContainsFunc(now.Contacts, func(is models.LinkContact) bool { return is.ID == was.ID || bytes.Equal(is.Value, was.Value) }) {
		return true
	}
	alike := func(people models.LinkPeople) (count int) {
		for _, one := range people.Contacts {
			if one.Kind == was.Kind && bytes.Equal(one.Guardian, was.Guardian) {
				count++
			}
		}
		return count
	}
	return len(was.Guardian) > 0 && alike(now) >= alike(before)
}
