package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// notBack are the tables whose rows go with rows of the roster and do not come back when an import is taken back, and why.
var notBack = map[string]string{
	"makers":            "a device's receipt",
	"bookings":          "acts of booking",
	"appointments":      "talks are offered again, and do not come back by themselves",
	"appointment_staff": "of talks",
	"messages":          "what was to be told was true then",
	"invitations":       "a calendar entry that was withdrawn stays so",
	"codes":             "good for minutes",
	"sessions":          "whoever was logged in logs in again",
	"household_logins":  "that a family looked is told of those who are there",
	"claims":            "of talks",
	"availabilities":    "a teacher with times is not taken away",
	"blocks":            "a teacher with times is not taken away",
	"accounts":          "a teacher with an account is not taken away",
}

// What goes with a row of the roster is noted when the row is: a reference that somebody adds, and that cascades, is red here until it is thought about.
func TestWhatGoesWithARowOfTheRosterIsRecorded(t *testing.T) {
	t.Parallel()
	schema, takes, checked := describeSQLite(t, storetest.NewSQLite(t).Raw(t)), store.RecordedTakes(), 0
	for table, described := range schema {
		for _, reference := range described.references {
			recorded, is := takes[reference.parent]
			if !is || reference.deletes != "CASCADE" {
				continue
			}
			checked++
			column := reference.columns[len(reference.columns)-1]
			if notBack[table] == "" && !slices.Contains(recorded, table+"."+column) {
				t.Errorf("rows of %s go with a row of %s by %s, and nobody notes them", table, reference.parent, column)
			}
		}
	}
	for table, list := range takes {
		for _, one := range list {
			if name, _, _ := strings.Cut(one, "."); schema[name] == nil || takes[name] == nil {
				t.Errorf("%s takes %s, which is not recorded itself", table, one)
			}
		}
	}
	if checked < 10 {
		t.Errorf("only %d references looked at", checked)
	}
}
