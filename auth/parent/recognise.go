package parent

import (
	"context"
	"net/netip"
	"strings"
	"unicode/utf8"

	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/factor"
	"github.com/ouderavond/ouderavond/models/names"
	"github.com/ouderavond/ouderavond/models/store"
)

// maxTyped is the greatest length, in runes, of anything a parent types at log-in.
const maxTyped = 200

// Answers is what a parent typed at log-in.
type Answers struct {
	Name string // the child's first and last name, in any of the ways people write it
	// Factors are what was typed for each; a whole value may stand where the school asks for a part.
	Factors map[models.Factor]string
	// Code is eight digits sent to a contact on file or read out at the desk; FamilyCode is from the school's letter. Either replaces the factors and confirms.
	Code       string
	FamilyCode string
}

// Origin is where a log-in comes from.
type Origin struct {
	Address  netip.Addr // of the browser, as the trusted proxy saw it; the zero address counts as one
	Device   string     // the device receipt, if the browser has one
	Language string
	// Session is the actor of the session that asks to add a child; the zero Actor opens a new one.
	Session models.Actor
}

// errNotRecognised is the one answer for every failure of a log-in, whatever was wrong.
func errNotRecognised() error { return errs.New(errs.Unauthenticated, errs.CodeNotRecognised) }

