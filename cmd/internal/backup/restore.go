package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/erasure"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/cmd/internal/machine"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/backup"
)

// Restoring is a restore under way. The copy is made ready in a folder of its own below the data folder.
type Restoring struct {
	*Copying
	File    string
	Term    console.Terminal
	present bool // there is a present database, and it can be read
	wiped   []backup.Wiped
	erased  []erasure.Erased // the journals that are at hand
	aside   string           // where the present database was moved to
}

// ready is that folder as a data folder.
func (r *Restoring) ready() datafolder.Folder { return datafolder.Folder{Path: r.Folder.Restoring()} }

// Clean removes what a restore made and did not put in place.
func (r *Restoring) Clean() { _ = os.RemoveAll(r.Folder.Restoring()) }

func (r *Restoring) say(format string, values ...any) {
	fmt.Fprintf(r.Term.Out, format+"\n", values...)
}

// Fetch takes the file's bytes into the folder, with the write-ahead log that may lie beside a file that was copied by hand, and looks all of it through.
func (r *Restoring) Fetch(ctx context.Context) (*backup.Content, error) {
	if sameFile(r.File, r.Folder.Database()) {
		return nil, errors.New("this is the present database itself")
	}
	if err := os.RemoveAll(r.Folder.Restoring()); err != nil {
		return nil, err
	}
	if err := os.Mkdir(r.Folder.Restoring(), 0o700); err != nil {
		return nil, err
	}
	to := r.ready().Database()
	if err := copyFile(r.File, to); err != nil {
		return nil, err
	}
	if err := copyFile(r.File+"-wal", to+"-wal"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	return backup.Inspect(ctx, to, r.Master, nil)
}

// Agreed tells what is going to happen, what would be lost by it, and asks.
func (r *Restoring) Agreed(ctx context.Context, content *backup.Content, yes bool) bool {
	r.say("copy      %s\nholds     %s", datafolder.Short(r.File), Describe(content))
	if taken, known := takenAt(r.File); known {
		age := r.Clock.Now().Sub(taken)
		r.say("made      %s, %s ago", taken.Format(time.RFC3339), age.Round(time.Minute))
		if age > datafolder.GreatestAge {
			r.say("          It should have been removed when it was %s old. What schools, families and time have erased since comes back with it.", Hours(datafolder.GreatestAge))
		}
	}
	r.sayLost(ctx)
	r.say("Everything that happened since the copy was made will be gone.")
	return yes || console.Agreed(r.Term, "Put it in the place of the present database?")
}

// sayLost names the schools of which the present database has something that the copy has not. No names and no addresses: counts, and the schools' slugs.
func (r *Restoring) sayLost(ctx context.Context) {
	if _, err := os.Stat(r.Folder.Database()); err != nil {
		r.say("loses     There is no present database to compare with.")
		return
	}
	all, err := backup.WouldLose(ctx, r.ready().Database(), r.Folder.Database())
	if err != nil {
		r.say("loses     The present database cannot be compared (%v): nobody can tell what would be lost.", err)
		return
	}
	if len(all) == 0 {
		r.say("loses     no school, pupil, contact or booking of the present database")
		return
	}
	schools := 0
	for _, one := range all {
		if one.School {
			schools++
		}
	}
	r.say("loses     %d whole schools, and what %d others have got since:", schools, len(all)-schools)
	for _, one := range all {
		what := "of"
		if one.School {
			what = "ALL of"
		}
		r.say("          %s %s: %d pupils, %d households, %d contacts, %d bookings", what, one.Slug, one.Pupils, one.Households, one.Contacts, one.Bookings)
	}
}

// takenAt reads the time of a copy from its name.
func takenAt(path string) (time.Time, bool) {
	text := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), datafolder.CopyPrefix), datafolder.CopySuffix)
	taken, err := time.Parse(datafolder.CopyTime, text)
	return taken, err == nil
}

