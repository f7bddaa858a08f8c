package booking_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/kept"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/notify/sms"
)

// sealedOf gives what the database holds, sealed, of a household's people.
func (w *world) sealedOf(home models.HouseholdID) (boxes [][]byte) {
	w.t.Helper()
	db := w.db.Raw(w.t)
	for _, query := range []string{
		"SELECT details FROM contacts WHERE household_id = %s", "SELECT details FROM guardians WHERE household_id = %s",
		"SELECT details FROM households WHERE id = %s", "SELECT p.details FROM pupils p JOIN household_pupils h ON h.pupil_id = p.id WHERE h.household_id = %s",
		"SELECT p.factors FROM pupils p JOIN household_pupils h ON h.pupil_id = p.id WHERE h.household_id = %s",
	} {
		place := "?"
		if w.db.URL != "" {
			place = "$1"
		}
		rows, err := db.Query(strings.Replace(query, "%s", place, 1), home)
		w.must(err)
		for rows.Next() {
			var box []byte
			w.must(rows.Scan(&box))
			boxes = append(boxes, box)
		}
		w.must(rows.Err())
		w.must(rows.Close())
	}
	return boxes
}

// files reads everything in the mailbox folder.
func (p *post) files() (all []byte) {
	p.w.t.Helper()
	p.w.must(filepath.WalkDir(p.dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		all = append(all, content...)
		return err
	}))
	return all
}

func TestAnErasedPupilIsGoneFromEverythingAtOnce(t *testing.T) {
	t.Parallel()
	w, p, around := surrounded(t)
	w.recognised("Jet Prins").book(appointment.Change{Make: w.talks("Jet Mentor NOO 19:00"), Email: "oma@example.com"})
	w.recognised("Anna Bakker").book(appointment.Change{Make: w.talks("Anna Vak LON 19:00")})
	p.drain()
	home, boxes := w.home("Jet"), w.sealedOf(w.home("Jet"))
	if len(boxes) < 6 || !bytes.Contains(p.files(), []byte("a.prins@example.com")) || !bytes.Contains(p.files(), []byte("oma@example.com")) {
		t.Fatalf("%d sealed values; nothing can be found before either", len(boxes))
	}
	w.must(w.booking.People.ErasePupil(w.ctx, w.operator, w.pupils["Jet"]))

	w.read(func(tx *store.Tx) {
		for what, count := range map[string]func() (int64, error){
			"pupils":     func() (int64, error) { return store.Count[models.Pupil](tx, store.Eq("id", w.pupils["Jet"])) },
			"households": func() (int64, error) { return store.Count[models.Household](tx, store.Eq("id", home)) },
			"guardians":  func() (int64, error) { return store.Count[models.Guardian](tx, store.Eq("household_id", home)) },
			"contacts":   func() (int64, error) { return store.Count[models.Contact](tx, store.Eq("household_id", home)) },
			"messages":   func() (int64, error) { return store.Count[models.Message](tx, store.Eq("household_id", home)) },
			"makers":     func() (int64, error) { return store.Count[models.Maker](tx, store.Eq("household_id", home)) },
			"keys": func() (int64, error) {
				return store.Count[models.ExternalKey](tx, store.Eq("subject", models.RowID(w.pupils["Jet"])))
			},
		} {
			if left, err := count(); err != nil || left != 0 {
				t.Errorf("%d %s are left: %v", left, what, err)
			}
		}
	})
	left := p.files()
	for _, value := range []string{"a.prins@example.com", "oma@example.com", "Prins", "Jet", "31612345609"} {
		if bytes.Contains(left, []byte(value)) {
			t.Errorf("%s is in the mailbox folder", value)
		}
	}
	if !bytes.Contains(left, []byte("m.bakker@example.com")) {
		t.Error("another family's mails went along")
	}
	if w.db.URL == "" { // the files of a PostgreSQL server are its own
		stored := w.db.Bytes(t)
		for i, box := range boxes {
			if bytes.Contains(stored, box) {
				t.Errorf("the sealed value %d is in the files of the database", i)
			}
		}
	}
	if len(around.journal) != 2 {
		t.Errorf("journal %+v", around.journal)
	}
	if letters := p.drain(); len(letters) != 0 {
		t.Errorf("%d mails to people who are gone", len(letters))
	}
}

