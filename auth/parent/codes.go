package parent

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/auth/limiter"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/names"
	"github.com/ouderavond/ouderavond/models/store"
)

const (
	// codeDigits is how many digits a sent code has; manyDigits where many wrong ones were tried at the school.
	codeDigits, manyDigits = 8, 10
	// codeLife is how long the digits are good, linkLife the link beside them, unless it is the day's last.
	codeLife, linkLife = 10 * time.Minute, 30 * time.Minute
	deskCodeLife       = 2 * time.Hour
	// codeTries is how many wrong codes a device may type at one that it asked for.
	codeTries = 5
	// manyWrong is after how many wrong codes at pending ones, within twelve hours, a school's codes get longer.
	manyWrong = 500
)

// newDigits makes a random code of some digits.
func newDigits(digits int) string {
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	number, _ := rand.Int(rand.Reader, most) // crypto/rand never fails: the program would have stopped
	return fmt.Sprintf("%0*d", digits, number)
}

// sentDigits takes the digits out of what somebody typed for a code that was sent; ok is false if it cannot be one.
func sentDigits(typed string) (digits string, ok bool) {
	digits = strings.Map(only("0123456789"), names.Digits(typed))
	return digits, len(digits) == codeDigits || len(digits) == manyDigits
}

// isSent reports whether a code can be one that was sent, and not one of the letter or the desk.
func isSent(typed string) bool {
	if _, letter := ReadFamilyCode(typed); letter {
		return false
	}
	_, ok := sentDigits(typed)
	return ok
}

// confirm logs in by a code that was sent or read out, or by the family code of the school's letter. Whatever is wrong writes the same as any failure, and counts
// for nothing that another device or family has.
func (a *attempt) confirm() (*session.Opened, error) {
	if code, ok := ReadFamilyCode(a.answers.code()); ok {
		return a.byLetter(code)
	}
	digits, ok := sentDigits(a.answers.code())
	if !ok {
		return nil, fail(a.tx, nil)
	}
	return a.byDigits(digits)
}

// confirmed opens a household that proved itself. also are the try tokens, beside this one, whose misses were its own.
func (a *attempt) confirmed(household models.HouseholdID, also ...[]byte) (*session.Opened, error) {
	present, err := session.PresentSession(a.tx, a.origin.Session)
	if err != nil {
		return nil, err
	}
	public, _, err := charged(a.tx)
	if err != nil {
		return nil, err
	}
	return a.open(present, models.Grant{Household: household, Pupils: activeMembers(a.people, household), Confirmed: true}, public, also...)
}

// byLetter opens by the family code of the letter or by one read out at the desk. Both are long enough to need no counter, so nobody can use one up.
func (a *attempt) byLetter(code string) (*session.Opened, error) {
	var named []models.HouseholdID
	for _, pupil := range a.named() {
		for _, row := range a.people.HouseholdsOf(pupil.ID) {
			named = append(named, row.HouseholdID)
		}
	}
	family, err := store.List[models.Household](a.tx, store.Eq("family_code_index", a.tx.Index("family code", code)))
	if err != nil {
		return nil, err
	}
	for _, household := range family {
		if slices.Contains(named, household.ID) {
			return a.confirmed(household.ID)
		}
	}
	desk, err := store.List[models.Code](a.tx, store.In("household_id", named), store.Eq("kind", models.CodeDesk), store.Null("used_at"))
	if err != nil {
		return nil, err
	}
	for _, one := range desk {
		if a.tx.Now().Before(one.ExpiresAt) && string(one.CodeIndex) == string(codeIndex(a.tx, one.HouseholdID, code)) {
			return a.use(&one)
		}
	}
	return nil, fail(a.tx, nil)
}

// named gives the children of the typed name, protected ones too, or those whose name is one slip away.
func (a *attempt) named() []*models.Pupil {
	exact, bySlip := a.people.ByTypedName(a.answers.Name), a.people.BySlip(a.answers.Name)
	if len(exact) > 0 {
		return exact
	}
	return bySlip
}

// use uses a code up, if nobody was quicker, and opens its household.
func (a *attempt) use(found *models.Code) (*session.Opened, error) {
	code, err := store.GetLocked[models.Code](a.tx, found.ID)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return nil, err
	}
	if err != nil || code.UsedAt != nil {
		return nil, fail(a.tx, nil)
	}
	now := a.tx.Now()
	code.UsedAt = &now
	if err := store.Update(a.tx, code, "used_at"); err != nil {
		return nil, err
	}
	if code.TokenIndex == nil {
		return a.confirmed(code.HouseholdID)
	}
	return a.confirmed(code.HouseholdID, code.TokenIndex)
}

