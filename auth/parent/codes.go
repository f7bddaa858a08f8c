package parent

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	budgets "github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/factor"
	"github.com/ouderavond/ouderavond/models/names"
	"github.com/ouderavond/ouderavond/models/outbox"
	"github.com/ouderavond/ouderavond/models/store"
)

const (
	codeDigits   = 8
	codeLife     = 10 * time.Minute
	deskCodeLife = 2 * time.Hour
	codeTries    = 5
	codeFloor    = 60 * time.Millisecond
)

// newDigits makes a random code of eight digits.
func newDigits() string {
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(codeDigits), nil)
	number, _ := rand.Int(rand.Reader, most) // crypto/rand never fails: the program would have stopped
	return fmt.Sprintf("%0*d", codeDigits, number)
}

// confirm logs in by a code that was sent or read out, or by the family code of the school's letter.
func (a *attempt) confirm() (*session.Opened, error) {
	household, found, err := a.confirmedHousehold()
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, a.chargeCode()
	}
	grants := []models.Grant{{Household: household, Pupils: activeMembers(a.people, household), Confirmed: true}}
	open := session.Opening{Tx: a.tx, Present: a.session, Device: a.origin.Device, Language: a.origin.Language}
	return open.Open(grants, nil)
}

func (a *attempt) chargeCode() error {
	if err := budgets.Spend(a.tx, budgets.Codes, wholeSchool(a.tx)); err != nil {
		return err
	}
	return budgets.Spend(a.tx, budgets.Address, a.addressSubject())
}

// confirmedHousehold finds the household that a code opens. The name of one of its children must be right too.
func (a *attempt) confirmedHousehold() (models.HouseholdID, bool, error) {
	if a.answers.FamilyCode != "" {
		return a.byFamilyCode()
	}
	return a.bySentCode()
}

func (a *attempt) byFamilyCode() (models.HouseholdID, bool, error) {
	code, ok := ReadFamilyCode(a.answers.FamilyCode)
	if !ok {
		return models.HouseholdID{}, false, nil
	}
	household, err := store.First[models.Household](a.tx, store.Eq("family_code_index", a.tx.Index("family code", code)))
	if errs.KindOf(err) == errs.NotFound && err != nil {
		return models.HouseholdID{}, false, nil
	}
	if err != nil {
		return models.HouseholdID{}, false, err
	}
	members := a.people.Members(household.ID)
	named := slices.ContainsFunc(a.named, func(p *models.Pupil) bool { return slices.Contains(members, p.ID) })
	return household.ID, named, nil
}

func (a *attempt) bySentCode() (models.HouseholdID, bool, error) {
	typed := strings.Map(only("0123456789"), names.Digits(a.answers.Code))
	if len(typed) != codeDigits {
		return models.HouseholdID{}, false, nil
	}
	// Once a school has seen too many wrong codes, those that were sent count no more that evening. The desk and the letter still open.
	exhausted, err := budgets.Exhausted(a.tx, budgets.Codes, wholeSchool(a.tx))
	if err != nil {
		return models.HouseholdID{}, false, err
	}
	households := a.namedHouseholds()
	codes, err := store.List[models.Code](a.tx, store.In("household_id", households), store.From("expires_at", a.tx.Now()), store.Null("used_at"))
	if err != nil {
		return models.HouseholdID{}, false, err
	}
	for i := range codes {
		code := &codes[i]
		if code.Attempts >= codeTries || !a.tx.Now().Before(code.ExpiresAt) || exhausted && code.Kind == models.CodeContact || string(code.CodeIndex) != string(codeIndex(a.tx, code.HouseholdID, typed)) {
			continue
		}
		now := a.tx.Now()
		code.UsedAt = &now
		return code.HouseholdID, true, store.Update(a.tx, code, "used_at")
	}
	// A wrong code costs every code that it could have been meant for.
	for i := range codes {
		codes[i].Attempts++
		if err := store.Update(a.tx, &codes[i], "attempts"); err != nil {
			return models.HouseholdID{}, false, err
		}
	}
	return models.HouseholdID{}, false, nil
}

func (a *attempt) namedHouseholds() []models.HouseholdID {
	var households []models.HouseholdID
	for _, pupil := range a.named {
		for _, row := range a.people.HouseholdsOf(pupil.ID) {
			households = append(households, row.HouseholdID)
		}
	}
	return households
}

func codeIndex(tx *store.Tx, household models.HouseholdID, code string) []byte {
	return tx.Index("code", household.String()+":"+code)
}

// RequestCode sends a code of eight digits to the contacts on the school's file, if what was typed is right as far as the roster knows. Whether anything
// was sent is never told: the error is only about fields that cannot be what they should be, or a database that is away.
//
// It is the way on for who was asked for more proof, and for a child of whom the roster lacks a factor: the factors that it has must be right, and at
// least one there must be. A session that is logged in already may ask for its own households without typing anything.
func (s *Service) RequestCode(ctx context.Context, school models.SchoolID, answers Answers, origin Origin) error {
	answers.Code, answers.FamilyCode = "", ""
	// Making and queueing a code is more work than refusing one. Everybody waits as long, so that the time tells nothing.
	floor := time.NewTimer(codeFloor)
	defer func() { <-floor.C }()
	if origin.Session.Kind == models.ActorParent {
		return s.codeForSession(ctx, school, origin)
	}
	if err := checkTyped(answers); err != nil {
		return err
	}
	return s.store.For(models.System(school, "log-in code")).Write(ctx, func(tx *store.Tx) error {
		a := &attempt{tx: tx, answers: answers, origin: origin}
		if goes, err := a.mayAsk(); err != nil || !goes {
			return err
		}
		var err error
		if a.people, err = tx.Directory(); err != nil {
			return err
		}
		a.given = readWhatIsThere(tx.School().Policy, answers)
		a.named = a.people.ByTypedName(answers.Name)
		pupil := a.partlyMatched()
		if pupil == nil {
			return a.charge(farAway)
		}
		for _, row := range a.people.HouseholdsOf(pupil.ID) {
			if err := sendCode(tx, row.HouseholdID, pupil.ID); err != nil {
				return err
			}
		}
		tx.AfterCommit(s.wake)
		return nil
	})
}

