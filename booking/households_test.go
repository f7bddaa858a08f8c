package booking_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// homes writes who lives together: "Anna+Bram+Cato".
func (w *world) homes() []string {
	w.t.Helper()
	views, err := w.booking.Households.List(w.ctx, w.operator)
	w.must(err)
	texts := []string{}
	for _, view := range views {
		var names []string
		for _, pupil := range view.Pupils {
			names = append(names, pupil.Details.Given)
		}
		slices.Sort(names)
		texts = append(texts, strings.Join(names, "+"))
	}
	slices.Sort(texts)
	return texts
}

func TestFamiliesAreFormedFromTheFile(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	equal(t, "homes", w.homes(), []string{"Anna+Bram+Cato", "Emma", "Finn", "Gijs", "Hugo", "Iris", "Jet"})
	suggestions, err := w.booking.Households.MergeSuggestions(w.ctx, w.operator)
	w.must(err)
	if len(suggestions) != 1 || suggestions[0].Reason != "same-postcode" || len(suggestions[0].PupilIDs) != 2 || len(suggestions[0].Vetoes) != 0 {
		t.Fatalf("suggestions %+v", suggestions)
	}
	views, err := w.booking.Households.List(w.ctx, w.operator)
	w.must(err)
	for _, view := range views {
		if view.Household.Factors != (models.HouseholdFactors{}) {
			t.Error("staff are shown what a log-in compares")
		}
	}
}

func TestAMergeSuggestionIsDecidedOnceAndTheDecisionStays(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		accept bool
		homes  []string
	}{
		"accepted": {true, []string{"Anna+Bram+Cato", "Emma", "Finn", "Gijs", "Hugo+Iris", "Jet"}},
		"declined": {false, []string{"Anna+Bram+Cato", "Emma", "Finn", "Gijs", "Hugo", "Iris", "Jet"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newSchool(t)
			suggestions, err := w.booking.Households.MergeSuggestions(w.ctx, w.operator)
			w.must(err)
			ids := []models.RowID{suggestions[0].ID}
			decided, err := w.booking.Households.DecideMergeSuggestions(w.ctx, w.operator, ids, test.accept)
			if err != nil || decided != 1 {
				t.Fatalf("%d decided, %v", decided, err)
			}
			equal(t, "homes", w.homes(), test.homes)
			for _, again := range []bool{true, false} {
				_, err = w.booking.Households.DecideMergeSuggestions(w.ctx, w.operator, ids, again)
				wantKind(t, err, errs.NotFound)
			}
			before := w.counts()
			if result := w.again(); !result.Change.Empty() || w.appeared(before) != "" {
				t.Errorf("the next import changes %+v", result.Change)
			}
			equal(t, "homes after an import", w.homes(), test.homes)
			suggestions, err = w.booking.Households.MergeSuggestions(w.ctx, w.operator)
			if err != nil || len(suggestions) != 0 {
				t.Errorf("suggested again: %+v %v", suggestions, err)
			}
		})
	}
}

func TestOneTapAcceptsAllMergeSuggestionsWithoutAVeto(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	// Two more who look like a family, but were born too close together.
	w.again("1009;Jet", "1010;Karel;;Vos;1-1-2014;7777HH;;1A;1;;;;;;\n1011;Lena;;Vos;1-5-2014;7777HH;;1A;1;;;;;;\n1009;Jet")
	decided, err := w.booking.Households.DecideMergeSuggestions(w.ctx, w.operator, nil, true)
	if err != nil || decided != 1 {
		t.Errorf("%d decided, %v", decided, err)
	}
	equal(t, "homes", w.homes(), []string{"Anna+Bram+Cato", "Emma", "Finn", "Gijs", "Hugo+Iris", "Jet", "Karel", "Lena"})
	suggestions, err := w.booking.Households.MergeSuggestions(w.ctx, w.operator)
	if err != nil || len(suggestions) != 1 || !slices.Equal(suggestions[0].Vetoes, []string{"births-too-close"}) {
		t.Errorf("left: %+v %v", suggestions, err)
	}
}

func TestAMergeSuggestionThatIsNoLongerTrueIsWithdrawn(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	result := w.again("1008;Iris;;Mulder;9-9-2010;5678EG", "1008;Iris;;Mulder;9-9-2010;9999ZZ")
	if result.Change.Withdrawn != 1 {
		t.Errorf("change %+v", result.Change)
	}
	if decided, err := w.booking.Households.DecideMergeSuggestions(w.ctx, w.operator, nil, true); err != nil || decided != 0 {
		t.Errorf("%d decided, %v", decided, err)
	}
	w.again()
	_, err := w.booking.Households.Join(w.ctx, w.operator, []models.PupilID{w.pupils["Hugo"], w.pupils["Iris"]})
	w.must(err)
	w.again()
	if suggestions, err := w.booking.Households.MergeSuggestions(w.ctx, w.operator); err != nil || len(suggestions) != 0 {
		t.Errorf("who was joined by hand is still suggested: %+v %v", suggestions, err)
	}
}

