package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

func testSchools(t *testing.T, open Opener) {
	ctx := context.Background()
	t.Run("a school is found by its slug and listed with its name", func(t *testing.T) {
		t.Parallel()
		db := open(t)
		second, first := School(t, db.Store, "second"), School(t, db.Store, "first")
		for slug, id := range map[string]models.SchoolID{"first": first, "second": second} {
			wantEqual(t, slug, must[models.SchoolID](t)(db.Store.SchoolBySlug(ctx, slug)), id)
		}
		for _, slug := range []string{"", "third", "First", "first ", "%", "first' OR '1'='1"} {
			_, err := db.Store.SchoolBySlug(ctx, slug)
			wantKind(t, slug, err, errs.NotFound)
		}
		schools := must[[]models.School](t)(db.Store.Installation(Operator()).Schools(ctx))
		if len(schools) != 2 || schools[0].ID != first || schools[1].Details.Name != "School second" || !schools[0].CreatedAt.Equal(Start()) {
			t.Errorf("schools: %+v", schools)
		}
	})
	t.Run("a slug is given once", func(t *testing.T) {
		t.Parallel()
		db := open(t)
		School(t, db.Store, "here")
		err := db.Store.Installation(Operator()).CreateSchool(ctx, NewSchool("here"))
		wantKind(t, "again", err, errs.Conflict)
		wantEqual(t, "code", errs.CodeOf(err), "slug-taken")
	})
	t.Run("a school needs an id", func(t *testing.T) {
		t.Parallel()
		db := open(t)
		nameless := NewSchool("here")
		nameless.ID = models.SchoolID{}
		wantError(t, "create", db.Store.Installation(Operator()).CreateSchool(ctx, nameless), models.ErrNoSchool)
	})
	t.Run("of a school the named columns are written", func(t *testing.T) { t.Parallel(); testUpdateSchool(t, open) })
	t.Run("an operator's key is found by its index until it is revoked", func(t *testing.T) {
		t.Parallel()
		db := open(t)
		id := models.New[models.APIKeyID]()
		if err := db.Store.Installation(Operator()).AddOperatorKey(ctx, id, []byte("index")); err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "key", must[models.APIKeyID](t)(db.Store.OperatorKey(ctx, []byte("index"))), id)
		for _, index := range [][]byte{nil, {}, []byte("inde"), []byte("index2")} {
			_, err := db.Store.OperatorKey(ctx, index)
			wantKind(t, string(index), err, errs.NotFound)
		}
		err := db.Store.Installation(Operator()).AddOperatorKey(ctx, models.New[models.APIKeyID](), []byte("index"))
		wantKind(t, "the same key", err, errs.Conflict)
	})
	t.Run("a store that was closed says that it is away", func(t *testing.T) { t.Parallel(); testClosed(t, open) })
}

func testUpdateSchool(t *testing.T, open Opener) {
	w := newWorld(t, open)
	w.write(t, w.here, func(tx *store.Tx) error {
		school := tx.School()
		school.Zone, school.Details.Name, school.Slug = "Europe/Brussels", "De Merel", "merel"
		school.Policy.Factors = []models.Factor{models.FactorStudentNumber}
		return tx.UpdateSchool("zone", "details", "policy")
	})
	w.read(t, w.here, func(tx *store.Tx) error {
		school := tx.School()
		wantEqual(t, "zone", school.Zone, "Europe/Brussels")
		wantEqual(t, "name", school.Details.Name, "De Merel")
		wantEqual(t, "slug", school.Slug, "here")
		wantEqual(t, "policy", school.Policy.Factors, []models.Factor{models.FactorStudentNumber})
		return nil
	})
	w.read(t, w.there, func(tx *store.Tx) error {
		wantEqual(t, "the other school", tx.School().Details.Name, "School there")
		return nil
	})
}

func testClosed(t *testing.T, open Opener) {
	w := newWorld(t, open)
	wantEqual(t, "ready", w.Store.Ready(context.Background()), nil)
	if err := w.Store.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, rows, in := context.Background(), w.Store, w.Store.Installation(Operator())
	never := func(*store.Tx) error { t.Error("the work ran"); return nil }
	calls := map[string]func() error{
		"Read":           func() error { return rows.For(As(w.here)).Read(ctx, never) },
		"Write":          func() error { return rows.For(As(w.here)).Write(ctx, never) },
		"Ready":          func() error { return rows.Ready(ctx) },
		"SchoolBySlug":   func() error { _, err := rows.SchoolBySlug(ctx, "here"); return err },
		"OperatorKey":    func() error { _, err := rows.OperatorKey(ctx, []byte("index")); return err },
		"ScopedTables":   func() error { _, err := rows.ScopedTables(ctx); return err },
		"CreateSchool":   func() error { return in.CreateSchool(ctx, NewSchool("more")) },
		"Schools":        func() error { _, err := in.Schools(ctx); return err },
		"AddOperatorKey": func() error { return in.AddOperatorKey(ctx, models.New[models.APIKeyID](), []byte("index")) },
		"Erasures":       func() error { _, err := in.Erasures(ctx); return err },
		"Erasure":        func() error { _, err := in.Erasure(ctx, w.here); return err },
		"RecordErasure":  func() error { return in.RecordErasure(ctx, &models.Erasure{SchoolID: models.RawSchoolID(w.here)}) },
		"EraseSchool":    func() error { _, err := in.EraseSchool(ctx, w.here); return err },
		"Truncate":       func() error { return in.Truncate(ctx, func(context.Context, time.Duration) error { return nil }) },
		"Due":            func() error { _, err := in.Due(ctx, Start(), 10); return err },
		"NextDue":        func() error { _, err := in.NextDue(ctx); return err },
	}
	for name, call := range calls {
		wantKind(t, name, call(), errs.Unavailable)
	}
}

