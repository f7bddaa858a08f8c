package auth_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/auth/staff"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

func TestAParentIsRecognisedByWhatThePolicyAsks(t *testing.T) {
	t.Parallel()
	const birth, postcode, number, last4 = models.FactorBirthDate, models.FactorPostcode, models.FactorStudentNumber, models.FactorCitizenLast4
	tests := map[string]struct {
		part    models.PostcodePart
		factors []models.Factor
		answers []parent.Answers
	}{
		"birth date and whole postcode": {models.PostcodeAll, []models.Factor{birth, postcode}, []parent.Answers{
			right(),
			{Name: "sanne de jong", Factors: map[models.Factor]string{models.FactorBirthDate: "2015-03-04", models.FactorPostcode: "1234AB"}},
			{Name: "JONG, SANNE DE", Factors: map[models.Factor]string{models.FactorBirthDate: "4 maart 2015", models.FactorPostcode: "1234-ab"}},
			{Name: "Sanne Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "04/03/2015", models.FactorPostcode: " 12 34 AB "}},
			{Name: "de Jong, Sanne", Factors: map[models.Factor]string{models.FactorBirthDate: "04032015", models.FactorPostcode: "NL-1234AB"}},
			{Name: "Jong Sanne", Factors: map[models.Factor]string{models.FactorBirthDate: "٤-٣-٢٠١٥", models.FactorPostcode: "١٢٣٤ab"}},
		}},
		"the digits of the postcode": {models.PostcodeDigits, []models.Factor{birth, postcode}, []parent.Answers{
			{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234"}}, {Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: " 1234 "}},
			{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AB"}}, {Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234 XX"}},
		}},
		"the letters of the postcode": {models.PostcodeLetters, []models.Factor{birth, postcode}, []parent.Answers{
			{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "AB"}}, {Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: " ab "}},
			{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234 ab"}}, {Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "9999AB"}},
			{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "АВ"}},
		}},
		"student number and birth date": {"", []models.Factor{number, birth}, []parent.Answers{
			{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorStudentNumber: "010001", models.FactorBirthDate: "4-3-2015"}}, {Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorStudentNumber: "10001", models.FactorBirthDate: "4-3-2015"}},
			{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorStudentNumber: " ٠١٠٠٠١ ", models.FactorBirthDate: "4-3-2015"}},
		}},
		"last digits and birth date": {"", []models.Factor{last4, birth}, []parent.Answers{
			{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorCitizenLast4: "1234", models.FactorBirthDate: "4-3-2015"}}, {Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorCitizenLast4: " 1234 ", models.FactorBirthDate: "4-3-2015"}},
			{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorCitizenLast4: "١٢٣٤", models.FactorBirthDate: "4-3-2015"}},
		}},
		"one factor": {"", []models.Factor{birth}, []parent.Answers{{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015"}}}},
		"all of them": {models.PostcodeAll, []models.Factor{birth, postcode, number, last4}, []parent.Answers{
			{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AB", models.FactorStudentNumber: "010001", models.FactorCitizenLast4: "1234"}},
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.policy(tt.part, tt.factors...)
			for _, answers := range tt.answers {
				opened, err := w.recognise(answers, w.elsewhere())
				if err != nil {
					t.Fatalf("%+v: %v", answers, err)
				}
				wantGrant(t, opened, "A", false, "sanne", "daan")
			}
		})
	}
}

func TestEachFactorCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.policy(models.PostcodeAll, models.FactorBirthDate, models.FactorPostcode, models.FactorStudentNumber, models.FactorCitizenLast4)
	all := parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AB", models.FactorStudentNumber: "010001", models.FactorCitizenLast4: "1234"}}
	w.in(all, w.elsewhere())
	for name, change := range map[string]func(*parent.Answers){
		"the birth date":  func(a *parent.Answers) { a.Factors[models.FactorBirthDate] = "5-3-2015" },
		"the postcode":    func(a *parent.Answers) { a.Factors[models.FactorPostcode] = "1234AC" },
		"the number":      func(a *parent.Answers) { a.Factors[models.FactorStudentNumber] = "010002" },
		"the last digits": func(a *parent.Answers) { a.Factors[models.FactorCitizenLast4] = "1235" },
		"the name":        func(a *parent.Answers) { a.Name = "Daan de Jong" },
	} {
		fresh := newWorld(t)
		fresh.policy(models.PostcodeAll, models.FactorBirthDate, models.FactorPostcode, models.FactorStudentNumber, models.FactorCitizenLast4)
		answers := all
		answers.Factors = maps.Clone(all.Factors)
		change(&answers)
		fresh.out(name, answers, fresh.elsewhere())
	}
}

func TestEveryFailureIsTheSameAnswer(t *testing.T) {
	t.Parallel()
	tests := map[string]parent.Answers{
		"a name that nobody has":                     {Name: "Piet Puk", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AB"}},
		"a first name only":                          {Name: "Sanne", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AB"}},
		"a surname only":                             {Name: "de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AB"}},
		"a wildcard":                                 {Name: "%", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AB"}},
		"a name of signs":                            {Name: "' OR 1=1 --", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AB"}},
		"a wrong date":                               {Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "5-3-2015", models.FactorPostcode: "1234AB"}},
		"day and month swapped":                      {Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "3-4-2015", models.FactorPostcode: "1234AB"}},
		"a wrong postcode":                           {Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "9876ZY"}},
		"everything of the brother but the name":     {Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "7-6-2017", models.FactorPostcode: "1234AB"}},
		"namesakes, and neither's postcode":          {Name: "Emma Bakker", Factors: map[models.Factor]string{models.FactorBirthDate: "2-1-2016", models.FactorPostcode: "1234AB"}},
		"namesakes who are alike in everything":      {Name: "Lotte Dekker", Factors: map[models.Factor]string{models.FactorBirthDate: "6-6-2016", models.FactorPostcode: "9012KL"}},
		"two households that nothing tells apart":    {Name: "Finn Smit", Factors: map[models.Factor]string{models.FactorBirthDate: "5-5-2013", models.FactorPostcode: "6789FG"}},
		"a postcode of neither household":            {Name: "Noor Visser", Factors: map[models.Factor]string{models.FactorBirthDate: "9-9-2014", models.FactorPostcode: "1234AB"}},
		"a protected address":                        {Name: "Zoë Mulder", Factors: map[models.Factor]string{models.FactorBirthDate: "11-11-2015", models.FactorPostcode: "1111ZZ"}},
		"a child who has left":                       {Name: "Mila Vos", Factors: map[models.Factor]string{models.FactorBirthDate: "10-10-2010", models.FactorPostcode: "8901HJ"}},
		"a child without a birth date in the roster": {Name: "Tim Bos", Factors: map[models.Factor]string{models.FactorBirthDate: "1-1-2015", models.FactorPostcode: "7890GH"}},
		"a child of whom the roster has nothing":     {Name: "Ravi Kok", Factors: map[models.Factor]string{models.FactorBirthDate: "1-1-2015", models.FactorPostcode: "1234AB"}},
		"a code that nobody was sent":                {Name: "Sanne de Jong", Code: "12345678"},
		"a code that is none":                        {Name: "Sanne de Jong", Code: "abc"},
		"a family code that nobody has":              {Name: "Sanne de Jong", FamilyCode: "0000-0000-0"},
		"a family code that is none":                 {Name: "Sanne de Jong", FamilyCode: "nonsense"},
	}
	for name, answers := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.out(name, answers, w.elsewhere())
			w.out(name+", again", answers, w.elsewhere())
			if sessions := rows[models.Session](w); len(sessions) != 0 {
				t.Errorf("%d sessions", len(sessions))
			}
		})
	}
}

