package store

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/seal"
)

type standingClock struct{}

func (standingClock) Now() time.Time { return time.Date(2026, time.November, 2, 18, 0, 0, 0, time.UTC) }

// What another program wiped must not stay in this one's memory.
func TestASchoolThatIsNotFoundIsLetGoOf(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	master, err := seal.NewMaster(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ouderavond.db")
	var programs [2]*Store
	for i := range programs {
		if programs[i], err = Open(ctx, Config{Path: path, Master: master, Clock: standingClock{}}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = programs[i].Close() })
	}
	operator := models.Actor{Kind: models.ActorOperator}
	for what, notice := range map[string]func(*Store, models.SchoolID) error{
		"by looking for it": func(s *Store, school models.SchoolID) error {
			err := s.For(models.System(school, "test")).Read(ctx, func(*Tx) error { return nil })
			if errs.KindOf(err) != errs.NotFound {
				t.Errorf("found: %v", err)
			}
			return nil
		},
		"by listing the schools": func(s *Store, _ models.SchoolID) error { _, err := s.Installation(operator).Schools(ctx); return err },
	} {
		school := &models.School{ID: models.New[models.SchoolID](), Slug: "here", State: models.SchoolActive, Kind: models.SecondarySchool, Zone: "UTC"}
		if err := programs[0].Installation(operator).CreateSchool(ctx, school); err != nil {
			t.Fatal(err)
		}
		err := programs[1].For(models.System(school.ID, "test")).Read(ctx, func(tx *Tx) error { _, err := tx.Directory(); return err })
		if err != nil || len(programs[1].keys.Held()) != 1 || len(programs[1].rosters.Entries) != 1 {
			t.Fatalf("%s: nothing was held: %v", what, err)
		}
		if _, err := programs[0].Installation(operator).EraseSchool(ctx, school.ID); err != nil {
			t.Fatal(err)
		}
		if err := notice(programs[1], school.ID); err != nil || len(programs[1].keys.Held()) != 0 || len(programs[1].rosters.Entries) != 0 {
			t.Errorf("%s: %d keys and %d rosters are held, %v", what, len(programs[1].keys.Held()), len(programs[1].rosters.Entries), err)
		}
	}
}

func TestAWipeLetsGoOfSessions(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	master, err := seal.NewMaster(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := Open(ctx, Config{Path: filepath.Join(t.TempDir(), "ouderavond.db"), Master: master, Clock: standingClock{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rows.Close() })
	operator := rows.Installation(models.Actor{Kind: models.ActorOperator})
	school := &models.School{ID: models.New[models.SchoolID](), Slug: "here", State: models.SchoolActive, Kind: models.SecondarySchool, Zone: "UTC"}
	if err := operator.CreateSchool(ctx, school); err != nil {
		t.Fatal(err)
	}
	err = rows.For(models.System(school.ID, "test")).Write(ctx, func(tx *Tx) error {
		return Insert(tx, &models.Session{ID: models.New[models.SessionID](), Kind: models.SessionParent, TokenIndex: []byte{1}, DeviceIndex: []byte{}})
	})
	if err != nil || len(rows.sessions.Held) != 1 {
		t.Fatalf("%d sessions are held, %v", len(rows.sessions.Held), err)
	}
	if _, err := operator.EraseSchool(ctx, school.ID); err != nil || len(rows.sessions.Held)+len(rows.sessions.Keys) != 0 {
		t.Errorf("%d sessions are held, %v", len(rows.sessions.Held), err)
	}
}
