package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store"
)

// appendOnly tells that rows of a type are never changed.
func appendOnly(row Row) bool {
	_, fixed := row.Value.(interface{ AppendOnly() })
	return fixed
}

func testRows(t *testing.T, open Opener) {
	t.Run("each type comes back as it went in, without its guarded columns", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		sample := NewSample("Kwartel", 0)
		Fill(t, w.Store, w.here, sample)
		w.read(t, w.here, func(tx *store.Tx) error {
			for _, row := range sample.Rows {
				checkRow(t, tx, row)
			}
			return nil
		})
	})
	t.Run("each column of each type can be updated", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		Fill(t, w.Store, w.here, NewSample("Kwartel", 0))
		changed := NewSample("Merel", 1)
		w.write(t, w.here, func(tx *store.Tx) error {
			for _, row := range changed.Rows {
				if _, ok := row.Value.(*models.Claim); ok || len(columns(row.Value)) == 0 {
					continue // a claim is for an appointment or a block, and never changes
				}
				if appendOnly(row) {
					if err := row.update(tx, columns(row.Value)...); !errors.Is(err, store.ErrAppendOnly) {
						t.Errorf("%s updated: %v", row.Type, err)
					}
					continue
				}
				if err := row.update(tx, columns(row.Value)...); err != nil {
					return fmt.Errorf("%s: %w", row.Type, err)
				}
				checkRow(t, tx, row)
			}
			return nil
		})
	})
	t.Run("a word that is not of its list is written by nothing", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		Fill(t, w.Store, w.here, NewSample("Kwartel", 0))
		message := func(kind models.MessageKind, channel models.Channel) *models.Message {
			return &models.Message{ID: ID[models.MessageID]("message"), Kind: kind, Channel: channel, State: models.MessageQueued}
		}
		account := &models.Account{ID: ID[models.AccountID]("account"), State: "asleep", LoginIndex: []byte("another")}
		janitor := &models.Account{ID: ID[models.AccountID]("janitor"), State: models.AccountActive, Roles: []models.Role{"janitor"}, LoginIndex: []byte("another")}
		for name, write := range map[string]func(*store.Tx) error{
			"a message's kind":            func(tx *store.Tx) error { return store.Insert(tx, message("gossip", models.ChannelSMS)) },
			"no kind":                     func(tx *store.Tx) error { return store.Insert(tx, message("", models.ChannelSMS)) },
			"a message's channel, later":  func(tx *store.Tx) error { return store.InsertLater(tx, message(models.MessageTest, "pigeon")) },
			"a message's kind, changed":   func(tx *store.Tx) error { return store.Update(tx, message("gossip", models.ChannelSMS), "kind") },
			"an account's state":          func(tx *store.Tx) error { return store.Insert(tx, account) },
			"an account's role":           func(tx *store.Tx) error { return store.Insert(tx, janitor) },
			"an account's state, changed": func(tx *store.Tx) error { return store.Update(tx, account, "state") },
		} {
			if err := w.tryWrite(w.here, write); err == nil || !strings.Contains(err.Error(), "models: no ") {
				t.Errorf("%s: error %v", name, err)
			}
		}
	})
	t.Run("a column that is not named stays", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		Fill(t, w.Store, w.here, NewSample("Kwartel", 0))
		w.write(t, w.here, func(tx *store.Tx) error {
			pupil := must[*models.Pupil](t)(store.Get[models.Pupil](tx, ID[models.PupilID]("pupil")))
			pupil.Details.Given, pupil.Year = "Merel", "9"
			if err := store.Update(tx, pupil, "year"); err != nil {
				return err
			}
			again := must[[]models.Pupil](t)(store.List[models.Pupil](tx))
			if again[0].Year != "9" || again[0].Details.Given != "Kwartel given 0" {
				t.Errorf("year %q, name %q", again[0].Year, again[0].Details.Given)
			}
			// The factors were not opened, and must not have been overwritten by nothing.
			if err := store.OpenGuarded(tx, again); err != nil {
				return err
			}
			wantEqual(t, "student number", again[0].Factors.StudentNumber, "Kwartel student_number 0")
			return nil
		})
	})
}

func testInsertAndDelete(t *testing.T, open Opener) {
	t.Run("a row that is there already conflicts, and InsertNew leaves it alone", func(t *testing.T) { t.Parallel(); testTwice(t, open) })
	t.Run("rows go one by one, the last first", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		sample := NewSample("Kwartel", 0)
		Fill(t, w.Store, w.here, sample)
		for _, row := range slices.Backward(sample.Rows) {
			w.write(t, w.here, func(tx *store.Tx) error {
				gone, err := row.remove(tx, key(row.Value)...)
				if left := must[int64](t)(row.count(tx, key(row.Value)...)); gone != 1 || left != 0 {
					t.Errorf("%s: %d deleted, %d left", row.Type, gone, left)
				}
				return err
			})
		}
	})
	t.Run("a list that is left out is an empty one", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		w.write(t, w.here, func(tx *store.Tx) error {
			if err := store.Insert(tx, &models.Import{ID: ID[models.RowID]("import"), State: models.ImportApplied}); err != nil {
				return err
			}
			row := must[*models.Import](t)(store.Get[models.Import](tx, ID[models.RowID]("import")))
			wantEqual(t, "counts", row.Counts, map[string]int{})
			wantEqual(t, "dropped", row.Dropped, []string{})
			row.Dropped = nil
			return store.Update(tx, row, "dropped")
		})
	})
	t.Run("more rows than fit into one statement", func(t *testing.T) { t.Parallel(); testManyRows(t, open) })
	t.Run("careless writes are refused and change nothing", func(t *testing.T) { t.Parallel(); testCareless(t, open) })
	t.Run("writes in a reading transaction are refused", func(t *testing.T) { t.Parallel(); testWritesInReadingTransactions(t, open) })
	t.Run("the sample fills every field of every type", func(t *testing.T) {
		t.Parallel()
		testSampleIsWhole(t)
	})
}