func TestWhatTheRosterLacksNeverMatches(t *testing.T) {
	t.Parallel()
	// Each policy asks for something that Ravi lacks; nothing that can be typed is equal to nothing.
	for name, policy := range map[string][]models.Factor{
		"birth date": {models.FactorBirthDate}, "postcode": {models.FactorPostcode}, "number": {models.FactorStudentNumber}, "last digits": {models.FactorCitizenLast4},
		"all": {models.FactorBirthDate, models.FactorPostcode, models.FactorStudentNumber, models.FactorCitizenLast4}, "an unknown factor": {"shoe_size"}, "nothing": nil,
	} {
		w := newWorld(t)
		w.policy(models.PostcodeAll, policy...)
		for _, typed := range []string{"1-1-1", "0", "0000", "none", "", " ", "0000XX"} {
			opened, err := w.recognise(parent.Answers{Name: "Ravi Kok", Factors: map[models.Factor]string{models.FactorBirthDate: typed, models.FactorPostcode: typed, models.FactorStudentNumber: typed, models.FactorCitizenLast4: typed}}, w.elsewhere())
			if opened != nil || errs.KindOf(err) != errs.Unauthenticated && errs.KindOf(err) != errs.Invalid {
				t.Errorf("%s, %q: %v, %v", name, typed, opened, err)
			}
			w.out(name+", a name that nobody has", parent.Answers{Name: "Piet Puk", Factors: map[models.Factor]string{models.FactorBirthDate: "1-1-2015", models.FactorPostcode: "1000XX", models.FactorStudentNumber: "7", models.FactorCitizenLast4: "7777"}}, w.elsewhere())
		}
	}
}

