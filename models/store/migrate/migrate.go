// Package migrate brings a database's schema up to date: numbered SQL files, one folder for each engine, run by goose. The files are written by hand and
// never made from the program's structs, so that an old step keeps meaning what it meant. No data of a school is read here.
package migrate

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed sqlite/*.sql
var files embed.FS

// ErrNewerSchema tells that a later version of the program has already changed the database; this version must not write to it.
var ErrNewerSchema = errors.New("the database was made by a newer version of the program")

// Up runs the steps that the database does not have yet. It fails with ErrNewerSchema, having changed nothing, if the database is ahead of the program.
func Up(ctx context.Context, pool *sql.DB) error {
	steps, err := fs.Sub(files, "sqlite")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, pool, steps, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("prepare migrations: %w", err)
	}
	present, newest, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if present > newest {
		return fmt.Errorf("%w: schema %d, program knows %d", ErrNewerSchema, present, newest)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