func TestAPupilWhoMovesLeavesTheFamilyAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	family := w.confirmed("Anna Bakker")
	family.makes(w.talks("Anna Vak LON 19:00", "Bram Vak LON 19:20")...)
	result := w.again("1002;Bram;;Bakker;5-5-2012;1234AB;1;2B;2;M. Bakker;m.bakker@example.com;0612345601", "1002;Bram;;Bakker;5-5-2012;9999ZZ;9;2B;2;B. Ander;;")
	equal(t, "changed", keys(result.Change.Changed), []string{"Bram postcode"})
	equal(t, "homes", w.homes(), []string{"Anna+Cato", "Bram", "Emma", "Finn", "Gijs", "Hugo", "Iris", "Jet"})
	if !family.ended() {
		t.Error("a log-in for the family as it was still opens")
	}
	device := family.device
	family = w.confirmed("Anna Bakker")
	_, err := family.try(appointment.Change{Make: w.talks("Bram Vak VIS 19:40")})
	wantCode(t, err, "booking.no-such-child")
	if w.enters("Bram Bakker", "5-5-2012", "1234AB") || !w.enters("Bram Bakker", "5-5-2012", "9999ZZ") {
		t.Error("his new postcode does not decide")
	}
	// His talk goes along.
	equal(t, "the family's talks", family.sees(), []string{"Tue 19:00 Anna LON"})
	equal(t, "his", w.confirmed("Bram Bakker").sees(), []string{"Tue 19:20 Bram LON"})
	equal(t, "the device that booked, as his", w.recognisedOn(device, "Bram Bakker", "9999ZZ").sees(), []string{"Tue 19:20 Bram LON"})
	w.consistent()
}

func TestAFamilyThatMovesTogetherStaysTheSameHousehold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home := w.home("Anna")
	w.again("Anna;;Bakker;1-3-2014;1234AB;1", "Anna;;Bakker;1-3-2014;9999ZZ;9", "Bram;;Bakker;5-5-2012;1234AB;1", "Bram;;Bakker;5-5-2012;9999ZZ;9", "Cato;;Bakker;7-7-2010;1234AB;1", "Cato;;Bakker;7-7-2010;9999ZZ;9")
	if w.home("Anna") != home || w.home("Cato") != home {
		t.Error("another household")
	}
	if !w.enters("Anna Bakker", "1-3-2014", "9999ZZ") || w.enters("Anna Bakker", "1-3-2014", "1234AB") {
		t.Error("the new postcode does not decide")
	}
}

func TestAFamilyThatTheSchoolPutTogetherMovesToo(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	_, err := w.booking.Households.DecideMergeSuggestions(w.ctx, w.operator, nil, true)
	w.must(err)
	moved := []string{"8-8-2014;5678EG", "8-8-2014;9999ZZ", "9-9-2010;5678EG", "9-9-2010;9999ZZ"}
	w.again(moved...)
	equal(t, "homes", w.homes(), []string{"Anna+Bram+Cato", "Emma", "Finn", "Gijs", "Hugo+Iris", "Jet"})
	if !w.enters("Hugo Mulder", "8-8-2014", "9999ZZ") || w.enters("Hugo Mulder", "8-8-2014", "5678EG") {
		t.Error("the new postcode does not decide")
	}
	before := w.counts()
	if result := w.again(moved...); !result.Change.Empty() || w.appeared(before) != "" {
		t.Errorf("the next import changes %+v", result.Change)
	}
}

func TestDecisionsOfStaffSurviveImports(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	_, err := w.booking.Households.Join(w.ctx, w.operator, []models.PupilID{w.pupils["Gijs"], w.pupils["Jet"]})
	w.must(err)
	_, err = w.booking.Households.Create(w.ctx, w.operator, household.NewHousehold{Pupils: []models.PupilID{w.pupils["Cato"]}, Postcode: "4444DD"})
	w.must(err)
	want := []string{"Anna+Bram", "Cato", "Emma", "Finn", "Gijs+Jet", "Hugo", "Iris"}
	equal(t, "homes", w.homes(), want)
	w.again() // guardians follow the children to their new homes
	equal(t, "homes after an import", w.homes(), want)
	before := w.counts()
	if result := w.again(); !result.Change.Empty() || w.appeared(before) != "" {
		t.Errorf("the next import changes %+v", result.Change)
	}
	if !w.enters("Cato Bakker", "7-7-2010", "4444DD") || w.enters("Cato Bakker", "7-7-2010", "1234AB") {
		t.Error("the postcode that staff entered does not decide")
	}
}

