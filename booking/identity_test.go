package booking_test

import (
	"testing"

	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
)

func TestBrothersAndSistersWithTwoPostcodesEachOpenByTheirOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.homes()
	w.again("Bram;;Bakker;5-5-2012;1234AB;1", "Bram;;Bakker;5-5-2012;9999ZZ;9")
	equal(t, "homes", w.homes(), before)
	for name, facts := range map[string][2]string{"Anna Bakker": {"1-3-2014", "1234AB"}, "Bram Bakker": {"5-5-2012", "9999ZZ"}, "Cato Bakker": {"7-7-2010", "1234AB"}} {
		if !w.enters(name, facts[0], facts[1]) {
			t.Errorf("%s does not open by the postcode that the file gives the child", name)
		}
	}
	if kept := w.ready(w.evening.ID).CannotLogIn; len(kept) > 0 {
		t.Errorf("kept out %+v", kept)
	}
	if result := w.again("Bram;;Bakker;5-5-2012;1234AB;1", "Bram;;Bakker;5-5-2012;9999ZZ;9"); !result.Change.Empty() {
		t.Errorf("the same file changes %+v", result.Change)
	}
}

// A home to which a person gave a postcode opens by that alone: the file's may be where a former partner lives.
func TestAPostcodeThatAPersonGaveAHomeIsNotJoinedByTheFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.booking.Households.Create(w.ctx, w.operator, household.NewHousehold{Pupils: []models.PupilID{w.pupils["Jet"]}, Postcode: "4444DD"})
	w.must(err)
	w.again()
	if w.enters("Jet Prins", "10-10-2014", "6789GH") || !w.enters("Jet Prins", "10-10-2014", "4444DD") {
		t.Error("the postcode that a person gave the home does not decide")
	}
}

func TestTheCountOfWhoIsKeptOutComparesWhatLogInCompares(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.again(line("Iris"), line("Iris")+"1010;Rik;;Tak;1-1-2014;7777HH;1;1A;1;;;;;;\n1011;Rik;;Tak;1-1-2014;7777KK;3;1A;1;;;;;;\n")
	if kept := w.ready(w.evening.ID).CannotLogIn; len(kept) > 0 {
		t.Errorf("two postcodes keep out %+v", kept)
	}
	_, err := w.booking.Schools.Update(w.ctx, w.operator, school.Patch{Policy: &models.Policy{Factors: []models.Factor{models.FactorPostcode, models.FactorBirthDate}, PostcodePart: models.PostcodeDigits}})
	w.must(err)
	equal(t, "kept out by the digits", names(w.ready(w.evening.ID).CannotLogIn), []string{"1A Rik Tak: not-unique", "1A Rik Tak: not-unique"})
	if w.enters("Rik Tak", "1-1-2014", "7777") {
		t.Error("one of two got in")
	}
}
