package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/backup"
)

// restoreCommand puts a copy in the place of the database; with PostgreSQL it finishes what PostgreSQL's own tools have begun.
type restoreCommand struct {
	File     string   `arg:"" optional:"" help:"The copy, as the command backup made it. With PostgreSQL none: pg_restore has put the copy back, and this does the rest." placeholder:"FILE"`
	Receipts []string `help:"Further folders with receipts of wipes, such as the one of another machine; what they say was wiped is wiped again." placeholder:"DIR"`
	Yes      bool     `help:"Do it without asking."`
}

// Run restores. Until the very end the present database is where it was: whatever fails before leaves everything as it is.
func (c restoreCommand) Run(ctx context.Context, s *settings, term terminal) error {
	if err := s.check(); err != nil {
		return err
	}
	if s.onPostgreSQL() && c.File != "" {
		return errNoSQLite
	}
	if !s.onPostgreSQL() && c.File == "" {
		return errors.New("which copy? Give its file")
	}
	work, err := newCopying(folder{s.Data}, s, machineClock{})
	if err != nil {
		return err
	}
	if work.master == nil {
		return fmt.Errorf("the master key is missing: put it back as %s, or give it as OUDERAVOND_MASTER_KEY, and restore then; no copy can be read without it", short(work.folder.keyFile()))
	}
	if s.onPostgreSQL() { // another machine may do it as well
		err = work.folder.open()
	}
	if err := errors.Join(err, work.folder.mine()); err != nil {
		return err
	}
	release, err := work.folder.lock()
	if errors.Is(err, errInUse) {
		return fmt.Errorf("a server or a command works in %s: stop it first", short(s.Data))
	}
	if err != nil {
		return err
	}
	defer release()
	r := &restoring{copying: work, file: c.File, term: term}
	if s.onPostgreSQL() {
		return r.afterDump(ctx, s, c.Receipts, c.Yes)
	}
	defer r.clean()
	content, err := r.fetch(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w. Nothing was changed", short(c.File), err)
	}
	if !r.agreed(content, c.Yes) {
		fmt.Fprintln(term.out, "Nothing was changed.")
		return errFailed
	}
	if err := r.run(ctx, c.Receipts); err != nil {
		return fmt.Errorf("%w. The present database is as it was", err)
	}
	return r.swap()
}

// restoring is a restore under way. The copy is made ready in a folder of its own below the data folder.
type restoring struct {
	*copying
	file    string
	term    terminal
	present bool // there is a present database, and it can be read
	wiped   []backup.Wiped
	aside   string // where the present database was moved to
}

// restoring is the folder in which a restore makes a copy ready.
func (f folder) restoring() string { return filepath.Join(f.path, "restoring") }

// ready is that folder as a data folder.
func (r *restoring) ready() folder { return folder{r.folder.restoring()} }

func (r *restoring) clean() { _ = os.RemoveAll(r.folder.restoring()) }

func (r *restoring) say(format string, values ...any) {
	fmt.Fprintf(r.term.out, format+"\n", values...)
}

// fetch takes the file's bytes into the folder, with the write-ahead log that may lie beside a file that was copied by hand, and looks all of it through.
func (r *restoring) fetch(ctx context.Context) (*backup.Content, error) {
	if sameFile(r.file, r.folder.database()) {
		return nil, errors.New("this is the present database itself")
	}
	if err := os.RemoveAll(r.folder.restoring()); err != nil {
		return nil, err
	}
	if err := os.Mkdir(r.folder.restoring(), 0o700); err != nil {
		return nil, err
	}
	to := r.ready().database()
	if err := copyFile(r.file, to); err != nil {
		return nil, err
	}
	if err := copyFile(r.file+"-wal", to+"-wal"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	return backup.Inspect(ctx, to, r.master, nil)
}

// agreed tells what is going to happen and asks.
func (r *restoring) agreed(content *backup.Content, yes bool) bool {
	r.say("copy      %s\nholds     %s", short(r.file), describe(content))
	if taken, known := takenAt(r.file); known {
		age := r.clock.Now().Sub(taken)
		r.say("made      %s, %s ago", taken.Format(time.RFC3339), age.Round(time.Minute))
		if age > greatestAge {
			r.say("          It should have been removed when it was %s old. What schools, families and time have erased since comes back with it.", hours(greatestAge))
		}
	}
	r.say("Everything that happened since the copy was made will be gone.")
	return yes || confirmed(r.term, "Put it in the place of the present database? Type yes: ", "yes")
}

// takenAt reads the time of a copy from its name.
func takenAt(path string) (time.Time, bool) {
	text := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), copyPrefix), copySuffix)
	taken, err := time.Parse(copyTime, text)
	return taken, err == nil
}

