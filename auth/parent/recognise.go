package parent

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ouderavond/ouderavond/auth/limiter"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/factor"
	"github.com/ouderavond/ouderavond/models/store"
)

// maxTyped is the greatest length, in runes, of anything a parent types at log-in.
const maxTyped = 200

// Answers is what a parent typed at log-in.
type Answers struct {
	Name string // the child's first and last name, in any of the ways people write it
	// Factors are what was typed for each; a whole value may stand where the school asks for a part.
	Factors map[models.Factor]string
	// Code and FamilyCode replace the factors and confirm; each may hold digits that were sent, the code of the school's letter, or one read out at the desk.
	// Digits need no name: they are good for the device that asked for them.
	Code, FamilyCode string
	// Contact is the mail address or telephone of whoever asks for a code, as the school has it on file.
	Contact string
}

func (a Answers) code() string {
	if strings.TrimSpace(a.Code) != "" {
		return a.Code
	}
	return a.FamilyCode
}

// Origin is where a log-in comes from.
type Origin struct {
	Address netip.Addr // of the browser, as the trusted proxy saw it; the zero address counts as one
	// Try is the try token of the browser or client, see session.Try. One that is not well formed ties nothing together.
	Try    string
	Device string // the device receipt, if the browser has one
	// Shared is set by who says that the device is not theirs: it is not recognised, and keeps no receipt.
	Shared   bool
	Language string
	// Session is the actor of the session that asks to add a child; the zero Actor opens a new one.
	Session models.Actor
}

// errNotRecognised is the one answer for every failure of a log-in, whatever was wrong.
func errNotRecognised() error { return errs.New(errs.Unauthenticated, errs.CodeNotRecognised) }

// Recognise logs a parent in by the child's name and the school's factors, or by a code. Fields that cannot be what they should be (a date of no calendar,
// a factor left out) are errs.Invalid and count nothing. Everything else that does not lead to exactly one household, or asks for more proof, is one and the
// same errs.Unauthenticated with the code "login.not-recognised". Too many tries of one address within a second are errs.TooMany, whatever was typed.
func (s *Service) Recognise(ctx context.Context, school models.SchoolID, answers Answers, origin Origin) (*session.Opened, error) {
	origin.Try = session.Try(origin.Try)
	if err := s.mayTry(origin); err != nil {
		return nil, err
	}
	byCode := answers.code() != ""
	if err := checkTyped(answers, byCode && !isSent(answers.code())); err != nil { // beside factors the name is looked at with them
		return nil, err
	}
	scope := s.store.For(models.System(school, "log-in"))
	if err := scope.Opened(ctx); err != nil {
		return nil, err
	}
	var opened *session.Opened
	work, how := (*attempt).confirm, endedOtherwise
	if !byCode {
		work = (*attempt).byFactors
		leave, err := s.stand(ctx, school, origin)
		if err != nil {
			return nil, err
		}
		defer func() { leave(how) }()
	}
	err := scope.WriteConcurrent(ctx, func(tx *store.Tx) error {
		attempt, err := s.newAttempt(tx, answers, origin)
		if err != nil {
			return err
		}
		opened, err = work(attempt)
		return err
	})
	if err != nil {
		return nil, err
	}
	// A failure must leave its rows behind, so it is no error of the transaction.
	if opened == nil {
		how = endedWrong
		return nil, errNotRecognised()
	}
	how = endedIn
	s.rates.home(origin.Address, s.store.Now())
	return opened, nil
}

// mayTry turns away a flood from one address, before anything is read.
func (s *Service) mayTry(origin Origin) error {
	if s.rates.allow(origin.Address, s.store.Now()) {
		return nil
	}
	s.figures.turnedAway.Add(1)
	return &errs.Error{Kind: errs.TooMany, Code: errs.CodeTooMany, RetryAfter: time.Second}
}

// stand waits in the queue of the school's public form. Who comes with a device that a household knows does not stand in it.
func (s *Service) stand(ctx context.Context, school models.SchoolID, origin Origin) (leave func(end), err error) {
	if session.IsDevice(origin.Device) && !origin.Shared {
		known := false
		err := s.store.For(models.System(school, "log-in")).Read(ctx, func(tx *store.Tx) error {
			device, err := deviceOf(tx, origin)
			known = len(device.homes) > 0
			return err
		})
		if err != nil {
			return nil, err
		}
		if known {
			return func(end) {}, nil
		}
	}
	leave, err = s.queues.enter(ctx, school)
	if errs.CodeOf(err) == errs.CodeBusy {
		s.figures.turnedAway.Add(1)
	}
	return leave, err
}

// checkTyped refuses what is no text that anybody types, and an empty name where one is needed, as errs.Invalid with every field at fault.
func checkTyped(answers Answers, needsName bool) error {
	var faults []errs.Field
	look := func(name, value string) {
		switch {
		case !utf8.ValidString(value) || strings.ContainsRune(value, 0):
			faults = append(faults, errs.Field{Name: name, Code: "not-text"})
		case utf8.RuneCountInString(value) > maxTyped:
			faults = append(faults, errs.Field{Name: name, Code: "too-long"})
		}
	}
	look("name", answers.Name)
	for _, one := range factor.All {
		look(string(one.Name), answers.Factors[one.Name])
	}
	look("code", answers.Code)
	look("family_code", answers.FamilyCode)
	look("contact", answers.Contact)
	if needsName && strings.TrimSpace(answers.Name) == "" {
		faults = append(faults, errs.Field{Name: "name", Code: errs.CodeRequired})
	}
	if len(faults) > 0 {
		return errs.InvalidFields(faults...)
	}
	return nil
}

