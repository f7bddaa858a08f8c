package booking_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/erasure"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/notify/carrier"
	"github.com/ouderavond/ouderavond/notify/mail"
)

// outside is the mailbox folder and the shelf of receipts.
type outside struct {
	mailbox  string
	receipts map[string][]byte
	fault    error
	journal  []erasure.Erased
}

func (o *outside) EraseSchool(school string) (int, error) {
	entries, err := os.ReadDir(filepath.Join(o.mailbox, school))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return 0, err
	}
	return len(entries), mail.Erase(o.mailbox, school)
}

func (o *outside) KeepReceipt(school string, receipt []byte) error {
	if o.fault == nil {
		o.receipts[school] = receipt
	}
	return o.fault
}

func (o *outside) WipedSchools() ([]string, error) { return slices.Collect(maps.Keys(o.receipts)), nil }

func (o *outside) Receipt(school string) ([]byte, error) { return o.receipts[school], nil }

func (o *outside) EraseMessages(school string, ids []string) (int, error) {
	box, err := carrier.OpenMailbox(o.mailbox)
	if err != nil {
		return 0, err
	}
	return box.EraseMessages(school, ids)
}

func (o *outside) ForgetMessages(before, now time.Time) (int, error) {
	box, err := carrier.OpenMailbox(o.mailbox)
	if err != nil {
		return 0, err
	}
	return box.Forget(before, now)
}

func (o *outside) KeepErased(lines []erasure.Erased) error {
	if o.fault == nil {
		o.journal = append(o.journal, lines...)
	}
	return o.fault
}

func (o *outside) ForgetErased(before time.Time) error {
	o.journal = slices.DeleteFunc(o.journal, func(line erasure.Erased) bool { return line.At.Before(before) })
	return nil
}

func noWait(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// surrounded is the little school with a mailbox beside the database.
func surrounded(t *testing.T) (*world, *post, *outside) {
	t.Helper()
	w := newWorld(t)
	p := w.post()
	around := &outside{mailbox: p.dir, receipts: map[string][]byte{}}
	w.booking = booking.New(w.store, booking.Options{External: around})
	return w, p, around
}

func (w *world) cancel(slug string) (*erasure.Receipt, error) {
	return w.booking.Erasures.CancelSchool(w.ctx, models.Actor{Kind: models.ActorOperator}, w.school, slug, noWait)
}

// planted are values of the school that must be nowhere afterwards; the last one is kept in the open.
var planted = []string{"Bakker", "m.bakker@example.com", "31612345601", "1234AB", "Ada Noord", "oma@example.com", "De Merel", "Tienminutengesprekken", "de-merel", "Wiskunde"}

// finds tells which of the planted values are in the database's files or the mailbox.
func (w *world) finds(p *post) []string {
	w.t.Helper()
	found := map[string]bool{}
	look := func(content []byte) {
		for _, value := range planted {
			if bytes.Contains(content, []byte(value)) {
				found[value] = true
			}
		}
	}
	look(w.db.Bytes(w.t))
	w.must(filepath.WalkDir(p.dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		look(content)
		return err
	}))
	return slices.Sorted(maps.Keys(found))
}

