package parent

import (
	"bytes"
	"slices"

	"github.com/ouderavond/ouderavond/auth/limiter"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// wrongAnswers gives the different wrong answers that were given at the link within a day, as keyed indexes. No other budget is read at a link.
func (l *personalLink) wrongAnswers() (different [][]byte, err error) {
	rows, err := store.List[models.LoginMiss](l.tx, store.Eq("lane", models.LaneLink), store.From("at", l.tx.Now().Add(-limiter.Kept)))
	for _, row := range rows {
		known := slices.ContainsFunc(different, func(one []byte) bool { return bytes.Equal(one, row.Answer) })
		if bytes.Equal(row.Token, l.row.LinkIndex) && !known {
			different = append(different, row.Answer)
		}
	}
	return different, err
}

// miss writes the rows of a wrong answer: it is charged to the link once, and to nothing else.
func (l *personalLink) miss(given string) error {
	wrong, err := l.wrongAnswers()
	if err != nil {
		return err
	}
	answer := l.tx.Index("login answer", given)
	if slices.ContainsFunc(wrong, func(one []byte) bool { return bytes.Equal(one, answer) }) {
		return fail(l.tx, nil)
	}
	household := householdIndex(l.tx, l.row.HouseholdID)
	return fail(l.tx, []*models.LoginMiss{{
		Lane: models.LaneLink, Household: household, Child: household, Address: l.from.address, Network: l.from.network, Token: l.row.LinkIndex, Answer: answer,
		Cost: int(limiter.Far), At: l.tx.Now(),
	}})
}

// open lets the household in. It is a second proof: the device's misses at its children were slips of its own.
func (l *personalLink) open() (*session.Opened, error) {
	present, err := session.PresentSession(l.tx, l.origin.Session)
	if err != nil {
		return nil, err
	}
	public, _, err := charged(l.tx)
	if err != nil {
		return nil, err
	}
	l.tell = true
	return l.attempt.open(present, l.grant(), public)
}

// sendCode sends a code to the household's contacts on file: who has the link needs no factor for it.
func (l *personalLink) sendCode() error {
	members := activeMembers(l.people, l.row.HouseholdID)
	return l.send([]addressee{{household: l.row.HouseholdID, pupil: members[0]}})
}