// attempt is one try to log in.
type attempt struct {
	service *Service
	tx      *store.Tx
	people  *directory.Directory
	answers Answers
	origin  Origin
	from    origins
	given   map[models.Factor]string // what was typed, as it is compared
	tell    bool                     // the contacts are told of a new device, whatever it may see
}

func (s *Service) newAttempt(tx *store.Tx, answers Answers, origin Origin) (*attempt, error) {
	if tx.School().State != models.SchoolActive {
		return nil, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	a := &attempt{service: s, tx: tx, answers: answers, origin: origin, from: originsOf(tx, origin)}
	var err error
	a.people, err = tx.Directory()
	return a, err
}

// byFactors is a try of the public form. Tries of a school come one after another, so that many at once get no more than one by one.
func (a *attempt) byFactors() (*session.Opened, error) {
	if err := a.readFactors(); err != nil {
		return nil, err
	}
	if err := a.tx.InTurn(a.tx.Index("login turn", "public")); err != nil {
		return nil, err
	}
	present, err := session.PresentSession(a.tx, a.origin.Session)
	if err != nil {
		return nil, err
	}
	pupils := a.compared()
	public, ofDevices, err := charged(a.tx)
	if err != nil {
		return nil, err
	}
	try, homes, err := a.try(pupils, ofDevices)
	if err != nil {
		return nil, err
	}
	total, err := a.total()
	if err != nil {
		return nil, err
	}
	outcome := budgetOf(a.tx, total, public).Decide(try)
	if !outcome.In {
		misses := a.misses(pupils, homes, try, outcome)
		a.noteFailure(outcome)
		return nil, fail(a.tx, misses)
	}
	home := homes[slices.IndexFunc(try.Candidates, func(c limiter.Candidate) bool { return c.Slips == 0 })]
	return a.open(present, models.Grant{Household: home, Pupils: activeMembers(a.people, home)}, public)
}

// open lets a household in.
func (a *attempt) open(present *models.Session, grant models.Grant, public []models.LoginMiss, also ...[]byte) (*session.Opened, error) {
	open := session.Opening{Tx: a.tx, Present: present, Device: a.origin.Device, Shared: a.origin.Shared, Language: a.origin.Language, Tell: a.tell}
	opened, err := open.Open([]models.Grant{grant}, nil)
	if err != nil {
		return nil, err
	}
	takenBack, err := gotIn(a.tx, a.people, grant.Household, a.from, public, also...)
	a.tx.AfterCommit(func() { a.service.figures.takenBack.Add(int64(takenBack)) })
	return opened, err
}

// try compares what was typed with who may be meant, and says what the limiter decides by. homes are the households that a right answer would lead to, of each candidate.
func (a *attempt) try(pupils []*models.Pupil, ofDevices []models.LoginMiss) (try limiter.Try, homes []models.HouseholdID, err error) {
	known, err := deviceOf(a.tx, a.origin)
	if err != nil {
		return try, nil, err
	}
	known.misses = ofDevices
	answer := a.tx.Index("login answer", a.answer())
	try = limiter.Try{Token: string(a.from.token), Answer: string(answer), Address: string(a.from.address), Network: string(a.from.network)}
	if try.Homes, try.NetworkHomes, err = a.from.households(a.tx); err != nil {
		return try, nil, err
	}
	policy, nobody := a.tx.School().Policy, len(pupils) == 0
	if nobody {
		pupils = madeUp()
	}
	for _, pupil := range pupils {
		candidate := limiter.Candidate{Child: string(childIndex(a.tx, pupil.ID)), Slips: a.slips(policy, pupil), Known: known.of(a, pupil.ID, answer)}
		home, ok := a.home(pupil)
		if ok {
			candidate.Home = home.String()
		}
		if !nobody {
			try.Candidates, homes = append(try.Candidates, candidate), append(homes, home)
		}
	}
	return try, homes, nil
}

// misses are the rows of what is charged.
func (a *attempt) misses(pupils []*models.Pupil, homes []models.HouseholdID, try limiter.Try, outcome limiter.Outcome) []*models.LoginMiss {
	rows := make([]*models.LoginMiss, 0, rowsOfAFailure)
	for _, charge := range outcome.Charged {
		home := homes[charge.Candidate]
		if of := a.people.HouseholdsOf(pupils[charge.Candidate].ID); home.IsZero() && len(of) > 0 {
			home = of[0].HouseholdID
		}
		row := &models.LoginMiss{
			Lane: models.LanePublic, Household: householdIndex(a.tx, home), Child: []byte(try.Candidates[charge.Candidate].Child), Address: a.from.address, Network: a.from.network,
			Token: a.from.token, Answer: []byte(try.Answer), Cost: int(charge.Cost), At: a.tx.Now(),
		}
		if charge.Device {
			row.Lane, row.Token = models.LaneDevice, a.tx.Index("device", a.origin.Device)
		}
		rows = append(rows, row)
	}
	return rows
}

func (a *attempt) noteFailure(outcome limiter.Outcome) {
	a.tx.AfterCommit(func() {
		for _, charge := range outcome.Charged {
			if !charge.Device {
				a.service.figures.charged.Add(1)
			}
		}
		if !outcome.Open {
			a.service.figures.notOpen.Add(1)
		}
	})
}