// mayAsk counts that a code was asked for, and tells whether that may still lead to one. The count is written each time, so that an answer that leads to a
// code and one that does not both wait for the disk.
func (a *attempt) mayAsk() (bool, error) {
	if a.tx.School().State != models.SchoolActive {
		return false, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	exhausted, err := budgets.Exhausted(a.tx, budgets.Asked, a.addressSubject())
	if err != nil {
		return false, err
	}
	return !exhausted, budgets.Spend(a.tx, budgets.Asked, a.addressSubject())
}

func readWhatIsThere(policy models.Policy, answers Answers) map[models.Factor]string {
	given := map[models.Factor]string{}
	for _, asked := range factor.Asked(policy) {
		given[asked.Name] = asked.Typed(policy, answers.Factors[asked.Name])
	}
	return given
}

// partlyMatched gives the one child of that name for whom every factor that the roster has is right, and at least one is there.
func (a *attempt) partlyMatched() *models.Pupil {
	policy := a.tx.School().Policy
	var found []*models.Pupil
	for _, pupil := range a.named {
		known := a.knownFactors(policy, pupil)
		wrong := slices.ContainsFunc(known, func(asked factor.Factor) bool { return a.factorSlips(policy, asked, pupil) != 0 })
		if len(known) > 0 && !wrong && !pupil.Protected {
			found = append(found, pupil)
		}
	}
	if len(found) != 1 {
		return nil
	}
	return found[0]
}

// knownFactors returns the factors that the policy asks for and the roster has of a pupil.
func (a *attempt) knownFactors(policy models.Policy, pupil *models.Pupil) []factor.Factor {
	return slices.DeleteFunc(factor.Asked(policy), func(asked factor.Factor) bool { return len(a.known(asked, pupil)) == 0 })
}

func (s *Service) codeForSession(ctx context.Context, school models.SchoolID, origin Origin) error {
	return s.store.For(models.System(school, "log-in code")).Write(ctx, func(tx *store.Tx) error {
		if tx.School().State != models.SchoolActive {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		for _, grant := range origin.Session.Grants {
			if grant.Confirmed || len(grant.Pupils) == 0 {
				continue
			}
			if err := sendCode(tx, grant.Household, grant.Pupils[0]); err != nil {
				return err
			}
		}
		tx.AfterCommit(s.wake)
		return nil
	})
}

// sendCode makes a code for a household and queues it to its contacts on file. Too many in an hour or a day are silently not sent: the person at the other
// end may not be the one who asks.
func sendCode(tx *store.Tx, household models.HouseholdID, pupil models.PupilID) error {
	subject := tx.Index("budget household", household.String())
	for _, budget := range []budgets.Budget{budgets.Sends, budgets.SendDay} {
		if exhausted, err := budgets.Exhausted(tx, budget, subject); err != nil || exhausted {
			return err
		}
	}
	contacts, err := store.List[models.Contact](tx, store.Eq("household_id", household), store.Eq("suppressed", false))
	if err != nil {
		return err
	}
	contacts = slices.DeleteFunc(contacts, func(c models.Contact) bool {
		return !c.Source.Confirms() || !slices.Contains(c.Purposes, purposeCode) || !outbox.Reaches(tx.School(), &c)
	})
	if len(contacts) == 0 {
		return nil
	}
	for _, budget := range []budgets.Budget{budgets.Sends, budgets.SendDay} {
		if err := budgets.Spend(tx, budget, subject); err != nil {
			return err
		}
	}
	digits := newDigits()
	if err := addCode(tx, models.CodeContact, household, pupil, digits, codeLife); err != nil {
		return err
	}
	for i := range contacts {
		message := outbox.Message{
			Kind: models.MessageCode, Contact: &contacts[i], Household: household, Until: tx.Now().Add(codeLife), Details: models.MessageDetails{Code: digits},
		}
		if _, err := outbox.Queue(tx, message); err != nil {
			return err
		}
	}
	return nil
}

// purposeCode is the purpose of a contact to which codes may be sent.
const purposeCode = "code"

func addCode(tx *store.Tx, kind models.CodeKind, household models.HouseholdID, pupil models.PupilID, digits string, life time.Duration) error {
	return store.Insert(tx, &models.Code{
		ID: models.New[models.RowID](), Kind: kind, HouseholdID: household, PupilID: pupil, CodeIndex: codeIndex(tx, household, digits),
		CreatedAt: tx.Now(), ExpiresAt: tx.Now().Add(life),
	})
}

// DeskCode makes a code that staff read out to a family at the desk or by telephone; good for two hours, once. It is shown this once.
func (s *Service) DeskCode(ctx context.Context, actor models.Actor, household models.HouseholdID) (code string, until time.Time, err error) {
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		if _, err := store.Get[models.Household](tx, household); err != nil {
			return err
		}
		code, until = newDigits(), tx.Now().Add(deskCodeLife)
		if err := addCode(tx, models.CodeDesk, household, models.PupilID{}, code, deskCodeLife); err != nil {
			return err
		}
		return tx.Audited("desk-code", household, nil)
	})
	if err != nil {
		return "", time.Time{}, err
	}
	return code, until, nil
}