// A postcode over the border has no letters, and no letters are nobody's.
func TestLettersThatAPostcodeLacksNeverMatch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write(func(tx *store.Tx) error {
		return insertChild(tx, child{name: "over the border", given: "Lien", surname: "Peeters", birth: "2014-02-03", postcode: "2387", number: "030001", households: "K"})
	})
	w.policy(models.PostcodeLetters, models.FactorBirthDate, models.FactorPostcode)
	for _, typed := range []string{"AB", "2387 AB", "ZZ"} {
		w.out(typed, parent.Answers{Name: "Lien Peeters", Factors: map[models.Factor]string{models.FactorBirthDate: "3-2-2014", models.FactorPostcode: typed}}, w.elsewhere())
	}
}

func TestASchoolThatAsksNothingRecognisesNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.policy(models.PostcodeAll)
	w.out("a name alone", parent.Answers{Name: "Sanne de Jong"}, w.elsewhere())
	w.out("a name and more", right(), w.elsewhere())
}

func TestASlipIsToldAtItsFieldAndCountsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.policy(models.PostcodeAll, models.FactorBirthDate, models.FactorPostcode, models.FactorStudentNumber, models.FactorCitizenLast4)
	full := parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AB", models.FactorStudentNumber: "010001", models.FactorCitizenLast4: "1234"}}
	tests := map[string]struct {
		change      func(*parent.Answers)
		field, code string
	}{
		"no name":                  {func(a *parent.Answers) { a.Name = "  " }, "name", "required"},
		"no birth date":            {func(a *parent.Answers) { a.Factors[models.FactorBirthDate] = " " }, "birth_date", "required"},
		"a date of no calendar":    {func(a *parent.Answers) { a.Factors[models.FactorBirthDate] = "31-2-2015" }, "birth_date", "not-a-date"},
		"no postcode":              {func(a *parent.Answers) { a.Factors[models.FactorPostcode] = "" }, "postcode", "required"},
		"a word for a postcode":    {func(a *parent.Answers) { a.Factors[models.FactorPostcode] = "Amersfoort" }, "postcode", "not-a-postcode"},
		"no number":                {func(a *parent.Answers) { a.Factors[models.FactorStudentNumber] = "" }, "student_number", "required"},
		"no last digits":           {func(a *parent.Answers) { a.Factors[models.FactorCitizenLast4] = "" }, "citizen_last4", "required"},
		"three last digits":        {func(a *parent.Answers) { a.Factors[models.FactorCitizenLast4] = "123" }, "citizen_last4", "not-four-digits"},
		"a whole citizen's number": {func(a *parent.Answers) { a.Factors[models.FactorCitizenLast4] = "123456782" }, "citizen_last4", "not-four-digits"},
		"a name that is too long":  {func(a *parent.Answers) { a.Name = strings.Repeat("a", 201) }, "name", "too-long"},
		"a code that is too long":  {func(a *parent.Answers) { a.Code = strings.Repeat("1", 201) }, "code", "too-long"},
		"bytes that are no text":   {func(a *parent.Answers) { a.Factors[models.FactorPostcode] = "\xff" }, "postcode", "not-text"},
		"a zero byte":              {func(a *parent.Answers) { a.FamilyCode = "a\x00" }, "family_code", "not-text"},
	}
	for name, tt := range tests {
		answers := full
		answers.Factors = maps.Clone(full.Factors)
		tt.change(&answers)
		_, err := w.recognise(answers, w.elsewhere())
		found, ok := errs.As(err)
		if !ok || found.Kind != errs.Invalid || len(found.Fields) != 1 || found.Fields[0].Name != tt.field || found.Fields[0].Code != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if budgets := rows[models.Budget](w); len(budgets) != 0 {
		t.Errorf("counted: %+v", budgets)
	}
}

func TestEverySlipIsToldAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.policy(models.PostcodeAll, models.FactorBirthDate, models.FactorPostcode, models.FactorStudentNumber)
	told := func(answers parent.Answers) (fields []string) {
		_, err := w.recognise(answers, w.elsewhere())
		found, ok := errs.As(err)
		if !ok || found.Kind != errs.Invalid {
			t.Fatalf("%v", err)
		}
		for _, field := range found.Fields {
			fields = append(fields, field.Name+": "+field.Code)
		}
		slices.Sort(fields)
		return fields
	}
	for name, tt := range map[string]struct {
		typed parent.Answers
		want  []string
	}{
		"nothing": {parent.Answers{}, []string{"birth_date: required", "name: required", "postcode: required", "student_number: required"}},
		"no name, half a postcode and a day of no calendar": {
			parent.Answers{Factors: map[models.Factor]string{models.FactorBirthDate: "31-2-2015", models.FactorPostcode: "1234", models.FactorStudentNumber: "010001"}},
			[]string{"birth_date: not-a-date", "name: required", "postcode: not-a-postcode"},
		},
		"a letter's code without a name, and too much of an address": {
			parent.Answers{FamilyCode: "KLMN-PQRS-TVWX", Contact: strings.Repeat("a", 201)}, []string{"contact: too-long", "name: required"},
		},
	} {
		if got := told(tt.typed); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	if budgets := rows[models.Budget](w); len(budgets) != 0 {
		t.Errorf("counted: %+v", budgets)
	}
}

func TestNoErrorRepeatsWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.policy(models.PostcodeAll, models.FactorBirthDate, models.FactorPostcode, models.FactorStudentNumber, models.FactorCitizenLast4)
	const secret = "Geheim9876"
	for _, answers := range []parent.Answers{
		{Name: secret + " de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AB", models.FactorStudentNumber: "1", models.FactorCitizenLast4: "1234"}},
		{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: secret, models.FactorPostcode: "1234AB", models.FactorStudentNumber: "1", models.FactorCitizenLast4: "1234"}},
		{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: secret, models.FactorStudentNumber: "1", models.FactorCitizenLast4: "1234"}},
		{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AB", models.FactorStudentNumber: secret, models.FactorCitizenLast4: "1234"}},
		{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AB", models.FactorStudentNumber: "1", models.FactorCitizenLast4: secret}},
		{Name: "Sanne de Jong", Code: secret}, {Name: "Sanne de Jong", FamilyCode: secret}, {Name: secret + "\xff"}, {Name: strings.Repeat(secret, 30)},
	} {
		_, err := w.recognise(answers, w.elsewhere())
		if err == nil || strings.Contains(err.Error(), "Geheim") || strings.Contains(err.Error(), "9876") {
			t.Errorf("error %v", err)
		}
		if _, err := w.service.Parents.RequestCode(t.Context(), w.school, answers, w.elsewhere()); err != nil && strings.Contains(err.Error(), "Geheim") {
			t.Errorf("error %v", err)
		}
		if _, err := w.service.Parents.OpenManageLink(t.Context(), w.school, answers.Name, w.elsewhere()); err == nil || strings.Contains(err.Error(), "Geheim") {
			t.Errorf("error %v", err)
		}
		if _, err := w.service.Staff.LogIn(t.Context(), w.school, answers.Name, secret, "", staff.Origin{}); err == nil || strings.Contains(err.Error(), "Geheim") {
			t.Errorf("error %v", err)
		}
		if _, err := w.authenticate("os_" + secret); err == nil || strings.Contains(err.Error(), "Geheim") {
			t.Errorf("error %v", err)
		}
	}
}

