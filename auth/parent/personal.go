package parent

import (
	"context"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/factor"
	"github.com/ouderavond/ouderavond/models/managelink"
	"github.com/ouderavond/ouderavond/models/store"
)

// linkAnswers is how many different wrong answers a personal link has within a day; then it opens by a code only, until they are forgotten.
const linkAnswers = 5

// errLinkNotGood is the one answer for a link that is unknown or dead, or whose family has a protected child.
func errLinkNotGood() error { return errs.New(errs.Unauthenticated, errs.CodeLinkNotGood) }

// LinkForm is what a personal link asks.
type LinkForm struct {
	// Factor is the one that is asked; empty if the link opens by a code only, because the file has none of the policy's or because too many wrong answers were given.
	Factor models.Factor
	Spent  bool // too many wrong answers were given
}

// LinkForm tells what a personal link asks. Nothing is counted: programs that read mail follow links too. Errors: errs.Unauthenticated for a link that is not good.
func (s *Service) LinkForm(ctx context.Context, school models.SchoolID, token string) (form LinkForm, err error) {
	err = s.store.For(models.System(school, "personal link")).Read(ctx, func(tx *store.Tx) error {
		link, err := s.readPersonal(tx, token, Origin{})
		if err != nil {
			return err
		}
		form, err = link.form()
		return err
	})
	return form, err
}

// OpenPersonalLink opens a session by a household's personal link and the one factor that it asks, of any of the household's children. It reads and charges no budget that
// a stranger can spend. Errors: errs.Unauthenticated for a link that is not good, and with the code "login.not-recognised" for a wrong answer and when five different ones were
// given within a day; errs.Invalid for what cannot be an answer, which counts nothing.
func (s *Service) OpenPersonalLink(ctx context.Context, school models.SchoolID, token string, answers Answers, origin Origin) (*session.Opened, error) {
	origin.Try = session.Try(origin.Try)
	if err := s.mayTry(origin); err != nil {
		return nil, err
	}
	if err := checkTyped(answers, false); err != nil {
		return nil, err
	}
	scope := s.store.For(models.System(school, "personal link"))
	if err := scope.Opened(ctx); err != nil {
		return nil, err
	}
	var opened *session.Opened
	err := scope.WriteConcurrent(ctx, func(tx *store.Tx) error {
		link, err := s.readPersonal(tx, token, origin)
		if err != nil {
			return err
		}
		if err := tx.InTurn(link.row.LinkIndex); err != nil {
			return err
		}
		form, err := link.form()
		if err != nil {
			return err
		}
		if form.Factor == "" {
			return fail(tx, nil)
		}
		asked, _ := factor.Find(form.Factor)
		given := asked.Typed(tx.School().Policy, answers.Factors[form.Factor])
		if given == "" {
			return errs.InvalidField(string(form.Factor), missing(answers.Factors[form.Factor], asked.Fault))
		}
		if !slices.Contains(link.values(asked), given) {
			return link.miss(given)
		}
		opened, err = link.open()
		return err
	})
	if err != nil {
		return nil, err
	}
	// A wrong answer must leave its row behind, so it is no error of the transaction.
	if opened == nil {
		return nil, errNotRecognised()
	}
	s.rates.home(origin.Address, s.store.Now())
	return opened, nil
}

// RequestLinkCode sends a code to the contacts on file of a personal link's household, with no factor asked. Whether any was sent is never told. Errors:
// errs.Unauthenticated for a link that is not good.
func (s *Service) RequestLinkCode(ctx context.Context, school models.SchoolID, token string, origin Origin) (Asked, error) {
	origin.Try = session.Try(origin.Try)
	if err := s.mayTry(origin); err != nil {
		return Asked{}, err
	}
	// Queueing a message is more work than not having anybody to send it to.
	floor := time.NewTimer(codeFloor)
	defer func() { <-floor.C }()
	asked := Asked{Try: origin.Try}
	err := s.store.For(models.System(school, "personal link")).WriteConcurrent(ctx, func(tx *store.Tx) error {
		link, err := s.readPersonal(tx, token, origin)
		if err != nil {
			return err
		}
		asked.Until, asked.LinkUntil = tx.Now().Add(codeLife), tx.Now().Add(linkLife)
		return link.sendCode()
	})
	return asked, err
}

// personalLink is a link that is good, and who comes by it.
type personalLink struct {
	*attempt
	row *models.PersonalLink
}

// readPersonal finds the household of a link, if the link is still good.
func (s *Service) readPersonal(tx *store.Tx, token string, origin Origin) (*personalLink, error) {
	a, err := s.newAttempt(tx, Answers{}, origin)
	if err != nil {
		return nil, err
	}
	if !managelink.IsPersonal(token) {
		return nil, errLinkNotGood()
	}
	row, err := store.First[models.PersonalLink](tx, store.Eq("link_index", personalIndex(tx, token)))
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return nil, errLinkNotGood()
	}
	if err != nil {
		return nil, err
	}
	people := a.people
	over, err := roundOver(tx, row.ConferenceID)
	if err != nil {
		return nil, err
	}
	contacts, err := contactsOnFile(tx, row.HouseholdID)
	if err != nil {
		return nil, err
	}
	now := peopleOf(tx, people, row.HouseholdID, contacts[row.HouseholdID])
	if over || protected(people, row.HouseholdID) || len(activeMembers(people, row.HouseholdID)) == 0 || !sameHome(people, row, now) {
		return nil, errLinkNotGood()
	}
	return &personalLink{a, row}, nil
}

// form tells what the link asks: the first factor of the policy that its children have.
func (l *personalLink) form() (LinkForm, error) {
	wrong, err := l.wrongAnswers()
	if err != nil || len(wrong) >= linkAnswers {
		return LinkForm{Spent: true}, err
	}
	for _, name := range l.tx.School().Policy.Factors {
		asked, known := factor.Find(name)
		if known && len(l.values(asked)) > 0 {
			return LinkForm{Factor: name}, nil
		}
	}
	return LinkForm{}, nil
}

// values gives the right answers to a factor: those of all children of the household. Of a postcode, the household's own if it has one.
func (l *personalLink) values(asked factor.Factor) []string {
	policy, household := l.tx.School().Policy, l.row.HouseholdID
	var values []string
	add := func(value string) {
		if compared := asked.ToCompare(policy, value); value != "" && compared != "" {
			values = append(values, compared)
		}
	}
	if home, ok := l.people.Household(household); ok && asked.OfHousehold {
		add(home.Factors.Postcode)
	}
	for _, id := range activeMembers(l.people, household) {
		pupil, ok := l.people.Pupil(id)
		// The postcode of a child of two homes may be the other one's.
		if ok && (!asked.OfHousehold || len(values) == 0 && len(l.people.HouseholdsOf(id)) == 1) {
			add(asked.Get(pupil.Factors))
		}
	}
	return values
}

// confirms reports whether the link confirms its household. It does not where a child has another home, because a former partner knows the birth date, and mails are forwarded.
func (l *personalLink) confirms() bool {
	twoHomes := slices.ContainsFunc(l.people.Members(l.row.HouseholdID), func(id models.PupilID) bool { return len(l.people.HouseholdsOf(id)) > 1 })
	return !twoHomes && !l.tx.School().Policy.LinkRecognises
}

func (l *personalLink) grant() models.Grant {
	household := l.row.HouseholdID
	return models.Grant{Household: household, Pupils: activeMembers(l.people, household), Confirmed: l.confirms()}
}
