package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
	"github.com/ouderavond/ouderavond/models/store/internal/postgres"
	"github.com/ouderavond/ouderavond/models/store/migrate"
)

// fitsFor bounds a look whether a database fits.
const fitsFor = 10 * time.Second

// Fits tells whether Open would refuse a PostgreSQL database that other programs may be using: as it is newer than this program (migrate.ErrNewerSchema), belongs to
// another master key (ErrWrongMasterKey), keeps text in another encoding, or lets this program not in. It reads a few rows and changes nothing. A server that cannot
// be asked is errs.Unavailable.
func Fits(ctx context.Context, url string, master *seal.Master) error {
	ctx, cancel := context.WithTimeout(ctx, fitsFor)
	defer cancel()
	server, err := pgx.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("address of the database: %w", err) // the driver leaves the password out
	}
	server.RuntimeParams["default_transaction_read_only"] = "on"
	conn, err := pgx.ConnectConfig(ctx, server)
	var answered *pgconn.PgError
	if errors.As(err, &answered) {
		return fmt.Errorf("open database: %w", err)
	}
	if err != nil {
		return errs.Because(errs.Unavailable, errs.CodeDatabase, err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var encoding string
	if err := conn.QueryRow(ctx, "SHOW server_encoding").Scan(&encoding); err != nil {
		return engine.Translate(err)
	}
	if err := postgres.RightEncoding(encoding); err != nil {
		return err
	}
	return knows(ctx, conn, master)
}

// knows looks at the marks that a program leaves in a database: how far its schema is, and of which master key it is. One without them is new.
func knows(ctx context.Context, conn *pgx.Conn, master *seal.Master) error {
	var began bool
	if err := conn.QueryRow(ctx, "SELECT to_regclass('goose_db_version') IS NOT NULL").Scan(&began); err != nil || !began {
		return engine.Translate(err)
	}
	var present pgtype.Int8
	if err := conn.QueryRow(ctx, "SELECT max(version_id) FROM goose_db_version WHERE is_applied").Scan(&present); err != nil {
		return engine.Translate(err)
	}
	newest, err := migrate.Newest(migrate.PostgreSQL)
	if err != nil {
		return err
	}
	if present.Int64 > newest {
		return fmt.Errorf("%w: schema %d, program knows %d", migrate.ErrNewerSchema, present.Int64, newest)
	}
	var made bool
	if err := conn.QueryRow(ctx, "SELECT to_regclass('installation') IS NOT NULL").Scan(&made); err != nil || !made {
		return engine.Translate(err)
	}
	var fingerprint string
	err = conn.QueryRow(ctx, "SELECT fingerprint FROM installation").Scan(&fingerprint)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err == nil && fingerprint != master.Fingerprint() {
		return ErrWrongMasterKey
	}
	return engine.Translate(err)
}
