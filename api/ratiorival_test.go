package api_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/models"
)

// rival is what somebody writes by hand who wants to book as fast as can be: prepared statements, one writer that groups what waits, JSON in and out. It
// writes the same rows as the product into a copy of its database, and has none of its rules.
type rival struct {
	db         *sql.DB
	school     []byte
	conference []byte
	jobs       chan *rivalJob
	statements map[string]*sql.Stmt
	sessions   map[string]rivalSession
	box        []byte
	days       [][]byte
}

type rivalSession struct{ id, household []byte }

type rivalItem struct {
	Ref      string    `json:"ref"`
	Pupil    string    `json:"pupil"`
	TalkKind string    `json:"talk_kind"`
	Staff    []string  `json:"staff"`
	Start    time.Time `json:"start"`
}

type rivalJob struct {
	session rivalSession
	key     string
	items   []rivalItem
	answer  []rivalAnswer
	done    chan error
}

type rivalAnswer struct {
	ID    string    `json:"id"`
	Ref   string    `json:"ref"`
	Start time.Time `json:"start"`
}

var errRivalTaken = errors.New("taken")

var rivalStatements = map[string]string{
	"session": "SELECT expires_at FROM sessions WHERE school_id = ? AND id = ?",
	"stored":  "SELECT result FROM idempotency WHERE school_id = ? AND actor = ? AND key_index = ?",
	"maker":   "SELECT id FROM makers WHERE school_id = ? AND household_id = ?",
	"contact": "SELECT id FROM contacts WHERE school_id = ? AND household_id = ?",
	"new maker": `INSERT INTO makers (school_id, id, household_id, pupil_ids, device_index, language, expires_at, created_at)
		VALUES (?, ?, ?, '[]', ?, 'nl', ?, ?)`,
	"new contact": `INSERT INTO contacts (school_id, id, household_id, maker_id, kind, source, purposes, language, suppressed, suppressed_for, created_at, details)
		VALUES (?, ?, ?, ?, 'email', 'typed', '["confirmation"]', 'nl', 0, '', ?, ?)`,
	"booking": `INSERT INTO bookings (school_id, id, household_id, maker_id, actor_kind, actor_id, on_behalf, made, moved, cancelled, at)
		VALUES (?, ?, ?, ?, 'parent', ?, 0, 3, 0, 0, ?)`,
	"appointments": "INSERT INTO appointments (school_id, id, conference_id, day_id, talk_kind_id, pupil_id, household_id, party, booking_id, maker_id, " +
		"start_tick, end_tick, state, version) VALUES " + strings.Repeat(", (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, 'booked', 1)", 3)[2:],
	"staff":      "INSERT INTO appointment_staff (school_id, appointment_id, staff_id) VALUES " + strings.Repeat(", (?, ?, ?)", 3)[2:],
	"claims":     "INSERT INTO claims (school_id, holder, tick, appointment_id) VALUES " + strings.Repeat(", (?, ?, ?, ?)", 12)[2:] + " ON CONFLICT DO NOTHING",
	"invitation": "INSERT INTO invitations (school_id, household_id, day_id, contact_id, uid, sequence) VALUES (?, ?, ?, ?, ?, 0)",
	"message": `INSERT INTO messages (school_id, id, kind, channel, state, household_id, contact_id, day_id, booking_id, language, due_at, useful_until, attempts,
		carrier_id, problem, created_at, details, again, follow_ups) VALUES (?, ?, 'confirmation', 'mail', 'queued', ?, ?, ?, ?, 'nl', ?, ?, 0, '', '', ?, ?, 0, 0)`,
	"audit": `INSERT INTO audits (school_id, id, at, actor_kind, actor_id, action, subject, reason, counts)
		VALUES (?, ?, ?, 'parent', ?, 'booking', ?, '', '{"cancelled":0,"made":3,"moved":0}')`,
	"store": "INSERT INTO idempotency (school_id, actor, key_index, fingerprint, result, at) VALUES (?, ?, ?, ?, ?, ?)",
}

func newRival(t *testing.T, path string, school *ratioSchool) *rival {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "rival.db")
	source, err := sql.Open("sqlite3", "file:"+path)
	wantNoError(t, err)
	_, err = source.Exec("VACUUM INTO ?", copied)
	wantNoError(t, err)
	wantNoError(t, source.Close())
	db, err := sql.Open("sqlite3", "file:"+copied+"?_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_secure_delete=on&_busy_timeout=10000&_txlock=immediate&_loc=UTC")
	wantNoError(t, err)
	db.SetMaxOpenConns(1)
	r := &rival{
		db: db, school: school.ID[:], jobs: make(chan *rivalJob, 1000), statements: map[string]*sql.Stmt{},
		sessions: map[string]rivalSession{}, box: make([]byte, 220),
	}
	wantNoError(t, db.QueryRow("SELECT id FROM conferences").Scan(&r.conference))
	for name, text := range rivalStatements {
		r.statements[name], err = db.Prepare(text)
		wantNoError(t, err)
	}
	r.loadSessions(t, school)
	for _, day := range school.days {
		r.days = append(r.days, day[:])
	}
	stop := make(chan struct{})
	go r.write(stop)
	t.Cleanup(func() {
		close(stop)
		_ = db.Close()
	})
	return r
}