// Run makes the copy ready: wipes again what was wiped, and settles what must not go on as if nothing had happened.
func (r *Restoring) Run(ctx context.Context, folders []string) error {
	if err := r.gatherWiped(ctx, folders); err != nil {
		return err
	}
	again, err := backup.MergeLedger(ctx, r.ready().Database(), r.wiped)
	if err != nil {
		return err
	}
	// Opening it brings its schema up to date; the wipes run as they do when the program starts.
	err = r.opened(ctx, func(service *booking.Services) error {
		_, err := service.Erasures.FinishErasures(ctx, machine.Pause)
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
	err = r.opened(ctx, func(service *booking.Services) error { return r.replay(ctx, service) })
	if err != nil {
		return err
	}
	settled, err := backup.Settle(ctx, r.ready().Database())
	if err != nil {
		return err
	}
	r.say("ended     %d sessions and %d one-time codes: everybody logs in again", settled["sessions"], settled["codes"])
	r.say("messages  %d were waiting in the copy. They may have gone out since, so they will not be sent: the school sees them as unknown (%s) and can send them again",
		settled["messages"], models.ProblemRestored)
	if err := backup.Compact(ctx, r.ready().Database()); err != nil {
		return err
	}
	content, err := backup.Inspect(ctx, r.ready().Database(), r.Master, nil)
	if err != nil {
		return err
	}
	r.say("ready     %s", Describe(content))
	return nil
}

// opened runs a function on the copy, opened as the program opens its database. Receipts go where the program keeps them.
func (r *Restoring) opened(ctx context.Context, work func(*booking.Services) error) error {
	rows, err := store.Open(ctx, store.Config{Path: r.ready().Database(), Master: r.Master, Clock: r.Clock})
	if err != nil {
		return err
	}
	return errors.Join(work(booking.New(rows, booking.Options{External: datafolder.External{Folder: r.Folder}})), rows.Close())
}

// compare tells what gets lost, keeps what must not be undone, and erases again the pupils whom schools have erased by hand since.
func (r *Restoring) compare(ctx context.Context) error {
	if !r.present {
		r.say("lost      There is no present database to compare with. Look yourself: keys revoked and passwords changed since are as they were.")
		return nil
	}
	difference, err := backup.Compare(ctx, r.ready().Database(), r.Folder.Database())
	if errors.Is(err, backup.ErrDamaged) {
		r.say("lost      The present database cannot be compared (%v). Look yourself: keys revoked and passwords changed since are as they were.", err)
		return nil
	}
	if err != nil {
		return err
	}
	r.say("lost      %d bookings of the present database are not in the copy", difference.Bookings)
	r.say("kept      %d keys stay revoked, %d accounts stay closed, %d keep the roles of today, and all passwords and second factors are those of today",
		difference.Kept["api-keys"]+difference.Kept["operator-keys"], difference.Kept["accounts"], difference.Kept["roles"])
	r.say("erased    %d pupils whom schools had erased by hand are erased again, as the present database says", len(difference.Erased))
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

// replay erases again what the journals say was erased since the copy was made.
func (r *Restoring) replay(ctx context.Context, service *booking.Services) error {
	again, err := service.Erasures.EraseAgain(ctx, r.erased)
	if err != nil {
		return err
	}
	r.say("journal   %d lines of the journal of erasures; erased again by it: %d pupils, %d households in which nobody was left, %d addresses and numbers",
		len(r.erased), again[models.ErasedPupil], again[models.ErasedHousehold], again[models.ErasedContact])
	return nil
}

// Swap moves the present database aside and the copy into its place.
func (r *Restoring) Swap() error {
	aside := r.Folder.Database() + datafolder.AsideInfix + r.Clock.Now().UTC().Format(datafolder.CopyTime)
	// A write-ahead log that is left of a database that is gone must not meet the new one either.
	for _, suffix := range datafolder.BesideDatabase {
		err := os.Rename(r.Folder.Database()+suffix, aside+suffix)
		if err == nil {
			r.aside = aside
		} else if !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	err := errors.Join(os.Rename(r.ready().Database(), r.Folder.Database()), backup.SyncFolder(r.Folder.Path))
	if err != nil {
		return fmt.Errorf("%w. The present database is %s", err, datafolder.Short(r.aside))
	}
	if r.aside != "" {
		r.say("aside     the database that was here is %s; the server removes it when it is %s old", datafolder.Short(r.aside), Hours(datafolder.GreatestAge))
	}
	r.say("Done. Start the server. Then import the present rosters, look at each school's messages, and tell families whose appointments were lost.")
	return nil
}
