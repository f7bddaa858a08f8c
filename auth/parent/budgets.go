package parent

import (
	"bytes"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/factor"
	"github.com/ouderavond/ouderavond/models/names"
	"github.com/ouderavond/ouderavond/models/store"
)

// wholeSchool is the subject of a budget that counts for the whole school.
func wholeSchool(tx *store.Tx) []byte { return tx.Index("budget", "school") }

// trusted tells whether the device has booked for the household before: then an exhausted budget does not stand in its way.
func (a *attempt) trusted(grants []models.Grant) (bool, error) {
	if a.origin.Device == "" {
		return false, nil
	}
	makers, err := session.KnownMakers(a.tx, a.tx.Index("device", a.origin.Device), grants)
	return len(makers) > 0, err
}

// subjects is what the child's budget counts for: every child of that name, whichever was meant, or the name itself where there is none, so that both cost
// the same.
func (a *attempt) subjects() [][]byte {
	if len(a.named) == 0 {
		keys := names.TypedKeys(a.answers.Name)
		slices.Sort(keys)
		return [][]byte{a.tx.Index("budget name", strings.Join(keys, "|"))}
	}
	subjects := make([][]byte, len(a.named))
	for i, pupil := range a.named {
		subjects[i] = childSubject(a.tx, pupil)
	}
	slices.SortFunc(subjects, bytes.Compare)
	return subjects
}

func childSubject(tx *store.Tx, pupil *models.Pupil) []byte {
	return tx.Index("budget child", pupil.ID.String())
}

func (a *attempt) addressSubject() []byte {
	return a.tx.Index("budget address", budget.Network(a.origin.Address))
}

// exhausted tells whether any of the budgets that stand before this attempt is spent: that of the child who matched, of the address, of the school.
func (a *attempt) exhausted(matched []*models.Pupil) (bool, error) {
	school := wholeSchool(a.tx)
	counts := []budget.Count{{Budget: budget.Address, Subject: a.addressSubject()}, {Budget: budget.Logins, Subject: school}, {Budget: budget.School, Subject: school}}
	others := len(counts)
	for _, subject := range a.subjects() {
		counts = append(counts, budget.Count{Budget: budget.Child, Subject: subject})
	}
	spent, err := budget.SpentOf(a.tx, counts...)
	if err != nil {
		return false, err
	}
	child := false
	for i, count := range counts[others:] {
		meant := slices.ContainsFunc(matched, func(p *models.Pupil) bool { return bytes.Equal(childSubject(a.tx, p), count.Subject) })
		child = child || spent[others+i] >= budget.Child.Max && meant
	}
	address, logins, misses := spent[0], spent[1], spent[2]
	return child || address >= budget.Address.Max || misses >= budget.SchoolMax(logins), nil
}

// schoolPerAddress is how many far misses of one address count for the school: one telephone must not put a whole evening's parents into asking for codes.
const schoolPerAddress = 3

// charge counts a failure: once per different wrong answer for the child; far misses for the address and the school too. Whatever the failure, as much is
// written, the first time and when it is repeated: time must not tell a right answer from a wrong one, or a near miss from a far one.
func (a *attempt) charge(distance int) error {
	subjects := a.subjects()
	answer := a.tx.Index("budget answer", string(bytes.Join(subjects, nil))+"|"+a.answer())
	fresh, err := budget.SpendOnce(a.tx, answer)
	if err != nil || !fresh {
		return err
	}
	ofChild, ofAddress, ofSchool := budget.Child, budget.Address, budget.School
	if distance == noMiss {
		ofChild = budget.NearChild
	}
	before, err := budget.Spent(a.tx, budget.Address, a.addressSubject())
	if err != nil {
		return err
	}
	if before >= schoolPerAddress {
		ofSchool = budget.NearSchool
	}
	if distance <= 1 {
		ofAddress, ofSchool = budget.NearAddress, budget.NearSchool
	}
	for _, subject := range subjects {
		if err := budget.Spend(a.tx, ofChild, subject); err != nil {
			return err
		}
	}
	if err := budget.Spend(a.tx, ofAddress, a.addressSubject()); err != nil {
		return err
	}
	return budget.Spend(a.tx, ofSchool, wholeSchool(a.tx))
}

// answer is what was typed as one text: all that a guess can differ in.
func (a *attempt) answer() string {
	texts := make([]string, len(factor.All))
	for i, one := range factor.All {
		texts[i] = a.given[one.Name]
	}
	return strings.Join(texts, "|")
}

// countLogin counts a log-in for the school's budget, each household once in a day: who logs in over and over must not earn the school more misses.
func (a *attempt) countLogin(grants []models.Grant) error {
	fresh, err := budget.SpendOnce(a.tx, a.tx.Index("budget log-in", grants[0].Household.String()))
	if err != nil || !fresh {
		return err
	}
	return budget.Spend(a.tx, budget.Logins, wholeSchool(a.tx))
}