// Recognise logs a parent in by the child's name and the school's factors, or by a code. Fields that cannot be what they should be (a date of no calendar,
// a factor left out) are errs.Invalid and count nothing. Everything else that does not lead to exactly one child, or asks for more proof, is one and the
// same errs.Unauthenticated with the code "login.not-recognised".
func (s *Service) Recognise(ctx context.Context, school models.SchoolID, answers Answers, origin Origin) (*session.Opened, error) {
	if err := checkTyped(answers); err != nil {
		return nil, err
	}
	scope := s.store.For(models.System(school, "log-in"))
	if err := scope.Opened(ctx); err != nil {
		return nil, err
	}
	var opened *session.Opened
	err := scope.WriteConcurrent(ctx, func(tx *store.Tx) error {
		if tx.School().State != models.SchoolActive {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		attempt, err := newAttempt(tx, answers, origin)
		if err != nil {
			return err
		}
		opened, err = attempt.run()
		return err
	})
	if err != nil {
		return nil, err
	}
	// A failure must leave its mark in the budgets, so it is no error of the transaction.
	if opened == nil {
		return nil, errNotRecognised()
	}
	return opened, nil
}

func checkTyped(answers Answers) error {
	type field struct{ name, value string }
	fields := []field{{"name", answers.Name}}
	for _, one := range factor.All {
		fields = append(fields, field{string(one.Name), answers.Factors[one.Name]})
	}
	for _, field := range append(fields, field{"code", answers.Code}, field{"family_code", answers.FamilyCode}) {
		switch {
		case !utf8.ValidString(field.value) || strings.ContainsRune(field.value, 0):
			return errs.InvalidField(field.name, "not-text")
		case utf8.RuneCountInString(field.value) > maxTyped:
			return errs.InvalidField(field.name, "too-long")
		}
	}
	if strings.TrimSpace(answers.Name) == "" {
		return errs.InvalidField("name", errs.CodeRequired)
	}
	return nil
}

// attempt is one try to log in.
type attempt struct {
	tx      *store.Tx
	people  *directory.Directory
	answers Answers
	origin  Origin
	given   map[models.Factor]string // what was typed, as it is compared
	named   []*models.Pupil          // whose name matches
	session *models.Session
}

func newAttempt(tx *store.Tx, answers Answers, origin Origin) (*attempt, error) {
	a := &attempt{tx: tx, answers: answers, origin: origin}
	var err error
	if a.people, err = tx.Directory(); err != nil {
		return nil, err
	}
	a.named = a.people.ByTypedName(answers.Name)
	if err := a.tx.InTurn(a.contended()...); err != nil {
		return nil, err
	}
	if a.session, err = session.PresentSession(tx, origin.Session); err != nil {
		return nil, err
	}
	if answers.Code == "" && answers.FamilyCode == "" {
		a.given, err = readFactors(tx.School().Policy, answers)
	}
	return a, err
}

// contended is what tries have in common that must come one after another, so that many at once get no more than one by one: the address they come from, the
// children of that name and, for codes, their households. What is said of a name that nobody has is as much.
func (a *attempt) contended() [][]byte {
	subjects := append(a.subjects(), a.addressSubject())
	for _, household := range a.namedHouseholds() {
		subjects = append(subjects, a.tx.Index("budget household", household.String()))
	}
	return subjects
}

// readFactors reads the factors that the policy asks for; one that is missing or cannot be read is the person's own slip, told at the field.
func readFactors(policy models.Policy, answers Answers) (map[models.Factor]string, error) {
	given := map[models.Factor]string{}
	for _, asked := range factor.Asked(policy) {
		given[asked.Name] = asked.Typed(policy, answers.Factors[asked.Name])
		if given[asked.Name] == "" {
			return given, errs.InvalidField(string(asked.Name), missing(answers.Factors[asked.Name], asked.Fault))
		}
	}
	return given, nil
}

func missing(typed, code string) string {
	if strings.TrimSpace(typed) == "" {
		return "required"
	}
	return code
}

func (a *attempt) run() (*session.Opened, error) {
	if a.answers.Code != "" || a.answers.FamilyCode != "" {
		return a.confirm()
	}
	matched, distance := a.match()
	exhausted, err := a.exhausted(matched)
	if err != nil {
		return nil, err
	}
	grants := a.grants(matched)
	trusted, err := a.trusted(grants)
	if err != nil {
		return nil, err
	}
	switch {
	case len(grants) == 0:
		return nil, a.charge(distance)
	case exhausted && !trusted:
		return nil, a.charge(noMiss)
	}
	open := session.Opening{Tx: a.tx, Present: a.session, Device: a.origin.Device, Language: a.origin.Language}
	opened, err := open.Open(grants, nil)
	if err != nil {
		return nil, err
	}
	// Last, because all who log in at the same time count in one row.
	return opened, a.countLogin(grants)
}

// match compares the factors of everybody with that name, and one made-up child where nobody has it, so that a known name takes no other work. It gives
// who matches in everything, and the smallest number of slips by which the others missed.
func (a *attempt) match() (matched []*models.Pupil, distance int) {
	distance = farAway
	policy := a.tx.School().Policy
	candidates := a.named
	if len(candidates) == 0 {
		candidates = []*models.Pupil{{Factors: factor.MadeUp()}}
	}
	for _, pupil := range candidates {
		slips := a.slips(policy, pupil)
		if slips == 0 && len(a.named) > 0 {
			matched = append(matched, pupil)
		}
		distance = min(distance, slips)
	}
	return matched, distance
}

// farAway is more slips than any real answer has; noMiss stands for a right answer that a spent budget does not let in.
const (
	farAway = 1000
	noMiss  = -1
)

// slips counts by how much the typed factors miss a pupil's. A factor that the roster does not have for the pupil never matches: empty is not equal to empty.
func (a *attempt) slips(policy models.Policy, pupil *models.Pupil) int {
	// Where nothing is asked, a name alone must not do.
	if pupil.Protected || len(policy.Factors) == 0 {
		return farAway
	}
	total := 0
	for _, name := range policy.Factors {
		asked, known := factor.Find(name)
		if !known {
			return farAway // what nobody can compare nobody has answered
		}
		total += a.factorSlips(policy, asked, pupil)
	}
	return min(total, farAway)
}

func (a *attempt) factorSlips(policy models.Policy, asked factor.Factor, pupil *models.Pupil) int {
	best := farAway
	for _, known := range a.known(asked, pupil) {
		best = min(best, compare(a.given[asked.Name], asked.ToCompare(policy, known)))
	}
	return best
}

func compare(typed, known string) int {
	if typed == "" || known == "" {
		return farAway
	}
	return names.Distance(typed, known)
}

// known returns the values of a factor that count for a pupil.
func (a *attempt) known(asked factor.Factor, pupil *models.Pupil) []string {
	if asked.OfHousehold {
		return a.people.Postcodes(pupil)
	}
	if value := asked.Get(pupil.Factors); value != "" {
		return []string{value}
	}
	return nil
}

// grants turns exactly one matched child into the grant of its household, with its brothers and sisters. A child of two households leads to neither,
// unless a factor that differs between them chose; two children with the same name and factors lead nowhere.
func (a *attempt) grants(matched []*models.Pupil) []models.Grant {
	if len(matched) != 1 {
		return nil
	}
	memberships := a.people.HouseholdsOf(matched[0].ID)
	var chosen []models.HouseholdID
	for _, row := range memberships {
		if len(memberships) == 1 || a.chooses(row.HouseholdID) {
			chosen = append(chosen, row.HouseholdID)
		}
	}
	if len(chosen) != 1 {
		return nil
	}
	return []models.Grant{{Household: chosen[0], Pupils: activeMembers(a.people, chosen[0])}}
}

// chooses tells whether the typed postcode is this household's own.
func (a *attempt) chooses(id models.HouseholdID) bool {
	policy := a.tx.School().Policy
	household, ok := a.people.Household(id)
	if !ok || !policy.Asks(models.FactorPostcode) || household.Factors.Postcode == "" {
		return false
	}
	asked, _ := factor.Find(models.FactorPostcode)
	return a.given[asked.Name] == asked.ToCompare(policy, household.Factors.Postcode)
}

func activeMembers(people *directory.Directory, household models.HouseholdID) []models.PupilID {
	var active []models.PupilID
	for _, id := range people.Members(household) {
		if pupil, ok := people.Pupil(id); ok && pupil.State == models.PersonActive {
			active = append(active, id)
		}
	}
	return active
}
