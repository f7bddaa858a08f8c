package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// sessionWorld is a school with a parent's session, whose token is "token".
type sessionWorld struct {
	*testing.T
	*storetest.Database
	school  models.SchoolID
	session models.SessionID
}

func newSessionWorld(t *testing.T) *sessionWorld {
	w := &sessionWorld{T: t, Database: storetest.New(t)}
	w.school = storetest.School(t, w.Store, "linde")
	w.session = w.open("token")
	return w
}

func (w *sessionWorld) write(work func(*store.Tx) error) error {
	return w.Store.For(storetest.As(w.school)).Write(context.Background(), work)
}

func (w *sessionWorld) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func insertSession(tx *store.Tx, token string) (models.SessionID, error) {
	row := &models.Session{
		ID: models.New[models.SessionID](), Kind: models.SessionParent, TokenIndex: tx.Index("session", token), DeviceIndex: []byte{}, SeenAt: tx.Now(), ExpiresAt: tx.Now(),
		CreatedAt: tx.Now(),
	}
	return row.ID, store.Insert(tx, row)
}

func (w *sessionWorld) open(token string) (id models.SessionID) {
	w.Helper()
	w.must(w.write(func(tx *store.Tx) (err error) {
		id, err = insertSession(tx, token)
		return err
	}))
	return id
}

// ask asks for a session, and tells whether it was read or remembered.
func (w *sessionWorld) ask(token string) (session *models.Session, read bool, err error) {
	session, err = w.Store.Session(context.Background(), w.school, token, func(*store.Tx, *models.Session) error {
		read = true
		return nil
	})
	return session, read, err
}

// want asks for the session, which is there.
func (w *sessionWorld) want(when string, makers int) (read bool) {
	w.Helper()
	session, read, err := w.ask("token")
	if err != nil || session.ID != w.session || len(session.Data.Makers) != makers {
		w.Errorf("%s: %+v, %v", when, session, err)
	}
	return read
}

func (w *sessionWorld) gone(when string) {
	w.Helper()
	if session, read, err := w.ask("token"); err == nil || errs.KindOf(err) != errs.NotFound {
		w.Errorf("%s: %+v (read: %v), %v", when, session, read, err)
	}
}

// sessionEnds are what takes a session away.
var sessionEnds = map[string]func(*sessionWorld, *store.Tx) error{
	"ended by its id": func(w *sessionWorld, tx *store.Tx) error {
		_, err := store.Delete[models.Session](tx, store.Eq("id", w.session))
		return err
	},
	"ended by what it has": func(_ *sessionWorld, tx *store.Tx) error {
		_, err := store.Delete[models.Session](tx, store.Before("expires_at", tx.Now().Add(time.Second)), store.Not("id", models.SessionID{}))
		return err
	},
	"ended among others": func(w *sessionWorld, tx *store.Tx) error {
		_, err := store.Delete[models.Session](tx, store.In("id", []models.SessionID{w.session}))
		return err
	},
	"ended with its school closed": func(_ *sessionWorld, tx *store.Tx) error {
		tx.School().State = models.SchoolClosing
		return tx.UpdateSchool("state")
	},
}

func TestASessionThatEndedIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	for name, end := range sessionEnds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newSessionWorld(t)
			w.want("open", 0)
			w.must(w.write(func(tx *store.Tx) error {
				if err := end(w, tx); err != nil {
					return err
				}
				// Others see it until the commit, but nobody keeps what they saw.
				w.want("before the commit", 0)
				return nil
			}))
			w.gone("after the commit")
		})
		t.Run(name+" while it is read", func(t *testing.T) {
			t.Parallel()
			w := newSessionWorld(t)
			w.forgotten()
			_, err := w.Store.Session(context.Background(), w.school, "token", func(*store.Tx, *models.Session) error {
				return w.write(func(tx *store.Tx) error { return end(w, tx) })
			})
			w.must(err)
			w.gone("after a reader that began before")
		})
	}
	t.Run("wiped with its school", func(t *testing.T) {
		t.Parallel()
		w := newSessionWorld(t)
		w.want("open", 0)
		operator := w.Store.Installation(models.Actor{Kind: models.ActorOperator})
		_, err := operator.EraseSchool(context.Background(), w.school)
		w.must(err)
		w.gone("after the wipe")
	})
}

// Ids are each school's own: that another school has a session of the same id changes nothing.
func TestASessionEndsWhereAnotherSchoolHasOneOfItsId(t *testing.T) {
	t.Parallel()
	w := newSessionWorld(t)
	other := *w
	other.school = storetest.School(t, w.Store, "wilg")
	w.must(other.write(func(tx *store.Tx) error { // opened last, and so remembered last
		return store.Insert(tx, &models.Session{
			ID: w.session, Kind: models.SessionParent, TokenIndex: tx.Index("session", "token"), DeviceIndex: []byte{}, SeenAt: tx.Now(), ExpiresAt: tx.Now(), CreatedAt: tx.Now(),
		})
	}))
	w.want("open", 0)
	other.want("open at the other school", 0)
	w.must(w.write(func(tx *store.Tx) error { return sessionEnds["ended by its id"](w, tx) }))
	w.gone("ended")
	other.want("still open at the other school", 0)
}

