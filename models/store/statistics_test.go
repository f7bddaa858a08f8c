package store_test

import (
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// TestSQLiteKnowsThatASchoolIsMuch keeps what SQLite decides by: without a line for an index it takes a school for ten rows.
func TestSQLiteKnowsThatASchoolIsMuch(t *testing.T) {
	t.Parallel()
	raw := storetest.NewSQLite(t).Raw(t)
	each(t, raw, `SELECT m.name, coalesce(s.stat, ''), t.sql FROM sqlite_master m JOIN sqlite_master t ON t.name = m.tbl_name AND t.type = 'table'
		LEFT JOIN sqlite_stat1 s ON s.tbl = m.tbl_name AND (s.idx = m.name OR s.idx = m.tbl_name AND m.name LIKE 'sqlite_autoindex_%_1')
		WHERE m.type = 'index' AND m.tbl_name <> 'goose_db_version'`, func(c []string) {
		if c[1] == "" {
			t.Errorf("%s has no line in sqlite_stat1: give it one in a step of models/store/migrate/sqlite", c[0])
		}
	})
	for query, index := range map[string]string{
		"DELETE FROM claims WHERE school_id = x'00' AND appointment_id = x'01'":                           "claims_by_appointment_id (school_id=? AND appointment_id=?)",
		"DELETE FROM claims WHERE school_id = x'00' AND appointment_id IN (x'01', x'02')":                 "claims_by_appointment_id (school_id=? AND appointment_id=?)",
		"SELECT holder FROM claims WHERE school_id = x'00' AND holder IN (x'01') AND tick >= 1":           "PRIMARY KEY (school_id=? AND holder=? AND tick>?)",
		"SELECT * FROM appointments WHERE school_id = x'00' AND household_id = x'01' ORDER BY id":         "appointments_by_household_id (school_id=? AND household_id=?)",
		"SELECT * FROM appointments WHERE school_id = x'00' AND pupil_id IN (x'01', x'02') ORDER BY id":   "appointments_by_pupil_id (school_id=? AND pupil_id=?)",
		"SELECT * FROM messages WHERE school_id = x'00' AND household_id = x'01' ORDER BY id DESC":        "messages_by_household_id (school_id=? AND household_id=?)",
		"SELECT * FROM makers WHERE school_id = x'00' AND device_index = x'01' AND household_id = x'02'":  "makers_by_",
		"SELECT * FROM external_keys WHERE school_id = x'00' AND kind = 'pupil' AND key_index IN (x'01')": "(school_id=? AND kind=? AND key_index=?)",
	} {
		var plan []string
		each(t, raw, "EXPLAIN QUERY PLAN "+query, func(c []string) { plan = append(plan, c[3]) })
		if got := strings.Join(plan, "; "); !strings.Contains(got, index) {
			t.Errorf("%s\nis done by %s\nand not by %s", query, got, index)
		}
	}
}
