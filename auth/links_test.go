package auth_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/managelink"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

var round = storetest.ID[models.ConferenceID]("round")

// newRound makes a world with a conference of one day, a week from now.
func newRound(t *testing.T) *world {
	w := newWorld(t)
	w.policy(models.PostcodeAll, models.FactorBirthDate, models.FactorPostcode)
	w.write(func(tx *store.Tx) error {
		if err := store.Insert(tx, &models.Conference{ID: round, State: models.ConferenceOpen, OpensAt: tx.Now(), ClosesAt: tx.Now().AddDate(0, 0, 7), Version: 1, CreatedAt: tx.Now()}); err != nil {
			return err
		}
		return store.Insert(tx, &models.Day{ID: storetest.ID[models.DayID]("day"), ConferenceID: round, Date: civil.Of(tx.Now()).AddDays(7)})
	})
	return w
}

// links gives the personal links of the round, by the letter of the household.
func (w *world) links() map[string]string {
	w.Helper()
	made, err := w.service.Parents.Links(w.Context(), storetest.As(w.school), round, models.HouseholdID{}, false)
	if err != nil {
		w.Fatal(err)
	}
	tokens := map[string]string{}
	for _, link := range made {
		for letter := 'A'; letter <= 'N'; letter++ {
			if link.Household == household(string(letter)) {
				tokens[string(letter)] = link.Token
			}
		}
	}
	return tokens
}

func (w *world) byPersonal(token, birth string, origin parent.Origin) (*session.Opened, error) {
	answers := parent.Answers{Factors: map[models.Factor]string{models.FactorBirthDate: birth}}
	return w.service.Parents.OpenPersonalLink(w.Context(), w.school, token, answers, origin)
}

func (w *world) wantDead(what, token string) {
	w.Helper()
	_, err := w.byPersonal(token, "4-3-2015", w.elsewhere())
	wantKind(w, what+": opened", err, errs.Unauthenticated, "login.link-not-good")
	_, err = w.service.Parents.LinkForm(w.Context(), w.school, token)
	wantKind(w, what+": looked at", err, errs.Unauthenticated, "login.link-not-good")
	_, err = w.service.Parents.RequestLinkCode(w.Context(), w.school, token, w.elsewhere())
	wantKind(w, what+": a code", err, errs.Unauthenticated, "login.link-not-good")
}

func (w *world) wantGood(what, token string) {
	w.Helper()
	if _, err := w.byPersonal(token, "4-3-2015", w.elsewhere()); err != nil {
		w.Errorf("%s: %v", what, err)
	}
}

func TestEachFamilyHasALinkOfItsOwnForARound(t *testing.T) {
	t.Parallel()
	w := newRound(t)
	links, again := w.links(), w.links()
	if len(links) != 13 {
		t.Errorf("links %v", links) // not J, whose only child has left
	}
	seen := map[string]bool{}
	for letter, token := range links {
		if again[letter] != token {
			t.Errorf("%s has another link when asked again", letter)
		}
		if letter == "I" {
			if token != "" {
				t.Error("the family of a protected child has a link")
			}
			continue
		}
		if len(token) != 22 || !managelink.IsPersonal(token) || seen[token] {
			t.Errorf("%s: %q", letter, token)
		}
		seen[token] = true
	}
	made, err := w.service.Parents.MadeLinks(t.Context(), storetest.As(w.school), round)
	if err != nil || len(made) != 12 {
		t.Errorf("%d links were made, %v", len(made), err)
	}
	for _, row := range rows[models.PersonalLink](w) {
		for _, token := range links {
			if token != "" && string(row.LinkIndex) == token {
				t.Error("a link is stored")
			}
		}
	}
	_, err = w.service.Parents.Links(t.Context(), storetest.As(w.school), round, household("J"), false)
	wantKind(t, "nobody is left", err, errs.NotFound, "not-found")
	_, err = w.service.Parents.Links(t.Context(), storetest.As(w.other), round, models.HouseholdID{}, false)
	wantKind(t, "another school's round", err, errs.NotFound, "not-found")
	if _, err := w.service.Parents.OpenPersonalLink(t.Context(), w.other, links["A"], parent.Answers{}, w.elsewhere()); errs.CodeOf(err) != "login.link-not-good" {
		t.Errorf("at another school: %v", err)
	}
}

// given is a first name of a number's own.
func given(n int) string { return "Kind" + string(rune('a'+n/10)) + string(rune('a'+n%10)) }