func TestAFamilyThatStaysIsToldAndItsOldMailsAreGone(t *testing.T) {
	t.Parallel()
	w, p, _ := surrounded(t)
	w.confirmed("Anna Bakker").makes(w.talks("Anna Vak LON 19:00", "Bram Vak LON 20:00")...)
	p.drain()
	w.must(w.booking.People.ErasePupil(w.ctx, w.operator, w.pupils["Anna"]))
	if bytes.Contains(p.files(), []byte("m.bakker@example.com")) {
		t.Error("a mail that names the child is still in the folder")
	}
	told := only(t, p.drain(), "m.bakker@example.com")
	if strings.Contains(told.words(), "Anna") || !strings.Contains(told.Text, "Bram") {
		t.Errorf("the family reads\n%s", told.Text)
	}
}

func TestARemovedContactIsGoneFromTheMailboxAndOthersStay(t *testing.T) {
	t.Parallel()
	w, p, around := surrounded(t)
	w.confirmed("Emma Smit").makes(w.talk("Emma Vak LON 19:00"))
	p.drain()
	view, err := w.booking.Households.Get(w.ctx, w.operator, w.home("Emma"))
	w.must(err)
	for _, contact := range view.Contacts {
		if contact.Details.Value == "j.smit@example.com" {
			w.must(w.booking.Households.RemoveContact(w.ctx, w.operator, w.home("Emma"), contact.ID))
		}
	}
	left := p.files()
	if bytes.Contains(left, []byte("j.smit@example.com")) || !bytes.Contains(left, []byte("p.degraaf@example.com")) {
		t.Error("the mails to one of two parents")
	}
	if len(around.journal) != 2 { // the row, and the address whatever row it has
		t.Errorf("journal %+v", around.journal)
	}
}

func TestWhatWasErasedSinceIsErasedAgainFromARestoredDatabase(t *testing.T) {
	t.Parallel()
	w, p, around := surrounded(t)
	w.recognised("Jet Prins").makes(w.talk("Jet Mentor NOO 19:00"))
	p.drain()
	old := w.fork()
	old.booking = booking.New(old.store, booking.Options{External: around})

	w.must(w.booking.People.ErasePupil(w.ctx, w.operator, w.pupils["Jet"]))
	w.again("J. Smit;j.smit", "Johanna Smit;j.smit") // the contact has another row now
	view, err := w.booking.Households.Get(w.ctx, w.operator, w.home("Emma"))
	w.must(err)
	for _, contact := range view.Contacts {
		if contact.Details.Value == "j.smit@example.com" {
			w.must(w.booking.Households.RemoveContact(w.ctx, w.operator, w.home("Emma"), contact.ID))
		}
	}
	again, err := old.booking.Erasures.EraseAgain(old.ctx, around.journal)
	w.must(err)
	if again[models.ErasedPupil] != 1 || again[models.ErasedHousehold] != 1 || again[models.ErasedContact] != 1 {
		t.Errorf("erased again %v", again)
	}
	old.nothingLeftOf(w.pupils["Jet"])
	addresses := func() (all []string) {
		view, err := old.booking.Households.Get(old.ctx, old.operator, old.home("Emma"))
		w.must(err)
		for _, contact := range view.Contacts {
			all = append(all, contact.Details.Value)
		}
		return all
	}
	equal(t, "addresses", addresses(), []string{"p.degraaf@example.com"})
	old.again(line("Jet"), "")
	equal(t, "addresses after the next import", addresses(), []string{"p.degraaf@example.com"})
	if again, err = old.booking.Erasures.EraseAgain(old.ctx, around.journal); err != nil || len(again) != 0 {
		t.Errorf("a second time: %v, %v", again, err)
	}
}

