package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// A statement that failed undoes a transaction on PostgreSQL whatever the work made of it: the server answers COMMIT with ROLLBACK, and that is no success.
func TestACommitThatTheServerAnswersWithRollbackIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	db, here := filled(t)
	audit := func() *models.Audit {
		return &models.Audit{ID: models.New[models.RowID](), At: db.Clock.Now(), ActorKind: models.ActorSystem, Action: "lost"}
	}
	err := here.Write(context.Background(), func(tx *store.Tx) error {
		row := audit()
		if err := store.Insert(tx, row); err != nil {
			return err
		}
		_ = store.Insert(tx, row) // nobody looks
		return nil
	})
	if err == nil {
		t.Error("it was acknowledged")
	}
	err = here.Read(context.Background(), func(tx *store.Tx) error {
		count, err := store.Count[models.Audit](tx, store.Eq("action", "lost"))
		if count != 0 {
			t.Errorf("%d rows were kept", count)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAMessageAdvancesFromTheStateThatWasReadOnly(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]storetest.Opener{"SQLite": storetest.NewSQLite, "PostgreSQL": storetest.NewPostgreSQL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := open(t)
			school := storetest.School(t, db.Store, "here")
			message := &models.Message{
				ID: models.New[models.MessageID](), Kind: models.MessageTest, Channel: models.ChannelMail, State: models.MessageSent, DueAt: db.Clock.Now(),
				UsefulUntil: db.Clock.Now().Add(time.Hour), CreatedAt: db.Clock.Now(),
			}
			err := db.Store.For(storetest.As(school)).Write(context.Background(), func(tx *store.Tx) error {
				if err := store.Insert(tx, message); err != nil {
					return err
				}
				// It was read as queued, under the same lease: none.
				before, after := *message, *message
				before.State, after.State = models.MessageQueued, models.MessageSuperseded
				if mine, err := tx.Advance(before, &after, "state"); mine || err != nil {
					t.Errorf("advanced %t, %v", mine, err)
				}
				present, err := store.Get[models.Message](tx, message.ID)
				if err == nil && present.State != models.MessageSent {
					t.Errorf("it is %s", present.State)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
