package auth_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/managelink"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// link makes the text of a link as a school's confirmation carries it.
func (w *world) link(school models.SchoolID, kind managelink.Kind, subject [16]byte) (token string) {
	w.Helper()
	err := w.Store.For(storetest.As(school)).Read(w.Context(), func(tx *store.Tx) error {
		token = managelink.Link{Kind: kind, Subject: subject, Until: storetest.Start().AddDate(0, 0, 20)}.Token(tx.Index)
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	return token
}

func (w *world) openLink(token string, origin parent.Origin) (*session.Opened, error) {
	return w.service.Parents.OpenManageLink(w.Context(), w.school, token, origin)
}

func TestTheLinkOfATypedContactOpensWhatItsMakerMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	maker := w.maker("A", receipt, "sanne")
	w.maker("A", "od_CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "daan")
	opened, err := w.openLink(w.link(w.school, managelink.Maker, maker), w.elsewhere())
	if err != nil {
		t.Fatal(err)
	}
	wantGrant(t, opened, "A", false, "sanne")
	if !slices.Equal(opened.Actor.Makers, []models.MakerID{maker}) {
		t.Errorf("makers %v", opened.Actor.Makers)
	}
	if _, err := w.authenticate(opened.Token); err != nil {
		t.Error(err)
	}
}

func TestATypedAddressIsProvenFromTheDeviceThatBooked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		device  string
		contact []models.ContactKind
		want    bool
	}{
		"from the device that booked": {receipt, []models.ContactKind{models.ContactEmail}, true},
		"from another device":         {"od_CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", []models.ContactKind{models.ContactEmail}, false},
		"from no known device":        {"", []models.ContactKind{models.ContactEmail}, false},
		"by one of two ways":          {receipt, []models.ContactKind{models.ContactEmail, models.ContactPhone}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			maker := w.maker("A", receipt, "sanne")
			for _, kind := range test.contact {
				w.write(func(tx *store.Tx) error {
					return store.Insert(tx, &models.Contact{ID: models.New[models.ContactID](), HouseholdID: household("A"), MakerID: maker, Kind: kind, Source: models.SourceTyped, CreatedAt: tx.Now(), Details: models.ContactDetails{Value: "getypt " + string(kind)}})
				})
			}
			origin := w.elsewhere()
			origin.Device = test.device
			if _, err := w.openLink(w.link(w.school, managelink.Maker, maker), origin); err != nil {
				t.Fatal(err)
			}
			for _, contact := range rows[models.Contact](w, store.Eq("maker_id", maker)) {
				if proven := contact.VerifiedAt != nil; proven != test.want {
					t.Errorf("%s proven: %v", contact.Kind, proven)
				}
			}
		})
	}
}

func TestTheLinkToAContactOnFileConfirms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, source := range []models.ContactSource{models.SourceFile, models.SourceStaff} {
		opened, err := w.openLink(w.link(w.school, managelink.Contact, w.contact("A", "ouder@example.nl", models.ContactEmail, source)), w.elsewhere())
		if err != nil {
			t.Fatal(err)
		}
		wantGrant(t, opened, "A", true, "sanne", "daan")
		if len(opened.Actor.Makers) != 0 {
			t.Errorf("makers %v", opened.Actor.Makers)
		}
	}
}

func TestALinkThatIsNotGoodIsTheUniformAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	maker := w.maker("A", receipt, "sanne")
	onFile := w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	typed := w.contact("A", "getypt@example.nl", models.ContactEmail, models.SourceTyped)
	good := w.link(w.school, managelink.Maker, maker)
	tests := map[string]string{
		"nothing": "", "a word": "Sanne", "cut off": good[:len(good)-1], "another school's": w.link(w.other, managelink.Maker, maker),
		"of a typed contact, as if it were on file": w.link(w.school, managelink.Contact, typed),
		"of a maker, as if it were a contact":       w.link(w.school, managelink.Contact, maker),
		"of a contact, as if it were a maker":       w.link(w.school, managelink.Maker, onFile),
		"of nobody":                                 w.link(w.school, managelink.Maker, models.New[models.MakerID]()),
		"of the zero maker":                         w.link(w.school, managelink.Maker, [16]byte{}),
		"of another kind":                           w.link(w.school, 'x', onFile),
	}
	for name, token := range tests {
		opened, err := w.openLink(token, w.elsewhere())
		if opened != nil {
			t.Errorf("%s: got in", name)
		}
		wantKind(t, name, err, errs.Unauthenticated, "login.link-not-good")
	}
	if sessions := rows[models.Session](w); len(sessions) != 0 {
		t.Errorf("%d sessions", len(sessions))
	}
	w.Clock.Advance(20 * 24 * time.Hour)
	_, err := w.openLink(good, w.elsewhere())
	wantKind(t, "after its day", err, errs.Unauthenticated, "login.link-not-good")
}

func TestALinkEndsWithWhatItOpens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	maker := w.maker("A", receipt, "sanne", "daan")
	contact := w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	links := []string{w.link(w.school, managelink.Maker, maker), w.link(w.school, managelink.Contact, contact)}
	w.write(func(tx *store.Tx) error {
		// Daan moves to another family.
		_, err := store.Delete[models.HouseholdPupil](tx, store.Eq("pupil_id", pupil("daan")))
		return err
	})
	opened, err := w.openLink(links[0], w.elsewhere())
	if err != nil {
		t.Fatal(err)
	}
	wantGrant(t, opened, "A", false, "sanne")
	w.write(func(tx *store.Tx) error {
		if _, err := store.Delete[models.Contact](tx, store.Eq("id", contact)); err != nil {
			return err
		}
		row, err := store.Get[models.Maker](tx, maker)
		if err != nil {
			return err
		}
		row.ExpiresAt = tx.Now()
		return store.Update(tx, row, "expires_at")
	})
	for _, link := range links {
		_, err := w.openLink(link, w.elsewhere())
		wantKind(t, "ended", err, errs.Unauthenticated, "login.link-not-good")
	}
}

func TestADatabaseThatIsAwayIsNoBadLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.link(w.school, managelink.Maker, w.maker("A", receipt, "sanne"))
	if err := w.Store.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := w.openLink(link, w.elsewhere())
	if errs.KindOf(err) != errs.Unavailable {
		t.Errorf("link: %v", err)
	}
	_, err = w.recognise(right(), w.elsewhere())
	if errs.KindOf(err) != errs.Unavailable {
		t.Errorf("recognise: %v", err)
	}
	for _, token := range []string{"os_x", "oo_0123456789" /* no checksum: refused without asking */} {
		if _, err := w.authenticate(token); (errs.KindOf(err) == errs.Unavailable) != (token == "os_x") {
			t.Errorf("%s: %v", token, err)
		}
	}
}