func TestOtherProgramsOnTheDatabaseEraseTheirOwnMailboxFolders(t *testing.T) {
	t.Parallel()
	w, _, _ := surrounded(t)
	other := w.post() // a folder of its own
	elsewhere := &outside{mailbox: other.dir, receipts: map[string][]byte{}}
	w.recognised("Jet Prins").makes(w.talk("Jet Mentor NOO 19:00"))
	other.drain()
	if !bytes.Contains(other.files(), []byte("a.prins@example.com")) {
		t.Fatal("nothing was sent")
	}
	w.must(w.booking.People.ErasePupil(w.ctx, w.operator, w.pupils["Jet"]))
	w.clock.Advance(13 * 24 * time.Hour) // it did not run all the while
	services := booking.New(w.store, booking.Options{External: elsewhere})
	w.must(services.Erasures.Reach(w.ctx, noWait))
	if bytes.Contains(other.files(), []byte("a.prins@example.com")) || len(elsewhere.journal) != 2 {
		t.Errorf("still there; journal %+v", elsewhere.journal)
	}
}

func TestAFamilyWhoseLastPupilLeftTheRosterGoesAsSoonAsItWasTold(t *testing.T) {
	t.Parallel()
	w, p, _ := surrounded(t)
	w.recognised("Jet Prins").makes(w.talk("Jet Mentor NOO 19:00"))
	p.drain()
	home := w.home("Jet")
	w.again(line("Jet"), "")
	w.must(w.booking.Erasures.DropEmptied(w.ctx))
	if letters := p.drain(); len(letters) == 0 {
		t.Fatal("the family was not told")
	}
	w.must(w.booking.Erasures.DropEmptied(w.ctx))
	w.must(w.booking.Erasures.Reach(w.ctx, noWait))
	w.read(func(tx *store.Tx) {
		if left, err := store.Count[models.Contact](tx, store.Eq("household_id", home)); err != nil || left != 0 {
			t.Errorf("%d contacts are left: %v", left, err)
		}
	})
	if bytes.Contains(p.files(), []byte("a.prins@example.com")) {
		t.Error("its mails are still in the folder")
	}
}

func TestTheMailboxFolderAndTheJournalForget(t *testing.T) {
	t.Parallel()
	w, p, around := surrounded(t)
	texts, err := sms.NewFolder(p.dir, nil)
	w.must(err)
	_, err = texts.Send(w.ctx, sms.Message{School: w.school.String(), To: "+31612345678", Body: "oud", Reference: "1", Date: w.clock.Now()})
	w.must(err)
	draft := filepath.Join(p.dir, w.school.String(), ".draft-cut-off")
	w.must(os.WriteFile(draft, []byte("a.prins@example.com"), 0o600))
	w.must(os.Chtimes(draft, w.clock.Now(), w.clock.Now()))
	w.must(w.booking.People.ErasePupil(w.ctx, w.operator, w.pupils["Jet"]))

	w.clock.Advance(kept.MailboxAge - time.Minute)
	_, err = texts.Send(w.ctx, sms.Message{School: w.school.String(), To: "+31612345678", Body: "nieuw", Reference: "2", Date: w.clock.Now()})
	w.must(err)
	w.must(w.booking.Erasures.ForgetAged(w.ctx))
	if found := p.texts(); len(found) != 2 || bytes.Contains(p.files(), []byte("a.prins")) {
		t.Errorf("%d text messages, and the draft", len(found))
	}
	w.clock.Advance(2 * time.Minute)
	w.must(w.booking.Erasures.ForgetAged(w.ctx))
	if found := p.texts(); len(found) != 1 || found[0].Body != "nieuw" || len(around.journal) == 0 {
		t.Errorf("%d text messages, journal %v", len(found), around.journal)
	}
	w.clock.Advance(kept.JournalAge)
	w.must(w.booking.Erasures.ForgetAged(w.ctx))
	if len(around.journal) != 0 {
		t.Errorf("journal %v", around.journal)
	}
}
