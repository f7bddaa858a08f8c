// Package budget counts what must not happen too often: wrong passwords of staff, messages with codes, bookings that meet hidden talks. The counts are rows, so
// that they hold over a restart and over several instances.
//
// What parents guess at log-in is counted elsewhere (auth/limiter, auth/parent); nothing here knows names or answers, only keyed indexes of them.
package budget

import (
	"bytes"
	"net/netip"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// Budget is how much of something is allowed within a time.
type Budget struct {
	Name   string
	Max    int           // the count at which it is exhausted
	Within time.Duration // over which the count runs
	step   time.Duration // the rows' resolution
}

// The budgets.
var (
	// Hidden counts, per household, the bookings refused to sessions that are not confirmed while the household has talks that they may not see.
	Hidden = Budget{"hidden", 6, 24 * time.Hour, time.Hour}
	// Messages counts the messages with a code of a school; what is too many depends on its families.
	Messages = Budget{"code-messages", 0, 12 * time.Hour, time.Hour}
	StaffAll = Budget{"staff-all", 200, 15 * time.Minute, time.Minute} // of one login name from all addresses
	// StaffDevice is of one login name from one browser that logged in with it before.
	StaffDevice = Budget{"staff-device", 10, 15 * time.Minute, time.Minute}
	Staff       = Budget{"staff", 10, 15 * time.Minute, time.Minute}
	// StaffSecond counts wrong digits and recovery codes of one account, whoever types them: they know its password already.
	StaffSecond = Budget{"staff-second", 10, time.Hour, time.Minute}
	// StaffMail counts the links that one account was sent, StaffMails those that were asked for from one address.
	StaffMail  = Budget{"staff-mail", 5, time.Hour, time.Minute}
	StaffMails = Budget{"staff-mails", 60, time.Hour, time.Minute}
)

// Count is a subject of a budget whose count is asked for.
type Count struct {
	Budget  Budget
	Subject []byte
}

// since is from when on what was spent counts. It is forgotten one step late rather than early: in no stretch of that time is more than the budget spent.
func (c Count) since(now time.Time) time.Time {
	return now.Add(-c.Budget.Within).Truncate(c.Budget.step)
}

// Spent gives how much of a budget a subject has spent in the time before now.
func Spent(tx *store.Tx, budget Budget, subject []byte) (int, error) {
	spent, err := SpentOf(tx, Count{budget, subject})
	return spent[0], err
}

// SpentOf gives how much was spent of each of some counts in the time before now, with one question.
func SpentOf(tx *store.Tx, counts ...Count) ([]int, error) {
	var names []string
	var subjects [][]byte
	earliest := tx.Now()
	for _, count := range counts {
		if !slices.Contains(names, count.Budget.Name) {
			names = append(names, count.Budget.Name)
		}
		if !slices.ContainsFunc(subjects, func(subject []byte) bool { return bytes.Equal(subject, count.Subject) }) {
			subjects = append(subjects, count.Subject)
		}
		if since := count.since(tx.Now()); since.Before(earliest) {
			earliest = since
		}
	}
	spent := make([]int, len(counts))
	rows, err := store.List[models.Budget](tx, store.In("name", names), store.In("subject", subjects), store.From("window", earliest))
	for i, count := range counts {
		for _, row := range rows {
			if row.Name == count.Budget.Name && bytes.Equal(row.Subject, count.Subject) && !row.Window.Before(count.since(tx.Now())) {
				spent[i] += row.Spent
			}
		}
	}
	return spent, err
}

// Exhausted reports whether a subject has spent a budget.
func Exhausted(tx *store.Tx, budget Budget, subject []byte) (bool, error) {
	spent, err := Spent(tx, budget, subject)
	return spent >= budget.Max, err
}

// Spend counts one against a budget.
func Spend(tx *store.Tx, budget Budget, subject []byte) error {
	row := &models.Budget{Name: budget.Name, Subject: subject, Window: tx.Now().Truncate(budget.step), Spent: 1}
	added, err := store.InsertNew(tx, row)
	if err != nil || added == 1 {
		return err
	}
	return tx.AddToBudget(row)
}

// Return takes back one that was spent at an instant: for who takes a try before it is known whether the try was a failure.
func Return(tx *store.Tx, budget Budget, subject []byte, spent time.Time) error {
	return tx.AddToBudget(&models.Budget{Name: budget.Name, Subject: subject, Window: spent.Truncate(budget.step), Spent: -1})
}

// Network is what counts as one address: an address of version 4, or the /64 that a line of version 6 has.
func Network(address netip.Addr) string {
	address = address.Unmap()
	bits := 32
	if address.Is6() {
		bits = 64
	}
	return network(address, bits)
}

// Wide is what an address of version 6 has in common with its neighbours, the /48 that one connection may be given; of version 4 it is the address itself.
func Wide(address netip.Addr) string {
	address = address.Unmap()
	if address.Is6() {
		return network(address, 48)
	}
	return Network(address)
}

func network(address netip.Addr, bits int) string {
	prefix, _ := address.Prefix(bits) // no address is one address, too
	return prefix.String()
}