// A school whose families have links bears with fewer guesses: who asks for a second proof then is only who comes without.
func TestASchoolThatMadeLinksHasTheNarrowTotal(t *testing.T) {
	t.Parallel()
	w := newRound(t)
	w.write(func(tx *store.Tx) error {
		for n := range 100 {
			row := &models.Pupil{ID: models.New[models.PupilID](), State: models.PersonActive, Arrangement: models.ArrangementEach, Details: models.PupilDetails{Given: given(n), Surname: "Anders"}}
			if err := store.Insert(tx, row); err != nil {
				return err
			}
		}
		return nil
	})
	shutAfter := func() (misses int) {
		for n := range 20 {
			answers := wrong(n)
			answers.Name = given(n) + " Anders"
			w.out("a stranger", answers, w.elsewhere())
		}
		return len(rows[models.LoginMiss](w, store.Eq("lane", models.LanePublic)))
	}
	if wide := shutAfter(); wide != 8 {
		t.Errorf("without links %d guesses are looked at at once", wide) // 3 + 6 of 113 pupils, four fifths
	}
	w.Clock.Advance(49 * time.Hour)
	w.write(func(tx *store.Tx) error {
		_, err := store.Delete[models.LoginMiss](tx, store.Eq("lane", models.LanePublic))
		return err
	})
	w.links()
	if narrow := shutAfter(); narrow != 4 {
		t.Errorf("with links %d guesses are looked at at once", narrow) // 3 + 2 of 113
	}
}