// run makes the copy ready: wipes again what was wiped, and settles what must not go on as if nothing had happened.
func (r *restoring) run(ctx context.Context, folders []string) error {
	if err := r.gatherWiped(ctx, folders); err != nil {
		return err
	}
	again, err := backup.MergeLedger(ctx, r.ready().database(), r.wiped)
	if err != nil {
		return err
	}
	// Opening it brings its schema up to date; the wipes run as they do when the program starts.
	err = r.opened(ctx, func(service *booking.Services) error {
		_, err := service.Erasures.FinishErasures(ctx, pause)
		return err
	})
	if err != nil {
		return err
	}
	r.say("wiped     schools known to have been wiped: %d; of these in the copy, and wiped from it again: %d", len(r.wiped), len(again))
	for _, school := range again {
		r.say("          %s", school)
	}
	if err := r.compare(ctx); err != nil {
		return err
	}
	settled, err := backup.Settle(ctx, r.ready().database())
	if err != nil {
		return err
	}
	r.say("ended     %d sessions and %d one-time codes: everybody logs in again", settled["sessions"], settled["codes"])
	r.say("messages  %d were waiting in the copy. They may have gone out since, so they will not be sent: the school sees them as unknown (%s) and can send them again",
		settled["messages"], models.ProblemRestored)
	if err := backup.Compact(ctx, r.ready().database()); err != nil {
		return err
	}
	content, err := backup.Inspect(ctx, r.ready().database(), r.master, nil)
	if err != nil {
		return err
	}
	r.say("ready     %s", describe(content))
	return nil
}

// opened runs a function on the copy, opened as the program opens its database. Receipts go where the program keeps them.
func (r *restoring) opened(ctx context.Context, work func(*booking.Services) error) error {
	rows, err := store.Open(ctx, store.Config{Path: r.ready().database(), Master: r.master, Clock: r.clock})
	if err != nil {
		return err
	}
	return errors.Join(work(booking.New(rows, booking.Options{External: outside{r.folder}})), rows.Close())
}

// compare tells what gets lost, keeps what must not be undone, and erases again the pupils whom schools have erased by hand since.
func (r *restoring) compare(ctx context.Context) error {
	if !r.present {
		r.say("lost      There is no present database to compare with. Look yourself: keys revoked, passwords changed and pupils erased since are as they were.")
		return nil
	}
	difference, err := backup.Compare(ctx, r.ready().database(), r.folder.database())
	if errors.Is(err, backup.ErrDamaged) {
		r.say("lost      The present database cannot be compared (%v). Look yourself: keys revoked, passwords changed and pupils erased since are as they were.", err)
		return nil
	}
	if err != nil {
		return err
	}
	r.say("lost      %d bookings of the present database are not in the copy", difference.Bookings)
	r.say("kept      %d keys stay revoked, %d accounts stay disabled, %d passwords stay changed",
		difference.Kept["api-keys"]+difference.Kept["operator-keys"], difference.Kept["accounts"], difference.Kept["passwords"])
	r.say("erased    %d pupils whom schools had erased by hand are erased again; %d more left their rosters since and are back until the next import",
		len(difference.Erased), max(0, difference.Pupils-int64(len(difference.Erased))))
	if len(difference.Erased) == 0 {
		return nil
	}
	return r.opened(ctx, func(service *booking.Services) error {
		for _, one := range difference.Erased {
			if err := service.People.ErasePupil(ctx, models.System(one.School, "restore"), one.Pupil); err != nil {
				return err
			}
		}
		return nil
	})
}

// swap moves the present database aside and the copy into its place.
func (r *restoring) swap() error {
	aside := r.folder.database() + asideInfix + r.clock.Now().UTC().Format(copyTime)
	// A write-ahead log that is left of a database that is gone must not meet the new one either.
	for _, suffix := range besideDatabase {
		err := os.Rename(r.folder.database()+suffix, aside+suffix)
		if err == nil {
			r.aside = aside
		} else if !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	err := errors.Join(os.Rename(r.ready().database(), r.folder.database()), backup.SyncFolder(r.folder.path))
	if err != nil {
		return fmt.Errorf("%w. The present database is %s", err, short(r.aside))
	}
	if r.aside != "" {
		r.say("aside     the database that was here is %s; the server removes it when it is %s old", short(r.aside), hours(greatestAge))
	}
	r.say("Done. Start the server. Then import the present rosters, look at each school's messages, and tell families whose appointments were lost.")
	return nil
}
