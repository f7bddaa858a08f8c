package parent

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/auth/limiter"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/contactpoint"
	"github.com/ouderavond/ouderavond/models/factor"
	"github.com/ouderavond/ouderavond/models/outbox"
	"github.com/ouderavond/ouderavond/models/store"
)

const (
	codeFloor = 60 * time.Millisecond
	// messagesPerFamily is how many messages with a code a school's families have on average in twelve hours before telephones that have a mail address beside them are left out.
	messagesPerFamily = 3
	// purposeCode is the purpose of a contact to which codes may be sent.
	purposeCode = "code"
)

// Asked is the answer to somebody who asked for a code: the same whether or not one was sent.
type Asked struct {
	// Try is the try token at which the digits are good.
	Try string
	// Until is when the digits end, UTC, and LinkUntil when the link in the message does.
	Until, LinkUntil time.Time
}

// RequestCode sends a code to contacts on the school's file, if what was typed is right as far as the roster knows: digits for the device that asks, and beside them
// a link that opens anywhere. Whether anything was sent is never told: the error is only about fields that cannot be what they should be, or a database that
// is away. Nothing is charged, and no budget of guesses is read.
//
// By right factors (those that the roster has, one at least) it goes to all contacts of the child's households. By the child's name and one's own mail address or
// telephone, as the school has it, it goes there and nowhere else. A session that is logged in already asks for its own households without typing anything.
func (s *Service) RequestCode(ctx context.Context, school models.SchoolID, answers Answers, origin Origin) (Asked, error) {
	answers.Code, answers.FamilyCode = "", ""
	origin.Try = session.Try(origin.Try)
	if err := s.mayTry(origin); err != nil {
		return Asked{}, err
	}
	// Making and queueing a code is more work than refusing one. Everybody waits as long, so that the time tells nothing.
	floor := time.NewTimer(codeFloor)
	defer func() { <-floor.C }()
	find := (*attempt).grantsAsked
	if origin.Session.Kind != models.ActorParent {
		find = (*attempt).askedFor
		if err := checkTyped(answers, true); err != nil {
			return Asked{}, err
		}
	}
	scope := s.store.For(models.System(school, "log-in code"))
	if err := scope.Opened(ctx); err != nil {
		return Asked{}, err
	}
	asked := Asked{Try: origin.Try}
	err := scope.WriteConcurrent(ctx, func(tx *store.Tx) error {
		a, err := s.newAttempt(tx, answers, origin)
		if err != nil {
			return err
		}
		asked.Until, asked.LinkUntil = tx.Now().Add(codeLife), tx.Now().Add(linkLife)
		found, err := find(a)
		if err != nil {
			return err
		}
		return a.send(found)
	})
	return asked, err
}

// addressee is a household that is to be sent a code, and the one contact that it goes to; all of them if contact is zero.
type addressee struct {
	household models.HouseholdID
	pupil     models.PupilID
	contact   models.ContactID
}

// grantsAsked are the households of the session that are not confirmed yet.
func (a *attempt) grantsAsked() ([]addressee, error) {
	var found []addressee
	for _, grant := range a.origin.Session.Grants {
		if !grant.Confirmed && len(grant.Pupils) > 0 {
			found = append(found, addressee{household: grant.Household, pupil: grant.Pupils[0]})
		}
	}
	return found, nil
}

// askedFor finds who is meant, by factors or by one's own address. Both are looked for, whatever is found.
func (a *attempt) askedFor() ([]addressee, error) {
	policy := a.tx.School().Policy
	a.given = map[models.Factor]string{}
	for _, asked := range factor.Asked(policy) {
		a.given[asked.Name] = asked.Typed(policy, a.answers.Factors[asked.Name])
	}
	pupils := a.compared()
	own, err := a.byOwnContact(pupils)
	if err != nil || strings.TrimSpace(a.answers.Contact) != "" {
		return own, err
	}
	pupil := a.partlyMatched(pupils)
	if pupil == nil {
		return nil, nil
	}
	var found []addressee
	for _, row := range a.people.HouseholdsOf(pupil.ID) {
		found = append(found, addressee{household: row.HouseholdID, pupil: pupil.ID})
	}
	return found, nil
}

// partlyMatched gives the one child for whom every factor that the roster has is right, and at least one is there.
func (a *attempt) partlyMatched(pupils []*models.Pupil) *models.Pupil {
	policy := a.tx.School().Policy
	var found []*models.Pupil
	for _, pupil := range pupils {
		known := slices.DeleteFunc(factor.Asked(policy), func(asked factor.Factor) bool { return len(asked.Values(pupil, a.people.Postcodes)) == 0 })
		wrong := slices.ContainsFunc(known, func(asked factor.Factor) bool { return a.factorSlips(policy, asked, pupil) != 0 })
		if len(known) > 0 && !wrong {
			found = append(found, pupil)
		}
	}
	if len(found) != 1 {
		return nil
	}
	return found[0]
}

// byOwnContact finds the one household of the children of that name that has the typed address or telephone on file.
func (a *attempt) byOwnContact(pupils []*models.Pupil) ([]addressee, error) {
	typed, ok := contactpoint.Email(a.answers.Contact)
	if !ok {
		if typed, ok = contactpoint.MobilePhone(a.answers.Contact); !ok {
			typed = ""
		}
	}
	of := map[models.HouseholdID]models.PupilID{}
	for _, pupil := range pupils {
		for _, row := range a.people.HouseholdsOf(pupil.ID) {
			of[row.HouseholdID] = pupil.ID
		}
	}
	var found []addressee
	for household, pupil := range of {
		contacts, err := a.contacts(household)
		if err != nil {
			return nil, err
		}
		for _, contact := range contacts {
			if typed != "" && strings.EqualFold(contact.Details.Value, typed) {
				found = append(found, addressee{household, pupil, contact.ID})
			}
		}
	}
	if len(found) != 1 {
		return nil, nil
	}
	return found, nil
}

