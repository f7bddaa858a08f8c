package auth_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/models"
)

func TestNamesOfNobodyAndWrongCodesCloseNothing(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	from := w.elsewhere()
	for n := range 200 {
		w.out("nobody", parent.Answers{Name: fmt.Sprintf("Piet Puk%c%c", 'a'+n%26, 'a'+n/26), Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AB"}}, from)
		w.Clock.Advance(100 * time.Millisecond)
	}
	w.wantCharged("names of nobody", 0)
	w.in(right(), from)
}

// TestAnAttackOfAnEveningLeavesEveryFamilyAWayIn: far misses from three addresses until the form asks everybody for more, then hundreds of wrong codes that nobody asked for.
func TestAnAttackOfAnEveningLeavesEveryFamilyAWayIn(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	for n := range 9 {
		from := w.elsewhere()
		from.Address = netip.AddrFrom4([4]byte{203, 0, 113, byte(n / 3)})
		w.out("far", missOf(n, n), from)
	}
	w.out("right data", right(), w.elsewhere())
	from := w.elsewhere()
	for n := range 505 {
		w.out("wrong", parent.Answers{Name: full(nameOf(n % others)), Code: fmt.Sprintf("%08d", n)}, from)
		w.Clock.Advance(100 * time.Millisecond)
	}
	asked := w.elsewhere()
	asked.Address = from.Address // the same wall of the school
	queued := w.ask(right(), asked)
	if len(queued) != 1 || len(queued[0].Details.Code) != 8 {
		t.Fatalf("messages %+v", queued)
	}
	w.in(with(queued[0].Details.Code), asked)
}

func TestBudgetsOfTwoSchoolsAreApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	from := w.elsewhere()
	for n := range 20 {
		_, err := w.service.Parents.Recognise(t.Context(), w.other, wrong(n), from)
		wantUniform(t, "the other school", err)
	}
	w.in(right(), w.elsewhere())
	w.wantCharged("here", 0)
}
