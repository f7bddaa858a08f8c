package api_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// serverRival is the rival on PostgreSQL, written the way that is fastest there: everything that a booking reads in one round trip, everything that it writes
// in a second one, which is a transaction by itself; the statements prepared, as many connections as the product has for writing. Where somebody was quicker
// the primary key of the claims fails the whole. It locks nothing and has none of the product's rules.
type serverRival struct {
	rival
	pool *pgxpool.Pool
	sql  map[string]string
}

// serverStatements are the rival's statements with the server's placeholders and words for yes and no.
func serverStatements() map[string]string {
	placeholder := regexp.MustCompile(`\?`)
	statements := map[string]string{}
	for name, text := range rivalStatements {
		n := 0
		text = placeholder.ReplaceAllStringFunc(text, func(string) string { n++; return fmt.Sprint("$", n) })
		statements[name] = strings.NewReplacer("'parent', $5, 0, 3", "'parent', $5, false, 3", "'nl', 0, ''", "'nl', false, ''", ", 0, 0)", ", false, 0)", " ON CONFLICT DO NOTHING", "").Replace(text)
	}
	return statements
}

func newServerRival(t *testing.T, school *ratioSchool, connections int) *serverRival {
	t.Helper()
	ctx := context.Background()
	// A database of its own, with what the product's has before the first booking.
	db := storetest.From(t, school.World.Database.Content(t))
	config, err := pgxpool.ParseConfig(db.URL)
	wantNoError(t, err)
	config.MaxConns = int32(connections)
	config.ConnConfig.RuntimeParams["enable_seqscan"] = "off" // as the product does: the tables are empty at first
	pool, err := pgxpool.NewWithConfig(ctx, config)
	wantNoError(t, err)
	t.Cleanup(pool.Close)
	r := &serverRival{rival: rival{school: school.ID[:], sessions: map[string]rivalSession{}, box: make([]byte, 220)}, pool: pool, sql: serverStatements()}
	var conference uuid.UUID
	wantNoError(t, pool.QueryRow(ctx, "SELECT id FROM conferences").Scan((*[16]byte)(&conference)))
	r.conference = conference[:]
	for _, day := range school.days {
		r.days = append(r.days, day[:])
	}
	rows, err := pool.Query(ctx, "SELECT id FROM sessions WHERE kind = 'parent' ORDER BY id")
	wantNoError(t, err)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[[16]byte])
	wantNoError(t, err)
	for family, id := range ids {
		household := school.households(t, family)
		r.sessions[fmt.Sprintf("token-%d", family)] = rivalSession{slices.Clone(id[:]), household[:]}
	}
	return r
}

// ServeHTTP takes a booking.
func (r *serverRival) ServeHTTP(w http.ResponseWriter, request *http.Request) {
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
	job := &rivalJob{session: session, key: request.Header.Get("Idempotency-Key"), items: body.Make}
	if err := r.bookOnServer(request.Context(), job); err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(map[string]any{"appointments": job.answer})
}

func (r *serverRival) bookOnServer(ctx context.Context, job *rivalJob) error {
	now := time.Date(2026, time.November, 10, 18, 0, 0, 0, time.UTC)
	index := sha256.Sum256([]byte(job.key))
	actor := fmt.Sprintf("parent:%x", job.session.id)
	conn, err := r.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	maker, contact, err := r.look(ctx, conn, job, actor, index[:])
	if err != nil {
		return err
	}
	var batch pgx.Batch
	queue := func(name string, values ...any) { batch.Queue(r.sql[name], values...) }
	if maker == nil {
		maker, contact = newBytes(), newBytes()
		queue("new maker", r.school, maker, job.session.household, newBytes(), now, now)
		queue("new contact", r.school, contact, job.session.household, maker, now, r.box)
	}
	bookingID, day := newBytes(), r.day(job.items[0].Start)
	queue("booking", r.school, bookingID, job.session.household, maker, job.session.id, now)
	appointments, staff, claims := r.rows(job, bookingID, maker, day)
	queue("appointments", appointments...)
	queue("staff", staff...)
	queue("claims", claims...)
	result, err := json.Marshal(job.answer)
	if err != nil {
		return err
	}
	queue("invitation", r.school, job.session.household, day, contact, newBytes())
	queue("message", r.school, newBytes(), job.session.household, contact, day, bookingID, now, now.Add(time.Hour), now, r.box)
	queue("audit", r.school, newBytes(), now, job.session.id, bookingID)
	queue("store", r.school, actor, index[:], index[:], string(result), now)
	return conn.SendBatch(ctx, &batch).Close()
}

// look reads what a booking must know, in one round trip.
func (r *serverRival) look(ctx context.Context, conn *pgxpool.Conn, job *rivalJob, actor string, index []byte) (maker, contact []byte, err error) {
	var batch pgx.Batch
	var expires time.Time
	stored := false
	one := func(into *[]byte) func(pgx.Rows) error {
		return func(rows pgx.Rows) error {
			for rows.Next() {
				var id [16]byte
				if err := rows.Scan(&id); err != nil {
					return err
				}
				*into = slices.Clone(id[:])
			}
			return rows.Err()
		}
	}
	batch.Queue(r.sql["session"], r.school, job.session.id).QueryRow(func(row pgx.Row) error { return row.Scan(&expires) })
	batch.Queue(r.sql["stored"], r.school, actor, index).Query(func(rows pgx.Rows) error { stored = rows.Next(); rows.Close(); return rows.Err() })
	batch.Queue(r.sql["maker"], r.school, job.session.household).Query(one(&maker))
	batch.Queue(r.sql["contact"], r.school, job.session.household).Query(one(&contact))
	err = conn.SendBatch(ctx, &batch).Close()
	if err == nil && stored {
		err = errors.New("stored")
	}
	return maker, contact, err
}

// wantSameRows checks that both sides wrote as much into each table.
func (r *serverRival) wantSameRows(t *testing.T, product *storetest.Database) {
	t.Helper()
	ctx := context.Background()
	own := product.Raw(t)
	for _, table := range ratioTables {
		if table == "makers" || table == "contacts" {
			continue // two bookings of one family at the same time are two makers, by hand
		}
		var mine, hand int
		wantNoError(t, own.QueryRow("SELECT count(*) FROM "+table).Scan(&mine))
		wantNoError(t, r.pool.QueryRow(ctx, "SELECT count(*) FROM "+table).Scan(&hand))
		if mine != hand {
			t.Errorf("%s: the product wrote %d rows, by hand %d", table, mine, hand)
		}
	}
}

// TestBookingsBesideHandWrittenSQLOnPostgreSQL is TestBookingsBesideHandWrittenSQL on the other engine.
func TestBookingsBesideHandWrittenSQLOnPostgreSQL(t *testing.T) {
	t.Setenv("OUDERAVOND_TEST_ENGINE", "postgres")
	w := apitest.New(t)
	school := newRatioSchool(t, w, *ratioFamilies)
	orders := school.orders(t)
	const connections = 16 // as many as the product's writers
	other := newServerRival(t, school, connections)
	own := w.Database.Raw(t)
	// What the server itself does every minute: without it statements keep plans that were made for empty tables.
	analyze := func() {
		_, err := own.Exec("ANALYZE")
		wantNoError(t, err)
		_, err = other.pool.Exec(context.Background(), "ANALYZE")
		wantNoError(t, err)
	}
	compare(t, w, school, orders, other, other.orders, analyze)
	other.wantSameRows(t, w.Database)
}