func TestACancelledSchoolIsErasedWithAReceipt(t *testing.T) {
	t.Parallel()
	w, p, around := surrounded(t)
	bakkers := w.recognised("Anna Bakker")
	bakkers.book(appointment.Change{Make: w.talks(sixTalks...), Email: "oma@example.com"})
	p.drain()
	bakkers.book(bakkers.cancels("Tue 19:20 Anna LON")) // leaves messages waiting
	actor := bakkers.actor()
	if found := w.finds(p); !slices.Contains(found, "Wiskunde") || !slices.Contains(found, "de-merel") || !slices.Contains(found, "Ada Noord") {
		t.Fatalf("the planted values cannot be found before either: %q", found)
	}
	before, files := w.counts(), len(p.entries())+len(p.texts())
	w.clock.Advance(time.Hour)
	receipt, err := w.cancel("de-merel")
	w.must(err)

	if receipt.School != w.school.String() || !receipt.AskedAt.Equal(w.clock.Now()) || !receipt.FinishedAt.Equal(w.clock.Now()) || receipt.Messages != files {
		t.Errorf("receipt %+v, want %d messages", receipt, files)
	}
	for table, rows := range before {
		if table != "erasure_ledger" && receipt.Rows[table] != int64(rows) {
			t.Errorf("%s: %d rows erased, there were %d", table, receipt.Rows[table], rows)
		}
	}
	for table, rows := range w.counts() {
		if table != "erasure_ledger" && rows != 0 {
			t.Errorf("%s: %d rows are left", table, rows)
		}
	}
	if found := w.finds(p); len(found) != 0 {
		t.Errorf("still there: %q", found)
	}
	verify(t, receipt)
	var kept erasure.Receipt
	w.must(json.Unmarshal(around.receipts[w.school.String()], &kept))
	verify(t, &kept)
	ledger, err := w.booking.Erasures.Erasures(w.ctx, models.Actor{Kind: models.ActorOperator})
	w.must(err)
	if len(ledger) != 1 || ledger[0].Signature != receipt.Signature || kept.Signature != receipt.Signature {
		t.Errorf("ledger %+v", ledger)
	}
	w.shut(actor, bakkers.token)
	if letters := p.drain(); len(letters) != 0 {
		t.Errorf("%d mails afterwards", len(letters))
	}
	if again, err := w.cancel("de-merel"); err != nil || again.Signature != receipt.Signature {
		t.Errorf("cancelled again: %v, %v", again, err)
	}
	if finished, err := w.booking.Erasures.FinishErasures(w.ctx, noWait); err != nil || finished != 0 {
		t.Errorf("%d wipes to finish, %v", finished, err)
	}
}

// shut checks that a school lets nobody in any more.
func (w *world) shut(actor models.Actor, token string) {
	t := w.t
	t.Helper()
	if _, err := w.booking.Families.Family(w.ctx, actor); errs.KindOf(err) != errs.NotFound {
		t.Errorf("family: %v", err)
	}
	if _, err := w.booking.Appointments.Book(w.ctx, actor, appointment.Change{Make: []appointment.Request{{Pupil: w.pupils["Anna"]}}}); errs.KindOf(err) != errs.NotFound {
		t.Errorf("book: %v", err)
	}
	if _, err := w.auth.Authenticate(w.ctx, w.school, token); errs.KindOf(err) != errs.Unauthenticated {
		t.Errorf("authenticate: %v", err)
	}
	if _, err := w.auth.School(w.ctx, "de-merel"); errs.KindOf(err) != errs.NotFound {
		t.Errorf("school: %v", err)
	}
}

// verify checks a receipt as its reader would: the signature is over the document with an empty signature.
func verify(t *testing.T, receipt *erasure.Receipt) {
	t.Helper()
	valid := func(r erasure.Receipt) bool {
		signature, err := base64.StdEncoding.DecodeString(r.Signature)
		if err != nil {
			t.Fatal(err)
		}
		key, err := base64.StdEncoding.DecodeString(r.PublicKey)
		if err != nil {
			t.Fatal(err)
		}
		r.Signature = ""
		document, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return ed25519.Verify(key, document, signature)
	}
	if !valid(*receipt) {
		t.Error("the signature is not good")
	}
	changed := *receipt
	changed.Rows = maps.Clone(receipt.Rows)
	changed.Rows["pupils"]++
	if valid(changed) {
		t.Error("a changed receipt is still good")
	}
}