func TestALinkOpensByOneFactorOfAnyChild(t *testing.T) {
	t.Parallel()
	w := newRound(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	links := w.links()
	form, err := w.service.Parents.LinkForm(t.Context(), w.school, links["A"])
	if err != nil || form.Factor != models.FactorBirthDate {
		t.Fatalf("it asks %q, %v", form.Factor, err)
	}
	if count := len(rows[models.Session](w)) + len(rows[models.Budget](w)); count != 0 {
		t.Errorf("looking at it left %d rows", count)
	}
	for _, birth := range []string{"4-3-2015", "07 06 2017"} {
		if birth == "07 06 2017" {
			birth = "7 juni 2017"
		}
		opened, err := w.byPersonal(links["A"], birth, w.elsewhere())
		if err != nil {
			t.Fatal(err)
		}
		wantGrant(t, opened, "A", true, "sanne", "daan")
	}
	if told := rows[models.Message](w, store.Eq("kind", models.MessageNewDevice)); len(told) != 1 {
		t.Errorf("the family was told %d times within an hour", len(told))
	}
	// Of Tim the file has no birth date: his household's postcode is asked. Of Ravi it has nothing.
	form, err = w.service.Parents.LinkForm(t.Context(), w.school, links["H"])
	if err != nil || form.Factor != models.FactorPostcode {
		t.Errorf("Tim is asked %q, %v", form.Factor, err)
	}
	answers := parent.Answers{Factors: map[models.Factor]string{models.FactorPostcode: "7890 gh"}}
	if _, err := w.service.Parents.OpenPersonalLink(t.Context(), w.school, links["H"], answers, w.elsewhere()); err != nil {
		t.Error(err)
	}
	form, err = w.service.Parents.LinkForm(t.Context(), w.school, links["K"])
	if err != nil || form.Factor != "" || form.Spent {
		t.Errorf("Ravi is asked %q, %v", form.Factor, err)
	}
	_, err = w.byPersonal(links["K"], "4-3-2015", w.elsewhere())
	wantUniform(t, "nothing is on file", err)
	_, err = w.byPersonal(links["A"], "31-2-2015", w.elsewhere())
	wantKind(t, "31 February", err, errs.Invalid, "invalid")
}

func TestALinkOpensWhateverStrangersDid(t *testing.T) {
	t.Parallel()
	w := newRound(t)
	links := w.links()
	here := w.elsewhere()
	for n := range 12 {
		from := w.elsewhere()
		if n < 3 {
			from = here
		}
		w.out("a stranger", wrong(n), from)
	}
	w.out("the public form", right(), here)
	opened, err := w.byPersonal(links["A"], "4-3-2015", here)
	if err != nil {
		t.Fatal(err)
	}
	wantGrant(t, opened, "A", true, "sanne", "daan")
}

func TestFiveDifferentWrongAnswersAndALinkOpensByACodeOnly(t *testing.T) {
	t.Parallel()
	w := newRound(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	links := w.links()
	for n := range 4 {
		for range 3 {
			_, err := w.byPersonal(links["A"], fmt.Sprintf("%d-1-2015", n+1), w.elsewhere())
			wantUniform(t, "wrong", err)
		}
	}
	w.wantGood("after four", links["A"])
	_, err := w.byPersonal(links["A"], "5-1-2015", w.elsewhere())
	wantUniform(t, "the fifth", err)
	_, err = w.byPersonal(links["A"], "4-3-2015", w.elsewhere())
	wantUniform(t, "right, after five", err)
	form, err := w.service.Parents.LinkForm(t.Context(), w.school, links["A"])
	if err != nil || !form.Spent || form.Factor != "" {
		t.Errorf("it shows %+v, %v", form, err)
	}
	if _, err := w.service.Parents.RequestLinkCode(t.Context(), w.school, links["A"], w.elsewhere()); err != nil {
		t.Error(err)
	}
	if sent := rows[models.Message](w, store.Eq("kind", models.MessageCode)); len(sent) != 1 {
		t.Errorf("%d codes were sent", len(sent))
	}
	if _, err := w.byPersonal(links["B"], "2-1-2016", w.elsewhere()); err != nil {
		t.Errorf("another family's: %v", err)
	}
	w.in(right(), w.elsewhere()) // the public form is not charged
	w.Clock.Advance(24*time.Hour + time.Minute)
	w.wantGood("a day later", links["A"])
}

func TestALinkDiesWithWhomItWasGivenTo(t *testing.T) {
	t.Parallel()
	guardian := storetest.ID[models.GuardianID]("mother")
	for name, tt := range map[string]struct {
		change func(w *world, tx *store.Tx) error
		good   bool
	}{
		"nothing happens": {func(*world, *store.Tx) error { return nil }, true},
		"a contact is removed": {func(_ *world, tx *store.Tx) error {
			_, err := store.Delete[models.Contact](tx, store.Eq("id", storetest.ID[models.ContactID]("mail")))
			return err
		}, false},
		"a guardian is removed": {func(_ *world, tx *store.Tx) error {
			_, err := store.Delete[models.Guardian](tx, store.Eq("id", guardian))
			return err
		}, false},
		"a guardian goes to another household": {func(_ *world, tx *store.Tx) error {
			return store.Update(tx, &models.Guardian{ID: guardian, HouseholdID: household("B")}, "household_id")
		}, false},
		"a contact is added": {func(_ *world, tx *store.Tx) error {
			return store.Insert(tx, &models.Contact{ID: models.New[models.ContactID](), HouseholdID: household("A"), Kind: models.ContactPhone, Source: models.SourceStaff, Details: models.ContactDetails{Value: "+31612345678"}})
		}, true},
		"a file spells the address right": {func(_ *world, tx *store.Tx) error { return putMother(tx, "An de Jong", "moeder@example.nl", "again") }, true},
		"a file spells the name right":    {func(_ *world, tx *store.Tx) error { return putMother(tx, "Anne de Jong", "moedr@example.nl", "again") }, true},
		"a file has somebody else":        {func(_ *world, tx *store.Tx) error { return putMother(tx, "Piet Vis", "piet@example.nl", "again") }, false},
		"the household is split": {func(_ *world, tx *store.Tx) error {
			if _, err := store.Delete[models.HouseholdPupil](tx, store.Eq("household_id", household("A")), store.Eq("pupil_id", pupil("daan"))); err != nil {
				return err
			}
			return store.Insert(tx, &models.HouseholdPupil{HouseholdID: household("B"), PupilID: pupil("daan")})
		}, false},
		"a child has another home beside it": {func(_ *world, tx *store.Tx) error {
			return store.Insert(tx, &models.HouseholdPupil{HouseholdID: household("B"), PupilID: pupil("daan"), Position: 1})
		}, false},
		"the household is joined": {func(_ *world, tx *store.Tx) error {
			if _, err := store.Delete[models.HouseholdPupil](tx, store.Eq("pupil_id", pupil("emma"))); err != nil {
				return err
			}
			return store.Insert(tx, &models.HouseholdPupil{HouseholdID: household("A"), PupilID: pupil("emma"), Position: 0})
		}, false},
		"a brother comes to the school": {func(w *world, tx *store.Tx) error {
			if err := store.Insert(tx, &models.Pupil{ID: pupil("tom"), State: models.PersonActive, CreatedAt: tx.Now(), Arrangement: models.ArrangementEach}); err != nil {
				return err
			}
			return store.Insert(tx, &models.HouseholdPupil{HouseholdID: household("A"), PupilID: pupil("tom")})
		}, true},
		"a child gets a protected address": {func(_ *world, tx *store.Tx) error {
			return store.Update(tx, &models.Pupil{ID: pupil("daan"), Protected: true}, "protected")
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newRound(t)
			w.write(func(tx *store.Tx) error { return putMother(tx, "An de Jong", "moedr@example.nl", "mail") })
			before := w.links()["A"]
			w.Clock.Advance(time.Hour)
			w.write(func(tx *store.Tx) error { return tt.change(w, tx) })
			if tt.good {
				w.wantGood(name, before)
			} else {
				w.wantDead(name, before)
			}
			if after := w.links()["A"]; (after == before) != tt.good {
				t.Errorf("before %q, after %q", before, after)
			} else if !tt.good && after != "" {
				w.wantDead("the old one", before)
				w.wantGood("the new one", after)
			}
		})
	}
}

// putMother writes the mother of household A anew, as an import does.
func putMother(tx *store.Tx, name, address, id string) error {
	if _, err := store.Delete[models.Guardian](tx, store.Eq("household_id", household("A"))); err != nil {
		return err
	}
	mother := storetest.ID[models.GuardianID]("mother")
	if id != "mail" {
		mother = models.New[models.GuardianID]()
	}
	if err := store.Insert(tx, &models.Guardian{ID: mother, HouseholdID: household("A"), FromRoster: true, Details: models.GuardianDetails{Name: name}}); err != nil {
		return err
	}
	return store.Insert(tx, &models.Contact{
		ID: storetest.ID[models.ContactID](id), HouseholdID: household("A"), GuardianID: mother, Kind: models.ContactEmail, Source: models.SourceFile, Details: models.ContactDetails{Value: address},
	})
}

func TestALinkEndsWithItsRoundOrByHand(t *testing.T) {
	t.Parallel()
	w := newRound(t)
	links := w.links()
	if _, err := w.service.Parents.Links(t.Context(), storetest.As(w.school), round, household("A"), true); err != nil {
		t.Fatal(err)
	}
	w.wantDead("revoked", links["A"])
	again := w.links()
	if again["B"] != links["B"] || again["A"] == links["A"] {
		t.Error("another family's link was revoked")
	}
	w.wantDead("never made", managelink.Personal(func(string, string) []byte { return make([]byte, 32) }, [16]byte{}, [16]byte{}, 1))
	w.wantDead("cut short", again["A"][:21])
	w.wantDead("nothing", "")
	w.Clock.Advance(7*24*time.Hour - time.Hour)
	w.wantGood("on the last day", again["A"])
	w.Clock.Advance(24 * time.Hour)
	w.wantDead("after the last day", again["A"])
	_, err := w.service.Parents.Links(t.Context(), storetest.As(w.school), round, models.HouseholdID{}, false)
	wantKind(t, "links of a round that is over", err, errs.Conflict, "link.over")
}

func TestALinkOfAHomeOfTwoOpensThatHomeAndRecognises(t *testing.T) {
	t.Parallel()
	w := newRound(t)
	w.contact("E", "vader@example.nl", models.ContactEmail, models.SourceFile)
	opened, err := w.byPersonal(w.links()["E"], "9-9-2014", w.elsewhere())
	if err != nil {
		t.Fatal(err)
	}
	wantGrant(t, opened, "E", false, "noor")
	if told := rows[models.Message](w, store.Eq("kind", models.MessageNewDevice)); len(told) != 1 || told[0].HouseholdID != household("E") {
		t.Errorf("told %+v", told)
	}
}

func TestASchoolCanHaveLinksRecogniseOnly(t *testing.T) {
	t.Parallel()
	w := newRound(t)
	w.write(func(tx *store.Tx) error {
		tx.School().Policy.LinkRecognises = true
		return tx.UpdateSchool("policy")
	})
	opened, err := w.byPersonal(w.links()["A"], "4-3-2015", w.elsewhere())
	if err != nil {
		t.Fatal(err)
	}
	wantGrant(t, opened, "A", false, "sanne", "daan")
}
