package store

import (
	"strconv"
	"strings"
	"sync"

	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models"
)

// busyForm is what tells one statement that asks who is busy from another.
type busyForm struct {
	dialect         string
	holders, except int
}

var busyQueries sync.Map // of string, by busyForm

// busyQuery writes the statement for a number of holders and of appointments that are left out, once. The school stands in its text.
func busyQuery(db *gorm.DB, form busyForm) string {
	if held, ok := busyQueries.Load(form); ok {
		return held.(string)
	}
	var text strings.Builder
	statement := &gorm.Statement{DB: db}
	place := func(before string) {
		text.WriteString(before)
		statement.Vars = append(statement.Vars, nil) // what numbers the place on PostgreSQL
		db.BindVarTo(&text, statement, nil)
	}
	places := func(count int) {
		for n := range count {
			if n > 0 {
				text.WriteByte(',')
			}
			place("")
		}
	}
	place("SELECT holder, string_agg(CAST(tick AS TEXT), ',') FROM claims WHERE school_id = ")
	place(" AND tick >= ")
	place(" AND tick < ")
	text.WriteString(" AND holder IN (")
	places(form.holders)
	text.WriteByte(')')
	if form.except > 0 {
		text.WriteString(" AND (appointment_id IS NULL OR appointment_id NOT IN (")
		places(form.except)
		text.WriteString("))")
	}
	text.WriteString(" GROUP BY holder")
	busyQueries.Store(form, text.String())
	return text.String()
}

// Busy gives the ticks between two, the second not included, at which some holders are busy, leaving out the claims of some appointments. It is what a family's
// look at free times costs most of: the database packs each holder's ticks into one text, because a row for each would cost ten times as much to read.
func (tx *Tx) Busy(holders []models.HolderID, from, until models.Tick, except []models.AppointmentID) (map[models.HolderID][]models.Tick, error) {
	if len(holders) == 0 {
		return nil, nil
	}
	values := make([]any, 0, 3+len(holders)+len(except))
	values = append(values, tx.actor.School, from, until)
	for _, holder := range holders {
		values = append(values, holder)
	}
	for _, appointment := range except {
		values = append(values, appointment)
	}
	query := busyQuery(tx.db, busyForm{tx.db.Name(), len(holders), len(except)})
	rows, err := tx.db.Statement.ConnPool.QueryContext(tx.db.Statement.Context, query, values...)
	if err != nil {
		return nil, translate(err)
	}
	defer func() { _ = rows.Close() }()
	busy := make(map[models.HolderID][]models.Tick, len(holders))
	for rows.Next() {
		var holder models.HolderID
		var packed string
		if err := rows.Scan(&holder, &packed); err != nil {
			return nil, err
		}
		ticks := make([]models.Tick, 0, 1+strings.Count(packed, ","))
		for text := range strings.SplitSeq(packed, ",") {
			tick, err := strconv.Atoi(text)
			if err != nil {
				return nil, err
			}
			ticks = append(ticks, models.Tick(tick))
		}
		busy[holder] = ticks
	}
	return busy, translate(rows.Err())
}