func TestASchoolIsCancelledByTheOperatorOnlyAndByItsNameOnly(t *testing.T) {
	t.Parallel()
	w, _, around := surrounded(t)
	before := w.counts()
	for _, slug := range []string{"", "de-mere", "De-Merel", w.school.String()} {
		_, err := w.cancel(slug)
		wantField(t, err, "slug", "not-the-same")
	}
	for _, actor := range []models.Actor{
		w.recognised("Anna Bakker").actor(), {Kind: models.ActorStaff, Roles: []models.Role{models.RoleAdministrator}, Proof: models.ProofRecent, School: w.school},
		{Kind: models.ActorKey, School: w.school, Scopes: models.AllScopes()}, models.System(w.school, "test"), {},
	} {
		_, err := w.booking.Erasures.CancelSchool(w.ctx, actor, w.school, "de-merel", noWait)
		wantKind(t, err, errs.Forbidden)
		_, err = w.booking.Erasures.Erasures(w.ctx, actor)
		if actor.Kind != models.ActorSystem {
			wantKind(t, err, errs.Forbidden)
		}
	}
	if got := w.appeared(before); got != "household_logins+1 login_successes+1 sessions+1" {
		t.Errorf("rows %s", got)
	}
	if len(around.receipts) != 0 {
		t.Error("there is a receipt")
	}
	equal(t, "the school", w.homes(), []string{"Anna+Bram+Cato", "Emma", "Finn", "Gijs", "Hugo", "Iris", "Jet"})
}

func TestAnotherSchoolIsUntouched(t *testing.T) {
	t.Parallel()
	w, p, around := surrounded(t)
	other := &world{t: t, ctx: w.ctx, db: w.db, clock: w.clock, store: w.store, operator: models.Actor{Kind: models.ActorOperator}}
	other.serve()
	school, err := other.booking.Schools.Create(w.ctx, other.operator, school.NewSchool{Slug: "de-lijster", Details: models.SchoolDetails{Name: "De Lijster"}})
	w.must(err)
	other.school, other.operator.School = school.ID, school.ID
	other.imported(people.ImportRequest{Files: files()})
	other.look()
	other.openEvening()
	theirs := other.recognised("Anna Bakker")
	theirs.book(appointment.Change{Make: other.talks(sixTalks...), Email: "oma@example.com"})
	w.recognised("Anna Bakker").book(appointment.Change{Make: w.talks(sixTalks...), Email: "oma@example.com"})
	p.send()
	theirMail, err := mail.List(p.dir, other.school.String(), 100)
	w.must(err)
	before := other.counts()
	_, err = w.cancel("de-merel")
	w.must(err)
	if got := other.appeared(before); got != "" {
		t.Errorf("rows %s", got)
	}
	if len(theirs.sees()) != 6 {
		t.Errorf("appointments %q", theirs.sees())
	}
	left, err := mail.List(p.dir, other.school.String(), 100)
	w.must(err)
	if len(left) != len(theirMail) || len(left) == 0 || len(around.receipts) != 1 {
		t.Errorf("%d of %d mails are left", len(left), len(theirMail))
	}
	other.consistent()
}

func TestAWipeThatWasCutOffAfterTheSchoolWasClosedGoesOn(t *testing.T) {
	t.Parallel()
	w, p, _ := surrounded(t)
	bakkers := w.recognised("Anna Bakker")
	actor := bakkers.actor()
	w.write(func(tx *store.Tx) error {
		tx.School().State = models.SchoolClosing
		return tx.UpdateSchool("state")
	})
	if _, err := w.booking.Families.Family(w.ctx, actor); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a closing school lets parents in: %v", err)
	}
	if _, err := w.auth.Parents.Recognise(w.ctx, w.school, authAnswers(), parent.Origin{}); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a closing school lets parents log in: %v", err)
	}
	if finished, err := w.booking.Erasures.FinishErasures(w.ctx, noWait); err != nil || finished != 1 {
		t.Errorf("%d finished, %v", finished, err)
	}
	if found := w.finds(p); len(found) != 0 {
		t.Errorf("still there: %q", found)
	}
}