// byDigits opens by digits that were sent, at the device that asked for them. Wrong ones count there, and nowhere else.
func (a *attempt) byDigits(digits string) (*session.Opened, error) {
	if err := a.tx.InTurn(a.from.token); err != nil {
		return nil, err
	}
	codes, err := store.List[models.Code](a.tx, store.Eq("token_index", a.from.token))
	if err != nil {
		return nil, err
	}
	wrong, err := store.List[models.LoginMiss](a.tx, store.Eq("lane", models.LaneCode), store.From("at", a.tx.Now().Add(-codeLife)))
	if err != nil {
		return nil, err
	}
	var pending *models.Code
	for i, code := range codes {
		if code.UsedAt != nil || !a.tx.Now().Before(code.ExpiresAt) || a.wrongSince(wrong, code.CreatedAt) >= codeTries {
			continue
		}
		if string(code.CodeIndex) == string(codeIndex(a.tx, code.HouseholdID, digits)) {
			return a.use(&code)
		}
		pending = &codes[i]
	}
	if pending == nil {
		return nil, fail(a.tx, nil)
	}
	a.tx.AfterCommit(func() { a.service.figures.wrongCodes.Add(1) })
	household := householdIndex(a.tx, pending.HouseholdID)
	return nil, fail(a.tx, []*models.LoginMiss{{
		Lane: models.LaneCode, Household: household, Child: household, Address: a.from.address, Network: a.from.network, Token: a.from.token, Answer: a.tx.Index("login answer", digits),
		Cost: int(limiter.Far), At: a.tx.Now(),
	}})
}

func (a *attempt) wrongSince(wrong []models.LoginMiss, since time.Time) int {
	count := 0
	for _, miss := range wrong {
		if string(miss.Token) == string(a.from.token) && !miss.At.Before(since) {
			count++
		}
	}
	return count
}

// OpenCodeLink opens a session by the link of a message with a code, once, on any device. A link that is not good is the uniform errs.Unauthenticated.
func (s *Service) OpenCodeLink(ctx context.Context, school models.SchoolID, link string, origin Origin) (*session.Opened, error) {
	origin.Try = session.Try(origin.Try)
	if err := s.mayTry(origin); err != nil {
		return nil, err
	}
	var opened *session.Opened
	err := s.store.For(models.System(school, "link of a code")).WriteConcurrent(ctx, func(tx *store.Tx) error {
		a, err := s.newAttempt(tx, Answers{}, origin)
		if err != nil {
			return err
		}
		codes, err := store.List[models.Code](tx, store.Eq("link_index", linkIndex(tx, link)))
		if err != nil {
			return err
		}
		if len(codes) == 0 || codes[0].UsedAt != nil || !tx.Now().Before(*codes[0].LinkExpiresAt) {
			return fail(tx, nil)
		}
		opened, err = a.use(&codes[0])
		return err
	})
	if err != nil {
		return nil, err
	}
	if opened == nil {
		return nil, errs.New(errs.Unauthenticated, "login.link-not-good")
	}
	s.rates.home(origin.Address, s.store.Now())
	return opened, nil
}

func codeIndex(tx *store.Tx, household models.HouseholdID, code string) []byte {
	return tx.Index("code", household.String()+":"+code)
}

func linkIndex(tx *store.Tx, link string) []byte { return tx.Index("code link", link) }

// DeskCode makes a code that staff read out to a family at the desk or by telephone; good for two hours, once. It is shown this once, and has the form of a family code.
func (s *Service) DeskCode(ctx context.Context, actor models.Actor, household models.HouseholdID) (code string, until time.Time, err error) {
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		if _, err := store.Get[models.Household](tx, household); err != nil {
			return err
		}
		code, until = newFamilyCode(), tx.Now().Add(deskCodeLife)
		row := &models.Code{
			ID: models.New[models.RowID](), Kind: models.CodeDesk, HouseholdID: household, CodeIndex: codeIndex(tx, household, code), CreatedAt: tx.Now(), ExpiresAt: until,
		}
		if err := store.Insert(tx, row); err != nil {
			return err
		}
		return tx.Audited("desk-code", household, nil)
	})
	if err != nil {
		return "", time.Time{}, err
	}
	return code, until, nil
}