func TestNamesakesBornOnOneDayAreToldApartByPostcode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wantGrant(t, w.in(parent.Answers{Name: "Emma Bakker", Factors: map[models.Factor]string{models.FactorBirthDate: "2-1-2016", models.FactorPostcode: "2345BC"}}, w.elsewhere()), "B", false, "emma")
	wantGrant(t, w.in(parent.Answers{Name: "Emma Bakker", Factors: map[models.Factor]string{models.FactorBirthDate: "2-1-2016", models.FactorPostcode: "3456CD"}}, w.elsewhere()), "C", false, "emma2")
}

func TestAHouseholdsOwnPostcodeChoosesBetweenTwoHomes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	noor := parent.Answers{Name: "Noor Visser", Factors: map[models.Factor]string{models.FactorBirthDate: "9-9-2014", models.FactorPostcode: "4567DE"}}
	wantGrant(t, w.in(noor, w.elsewhere()), "D", false, "noor", "lars")
	noor.Factors[models.FactorPostcode] = "5678EF"
	wantGrant(t, w.in(noor, w.elsewhere()), "E", false, "noor")
	// Without a factor that differs between the homes nothing chooses.
	w.policy(models.PostcodeAll, models.FactorBirthDate, models.FactorStudentNumber)
	w.out("the child's own facts", parent.Answers{Name: "Noor Visser", Factors: map[models.Factor]string{models.FactorBirthDate: "9-9-2014", models.FactorStudentNumber: "010005"}}, w.elsewhere())
	wantGrant(t, w.in(parent.Answers{Name: "Lars Visser", Factors: map[models.Factor]string{models.FactorBirthDate: "8-8-2012", models.FactorStudentNumber: "010006"}}, w.elsewhere()), "D", false, "noor", "lars")
}

func TestThePupilsOwnPostcodeCountsWhereNoHomeHasOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wantGrant(t, w.in(parent.Answers{Name: "Bo Prins", Factors: map[models.Factor]string{models.FactorBirthDate: "4-4-2014", models.FactorPostcode: "7777PP"}}, w.elsewhere()), "N", false, "own")
}

func TestBrothersAndSistersComeAlongUnlessTheyLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write(func(tx *store.Tx) error {
		return insertChild(tx, child{name: "gone", given: "Gijs", prefix: "de", surname: "Jong", households: "A", state: models.PersonLeft})
	})
	wantGrant(t, w.in(right(), w.elsewhere()), "A", false, "sanne", "daan")
}

func TestASchoolThatClosesIsNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	opened := w.in(right(), w.elsewhere())
	w.closeSchool()
	_, err := w.recognise(right(), w.elsewhere())
	wantKind(t, "recognise", err, errs.NotFound, "not-found")
	_, err = w.service.Parents.RequestCode(t.Context(), w.school, right(), w.elsewhere())
	wantKind(t, "ask for a code", err, errs.NotFound, "not-found")
	origin := w.elsewhere()
	origin.Session = opened.Actor
	_, err = w.service.Parents.RequestCode(t.Context(), w.school, parent.Answers{}, origin)
	wantKind(t, "ask for a code within a session", err, errs.NotFound, "not-found")
	_, err = w.service.Staff.LogIn(t.Context(), w.school, "beheer", "x", "", staff.Origin{})
	wantKind(t, "staff", err, errs.NotFound, "not-found")
	_, err = w.service.Parents.OpenManageLink(t.Context(), w.school, "x", w.elsewhere())
	wantKind(t, "manage link", err, errs.NotFound, "not-found")
	_, err = w.authenticate(opened.Token)
	wantKind(t, "session", err, errs.Unauthenticated, "not-logged-in")
	_, err = w.service.Front(t.Context(), w.school)
	wantKind(t, "front", err, errs.NotFound, "not-found")
	for _, name := range []string{"here", w.school.String()} {
		_, err = w.service.School(t.Context(), name)
		wantKind(t, "school", err, errs.NotFound, "not-found")
	}
}

func TestTheFrontShowsWhatALogInPageNeeds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write(func(tx *store.Tx) error {
		tx.School().Policy.LegalGround = "a ground"
		return tx.UpdateSchool("policy")
	})
	front, err := w.service.Front(t.Context(), w.school)
	if err != nil || front.Name != "School here" || front.Slug != "here" || front.Zone != "Europe/Amsterdam" || len(front.Languages) != 2 || front.School != w.school {
		t.Fatalf("front %+v, %v", front, err)
	}
	if !front.Policy.Asks(models.FactorBirthDate) || front.Policy.LegalGround != "" {
		t.Errorf("policy %+v", front.Policy)
	}
	for _, name := range []string{"here", w.school.String()} {
		if id, err := w.service.School(t.Context(), name); err != nil || id != w.school {
			t.Errorf("%s: %v, %v", name, id, err)
		}
	}
	for _, name := range []string{"", "nowhere", "HERE", strings.Repeat("a", 100), models.New[models.SchoolID]().String(), models.SchoolID{}.String()} {
		_, err := w.service.School(t.Context(), name)
		wantKind(t, name, err, errs.NotFound, "not-found")
	}
}

// TestPartOfAPostcodeIsToldAtItsField types what cannot be the postcode of anybody at the school: nothing is written and nothing counts.
func TestPartOfAPostcodeIsToldAtItsField(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	with := func(postcode string) parent.Answers {
		answers := right()
		answers.Factors = map[models.Factor]string{models.FactorBirthDate: right().Factors[models.FactorBirthDate], models.FactorPostcode: postcode}
		return answers
	}
	for _, typed := range []string{"1234", "12345"} {
		_, err := w.recognise(with(typed), w.elsewhere())
		if errs.KindOf(err) != errs.Invalid || !strings.Contains(fmt.Sprint(err), "postcode: not-a-postcode") {
			t.Errorf("%s: %v", typed, err)
		}
	}
	if misses, shadows := rows[models.LoginMiss](w), rows[models.LoginShadow](w); len(misses)+len(shadows) != 0 {
		t.Errorf("%d misses, %d shadows", len(misses), len(shadows))
	}
	w.in(with("1234-AB"), w.elsewhere())
	// With a child from over the border, digits are an answer.
	w.write(func(tx *store.Tx) error {
		return store.Insert(tx, &models.Household{ID: household("border"), Origin: models.OriginSingle, Factors: models.HouseholdFactors{Postcode: "2387"}})
	})
	w.write(func(tx *store.Tx) error {
		return insertChild(tx, child{name: "border", given: "Grens", surname: "Geval", birth: "2014-01-01", number: "030001", households: ""})
	})
	w.write(func(tx *store.Tx) error {
		return store.Insert(tx, &models.HouseholdPupil{HouseholdID: household("border"), PupilID: pupil("border")})
	})
	w.out("digits, where somebody's postcode is digits", with("1234"), w.elsewhere())
}
