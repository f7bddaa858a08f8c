// Package migrate brings a database's schema up to date: numbered SQL files, one folder for each engine, run by goose. The files are written by hand and
// never made from the program's structs, so that an old step keeps meaning what it meant. No data of a school is read here.
package migrate

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed sqlite/*.sql postgres/*.sql
var files embed.FS

// Engine is a kind of database: the name of the folder that has its steps.
type Engine string

// The engines.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgres"
)

// ErrNewerSchema tells that a later version of the program has already changed the database; this version must not write to it.
var ErrNewerSchema = errors.New("the database was made by a newer version of the program")

// Up runs the steps that the database does not have yet. It fails with ErrNewerSchema, having changed nothing, if the database is ahead of the program.
//
// On PostgreSQL several instances may start at once: one of them runs the steps, the others wait for it.
func Up(ctx context.Context, engine Engine, pool *sql.DB) error {
	provider, err := provider(pool, engine)
	if err != nil {
		return fmt.Errorf("prepare migrations: %w", err)
	}
	if err := refuseNewer(ctx, provider); err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	// Whoever waited for a newer instance finds its schema now.
	return refuseNewer(ctx, provider)
}

// UpTo runs the steps up to a version, as an older program did: for tests of what it left behind.
func UpTo(ctx context.Context, engine Engine, pool *sql.DB, version int64) error {
	provider, err := provider(pool, engine)
	if err != nil {
		return err
	}
	_, err = provider.UpTo(ctx, version)
	return err
}

// Pause and tries of the wait for another instance that migrates, in seconds: five minutes in all.
const (
	lockPause = 1
	lockTries = 300
)

func provider(pool *sql.DB, engine Engine) (*goose.Provider, error) {
	steps, err := fs.Sub(files, string(engine))
	if err != nil {
		return nil, err
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if engine != PostgreSQL {
		return goose.NewProvider(goose.DialectSQLite3, pool, steps, options...)
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(lockPause, lockTries))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, pool, steps, append(options, goose.WithSessionLocker(locker))...)
}

func refuseNewer(ctx context.Context, provider *goose.Provider) error {
	present, newest, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if present > newest {
		return fmt.Errorf("%w: schema %d, program knows %d", ErrNewerSchema, present, newest)
	}
	return nil
}

// Fingerprint tells one set of an engine's steps from another: it names the template from which tests copy their databases.
func Fingerprint(engine Engine) ([sha256.Size]byte, error) {
	sum := sha256.New()
	names, err := fs.Glob(files, string(engine)+"/*.sql")
	if err != nil {
		return [sha256.Size]byte{}, err
	}
	for _, name := range names {
		content, err := files.ReadFile(name)
		if err != nil {
			return [sha256.Size]byte{}, err
		}
		_, _ = fmt.Fprintf(sum, "%s %d\n%s", name, len(content), content) // a hash never fails
	}
	return [sha256.Size]byte(sum.Sum(nil)), nil
}