func testOutbox(t *testing.T, open Opener) {
	ctx := context.Background()
	leased := message(models.MessageSending, -time.Minute)
	until := Start().Add(5 * time.Minute).In(amsterdam(t))
	leased.LeasedUntil = &until
	tests := map[string]struct {
		message *models.Message
		due     bool
	}{
		"due for a minute":         {message(models.MessageQueued, -time.Minute), true},
		"due at this instant":      {message(models.MessageQueued, 0), true},
		"due in a microsecond":     {message(models.MessageQueued, time.Microsecond), false},
		"sent":                     {message(models.MessageSent, -time.Minute), false},
		"superseded":               {message(models.MessageSuperseded, -time.Minute), false},
		"being sent, lease lost":   {message(models.MessageSending, -time.Minute), true},
		"being sent under a lease": {leased, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, open)
			in := w.Store.Installation(Operator())
			w.write(t, w.here, func(tx *store.Tx) error { return store.Insert(tx, tt.message) })
			due := must[[]store.Due](t)(in.Due(ctx, Start(), 10))
			if tt.due != (len(due) == 1) || tt.due && due[0].SchoolID != w.here {
				t.Errorf("due: %v", due)
			}
			w.read(t, w.here, func(tx *store.Tx) error {
				messages := must[[]models.Message](t)(tx.DueMessages(10))
				if tt.due != (len(messages) == 1) || tt.due && (messages[0].ID != tt.message.ID || messages[0].Details.Code != "12345678") {
					t.Errorf("messages: %+v", messages)
				}
				return nil
			})
			next := must[time.Time](t)(in.NextDue(ctx))
			if tt.message.State == models.MessageQueued {
				wantEqual(t, "next", next, tt.message.DueAt)
			} else {
				wantEqual(t, "next", next, time.Time{})
			}
		})
	}
}

func testDueSchools(t *testing.T, open Opener) {
	ctx := context.Background()
	t.Run("each school once, and no more than asked", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		for _, school := range []models.SchoolID{w.here, w.there, w.here} {
			w.write(t, school, func(tx *store.Tx) error {
				return store.Insert(tx, message(models.MessageQueued, -time.Second), message(models.MessageQueued, 0))
			})
		}
		in := w.Store.Installation(Operator())
		wantEqual(t, "all", len(must[[]store.Due](t)(in.Due(ctx, Start(), 10))), 2)
		wantEqual(t, "one", len(must[[]store.Due](t)(in.Due(ctx, Start(), 1))), 1)
		wantEqual(t, "next", must[time.Time](t)(in.NextDue(ctx)), Start().Add(-time.Second))
		w.read(t, w.here, func(tx *store.Tx) error {
			messages := must[[]models.Message](t)(tx.DueMessages(3))
			wantEqual(t, "messages", len(messages), 3)
			wantEqual(t, "the longest due first", messages[0].DueAt.Equal(messages[1].DueAt) && messages[1].DueAt.Before(messages[2].DueAt), true)
			return nil
		})
	})
	t.Run("by what is due, and by what is pressing", func(t *testing.T) { t.Parallel(); testDueKinds(t, open) })
}

func testDueKinds(t *testing.T, open Opener) {
	w := newWorld(t, open)
	by := Start().Add(-time.Minute)
	like := func(kind models.MessageKind, channel models.Channel, queued time.Time, again bool) *models.Message {
		m := message(models.MessageQueued, 0)
		m.Kind, m.Channel, m.CreatedAt, m.Again = kind, channel, queued, again
		return m
	}
	asked := message(models.MessageSent, 0)
	asked.FollowUpAt = new(Start())
	w.write(t, w.here, func(tx *store.Tx) error {
		return store.Insert(tx,
			like(models.MessageCode, models.ChannelMail, Start(), false), like(models.MessageConfirmation, models.ChannelMail, Start(), false),
			like(models.MessageConfirmation, models.ChannelMail, by.Add(time.Microsecond), false), like(models.MessageNewDevice, models.ChannelMail, by, false),
			like(models.MessageConfirmation, models.ChannelMail, Start(), true), like(models.MessageTest, models.ChannelSMS, Start(), false),
			like(models.MessageConfirmation, models.ChannelSMS, Start(), false), asked)
	})
	due := must[[]store.Due](t)(w.Store.Installation(Operator()).Due(context.Background(), by, 10))
	if want := (store.Due{SchoolID: w.here, Codes: 1, Mail: 4, Texts: 2, FollowUps: 1, PressingMail: 2, PressingTexts: 1}); len(due) != 1 || due[0] != want {
		t.Errorf("due: %+v, want %+v", due, want)
	}
	w.read(t, w.here, func(tx *store.Tx) error {
		wantEqual(t, "pressing", len(must[[]models.Message](t)(tx.DueMessages(10, store.Not("kind", models.MessageCode), store.Pressing(by)))), 3)
		return nil
	})
}

func message(state models.MessageState, due time.Duration) *models.Message {
	return &models.Message{ID: models.New[models.MessageID](), Kind: models.MessageTest, Channel: models.ChannelMail, State: state, Details: models.MessageDetails{Code: "12345678"}, DueAt: Start().Add(due), UsefulUntil: Start().Add(time.Hour)}
}