// loadSessions gives each household's session a token that the rival knows.
func (r *rival) loadSessions(t *testing.T, school *ratioSchool) {
	t.Helper()
	rows, err := r.db.Query("SELECT id, data FROM sessions WHERE kind = 'parent' ORDER BY id")
	wantNoError(t, err)
	defer func() { _ = rows.Close() }()
	family := 0
	for rows.Next() {
		var id []byte
		var data string
		wantNoError(t, rows.Scan(&id, &data))
		household := school.households(t, family)
		r.sessions[fmt.Sprintf("token-%d", family)] = rivalSession{id, household[:]}
		family++
	}
	wantNoError(t, rows.Err())
	if family != school.families {
		t.Fatalf("%d sessions of %d families", family, school.families)
	}
}

// households gives the household of a family.
func (s *ratioSchool) households(t *testing.T, family int) models.HouseholdID {
	t.Helper()
	if s.people == nil {
		_, people, err := s.World.Booking.People.Pupils(context.Background(), s.Actor())
		wantNoError(t, err)
		s.people = people
	}
	return s.people.HouseholdsOf(s.pupils[fmt.Sprint(1000+3*family)])[0].HouseholdID
}

// orders gives the product's orders with the rival's tokens.
func (r *rival) orders(orders []order) []order {
	own := make([]order, len(orders))
	for i, one := range orders {
		var family, day int
		_, _ = fmt.Sscanf(one.key, "key-%d-%d", &family, &day)
		own[i] = order{fmt.Sprintf("token-%d", family), one.body, one.key}
	}
	return own
}

// ServeHTTP takes a booking.
func (r *rival) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	var body struct {
		Make []rivalItem `json:"make"`
	}
	if err := json.NewDecoder(request.Body).Decode(&body); err != nil || len(body.Make) != 3 {
		http.Error(w, "malformed", http.StatusBadRequest)
		return
	}
	session, ok := r.sessions[strings.TrimPrefix(request.Header.Get("Authorization"), "Bearer ")]
	if !ok {
		http.Error(w, "not logged in", http.StatusUnauthorized)
		return
	}
	job := &rivalJob{session: session, key: request.Header.Get("Idempotency-Key"), items: body.Make, done: make(chan error, 1)}
	r.jobs <- job
	if err := <-job.done; err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(map[string]any{"appointments": job.answer})
}

// write commits what waits in groups of the product's size.
func (r *rival) write(stop chan struct{}) {
	for {
		var group []*rivalJob
		select {
		case <-stop:
			return
		case first := <-r.jobs:
			group = append(group, first)
		}
		for len(group) < 64 && len(r.jobs) > 0 {
			group = append(group, <-r.jobs)
		}
		r.commit(group)
	}
}

func (r *rival) commit(group []*rivalJob) {
	tx, err := r.db.Begin()
	failed := make([]error, len(group))
	for i, job := range group {
		if err != nil {
			break
		}
		if _, err = tx.Exec("SAVEPOINT work"); err != nil {
			break
		}
		end := "RELEASE work"
		if failed[i] = r.book(tx, job); failed[i] != nil {
			end = "ROLLBACK TO work"
		}
		_, err = tx.Exec(end)
	}
	if err == nil {
		err = tx.Commit()
	}
	for i, job := range group {
		job.done <- errors.Join(err, failed[i])
	}
}

func newBytes() []byte {
	id := uuid.Must(uuid.NewV7())
	return id[:]
}