// checkRow compares what the store gives with the row that was written.
func checkRow(t *testing.T, tx *store.Tx, row Row) {
	t.Helper()
	conditions := key(row.Value)
	found := must[any](t)(row.first(tx, conditions...))
	wantEqual(t, row.Type+" by First", plain(found, true), plain(row.Value, false))
	listed := must[[]any](t)(row.list(tx, conditions...))
	if len(listed) != 1 || must[int64](t)(row.count(tx, conditions...)) != 1 {
		t.Fatalf("%s: %d rows", row.Type, len(listed))
	}
	wantEqual(t, row.Type+" by List", plain(listed[0], true), plain(row.Value, false))
	opened := must[[]any](t)(row.opened(tx, conditions...))
	wantEqual(t, row.Type+" opened", plain(opened[0], true), plain(row.Value, true))
	if id := reflect.ValueOf(row.Value).Elem().FieldByName("ID"); id.IsValid() {
		wantEqual(t, row.Type+" by Get", plain(must[any](t)(row.get(tx, id.Interface())), true), plain(row.Value, false))
	}
}

func testTwice(t *testing.T, open Opener) {
	w := newWorld(t, open)
	Fill(t, w.Store, w.here, NewSample("Kwartel", 0))
	for _, row := range NewSample("Merel", 0).Rows {
		before := snapshotOf(t, w, w.here)
		err := w.tryWrite(w.here, row.insert)
		wantKind(t, row.Type, err, errs.Conflict)
		wantEqual(t, row.Type, errs.CodeOf(err), "exists")
		w.write(t, w.here, func(tx *store.Tx) error {
			added, err := row.insertNew(tx)
			if added != 0 {
				t.Errorf("%s: %d rows came in", row.Type, added)
			}
			return err
		})
		wantEqual(t, row.Type+" after", snapshotOf(t, w, w.here), before)
	}
}

func testManyRows(t *testing.T, open Opener) {
	w := newWorld(t, open)
	const many = 1203
	rows := make([]*models.Budget, many)
	for i := range rows {
		rows[i] = &models.Budget{Name: "many", Subject: fmt.Appendf(nil, "%d", i), Window: Start(), Spent: i}
	}
	w.write(t, w.here, func(tx *store.Tx) error {
		if err := store.Insert(tx, rows[:700]...); err != nil {
			return err
		}
		added, err := store.InsertNew(tx, rows...)
		wantEqual(t, "new rows", added, many-700)
		wantEqual(t, "all rows", must[int64](t)(store.Count[models.Budget](tx)), int64(many))
		return err
	})
	w.read(t, w.here, func(tx *store.Tx) error {
		// More ids than an engine takes parameters.
		ids := make([]models.AppointmentID, 40_000)
		for i := range ids {
			ids[i] = models.AppointmentID(ID[[16]byte](fmt.Sprint(i)))
		}
		staff, err := tx.AppointmentStaff(ids)
		wantEqual(t, "staff of no appointment", len(staff), 0)
		return err
	})
}