// contacts are those of a household to which a code may go.
func (a *attempt) contacts(household models.HouseholdID) ([]models.Contact, error) {
	contacts, err := store.List[models.Contact](a.tx, store.Eq("household_id", household), store.Eq("suppressed", false))
	return slices.DeleteFunc(contacts, func(c models.Contact) bool {
		return !takesCodes(a.tx.School(), &c)
	}), err
}

func takesCodes(school *models.School, contact *models.Contact) bool {
	return contact.Source.Confirms() && slices.Contains(contact.Purposes, purposeCode) && outbox.Reaches(school, contact)
}

// send sends each household a code, and ends the digits that this device was sent before: one at a time is what people can tell apart.
func (a *attempt) send(found []addressee) error {
	turns := [][]byte{a.from.token}
	for _, one := range found {
		turns = append(turns, householdIndex(a.tx, one.household))
	}
	if err := a.tx.InTurn(turns...); err != nil {
		return err
	}
	// Somebody who waits for the disk here waits for it there, too.
	if err := fail(a.tx, nil); err != nil {
		return err
	}
	older, err := store.List[models.Code](a.tx, store.Eq("token_index", a.from.token))
	if err != nil {
		return err
	}
	sent := false
	for _, one := range found {
		goes, err := a.sendTo(one)
		if err != nil {
			return err
		}
		sent = sent || goes
	}
	if !sent {
		return nil
	}
	for i := range older {
		if a.tx.Now().Before(older[i].ExpiresAt) {
			older[i].ExpiresAt = a.tx.Now()
			if err := store.Update(a.tx, &older[i], "expires_at"); err != nil {
				return err
			}
		}
	}
	a.tx.AfterCommit(a.service.wake)
	return nil
}

// sendTo makes a code for a household and queues it. Nothing is made that cannot open: without a contact, or where the household was sent enough.
func (a *attempt) sendTo(to addressee) (bool, error) {
	contacts, err := a.contacts(to.household)
	if err != nil {
		return false, err
	}
	if !to.contact.IsZero() {
		contacts = slices.DeleteFunc(contacts, func(c models.Contact) bool { return c.ID != to.contact })
	}
	if contacts, err = a.sparing(contacts); err != nil || len(contacts) == 0 {
		return false, err
	}
	earlier, err := store.List[models.Code](a.tx, store.Eq("household_id", to.household), store.Eq("kind", models.CodeContact), store.From("created_at", a.tx.Now().Add(-limiter.Kept)))
	if err != nil {
		return false, err
	}
	at := make([]time.Time, len(earlier))
	for i, code := range earlier {
		at[i] = code.CreatedAt
	}
	slices.SortFunc(at, time.Time.Compare)
	goes, last := limiter.Send(at, a.tx.Now())
	if !goes {
		a.tx.AfterCommit(func() { a.service.figures.withheld.Add(1) })
		return false, nil
	}
	return true, a.queue(to, contacts, last)
}

func (a *attempt) queue(to addressee, contacts []models.Contact, last bool) error {
	wrong, err := store.Count[models.LoginMiss](a.tx, store.Eq("lane", models.LaneCode), store.From("at", a.tx.Now().Add(-limiter.SchoolWindow)))
	if err != nil {
		return err
	}
	digits := newDigits(codeDigits)
	if wrong >= manyWrong {
		digits = newDigits(manyDigits)
		a.tx.AfterCommit(func() { a.service.figures.long.Add(1) })
	}
	link, ends := session.NewLink(), a.tx.Now().Add(linkLife)
	if last {
		ends = a.tx.Now().Add(limiter.Kept)
	}
	code := &models.Code{
		ID: models.New[models.RowID](), Kind: models.CodeContact, HouseholdID: to.household, PupilID: to.pupil, CodeIndex: codeIndex(a.tx, to.household, digits), CreatedAt: a.tx.Now(),
		ExpiresAt: a.tx.Now().Add(codeLife), TokenIndex: a.from.token, LinkIndex: linkIndex(a.tx, link), LinkExpiresAt: &ends,
	}
	if err := store.Insert(a.tx, code); err != nil {
		return err
	}
	for i := range contacts {
		message := outbox.Message{
			Kind: models.MessageCode, Contact: &contacts[i], Household: to.household, Until: ends,
			Details: models.MessageDetails{Code: digits, CodeUntil: code.ExpiresAt, Link: link, Last: last},
		}
		if _, err := outbox.Queue(a.tx, message); err != nil {
			return err
		}
		if err := budget.Spend(a.tx, budget.Messages, ofSchool(a.tx)); err != nil {
			return err
		}
	}
	a.tx.AfterCommit(func() { a.service.figures.messages.Add(int64(len(contacts))) })
	return nil
}

func ofSchool(tx *store.Tx) []byte { return tx.Index("budget", "school") }

// sparing leaves telephones out that have a mail address beside them, once the school's families were sent many codes.
func (a *attempt) sparing(contacts []models.Contact) ([]models.Contact, error) {
	spent, err := budget.Spent(a.tx, budget.Messages, ofSchool(a.tx))
	if err != nil || spent < messagesPerFamily*len(a.people.Households()) {
		return contacts, err
	}
	a.tx.AfterCommit(func() { a.service.figures.spared.Add(1) })
	mail := func(c models.Contact) bool { return c.Kind == models.ContactEmail }
	if !slices.ContainsFunc(contacts, mail) {
		return contacts, nil
	}
	return slices.DeleteFunc(contacts, func(c models.Contact) bool { return !mail(c) }), nil
}
