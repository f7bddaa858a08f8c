package auth

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/auth/limit"
	"github.com/ouderavond/ouderavond/models"
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
	makers, err := knownMakers(a.tx, a.tx.Index("device", a.origin.Device), grants)
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
	return a.tx.Index("budget address", network(a.origin.Address))
}

// network is what counts as one address: an address of version 4, or the /64 that a line of version 6 has.
func network(address netip.Addr) string {
	address = address.Unmap()
	bits := 32
	if address.Is6() {
		bits = 64
	}
	prefix, _ := address.Prefix(bits) // no address is one address, too
	return prefix.String()
}

// exhausted tells whether any of the budgets that stand before this attempt is spent: that of the child who matched, of the address, of the school.
func (a *attempt) exhausted(matched []*models.Pupil) (bool, error) {
	school := wholeSchool(a.tx)
	counts := []limit.Count{{Budget: limit.Address, Subject: a.addressSubject()}, {Budget: limit.Logins, Subject: school}, {Budget: limit.School, Subject: school}}
	others := len(counts)
	for _, subject := range a.subjects() {
		counts = append(counts, limit.Count{Budget: limit.Child, Subject: subject})
	}
	spent, err := limit.SpentOf(a.tx, counts...)
	if err != nil {
		return false, err
	}
	child := false
	for i, count := range counts[others:] {
		meant := slices.ContainsFunc(matched, func(p *models.Pupil) bool { return bytes.Equal(childSubject(a.tx, p), count.Subject) })
		child = child || spent[others+i] >= limit.Child.Most && meant
	}
	address, logins, misses := spent[0], spent[1], spent[2]
	return child || address >= limit.Address.Most || misses >= limit.SchoolMost(logins), nil
}

// schoolPerAddress is how many far misses of one address count for the school: one telephone must not put a whole evening's parents into asking for codes.
const schoolPerAddress = 3

// charge counts a failure: once per different wrong answer for the child; far misses for the address and the school too. Whatever the failure, as much is
// written, the first time and when it is repeated: time must not tell a right answer from a wrong one, or a near miss from a far one.
func (a *attempt) charge(distance int) error {
	subjects := a.subjects()
	answer := a.tx.Index("budget answer", strings.Join([]string{string(bytes.Join(subjects, nil)), a.given.postcode, a.given.birthDate.String(), a.given.studentNumber, a.given.citizenLast4}, "|"))
	fresh, err := limit.SpendOnce(a.tx, answer)
	if err != nil || !fresh {
		return err
	}
	ofChild, ofAddress, ofSchool := limit.Child, limit.Address, limit.School
	if distance == noMiss {
		ofChild = limit.NearChild
	}
	before, err := limit.Spent(a.tx, limit.Address, a.addressSubject())
	if err != nil {
		return err
	}
	if before >= schoolPerAddress {
		ofSchool = limit.NearSchool
	}
	if distance <= 1 {
		ofAddress, ofSchool = limit.NearAddress, limit.NearSchool
	}
	for _, subject := range subjects {
		if err := limit.Spend(a.tx, ofChild, subject); err != nil {
			return err
		}
	}
	if err := limit.Spend(a.tx, ofAddress, a.addressSubject()); err != nil {
		return err
	}
	return limit.Spend(a.tx, ofSchool, wholeSchool(a.tx))
}

// countLogin counts a log-in for the school's budget, each household once in a day: who logs in over and over must not earn the school more misses.
func (a *attempt) countLogin(grants []models.Grant) error {
	fresh, err := limit.SpendOnce(a.tx, a.tx.Index("budget log-in", grants[0].Household.String()))
	if err != nil || !fresh {
		return err
	}
	return limit.Spend(a.tx, limit.Logins, wholeSchool(a.tx))
}