func (r *rival) book(tx *sql.Tx, job *rivalJob) error {
	now := time.Date(2026, time.November, 10, 18, 0, 0, 0, time.UTC)
	var expires time.Time
	if err := tx.Stmt(r.statements["session"]).QueryRow(r.school, job.session.id).Scan(&expires); err != nil {
		return err
	}
	index := sha256.Sum256([]byte(job.key))
	actor := fmt.Sprintf("parent:%x", job.session.id)
	var stored string
	if err := tx.Stmt(r.statements["stored"]).QueryRow(r.school, actor, index[:]).Scan(&stored); !errors.Is(err, sql.ErrNoRows) {
		return errors.Join(errors.New("stored"), err)
	}
	maker, contact, err := r.maker(tx, job, now)
	if err != nil {
		return err
	}
	bookingID := newBytes()
	if _, err := tx.Stmt(r.statements["booking"]).Exec(r.school, bookingID, job.session.household, maker, job.session.id, now); err != nil {
		return err
	}
	day, err := r.appointments(tx, job, bookingID, maker)
	if err != nil {
		return err
	}
	result, err := json.Marshal(job.answer)
	if err != nil {
		return err
	}
	for _, last := range []struct {
		statement string
		values    []any
	}{
		{"invitation", []any{r.school, job.session.household, day, contact, newBytes()}},
		{"message", []any{r.school, newBytes(), job.session.household, contact, day, bookingID, now, now.Add(time.Hour), now, r.box}},
		{"audit", []any{r.school, newBytes(), now, job.session.id, bookingID}},
		{"store", []any{r.school, actor, index[:], index[:], string(result), now}},
	} {
		if _, err := tx.Stmt(r.statements[last.statement]).Exec(last.values...); err != nil {
			return err
		}
	}
	return nil
}

// maker gives the maker and the contact of the household, and makes them at its first booking.
func (r *rival) maker(tx *sql.Tx, job *rivalJob, now time.Time) (maker, contact []byte, err error) {
	err = tx.Stmt(r.statements["maker"]).QueryRow(r.school, job.session.household).Scan(&maker)
	if err == nil {
		return maker, contact, tx.Stmt(r.statements["contact"]).QueryRow(r.school, job.session.household).Scan(&contact)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return nil, nil, err
	}
	maker, contact = newBytes(), newBytes()
	if _, err := tx.Stmt(r.statements["new maker"]).Exec(r.school, maker, job.session.household, newBytes(), now, now); err != nil {
		return nil, nil, err
	}
	_, err = tx.Stmt(r.statements["new contact"]).Exec(r.school, contact, job.session.household, maker, now, r.box)
	return maker, contact, err
}

func (r *rival) appointments(tx *sql.Tx, job *rivalJob, bookingID, maker []byte) (day []byte, err error) {
	day = r.day(job.items[0].Start)
	appointments, staff, claims := r.rows(job, bookingID, maker, day)
	if _, err := tx.Stmt(r.statements["appointments"]).Exec(appointments...); err != nil {
		return nil, err
	}
	if _, err := tx.Stmt(r.statements["staff"]).Exec(staff...); err != nil {
		return nil, err
	}
	placed, err := tx.Stmt(r.statements["claims"]).Exec(claims...)
	if err != nil {
		return nil, err
	}
	if count, err := placed.RowsAffected(); err != nil || count != 12 {
		return nil, errors.Join(errRivalTaken, err)
	}
	return day, nil
}

// rows gives the values of a booking's appointments, of who sits in them and of their claims, and fills in the answer.
func (r *rival) rows(job *rivalJob, bookingID, maker, day []byte) (appointments, staff, claims []any) {
	for _, item := range job.items {
		id := newBytes()
		pupil, kind, teacher := uuid.MustParse(item.Pupil), uuid.MustParse(item.TalkKind), uuid.MustParse(item.Staff[0])
		tick := item.Start.Unix() / 300
		appointments = append(appointments, r.school, id, r.conference, day, kind[:], pupil[:], job.session.household, bookingID, maker, tick, tick+2)
		staff = append(staff, r.school, id, teacher[:])
		for _, holder := range [][]byte{teacher[:], job.session.household} {
			claims = append(claims, r.school, holder, tick, id, r.school, holder, tick+1, id)
		}
		job.answer = append(job.answer, rivalAnswer{uuid.UUID(id).String(), item.Ref, item.Start})
	}
	return appointments, staff, claims
}

// day is the day of a start; the conference's days follow one another.
func (r *rival) day(start time.Time) []byte { return r.days[start.Day()-apitest.Evening().Day] }

// ratioTables are what a booking writes to.
var ratioTables = []string{
	"bookings", "appointments", "appointment_staff", "claims", "makers", "contacts", "invitations", "messages", "audits", "idempotency",
}

// wantSameRows checks that both sides wrote as much into each table.
func (r *rival) wantSameRows(t *testing.T, path string) {
	t.Helper()
	product, err := sql.Open("sqlite3", "file:"+path)
	wantNoError(t, err)
	defer func() { _ = product.Close() }()
	for _, table := range ratioTables {
		var own, hand int
		wantNoError(t, product.QueryRow("SELECT count(*) FROM "+table).Scan(&own))
		wantNoError(t, r.db.QueryRow("SELECT count(*) FROM "+table).Scan(&hand))
		if own != hand {
			t.Errorf("%s: the product wrote %d rows, by hand %d", table, own, hand)
		}
	}
}
