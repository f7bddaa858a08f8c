package auth_test

import (
	"fmt"
	"testing"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

func TestWhoIsComparedAndCharged(t *testing.T) {
	t.Parallel()
	birth, postcode := models.FactorBirthDate, models.FactorPostcode
	for name, tt := range map[string]struct {
		answers parent.Answers
		costs   []int
	}{
		"one digit of the date":       {parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{birth: "5-3-2015", postcode: "1234AB"}}, []int{1}},
		"one letter of the code":      {parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{birth: "4-3-2015", postcode: "1234AC"}}, []int{1}},
		"one of each":                 {parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{birth: "5-3-2015", postcode: "1234AC"}}, []int{4}},
		"another date":                {parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{birth: "28-10-2013", postcode: "1234AB"}}, []int{4}},
		"a name that nobody has":      {parent.Answers{Name: "Piet Puk", Factors: map[models.Factor]string{birth: "4-3-2015", postcode: "1234AB"}}, nil},
		"right, but two households":   {parent.Answers{Name: "Finn Smit", Factors: map[models.Factor]string{birth: "5-5-2013", postcode: "6789FG"}}, nil},
		"right, but two children":     {parent.Answers{Name: "Lotte Dekker", Factors: map[models.Factor]string{birth: "6-6-2016", postcode: "9012KL"}}, nil},
		"namesakes, both wrong":       {parent.Answers{Name: "Emma Bakker", Factors: map[models.Factor]string{birth: "28-10-2013", postcode: "9876ZY"}}, []int{4, 4}},
		"a protected address":         {parent.Answers{Name: "Zoë Mulder", Factors: map[models.Factor]string{birth: "11-11-2015", postcode: "1111ZZ"}}, nil},
		"a child who left":            {parent.Answers{Name: "Mila Vos", Factors: map[models.Factor]string{birth: "1-1-2011", postcode: "8901HJ"}}, nil},
		"a slip in the name, too":     {parent.Answers{Name: "Sanne de Jnog", Factors: map[models.Factor]string{birth: "28-10-2013", postcode: "1234AB"}}, []int{4}},
		"a slip from two, both wrong": {parent.Answers{Name: "Emma Baker", Factors: map[models.Factor]string{birth: "28-10-2013", postcode: "9876ZY"}}, []int{4, 4}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.out(name, tt.answers, w.elsewhere())
			var costs []int
			for _, miss := range rows[models.LoginMiss](w) {
				costs = append(costs, miss.Cost)
			}
			if fmt.Sprint(costs) != fmt.Sprint(tt.costs) {
				t.Errorf("charged %v, want %v", costs, tt.costs)
			}
			// Whatever the failure, four rows are written.
			if got := len(costs) + len(rows[models.LoginShadow](w)); got != 4 {
				t.Errorf("%d rows", got)
			}
		})
	}
}

func TestOneSlipInANameIsLetIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	slip := right()
	slip.Name = "Sane de Jong"
	wantGrant(t, w.in(slip, w.elsewhere()), "A", false, "sanne", "daan")
	// A name that is a slip from two is the one whose data are right.
	wantGrant(t, w.in(parent.Answers{Name: "Emma Baker", Factors: map[models.Factor]string{models.FactorBirthDate: "2-1-2016", models.FactorPostcode: "3456CD"}}, w.elsewhere()), "C", false, "emma2")
	// A name that somebody has means nobody else.
	w.write(func(tx *store.Tx) error {
		return insertChild(tx, child{name: "namesake", given: "Sanne", prefix: "de", surname: "Jonge", birth: "2011-01-01", number: "020001", households: "K"})
	})
	other := right()
	other.Name = "Sanne de Jonge"
	w.out("the other's name", other, w.elsewhere())
	if misses := rows[models.LoginMiss](w); len(misses) != 1 {
		t.Errorf("charged %d", len(misses))
	}
}