func TestAWipeThatWasCutOffBeforeItsReceiptWasKeptGoesOn(t *testing.T) {
	t.Parallel()
	w, _, around := surrounded(t)
	pupils := w.counts()["pupils"]
	around.fault = errors.New("the shelf is full")
	if _, err := w.cancel("de-merel"); !errors.Is(err, around.fault) {
		t.Errorf("error %v", err)
	}
	around.fault = nil
	for _, want := range []int{1, 0} {
		if finished, err := w.booking.Erasures.FinishErasures(w.ctx, noWait); err != nil || finished != want {
			t.Errorf("%d finished, want %d, %v", finished, want, err)
		}
	}
	var kept erasure.Receipt
	w.must(json.Unmarshal(around.receipts[w.school.String()], &kept))
	verify(t, &kept)
	if kept.Rows["pupils"] != int64(pupils) {
		t.Errorf("the receipt tells of %d pupils, there were %d", kept.Rows["pupils"], pupils)
	}
}

func TestAWipeWaitsForReadersOfAnOlderMoment(t *testing.T) {
	t.Parallel()
	w, p, _ := surrounded(t)
	w.recognised("Anna Bakker").makes(w.talk("Anna Vak LON 19:00"))
	reading, finish, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		done <- w.store.For(models.System(w.school, "test")).Read(w.ctx, func(tx *store.Tx) error {
			_, err := store.Count[models.Pupil](tx)
			close(reading)
			<-finish
			return err
		})
	}()
	<-reading
	waited := 0
	_, err := w.booking.Erasures.CancelSchool(w.ctx, models.Actor{Kind: models.ActorOperator}, w.school, "de-merel", func(context.Context, time.Duration) error {
		if waited++; waited == 1 {
			close(finish)
			return <-done
		}
		return nil
	})
	w.must(err)
	if waited == 0 {
		t.Error("the wipe did not wait for the reader")
	}
	if found := w.finds(p); len(found) != 0 {
		t.Errorf("still there: %q", found)
	}
}

func authAnswers() parent.Answers {
	return parent.Answers{Name: "Anna Bakker", Factors: map[models.Factor]string{models.FactorBirthDate: "1-3-2014", models.FactorPostcode: "1234AB"}}
}

func TestARestoredBackUpForgetsAgain(t *testing.T) {
	t.Parallel()
	w, p, around := surrounded(t)
	restored := w.fork()
	restored.booking = booking.New(restored.store, booking.Options{External: around})
	_, err := w.cancel("de-merel")
	w.must(err)
	first := slices.Clone(around.receipts[w.school.String()])
	if finished, err := restored.booking.Erasures.FinishErasures(w.ctx, noWait); err != nil || finished != 1 {
		t.Errorf("%d finished, %v", finished, err)
	}
	if found := restored.finds(p); len(found) != 0 {
		t.Errorf("still there: %q", found)
	}
	if bytes.Equal(first, around.receipts[w.school.String()]) && len(first) == 0 {
		t.Error("no receipt of the second wipe")
	}
	for table, rows := range restored.counts() {
		if table != "erasure_ledger" && rows != 0 {
			t.Errorf("%s: %d rows are left", table, rows)
		}
	}
}

func TestAReceiptThatIsNotOursWipesNothing(t *testing.T) {
	t.Parallel()
	w, _, around := surrounded(t)
	restored := w.fork()
	restored.booking = booking.New(restored.store, booking.Options{External: around})
	_, err := w.cancel("de-merel")
	w.must(err)
	name := w.school.String()
	genuine := around.receipts[name]
	other := models.New[models.SchoolID]().String()
	for what, receipt := range map[string][]byte{
		"empty":             {},
		"changed":           bytes.Replace(genuine, []byte(`":"20`), []byte(`":"19`), 1),
		"of another school": bytes.Replace(genuine, []byte(name), []byte(other), 1),
		"cut off":           genuine[:len(genuine)/2],
	} {
		around.receipts[name] = receipt
		if finished, err := restored.booking.Erasures.FinishErasures(w.ctx, noWait); !errors.Is(err, erasure.ErrReceipt) || finished != 0 {
			t.Errorf("%s: %d finished, %v", what, finished, err)
		}
		if restored.counts()["pupils"] == 0 {
			t.Fatalf("%s: the school is gone", what)
		}
	}
	around.receipts[name] = genuine
	if finished, err := restored.booking.Erasures.FinishErasures(w.ctx, noWait); err != nil || finished != 1 {
		t.Errorf("%d finished, %v", finished, err)
	}
}