// forgotten makes the next who asks read.
func (w *sessionWorld) forgotten() {
	w.Helper()
	w.must(w.write(func(tx *store.Tx) error {
		_, err := store.Delete[models.Session](tx, store.In("id", []models.SessionID{models.New[models.SessionID]()}))
		return err
	}))
}

func TestASessionThatChangedIsReadAnew(t *testing.T) {
	t.Parallel()
	w := newSessionWorld(t)
	for made := range 3 {
		w.want("before", made)
		w.must(w.write(func(tx *store.Tx) error {
			session, err := store.Get[models.Session](tx, w.session)
			if err != nil {
				return err
			}
			session.Data.Makers = append(session.Data.Makers, models.New[models.MakerID]())
			if err := store.Update(tx, session, "data"); err != nil {
				return err
			}
			w.want("before the commit", made)
			return nil
		}))
		w.want("after", made+1)
	}
	failed := errors.New("not this time")
	err := w.write(func(tx *store.Tx) error {
		if _, err := store.Delete[models.Session](tx, store.Eq("id", w.session)); err != nil {
			return err
		}
		return failed
	})
	if !errors.Is(err, failed) {
		t.Fatal(err)
	}
	w.want("after a change that was undone", 3)
}

func TestASessionThatWasNotCommittedIsNotThere(t *testing.T) {
	t.Parallel()
	w := newSessionWorld(t)
	failed := errors.New("not this time")
	err := w.write(func(tx *store.Tx) error {
		if _, err := insertSession(tx, "another"); err != nil {
			return err
		}
		return failed
	})
	if _, _, found := w.ask("another"); !errors.Is(err, failed) || errs.KindOf(found) != errs.NotFound || found == nil {
		t.Errorf("%v, then %v", err, found)
	}
}

func TestSessionsAreReadOnceWhereNobodyElseWrites(t *testing.T) {
	t.Parallel()
	w := &sessionWorld{T: t, Database: storetest.NewSQLite(t)}
	w.school = storetest.School(t, w.Store, "linde")
	w.session = w.open("token")
	other := w.open("another")
	if w.want("just opened", 0) {
		t.Error("a session that was just opened is read")
	}
	w.forgotten()
	if !w.want("forgotten", 0) || w.want("again", 0) {
		t.Error("it is not read once")
	}
	if _, read, err := w.ask("another"); !read || err != nil {
		t.Errorf("the other one: %v, %v", read, err)
	}
	w.must(w.write(func(tx *store.Tx) error {
		_, err := store.Delete[models.Session](tx, store.Eq("id", other))
		return err
	}))
	if other[15] != w.session[15] && w.want("another one ended", 0) {
		t.Error("that another one ended made it be read")
	}
	if _, err := w.Store.Session(context.Background(), models.New[models.SchoolID](), "token", nil); errs.KindOf(err) != errs.NotFound || err == nil {
		t.Errorf("at another school: %v", err)
	}
}

func TestSessionsThatAreMoreThanAreRememberedAreAllFound(t *testing.T) {
	t.Parallel()
	w := &sessionWorld{T: t, Database: storetest.NewSQLite(t)}
	w.school = storetest.School(t, w.Store, "linde")
	const many = 10_010
	w.must(w.write(func(tx *store.Tx) error {
		for n := range many {
			if _, err := insertSession(tx, fmt.Sprint(n)); err != nil {
				return err
			}
		}
		return nil
	}))
	for n := range many {
		if session, _, err := w.ask(fmt.Sprint(n)); err != nil || session == nil {
			t.Fatalf("session %d: %v", n, err)
		}
	}
}

// Whoever writes a session gets it as it is at that moment: what others of the same group of writes did is in it, and what it does itself changes no copy.
func TestWhoWritesASessionLosesNothingOfWhatOthersWrote(t *testing.T) {
	t.Parallel()
	w := newSessionWorld(t)
	const writers = 24
	var crowd sync.WaitGroup
	for n := range writers {
		crowd.Go(func() {
			err := w.Store.For(storetest.As(w.school)).WriteConcurrent(context.Background(), func(tx *store.Tx) error {
				session, err := tx.SessionToWrite(w.session)
				if err != nil {
					return err
				}
				session.Data.Makers = append(session.Data.Makers, models.New[models.MakerID]())
				if err := store.Update(tx, session, "data"); err != nil || n%4 > 0 {
					return err
				}
				return errUndo
			})
			if err != nil && !errors.Is(err, errUndo) {
				t.Error(err)
			}
		})
		crowd.Go(func() { _, _, _ = w.ask("token") })
	}
	crowd.Wait()
	w.want("in the end", writers-writers/4)
	err := w.write(func(tx *store.Tx) error {
		_, err := tx.SessionToWrite(models.New[models.SessionID]())
		return err
	})
	if errs.KindOf(err) != errs.NotFound {
		t.Errorf("a session that is not there: %v", err)
	}
}
