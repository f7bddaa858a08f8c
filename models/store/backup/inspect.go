package backup

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store/migrate"
)

// What a copy may suffer from.
var (
	ErrNotADatabase   = errors.New("the file is not a SQLite database")
	ErrTruncated      = errors.New("the file ends too early: it was cut off while it was copied")
	ErrDamaged        = errors.New("the database in the file is damaged")
	ErrNotOurs        = errors.New("the file is a database of another program")
	ErrOtherMasterKey = errors.New("it belongs to another master key than the one at hand")
	ErrNewerSchema    = errors.New("it was made by a newer version of the program; use that version")
	ErrHoldsMasterKey = errors.New("the file holds the master key, which must never be in a copy")
)

// Content is what a copy holds.
type Content struct {
	Fingerprint string // of the master key
	Schema      int64  // version
	Bytes       int64
	Schools     int64
	Pupils      int64
	// Appointments are the booked ones. Unclaimed are those of them for which not all claims of their teachers are there; it is always 0.
	Appointments, Unclaimed int64
}

// Inspect opens a copy and reads all of it: is it whole, is it one of ours, does it belong to the master key, does the program know its schema, do all its
// references lead somewhere, do the keys of all its schools open. It changes nothing. secret is the master key itself, to look that it is not inside; nil
// looks for nothing.
func Inspect(ctx context.Context, path string, master *seal.Master, secret [][]byte) (*Content, error) {
	content := &Content{}
	var err error
	if content.Bytes, err = checkFile(path, secret); err != nil {
		return nil, err
	}
	db, err := open(path, readOnly)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	for _, check := range []func(context.Context, *sql.DB, *seal.Master) error{checkIntegrity, content.read, checkReferences, openSchools, content.count} {
		if err := check(ctx, db, master); err != nil {
			return nil, err
		}
	}
	return content, nil
}

// magic begins every SQLite database (https://sqlite.org/fileformat2.html, section 1.3).
const magic = "SQLite format 3\x00"

// checkFile looks at the file's first 100 bytes and its length, and for secrets anywhere in it.
func checkFile(path string, secrets [][]byte) (int64, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	header := make([]byte, 100)
	if _, err := io.ReadFull(file, header); err != nil || !bytes.HasPrefix(header, []byte(magic)) || info.IsDir() {
		return 0, ErrNotADatabase
	}
	pageSize := int64(binary.BigEndian.Uint16(header[16:]))
	if pageSize == 1 {
		pageSize = 65536
	}
	// The count of pages is good where the change counter was written with it; a copy of ours always has it.
	pages, current := int64(binary.BigEndian.Uint32(header[28:])), bytes.Equal(header[24:28], header[92:96])
	if current && info.Size() < pages*pageSize {
		return 0, ErrTruncated
	}
	if len(secrets) == 0 {
		return info.Size(), nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	found, err := holds(file, secrets)
	if err == nil && found {
		err = ErrHoldsMasterKey
	}
	return info.Size(), err
}

// holds tells whether one of some values is somewhere in a stream.
func holds(stream io.Reader, values [][]byte) (bool, error) {
	const window = 1 << 20
	reader := bufio.NewReaderSize(stream, window)
	for {
		part, err := reader.Peek(window)
		for _, value := range values {
			if bytes.Contains(part, value) {
				return true, nil
			}
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return false, err
		}
		// The windows overlap by more than the longest value, so that none is missed on a border.
		if _, err := reader.Discard(window - 256); err != nil {
			return false, err
		}
	}
}

func checkIntegrity(ctx context.Context, db *sql.DB, _ *seal.Master) error {
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return damage(ctx, err)
	}
	if verdict != "ok" {
		return ErrDamaged
	}
	return nil
}

// damage is what a statement's failure says about a file, unless the caller has given up.
func damage(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

// read takes the schema's version and the fingerprint, and compares them with what is at hand.
func (c *Content) read(ctx context.Context, db *sql.DB, master *seal.Master) error {
	if err := db.QueryRowContext(ctx, "SELECT max(version_id) FROM goose_db_version WHERE is_applied").Scan(&c.Schema); err != nil {
		return ErrNotOurs
	}
	if err := db.QueryRowContext(ctx, "SELECT fingerprint FROM installation").Scan(&c.Fingerprint); err != nil {
		return ErrNotOurs
	}
	if master != nil && c.Fingerprint != master.Fingerprint() {
		return ErrOtherMasterKey
	}
	newest, err := migrate.Newest(migrate.SQLite)
	if err == nil && c.Schema > newest {
		return fmt.Errorf("%w (schema %d; this program knows %d)", ErrNewerSchema, c.Schema, newest)
	}
	return err
}

func checkReferences(ctx context.Context, db *sql.DB, _ *seal.Master) error {
	rows, err := db.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return damage(ctx, err)
	}
	defer func() { _ = rows.Close() }()
	if rows.Next() {
		return fmt.Errorf("%w: a row refers to one that is not there", ErrDamaged)
	}
	return rows.Err()
}

// openSchools opens every school's key and details: what belongs to another key, or was damaged without SQLite noticing, does not open.
func openSchools(ctx context.Context, db *sql.DB, master *seal.Master) error {
	if master == nil {
		return nil
	}
	rows, err := db.QueryContext(ctx, "SELECT id, wrapped_key, details FROM schools")
	if err != nil {
		return damage(ctx, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var school models.School
		if err := rows.Scan(&school.ID, &school.KeyBox, &school.DetailsBox); err != nil {
			return damage(ctx, err)
		}
		key, err := master.SchoolKey(school.ID, school.KeyBox)
		if err == nil {
			sealed := school.Sealed()[0]
			err = key.Open(seal.Place{Table: school.TableName(), Column: sealed.Name, Row: school.Row()}, *sealed.Box, sealed.Value)
		}
		if err != nil {
			return fmt.Errorf("%w: the key of school %s does not open: %w", ErrDamaged, school.ID, err)
		}
	}
	return rows.Err()
}

// count counts what people ask for, and looks whether every booked appointment has the claims that keep its teachers from being in two places.
func (c *Content) count(ctx context.Context, db *sql.DB, _ *seal.Master) error {
	for _, wanted := range []struct {
		into  *int64
		query string
	}{
		{&c.Schools, "SELECT count(*) FROM schools"},
		{&c.Pupils, "SELECT count(*) FROM pupils"},
		{&c.Appointments, "SELECT count(*) FROM appointments WHERE state = 'booked'"},
		{&c.Unclaimed, `SELECT count(DISTINCT a.school_id || a.id) FROM appointments a JOIN appointment_staff s ON s.school_id = a.school_id AND s.appointment_id = a.id
			WHERE a.state = 'booked' AND a.end_tick - a.start_tick <> (SELECT count(*) FROM claims c
			WHERE c.school_id = a.school_id AND c.holder = s.staff_id AND c.tick >= a.start_tick AND c.tick < a.end_tick AND c.appointment_id = a.id)`},
	} {
		if err := db.QueryRowContext(ctx, wanted.query).Scan(wanted.into); err != nil {
			return damage(ctx, err)
		}
	}
	return nil
}
