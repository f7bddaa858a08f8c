package auth_test

import (
	"testing"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/models"
)

// figures are the counts for the operator.
func (w *world) figures() parent.Figures { return parent.FiguresOf(w.service.Parents) }

func TestFiguresCountWhatHappened(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	want := parent.Figures{}
	compare := func(what string) {
		t.Helper()
		if got := w.figures(); got != want {
			t.Errorf("%s: %+v, want %+v", what, got, want)
		}
	}
	from := w.elsewhere()
	w.out("a slip", wrong(1), from)
	want.Charged = 1
	compare("a slip")
	w.in(right(), from)
	want.TakenBack = 1
	compare("taken back")
	w.out("a name of nobody", parent.Answers{Name: "Piet Puk", Factors: right().Factors}, w.elsewhere())
	compare("a name of nobody")
	w.guess(0, 8)
	want.Charged = 9
	w.out("shut", right(), w.elsewhere())
	want.NotOpen = 1
	compare("a form that is shut")
	asked, sent := w.code()
	want.Messages = 1
	w.out("wrong digits", with(other(sent.Code, 1)), asked)
	want.WrongCodes = 1
	w.out("digits where none are pending", with(other(sent.Code, 1)), w.elsewhere())
	compare("wrong digits")
	for range 4 {
		w.ask(right(), w.elsewhere())
	}
	want.Messages, want.Withheld = 3, 2
	compare("five messages")
}
