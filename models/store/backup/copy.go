package backup

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver
)

// ErrWipe tells that a copy was given up because a school is being wiped: a reader that stays in an old moment would keep the wipe waiting.
var ErrWipe = errors.New("a school is being wiped")

// watchEvery is how often a copy looks whether a wipe has begun. A wipe tries as often to empty the write-ahead log.
const watchEvery = 50 * time.Millisecond

// Copy writes the state of one moment of the database at from to the new file to, which only its owner can read. Writers are not kept waiting. The copy
// holds live rows and nothing else: no page that was freed, and no write-ahead log. It is on disk when Copy returns; after an error there is no file.
//
// A copy and a wipe do not go together. As soon as a wipe begins the copy fails with ErrWipe, so that the write-ahead log can be emptied; wait pauses
// between two looks, and ends early with an error if its context does.
func Copy(ctx context.Context, from, to string, wait func(context.Context, time.Duration) error) error {
	return copyTo(ctx, from, to, wait, (*os.File).Sync)
}

// copyTo is Copy with the function that puts a file, or a folder's list of names, on disk.
func copyTo(ctx context.Context, from, to string, wait func(context.Context, time.Duration) error, sync func(*os.File) error) error {
	// Made first, because SQLite would make it readable by others.
	file, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	err = errors.Join(copyInto(ctx, from, to, wait), sync(file), file.Close())
	if err != nil {
		return errors.Join(err, removeWith(to))
	}
	return syncFolder(filepath.Dir(to), sync)
}

func copyInto(ctx context.Context, from, to string, wait func(context.Context, time.Duration) error) error {
	source, err := open(from, readOnly)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	watch, err := open(from, readOnly)
	if err != nil {
		return err
	}
	defer func() { _ = watch.Close() }()
	if err := wipeUnderWay(ctx, watch); err != nil {
		return err
	}
	copying, stop := context.WithCancelCause(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for wait(copying, watchEvery) == nil {
			if err := wipeUnderWay(copying, watch); err != nil && copying.Err() == nil {
				stop(err)
			}
		}
	}()
	_, err = source.ExecContext(copying, "VACUUM INTO ?", to)
	if cause := context.Cause(copying); err != nil && cause != nil {
		err = cause
	}
	stop(nil)
	<-watched
	if err == nil {
		err = wipeUnderWay(ctx, watch) // one that began as the copy ended
	}
	return err
}

// wipeUnderWay fails with ErrWipe while a school is being closed, or a wipe has no end yet.
func wipeUnderWay(ctx context.Context, db *sql.DB) error {
	var under bool
	err := db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM erasure_ledger WHERE finished_at IS NULL) OR EXISTS (SELECT 1 FROM schools WHERE state = 'closing')").Scan(&under)
	if err == nil && under {
		return ErrWipe
	}
	return err
}

// How a file is opened.
var (
	readOnly  = url.Values{"mode": {"ro"}, "_busy_timeout": {"10000"}}
	readWrite = url.Values{"mode": {"rw"}, "_busy_timeout": {"10000"}, "_foreign_keys": {"on"}, "_secure_delete": {"on"}, "_synchronous": {"FULL"}, "_loc": {"UTC"}}
)

// open opens a file that must be there, with one connection.
func open(path string, how url.Values) (*sql.DB, error) {
	db, err := sql.Open("sqlite3", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+how.Encode())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", filepath.Base(path), err)
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// removeWith removes a database's file and what SQLite may have put beside it.
func removeWith(path string) error {
	var failed []error
	for _, suffix := range besides {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// besides are the endings of the files that a database consists of.
var besides = []string{"", "-wal", "-shm", "-journal"}

// SyncFolder puts a folder's list of names on disk: only then is a new or renamed file sure to be found after a power cut.
func SyncFolder(path string) error { return syncFolder(path, (*os.File).Sync) }

func syncFolder(path string, sync func(*os.File) error) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(sync(folder), folder.Close())
}
