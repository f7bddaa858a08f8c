package auth_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

func TestManyTriesASecondFromOneAddressAreTurnedAway(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	from := w.elsewhere()
	tries := func(many int, answers ...parent.Answers) (turned int) {
		for n := range many {
			if _, err := w.recognise(answers[n%len(answers)], from); err != nil && err.Error() == "too-many" {
				turned++
			}
		}
		return turned
	}
	any := []parent.Answers{missOf(1, 1), {Name: "Sanne de Jong", Code: "00000000"}, {}}
	if turned := tries(24, any...); turned != 4 {
		t.Errorf("%d were turned away", turned)
	}
	before := len(rows[models.LoginShadow](w))
	if turned := tries(20, right()); turned != 20 || len(rows[models.LoginShadow](w)) != before {
		t.Errorf("%d right ones were turned away", turned)
	}
	if turned := w.figures().TurnedAway; turned != 24 {
		t.Errorf("%d are counted", turned)
	}
	w.Clock.Advance(time.Second)
	tries(1, right())
	// A household came from there, so ten times as many may.
	if turned := tries(190, any...); turned != 0 {
		t.Errorf("%d were turned away", turned)
	}
	if turned := tries(40, any...); turned == 0 {
		t.Error("nobody was turned away in the end")
	}
	if _, err := w.recognise(rightOf(30), w.elsewhere()); err != nil {
		t.Errorf("another address: %v", err)
	}
}

func TestRightAnswersOfOneInstantAllGetIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var group sync.WaitGroup
	tokens := sync.Map{}
	for range 20 {
		from := w.elsewhere()
		group.Go(func() {
			if opened, err := w.recognise(right(), from); err != nil {
				t.Error(err)
			} else {
				tokens.Store(opened.Token, true)
			}
		})
	}
	group.Wait()
	different := 0
	tokens.Range(func(any, any) bool { different++; return true })
	if different != 20 || len(rows[models.LoginSuccess](w)) != 20 {
		t.Errorf("%d sessions, %d log-ins noted", different, len(rows[models.LoginSuccess](w)))
	}
}

// TestAFloodWaitsInAQueueOfItsOwn holds the turn of the form while tries come to it: those that there is room for wait, the others are told to come later at once, and
// who comes by a link, a letter or on a known device stands in no queue.
func TestAFloodWaitsInAQueueOfItsOwn(t *testing.T) {
	t.Parallel()
	w := newRound(t)
	link := w.links()["A"]
	letter, err := w.service.Parents.FamilyCode(t.Context(), admin(w.school), household("A"))
	if err != nil {
		t.Fatal(err)
	}
	byLetter := parent.Answers{Name: "Sanne de Jong", FamilyCode: letter}
	w.maker("A", receipt, "sanne")
	held, let := make(chan struct{}), make(chan struct{})
	var holding sync.WaitGroup
	holding.Go(func() {
		err := w.Store.For(storetest.As(w.school)).WriteConcurrent(context.Background(), func(tx *store.Tx) error {
			if err := tx.InTurn(tx.Index("login turn", "public")); err != nil {
				return err
			}
			close(held)
			<-let
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-held
	const room, more = 408, 25
	turned, answered := make(chan error, more), make(chan error, room+more)
	var group sync.WaitGroup
	for n := range room + more {
		from := w.elsewhere()
		group.Go(func() {
			_, err := w.recognise(wrong(n), from)
			if errs.CodeOf(err) == errs.CodeBusy {
				turned <- err
				return
			}
			answered <- err
		})
	}
	for range more {
		wantKind(t, "one too many", <-turned, errs.TooMany, errs.CodeBusy)
	}
	// Where one writer has the whole database they wait for their turn, but not behind the others.
	for what, enter := range map[string]func(from parent.Origin) (*session.Opened, error){
		"by a link":   func(from parent.Origin) (*session.Opened, error) { return w.byPersonal(link, "4-3-2015", from) },
		"by a letter": func(from parent.Origin) (*session.Opened, error) { return w.recognise(byLetter, from) },
		"on a known device": func(from parent.Origin) (*session.Opened, error) {
			from.Device = receipt
			return w.recognise(right(), from)
		},
	} {
		from := w.elsewhere()
		group.Go(func() {
			if _, err := enter(from); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		})
	}
	close(let)
	group.Wait()
	holding.Wait()
	close(answered)
	for err := range answered {
		wantUniform(t, "one that waited", err)
	}
	if counted := w.figures().TurnedAway; len(turned) != 0 || counted != more {
		t.Errorf("%d more were turned away, %d are counted", len(turned), counted)
	}
}
