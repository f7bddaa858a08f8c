package booking_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

var (
	writes = regexp.MustCompile(`(?i)\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?([a-z_]+)"?`)
	locked = regexp.MustCompile(`(?is)\bFROM\s+"?([a-z_]+)"?.*\bFOR (?:UPDATE|SHARE|KEY SHARE|NO KEY UPDATE)\b`)
)

// TestAFamilysActsWriteAndLockRowsOfItsSchoolOnly listens to what is said to the server while a family logs in, books, moves and cancels, and its mails go out:
// where the database is spread over machines, a row that several schools share would be one queue for all of them.
func TestAFamilysActsWriteAndLockRowsOfItsSchoolOnly(t *testing.T) {
	t.Parallel()
	db, between := storetest.NewHeard(t)
	office := &world{t: t, ctx: context.Background(), db: db, clock: db.Clock, store: db.Store}
	office.settle()
	office.openEvening()
	scoped, err := db.Store.ScopedTables(office.ctx)
	office.must(err)

	// A program of their own for the families: each of its statements is heard anew.
	before := between.Heard()
	w := *office
	w.store = storetest.Open(t, db.Config())
	w.serve()
	started := between.Heard()
	jet := w.recognised("Jet Prins")
	jet.makes(w.talk("Jet Vak LON 19:00"))
	jet.book(appointment.Change{Email: "oma@example.com", IdempotencyKey: "once", Make: w.talks("Jet Vak VIS 19:20")})
	jet.book(appointment.Change{Move: []appointment.MoveItem{jet.move("Tue 19:00 Jet LON", 0, "20:00")}, Nearest: true})
	w.post().send()
	jet.book(jet.cancels("Tue 20:00 Jet LON"))
	_, err = w.auth.Parents.Recognise(w.ctx, w.school, parent.Answers{Name: "Jet Prins", Factors: map[models.Factor]string{models.FactorBirthDate: "1-1-2001"}}, parent.Origin{})
	if err == nil {
		t.Error("a wrong answer opens")
	}
	w.confirmed("Anna Bakker").makes(w.talk("Anna Vak LON 19:00"))
	w.post().send()

	written := map[string]bool{}
	for statement, times := range between.Heard() {
		if times == started[statement] {
			continue
		}
		for _, found := range append(writes.FindAllStringSubmatch(statement, -1), locked.FindAllStringSubmatch(statement, -1)...) {
			table := strings.ToLower(found[1])
			if strings.HasPrefix(strings.ToUpper(found[0]), "UPDATE") && table == "set" {
				continue
			}
			if written[table] = true; !slices.Contains(scoped, table) {
				t.Errorf("a family's act writes or locks %s: %s", table, statement)
			}
		}
	}
	for _, table := range []string{"appointments", "claims", "messages", "sessions", "households", "login_successes", "invitations"} {
		if !written[table] {
			t.Errorf("nothing was heard of %s, of %d statements", table, len(started)-len(before))
		}
	}
}
