package auth_test

import (
	"context"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// TestARosterIsOpenedBeforeTheWritersTurn lets somebody log in at a school that is not in memory while another school's write holds everybody up: the roster is
// opened meanwhile, and not in the writer's turn, when all would wait for it.
func TestARosterIsOpenedBeforeTheWritersTurn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cold := storetest.Open(t, w.Config())
	begun, goOn := make(chan struct{}), make(chan struct{})
	held := make(chan error, 1)
	go func() {
		held <- cold.For(models.System(w.other, "test")).Write(context.Background(), func(*store.Tx) error {
			close(begun)
			<-goOn
			return nil
		})
	}()
	<-begun
	came := make(chan error, 1)
	go func() {
		_, err := auth.NewServices(cold, nil).Parents.Recognise(context.Background(), w.school, parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "2015-03-04", models.FactorPostcode: "1234AB"}},
			parent.Origin{Address: netip.MustParseAddr("192.0.2.1")})
		came <- err
	}()
	for deadline := time.Now().Add(time.Minute); cold.RostersOpened() == 0; runtime.Gosched() {
		if time.Now().After(deadline) {
			close(goOn)
			t.Fatal("the roster is opened in the writer's turn")
		}
	}
	close(goOn)
	if err := <-held; err != nil {
		t.Error(err)
	}
	if err := <-came; err != nil {
		t.Error(err)
	}
	if opened := cold.RostersOpened(); opened != 1 {
		t.Errorf("opened %d times", opened)
	}
}