func TestASecondHomeSurvivesImports(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	home := w.secondHome()
	want := w.homes()
	before := w.counts()
	for range 2 {
		if result := w.again(); !result.Change.Empty() || w.appeared(before) != "" {
			t.Errorf("the next import changes %+v, rows %s", result.Change, w.appeared(before))
		}
	}
	equal(t, "homes", w.homes(), want)
	contacts := func(id models.HouseholdID) []string {
		view, err := w.booking.Households.Get(w.ctx, w.operator, id)
		w.must(err)
		texts := []string{}
		for _, contact := range view.Contacts {
			texts = append(texts, contact.Details.Value)
		}
		return texts
	}
	equal(t, "the mother's home", contacts(w.home("Emma")), []string{"j.smit@example.com"})
	equal(t, "the father's home", contacts(home), []string{"p.degraaf@example.com"})
	// Neither does a changed address put the father back into the mother's home.
	w.again("p.degraaf@example.com", "piet@example.com")
	equal(t, "the mother's home", contacts(w.home("Emma")), []string{"j.smit@example.com"})
	if !w.enters("Emma Smit", "4-4-2014", "2345BC") || !w.enters("Emma Smit", "4-4-2014", fathersPostcode) {
		t.Error("a parent cannot log in")
	}
}

func TestASecondHomeOfOneChildLeavesTheOthersTogether(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	_, err := w.booking.Households.Create(w.ctx, w.operator, household.NewHousehold{Pupils: []models.PupilID{w.pupils["Anna"]}, Postcode: "4444DD", Beside: true})
	w.must(err)
	want := []string{"Anna", "Anna+Bram+Cato", "Emma", "Finn", "Gijs", "Hugo", "Iris", "Jet"}
	equal(t, "homes", w.homes(), want)
	if result := w.again(); !result.Change.Empty() {
		t.Errorf("the next import changes %+v", result.Change)
	}
	equal(t, "homes after an import", w.homes(), want)
	// A brother who moves leaves all the same.
	w.again("1002;Bram;;Bakker;5-5-2012;1234AB;1;2B;2;M. Bakker;m.bakker@example.com;0612345601", "1002;Bram;;Bakker;5-5-2012;9999ZZ;9;2B;2;B. Ander;;")
	equal(t, "homes after he moved", w.homes(), []string{"Anna", "Anna+Cato", "Bram", "Emma", "Finn", "Gijs", "Hugo", "Iris", "Jet"})
}

func TestASecretAddressIsKeptNowhere(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	_, err := w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Anna"], people.PupilPatch{Protected: ptr(true)})
	w.must(err)
	check := func(when string) {
		t.Helper()
		w.read(func(tx *store.Tx) {
			people, err := tx.Directory()
			w.must(err)
			anna, _ := people.Pupil(w.pupils["Anna"])
			if anna.Factors.Postcode != "" {
				t.Errorf("%s: the pupil's postcode is kept", when)
			}
			for _, row := range people.HouseholdsOf(anna.ID) {
				if home, _ := people.Household(row.HouseholdID); home.Factors.Postcode != "" {
					t.Errorf("%s: the household's postcode is kept", when)
				}
			}
		})
		if w.enters("Anna Bakker", "1-3-2014", "1234AB") {
			t.Errorf("%s: birth date and postcode still open", when)
		}
	}
	check("at once")
	w.again()
	check("after an import")
	if !w.enters("Bram Bakker", "5-5-2012", "1234AB") {
		t.Error("the brother cannot log in")
	}
}

func TestASecretAddressIsNotKeptForAFamilyThatTheSchoolPutTogether(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	_, err := w.booking.Households.DecideMergeSuggestions(w.ctx, w.operator, nil, true)
	w.must(err)
	_, err = w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Hugo"], people.PupilPatch{Protected: ptr(true)})
	w.must(err)
	w.again()
	w.read(func(tx *store.Tx) {
		people, err := tx.Directory()
		w.must(err)
		if home, _ := people.Household(w.home("Hugo")); home.Factors.Postcode != "" || len(people.Members(home.ID)) != 2 {
			t.Errorf("household %+v", home.Factors)
		}
	})
	if w.enters("Hugo Mulder", "8-8-2014", "5678EG") || !w.enters("Iris Mulder", "9-9-2010", "5678EG") {
		t.Error("the brother can log in, or the sister cannot")
	}
}

func TestHouseholdsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	before := w.counts()
	join := func(pupils ...models.PupilID) error {
		_, err := w.booking.Households.Join(w.ctx, w.operator, pupils)
		return err
	}
	wantField(t, join(w.pupils["Anna"]), "pupils", "out-of-range")
	wantField(t, join(w.pupils["Anna"], models.New[models.PupilID]()), "pupils", "unknown")
	create := func(wanted household.NewHousehold) error {
		_, err := w.booking.Households.Create(w.ctx, w.operator, wanted)
		return err
	}
	wantField(t, create(household.NewHousehold{}), "pupils", "out-of-range")
	wantField(t, create(household.NewHousehold{Pupils: []models.PupilID{models.New[models.PupilID]()}}), "pupils", "unknown")
	wantField(t, create(household.NewHousehold{Pupils: []models.PupilID{w.pupils["Anna"]}, Postcode: "nergens"}), "postcode", "not-a-postcode")
	wantField(t, create(household.NewHousehold{Pupils: []models.PupilID{w.pupils["Anna"]}, Guardians: []models.GuardianID{w.guardian("Jet", "A. Prins")}}), "guardians", "unknown")
	wantField(t, create(household.NewHousehold{Pupils: []models.PupilID{w.pupils["Anna"]}, Contacts: []household.NewContact{{Email: "geen adres"}}}), "email", "not-an-email-address")
	wantField(t, create(household.NewHousehold{Pupils: []models.PupilID{w.pupils["Anna"]}, Contacts: []household.NewContact{{Name: "X", Staff: models.New[models.StaffID]()}}}), "teacher", "unknown")
	if got := w.appeared(before); got != "" {
		t.Errorf("rows %s", got)
	}
	w.secondHome()
	wantCode(t, create(household.NewHousehold{Pupils: []models.PupilID{w.pupils["Emma"]}, Beside: true}), "household.two-homes")
}

func TestFamiliesThatBothHaveTalksAreNotJoined(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Hugo Mulder").makes(w.talk("Hugo Vak LON 19:00"))
	iris := w.recognised("Iris Mulder")
	iris.makes(w.talk("Iris Vak VIS 19:00"))
	_, err := w.booking.Households.Join(w.ctx, w.operator, []models.PupilID{w.pupils["Hugo"], w.pupils["Iris"]})
	wantCode(t, err, "household.both-booked")
	if decided, err := w.booking.Households.DecideMergeSuggestions(w.ctx, w.operator, nil, true); err != nil || decided != 0 {
		t.Errorf("%d decided, %v", decided, err)
	}
	iris.book(iris.cancels("Tue 19:00 Iris VIS"))
	_, err = w.booking.Households.Join(w.ctx, w.operator, []models.PupilID{w.pupils["Hugo"], w.pupils["Iris"]})
	w.must(err)
	equal(t, "together", w.confirmed("Iris Mulder").sees(), []string{"Tue 19:00 Hugo LON"})
	w.consistent()
}

func TestAChildOfTwoHomesCanBeJoinedWithASibling(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	w.secondHome()
	joined, err := w.booking.Households.Join(w.ctx, w.operator, []models.PupilID{w.pupils["Emma"], w.pupils["Jet"]})
	w.must(err)
	home := joined.Household
	people, err := w.booking.People.Staff(w.ctx, w.operator)
	w.must(err)
	if homes := people.HouseholdsOf(w.pupils["Emma"]); len(homes) != 2 || homes[0].HouseholdID != home {
		t.Errorf("Emma's homes %+v", homes)
	}
	if homes := people.HouseholdsOf(w.pupils["Jet"]); len(homes) != 1 || homes[0].HouseholdID != home {
		t.Errorf("Jet's homes %+v", homes)
	}
}

func TestAFamilyThatTheSchoolSplitsWhileItBooksBooksNothingForTheWrongHousehold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	actor := bakkers.actor()
	items := w.talks("Anna Vak LON 19:00", "Cato Vak LON 19:20")
	_, err := w.booking.Households.Create(w.ctx, w.operator, household.NewHousehold{Pupils: []models.PupilID{w.pupils["Cato"]}, Postcode: "4444DD"})
	w.must(err)
	before := w.counts()
	_, err = w.auth.Authenticate(w.ctx, w.school, bakkers.token)
	wantKind(t, err, errs.Unauthenticated)
	// A request that had got in before the family was split books nothing either.
	_, err = w.booking.Appointments.Book(w.ctx, actor, appointment.Change{Make: items})
	wantCode(t, err, "booking.no-such-child")
	if got := w.appeared(before); got != "" {
		t.Errorf("rows %s", got)
	}
	bakkers = w.recognised("Anna Bakker")
	if got := len(bakkers.family().Children); got != 2 {
		t.Errorf("%d children", got)
	}
	bakkers.makes(items[0])
	w.logIn("Cato Bakker", "7-7-2010", "4444DD").makes(items[1])
	w.consistent()
}
