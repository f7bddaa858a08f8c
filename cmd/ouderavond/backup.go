package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/backup"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/cmd/internal/machine"
	"github.com/ouderavond/ouderavond/models/store"
)

// backupCommand copies the database.
type backupCommand struct {
	To string `help:"Folder or new file to write to. Default: the setting backup-folder. In a folder, copies older than the setting backup-keep are removed." placeholder:"PATH"`
}

// Run makes a verified copy while the server goes on, and tells what it holds.
func (c backupCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	if err := s.Check(); err != nil {
		return err
	}
	if s.OnPostgreSQL() {
		return backup.ErrNoSQLite
	}
	f := datafolder.Folder{Path: s.Data}
	if _, err := os.Stat(f.Database()); err != nil {
		return fmt.Errorf("there is no database in %s", datafolder.Short(s.Data))
	}
	clock := machine.Clock{}
	work, err := backup.NewCopying(f, s, clock)
	if err != nil {
		return err
	}
	taken := clock.Now().UTC()
	to, into, err := c.target(f, s, taken)
	if err != nil {
		return err
	}
	content, err := work.Take(ctx, to)
	if err != nil {
		return fmt.Errorf("no copy was made: %w", err)
	}
	_, keep := s.BackupTimes()
	fmt.Fprintf(term.Out, "copy      %s\nholds     %s\n", datafolder.Short(to), backup.Describe(content))
	if work.Master == nil {
		fmt.Fprintln(term.Out, "checked   it is whole. The master key was not at hand, so nobody has seen that the copy opens")
	} else {
		fmt.Fprintln(term.Out, "checked   it is whole, the keys of its schools open with the master key, and that key is not inside")
	}
	if into == nil {
		fmt.Fprintf(term.Out, "forget    remove it before %s: nothing does that for a file outside a folder of copies\n", taken.Add(keep).Format(time.RFC3339))
		return nil
	}
	removed, err := into.Forget(clock.Now(), keep)
	fmt.Fprintf(term.Out, "forget    %d older copies removed; this one goes when it is %s old\n", removed, backup.Hours(keep))
	return err
}

// target gives the file to write, and the folder of copies that it is in; nil for a file that was named itself.
func (c backupCommand) target(f datafolder.Folder, s *config.Settings, taken time.Time) (string, *backup.Copies, error) {
	path := c.To
	if path == "" {
		path = s.BackupFolder
	}
	if path == "" {
		return "", nil, errors.New("where to? Give --to, or the setting --backup-folder")
	}
	info, err := os.Stat(path)
	named := err != nil && filepath.Ext(path) == datafolder.CopySuffix || err == nil && !info.IsDir()
	if named {
		return path, nil, f.CheckTarget(filepath.Dir(path))
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return "", nil, err
	}
	into := backup.Copies{Path: path}
	return into.Name(taken), &into, f.CheckTarget(path)
}

// restoreCommand puts a copy in the place of the database; with PostgreSQL it finishes what PostgreSQL's own tools have begun.
type restoreCommand struct {
	File     string   `arg:"" optional:"" help:"The copy, as the command backup made it. With PostgreSQL none: pg_restore has put the copy back, and this does the rest." placeholder:"FILE"`
	Receipts []string `help:"Further folders with receipts of wipes, such as the one of another machine; what they say was wiped is wiped again." placeholder:"DIR"`
	Yes      bool     `help:"Do it without asking."`
}

// Run restores. Until the very end the present database is where it was: whatever fails before leaves everything as it is.
func (c restoreCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	if err := s.Check(); err != nil {
		return err
	}
	if s.OnPostgreSQL() && c.File != "" {
		return backup.ErrNoSQLite
	}
	if !s.OnPostgreSQL() && c.File == "" {
		return errors.New("which copy? Give its file")
	}
	work, err := backup.NewCopying(datafolder.Folder{Path: s.Data}, s, machine.Clock{})
	if err != nil {
		return err
	}
	if work.Master == nil {
		return fmt.Errorf("the master key is missing: put it back as %s, or give it as OUDERAVOND_MASTER_KEY, and restore then; no copy can be read without it", datafolder.Short(work.Folder.KeyFile()))
	}
	if s.OnPostgreSQL() { // another machine may do it as well
		err = work.Folder.Make()
	}
	if err := errors.Join(err, work.Folder.Mine()); err != nil {
		return err
	}
	release, err := work.Folder.Lock()
	if errors.Is(err, datafolder.ErrInUse) {
		return fmt.Errorf("a server or a command works in %s: stop it first", datafolder.Short(s.Data))
	}
	if err != nil {
		return err
	}
	defer release()
	r := &backup.Restoring{Copying: work, File: c.File, Term: term}
	if s.OnPostgreSQL() {
		return r.AfterDump(ctx, s, c.Receipts, c.Yes)
	}
	defer r.Clean()
	content, err := r.Fetch(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w. Nothing was changed", datafolder.Short(c.File), err)
	}
	if !r.Agreed(ctx, content, c.Yes) {
		fmt.Fprintln(term.Out, "Nothing was changed.")
		return console.ErrFailed
	}
	if err := r.Run(ctx, c.Receipts); err != nil {
		return fmt.Errorf("%w. The present database is as it was", err)
	}
	return r.Swap()
}

// databaseCommand is about the database itself, and about no school.
type databaseCommand struct {
	Distribute distributeCommand `cmd:"" help:"Spread a PostgreSQL database with Citus over its nodes, school by school. Again after each upgrade."`
}

// distributeCommand spreads the database over the nodes of Citus.
type distributeCommand struct{}

// Run brings the schema up to date and distributes what is not distributed yet, and tells what it does.
func (distributeCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	if err := s.Check(); err != nil {
		return err
	}
	if !s.OnPostgreSQL() {
		return errors.New("the rows are in a file: only a PostgreSQL database (--database) can be distributed")
	}
	return store.Distribute(ctx, store.Config{URL: s.Database, Clock: machine.Clock{}}, func(format string, values ...any) {
		fmt.Fprintf(term.Out, format+"\n", values...)
	})
}