func testCareless(t *testing.T, open Opener) {
	w := newWorld(t, open)
	Fill(t, w.Store, w.here, NewSample("Kwartel", 0))
	tests := map[string]func(*store.Tx) error{
		"an update without a column": func(tx *store.Tx) error { return store.Update(tx, &models.Group{ID: ID[models.GroupID]("group")}) },
		"an update without an id":    func(tx *store.Tx) error { return store.Update(tx, &models.Group{State: models.PersonLeft}, "state") },
		"an update with half a key": func(tx *store.Tx) error {
			return store.Update(tx, &models.Invitation{HouseholdID: ID[models.HouseholdID]("household")}, "sequence")
		},
		"an update of a column that is none": func(tx *store.Tx) error {
			return store.Update(tx, &models.Group{ID: ID[models.GroupID]("group")}, "nonsense")
		},
		"a deletion without a condition":       func(tx *store.Tx) error { _, err := store.Delete[models.Group](tx); return err },
		"a school updated without a column":    func(tx *store.Tx) error { return tx.UpdateSchool() },
		"a condition on a column that is none": func(tx *store.Tx) error { _, err := store.List[models.Group](tx, store.Eq("nonsense", 1)); return err },
		"a list of schools":                    func(tx *store.Tx) error { _, err := store.List[models.School](tx); return err },
		"a count of operator's keys":           func(tx *store.Tx) error { _, err := store.Count[models.OperatorKey](tx); return err },
		"the erasure ledger":                   func(tx *store.Tx) error { _, err := store.First[models.Erasure](tx); return err },
		"a deletion of operator's keys": func(tx *store.Tx) error {
			_, err := store.Delete[models.OperatorKey](tx, store.Null("revoked_at"))
			return err
		},
		"an update of the installation": func(tx *store.Tx) error { return store.Update(tx, &models.Installation{ID: 1}, "fingerprint") },
		"a school inserted":             func(tx *store.Tx) error { return store.Insert(tx, NewSchool("more")) },
		"a school inserted if new":      func(tx *store.Tx) error { _, err := store.InsertNew(tx, NewSchool("more")); return err },
		"a reference that leads nowhere": func(tx *store.Tx) error {
			return store.Insert(tx, &models.PupilGroup{PupilID: ID[models.PupilID]("nobody"), GroupID: ID[models.GroupID]("group")})
		},
		"a state that is none": func(tx *store.Tx) error {
			return store.Insert(tx, &models.Group{ID: models.New[models.GroupID](), State: "nonsense"})
		},
	}
	for name, careless := range tests {
		before := snapshotOf(t, w, w.here)
		if err := w.tryWrite(w.here, careless); err == nil || errs.KindOf(err) == errs.Unavailable {
			t.Errorf("%s: error %v", name, err)
		}
		wantEqual(t, name, snapshotOf(t, w, w.here), before)
	}
}

func testWritesInReadingTransactions(t *testing.T, open Opener) {
	w := newWorld(t, open)
	Fill(t, w.Store, w.here, NewSample("Kwartel", 0))
	group := func() *models.Group { return newGroup("Merel") }
	writes := map[string]func(*store.Tx) error{
		"Insert":    func(tx *store.Tx) error { return store.Insert(tx, group()) },
		"InsertNew": func(tx *store.Tx) error { _, err := store.InsertNew(tx, group()); return err },
		"Update": func(tx *store.Tx) error {
			return store.Update(tx, &models.Group{ID: ID[models.GroupID]("group")}, "state")
		},
		"Delete":       func(tx *store.Tx) error { _, err := store.Delete[models.Claim](tx, store.Eq("tick", 0)); return err },
		"UpdateSchool": func(tx *store.Tx) error { return tx.UpdateSchool("zone") },
		"AddToBudget":  func(tx *store.Tx) error { return tx.AddToBudget(&models.Budget{Name: "child", Spent: 1}) },
		"Audited":      func(tx *store.Tx) error { return tx.Audited("test", ID[models.RowID]("x"), nil) },
		"ReleaseClaims": func(tx *store.Tx) error {
			return tx.ReleaseClaims([]models.AppointmentID{ID[models.AppointmentID]("appointment")})
		},
		"PlaceClaims": func(tx *store.Tx) error {
			_, err := tx.PlaceClaims([]*models.Claim{{Holder: ID[models.HolderID]("x")}})
			return err
		},
	}
	for name, write := range writes {
		w.read(t, w.here, func(tx *store.Tx) error {
			if err := write(tx); err == nil || errs.KindOf(err) != errs.Internal {
				t.Errorf("%s in a reading transaction: %v", name, err)
			}
			return nil
		})
	}
}

// elsewhere are the fields that live in another table, or that only another row of the type has.
var elsewhere = []string{"Appointment.StaffIDs", "Offer.StaffIDs"}

func testSampleIsWhole(t *testing.T) {
	filled := map[string]bool{}
	for _, row := range NewSample("Kwartel", 0).Rows {
		walk(row.Type, reflect.ValueOf(row.Value).Elem(), filled)
	}
	for path, set := range filled {
		if !set && !slices.Contains(elsewhere, path) {
			t.Errorf("no sample sets %s", path)
		}
	}
}

// walk notes for each field, down to those of sealed values, whether it is set.
func walk(path string, value reflect.Value, filled map[string]bool) {
	for i := range value.NumField() {
		declared := value.Type().Field(i)
		if declared.Name == "SchoolID" || declared.Type == reflect.TypeFor[seal.Box]() {
			continue
		}
		name := path + "." + declared.Name
		filled[name] = filled[name] || !value.Field(i).IsZero()
		if _, stored := value.Field(i).Interface().(fmt.Stringer); declared.Type.Kind() == reflect.Struct && !stored {
			walk(name, value.Field(i), filled)
		}
	}
}

// snapshotOf gives everything of a school that a test can compare: its rows, opened.
func snapshotOf(t testing.TB, w *world, school models.SchoolID) map[string][]any {
	t.Helper()
	all := map[string][]any{}
	w.read(t, school, func(tx *store.Tx) error {
		for _, row := range NewSample("", 0).Rows {
			all[row.Type] = nil
			for _, found := range must[[]any](t)(row.opened(tx)) {
				all[row.Type] = append(all[row.Type], plain(found, true))
			}
		}
		return nil
	})
	return all
}
