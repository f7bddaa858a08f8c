package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// The sweep does everything that the store can do, as one school, twice: where another school has rows with the very same ids, and where that school has
// none. Whatever differs between the two is a leak; and what the other school has must be as it was.

// sweptKey is an external key that both schools give to the sample's pupil.
const sweptKey = "12345"

// sweptFunction is one of the store's generic functions, called on each type.
type sweptFunction struct {
	name string
	call func(w *world, tx *store.Tx, row Row) (any, error)
}

// sweptFunctions call every exported generic function that takes a transaction, those that destroy last.
func sweptFunctions() []sweptFunction {
	return []sweptFunction{
		{"List", func(_ *world, tx *store.Tx, row Row) (any, error) { return plainAll(row.list(tx)) }},
		{"List", func(w *world, tx *store.Tx, row Row) (any, error) {
			return plainAll(row.list(tx, store.Eq("school_id", w.there)))
		}},
		{"List", func(w *world, tx *store.Tx, row Row) (any, error) {
			return plainAll(row.list(tx, store.Not("school_id", w.here)))
		}},
		{"OpenGuarded", func(_ *world, tx *store.Tx, row Row) (any, error) { return plainAll(row.opened(tx)) }},
		{"Count", func(_ *world, tx *store.Tx, row Row) (any, error) { return row.count(tx) }},
		{"Count", func(_ *world, tx *store.Tx, row Row) (any, error) { return row.count(tx, key(row.Value)...) }},
		{"Count", func(w *world, tx *store.Tx, row Row) (any, error) {
			return row.count(tx, store.Not("school_id", w.here))
		}},
		{"First", func(_ *world, tx *store.Tx, row Row) (any, error) { return plainOne(row.first(tx, key(row.Value)...)) }},
		{"First", func(w *world, tx *store.Tx, row Row) (any, error) {
			return plainOne(row.first(tx, append(key(row.Value), store.Eq("school_id", w.there))...))
		}},
		{"Get", func(_ *world, tx *store.Tx, row Row) (any, error) {
			id := reflect.ValueOf(row.Value).Elem().FieldByName("ID")
			if !id.IsValid() {
				return "no id", nil
			}
			return plainOne(row.get(tx, id.Interface()))
		}},
		{"GetLocked", func(_ *world, tx *store.Tx, row Row) (any, error) {
			id := reflect.ValueOf(row.Value).Elem().FieldByName("ID")
			if !id.IsValid() {
				return "no id", nil
			}
			return plainOne(row.getLocked(tx, id.Interface()))
		}},
		{"Find", func(_ *world, tx *store.Tx, _ Row) (any, error) {
			return plainOne(store.Find[models.Pupil](tx, models.SubjectPupil, sweptKey))
		}},
		{"Update", func(_ *world, tx *store.Tx, row Row) (any, error) { return updateBy(row.update, tx, row) }},
		{"PrepareUpdate", func(_ *world, tx *store.Tx, row Row) (any, error) { return updateBy(row.updatePrepared, tx, row) }},
		{"InsertNew", func(_ *world, tx *store.Tx, row Row) (any, error) { return row.insertNew(tx) }},
		{"Put", func(_ *world, tx *store.Tx, row Row) (any, error) {
			if len(columns(row.Value)) == 0 {
				return "no column", nil // there is nothing to overwrite
			}
			if err := row.put(tx); err != nil {
				return "refused", nil //nolint:nilerr // it has an id
			}
			return nil, nil
		}},
		{"PutLater", func(_ *world, tx *store.Tx, row Row) (any, error) {
			if len(columns(row.Value)) == 0 {
				return "no column", nil // there is nothing to overwrite
			}
			if err := row.putLater(tx); err != nil {
				return "refused", nil //nolint:nilerr // it has an id
			}
			return row.count(tx)
		}},
		{"InsertLater", func(_ *world, tx *store.Tx, row Row) (any, error) {
			if err := row.insertLater(tx); err != nil {
				return nil, err
			}
			return row.count(tx) // whatever went wrong is told by now
		}},
		{"PrepareInsert", func(_ *world, tx *store.Tx, row Row) (any, error) { return nil, row.insertPrepared(tx) }},
		{"Insert", func(_ *world, tx *store.Tx, row Row) (any, error) { return nil, row.insert(tx) }},
		{"Delete", func(w *world, tx *store.Tx, row Row) (any, error) {
			return row.remove(tx, store.Eq("school_id", w.there))
		}},
		{"Delete", func(w *world, tx *store.Tx, row Row) (any, error) {
			return row.remove(tx, store.Not("school_id", w.here))
		}},
		{"Delete", func(_ *world, tx *store.Tx, row Row) (any, error) { return row.remove(tx, key(row.Value)...) }},
	}
}

// SweptFunctions are the names of the generic functions that the sweep calls; a test over the source compares them with what the store exports.
func SweptFunctions() []string {
	var names []string
	for _, function := range sweptFunctions() {
		names = append(names, function.name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func plainOne(row any, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	row = plain(row, true)
	setSchool(row, models.SchoolID{})
	if external, ok := row.(*models.ExternalKey); ok && len(external.KeyIndex) == len(sha256.Sum256(nil)) {
		external.KeyIndex = nil // made with the school's own random key
	}
	return row, nil
}

// sweptMethods call every exported method of a transaction. What they give must not depend on the other school.
var sweptMethods = map[string]func(*world, *store.Tx) (any, error){
	"Actor":       func(w *world, tx *store.Tx) (any, error) { return tx.Actor().School == w.here, nil },
	"Now":         func(_ *world, tx *store.Tx) (any, error) { return tx.Now(), nil },
	"School":      func(_ *world, tx *store.Tx) (any, error) { return []any{tx.School().Slug, tx.School().Details}, nil },
	"Index":       func(_ *world, tx *store.Tx) (any, error) { return len(tx.Index("pupil", sweptKey)), nil },
	"AfterCommit": func(_ *world, tx *store.Tx) (any, error) { tx.AfterCommit(func() {}); return nil, nil },
	"Lock": func(_ *world, tx *store.Tx) (any, error) {
		return tx.Lock([]models.HouseholdID{ID[models.HouseholdID]("household")}, []models.PupilID{ID[models.PupilID]("pupil")}, []models.StaffID{ID[models.StaffID]("staff")})
	},
	"Revise": func(_ *world, tx *store.Tx) (any, error) { return tx.Revise(ID[models.HouseholdID]("household")) },
	"InTurn": func(_ *world, tx *store.Tx) (any, error) {
		return nil, tx.InTurn(tx.Index("turn", "one"), tx.Index("turn", "two"))
	},
	"Audited": func(_ *world, tx *store.Tx) (any, error) {
		if err := tx.Audited("sweep", ID[[16]byte]("subject"), nil); err != nil {
			return nil, err
		}
		return store.Delete[models.Audit](tx, store.Eq("action", "sweep"))
	},
	"AddExternalKey": func(_ *world, tx *store.Tx) (any, error) {
		if err := tx.AddExternalKey(models.SubjectGroup, "swept", ID[[16]byte]("subject")); err != nil {
			return nil, err
		}
		return store.Delete[models.ExternalKey](tx, store.Eq("key_index", tx.Index(string(models.SubjectGroup), "swept")))
	},
	"Directory": func(_ *world, tx *store.Tx) (any, error) { return dumpDirectory(tx.Directory()) },
	"Lookup": func(_ *world, tx *store.Tx) (any, error) {
		index, err := tx.Lookup()
		if err != nil {
			return nil, err
		}
		return []any{index.Households(), index.Search("a"), index.Search("0"), index.Search("@")}, nil
	},
	"Programme": func(_ *world, tx *store.Tx) (any, error) { return dumpProgramme(tx.Programme()) },
	"Busy": func(_ *world, tx *store.Tx) (any, error) {
		holders := []models.HolderID{ID[models.HolderID]("staff")}
		busy, err := tx.Busy(holders, Tick(0), Tick(1000), []models.AppointmentID{ID[models.AppointmentID]("other")})
		if err != nil {
			return nil, err
		}
		all, err := tx.Busy(holders, Tick(0), Tick(1000), nil)
		return [][]models.Tick{busy[holders[0]].Between(Tick(0), Tick(1000)), all[holders[0]].Between(Tick(0), Tick(1000))}, err
	},
	"BusyInRows": func(_ *world, tx *store.Tx) (any, error) {
		holders := []models.HolderID{ID[models.HolderID]("staff")}
		busy, err := tx.BusyInRows(holders, Tick(0), Tick(1000), nil)
		return busy[holders[0]].Between(Tick(0), Tick(1000)), err
	},
	"SessionToWrite": func(_ *world, tx *store.Tx) (any, error) {
		session, err := tx.SessionToWrite(ID[models.SessionID]("session"))
		if err != nil {
			return nil, err
		}
		return session.Data, nil
	},
	"Remembered": func(_ *world, tx *store.Tx) (any, error) {
		busy, _ := tx.Remembered([]models.HolderID{ID[models.HolderID]("staff")})
		return busy[ID[models.HolderID]("staff")].Between(Tick(0), Tick(1000)), nil
	},
	"Claims": func(_ *world, tx *store.Tx) (any, error) {
		claims, err := tx.Claims([]models.HolderID{ID[models.HolderID]("staff")}, Tick(0), Tick(1000))
		return plainAll(pointers(claims), err)
	},
	"AppointmentStaff": func(_ *world, tx *store.Tx) (any, error) {
		return tx.AppointmentStaff([]models.AppointmentID{ID[models.AppointmentID]("appointment")})
	},
	"Appointments": func(_ *world, tx *store.Tx) (any, error) {
		appointments, err := tx.Appointments()
		return plainAll(pointers(appointments), err)
	},
	"DueMessages": func(_ *world, tx *store.Tx) (any, error) {
		messages, err := tx.DueMessages(10)
		return plainAll(pointers(messages), err)
	},
	"FollowUps": func(_ *world, tx *store.Tx) (any, error) {
		messages, err := tx.FollowUps(10)
		return plainAll(pointers(messages), err)
	},
	"LatestMessages": func(_ *world, tx *store.Tx) (any, error) {
		messages, err := tx.LatestMessages(10)
		return plainAll(pointers(messages), err)
	},
	"Advance": func(_ *world, tx *store.Tx) (any, error) {
		here := models.Message{ID: ID[models.MessageID]("message"), State: models.MessageQueued, LeasedUntil: NewSample("Kwartel", 0).instant(-80)}
		return tx.Advance(here, &models.Message{ID: here.ID, Problem: "swept"}, "problem")
	},
	"OpenTasks": func(_ *world, tx *store.Tx) (any, error) {
		tasks, err := tx.OpenTasks(10)
		return plainAll(pointers(tasks), err)
	},
	"AdvanceTask": func(_ *world, tx *store.Tx) (any, error) {
		return tx.AdvanceTask(2, &models.Task{ID: ID[models.TaskID]("task"), Problem: "swept"}, "problem")
	},
	"AddToBudget": func(_ *world, tx *store.Tx) (any, error) {
		return nil, tx.AddToBudget(&models.Budget{Name: "child", Subject: []byte("budget subject"), Window: Start(), Spent: 1})
	},
	"PlaceClaims": func(_ *world, tx *store.Tx) (any, error) {
		return tx.PlaceClaims([]*models.Claim{claim(ID[models.HolderID]("staff"), 2)})
	},
	"ReleaseClaims": func(_ *world, tx *store.Tx) (any, error) {
		return nil, tx.ReleaseClaims([]models.AppointmentID{ID[models.AppointmentID]("appointment")})
	},
	"Record": func(_ *world, tx *store.Tx) (any, error) { return nil, tx.Record(ID[models.RowID]("import"), tx.Now()) },
	"Recording": func(_ *world, tx *store.Tx) (any, error) {
		of, at := tx.Recording()
		return []any{of, at}, nil
	},
	"RecordTalk": func(_ *world, tx *store.Tx) (any, error) { tx.RecordTalk(models.FormerTalk{}); return nil, nil },
	"Touched": func(_ *world, tx *store.Tx) (any, error) {
		return tx.Touched("pupils", func(models.RowImage) bool { return true }), nil
	},
	"FieldHash":      func(_ *world, tx *store.Tx) (any, error) { return len(tx.FieldHash("pupils", nil, "Year", nil)), nil },
	"RecordedTables": func(_ *world, tx *store.Tx) (any, error) { return tx.RecordedTables(), nil },
	"RecordedRows":   func(_ *world, tx *store.Tx) (any, error) { return sweptRecorded(tx) },
	"SetBack": func(_ *world, tx *store.Tx) (any, error) {
		rows, err := tx.RecordedRows("groups")
		for _, row := range rows {
			err = errors.Join(err, tx.SetBack("groups", row.Image, []string{"Year"}))
		}
		return len(rows), err
	},
	"PutBack": func(_ *world, tx *store.Tx) (any, error) { return sweptBack(tx) },
	"TakeBack": func(_ *world, tx *store.Tx) (any, error) {
		_, err := sweptBack(tx)
		return nil, err
	},
	"UpdateSchool": func(_ *world, tx *store.Tx) (any, error) {
		tx.School().Details.Name = "renamed by the sweep"
		return nil, tx.UpdateSchool("details", "zone")
	},
}

// testSweep compares a world in which the other school has everything with one in which it has nothing.
func testSweep(t *testing.T, open Opener) {
	for name, full := range map[string]bool{"a school without rows": false, "a school with rows of the same ids": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			beside, alone := newWorld(t, open), newWorld(t, open)
			fillSwept(t, beside, beside.there)
			before := snapshotOf(t, beside, beside.there)
			if full {
				fillSwept(t, beside, beside.here)
				fillSwept(t, alone, alone.here)
			}
			got, want := sweep(t, beside), sweep(t, alone)
			for _, call := range slices.Sorted(maps.Keys(want)) {
				if got[call] != want[call] {
					t.Errorf("%s:\nbeside the other school %s\nalone                   %s", call, got[call], want[call])
				}
			}
			wantEqual(t, "the other school", snapshotOf(t, beside, beside.there), before)
			beside.read(t, beside.there, func(tx *store.Tx) error {
				wantEqual(t, "the other school's name", tx.School().Details.Name, "School there")
				return nil
			})
		})
	}
	t.Run("no method of a transaction is left out", func(t *testing.T) {
		t.Parallel()
		wantMethods(t, reflect.TypeFor[*store.Tx](), slices.Collect(maps.Keys(sweptMethods)))
	})
	t.Run("what belongs to no school is for the operator and for jobs with a reason", func(t *testing.T) { t.Parallel(); testInstallationRefuses(t, open) })
}

// fillSwept gives a school the sample and an external key of its pupil.
func fillSwept(t *testing.T, w *world, school models.SchoolID) {
	t.Helper()
	Fill(t, w.Store, school, NewSample("Kwartel", 0))
	w.write(t, school, func(tx *store.Tx) error {
		return store.Insert(tx, &models.ExternalKey{Kind: models.SubjectPupil, KeyIndex: tx.Index(string(models.SubjectPupil), sweptKey), Subject: ID[models.RowID]("pupil")})
	})
}

// sweep makes all calls and notes what each gave, as a text.
func sweep(t *testing.T, w *world) map[string]string {
	t.Helper()
	outcomes := map[string]string{}
	note := func(name string, call func(*store.Tx) (any, error)) {
		err := w.tryWrite(w.here, func(tx *store.Tx) error {
			value, err := call(tx)
			outcomes[name] = must[string](t)(describe(value)) + fmt.Sprintf(" %T %v", err, err)
			return err
		})
		outcomes[name] += fmt.Sprintf(" kind %d", errs.KindOf(err))
	}
	for _, method := range slices.Sorted(maps.Keys(sweptMethods)) {
		note("Tx."+method, func(tx *store.Tx) (any, error) { return sweptMethods[method](w, tx) })
	}
	rows := NewSample("Kwartel", 0).Rows
	for n, function := range sweptFunctions() {
		if function.name == "Delete" {
			slices.Reverse(rows) // what refers goes first
		}
		for i, row := range rows {
			note(fmt.Sprintf("%s[%s] %d.%d", function.name, row.Type, n, i), func(tx *store.Tx) (any, error) { return function.call(w, tx, row) })
		}
		if function.name == "Delete" {
			slices.Reverse(rows)
		}
	}
	return outcomes
}

func describe(value any) (string, error) {
	text, err := json.Marshal(value)
	return string(text), err
}

func wantMethods(t *testing.T, of reflect.Type, swept []string) {
	t.Helper()
	for method := range of.NumMethod() {
		if name := of.Method(method).Name; !slices.Contains(swept, name) {
			t.Errorf("%s.%s has no entry in the sweep", of, name)
		}
	}
}

func testInstallationRefuses(t *testing.T, open Opener) {
	ctx := context.Background()
	w := newWorld(t, open)
	calls := map[string]func(store.Installation) error{
		"Schools":      func(in store.Installation) error { _, err := in.Schools(ctx); return err },
		"CreateSchool": func(in store.Installation) error { return in.CreateSchool(ctx, NewSchool("more")) },
		"AddOperatorKey": func(in store.Installation) error {
			return in.AddOperatorKey(ctx, models.New[models.APIKeyID](), []byte("index"))
		},
		"Erasures": func(in store.Installation) error { _, err := in.Erasures(ctx); return err },
		"Erasure":  func(in store.Installation) error { _, err := in.Erasure(ctx, w.there); return err },
		"RecordErasure": func(in store.Installation) error {
			return in.RecordErasure(ctx, &models.Erasure{SchoolID: models.RawSchoolID(w.there)})
		},
		"PersonErasures":      func(in store.Installation) error { _, err := in.PersonErasures(ctx, Start()); return err },
		"DueCarrierRecords":   func(in store.Installation) error { _, err := in.DueCarrierRecords(ctx, 10); return err },
		"OldestCarrierRecord": func(in store.Installation) error { _, err := in.OldestCarrierRecord(ctx); return err },
		"RememberCarrierRecord": func(in store.Installation) error {
			return in.RememberCarrierRecord(ctx, w.there, ID[models.MessageID]("message"), "SM1", Start())
		},
		"CarrierAsked": func(in store.Installation) error {
			return in.CarrierAsked(ctx, models.CarrierRecord{SchoolID: models.RawSchoolID(w.there), CarrierID: "SM1"}, true, Start())
		},
		"EraseSchool": func(in store.Installation) error { _, err := in.EraseSchool(ctx, w.there); return err },
		"Truncate": func(in store.Installation) error {
			return in.Truncate(ctx, func(context.Context, time.Duration) error { return nil })
		},
		"TruncateLog": func(in store.Installation) error { return in.TruncateLog(ctx, nil) },
		"WipeAlone": func(in store.Installation) error {
			return in.WipeAlone(ctx, nil, func(context.Context) error { t.Error("it ran"); return nil })
		},
		"SchoolsWithTasks": func(in store.Installation) error { _, err := in.SchoolsWithTasks(ctx, 10); return err },
		"TidySlugs":        func(in store.Installation) error { _, err := in.TidySlugs(ctx); return err },
		"TakeJob":          func(in store.Installation) error { _, _, err := in.TakeJob(ctx, "sweep", time.Hour); return err },
		"Due":              func(in store.Installation) error { _, err := in.Due(ctx, Start(), 10); return err },
		"NextDue":          func(in store.Installation) error { _, err := in.NextDue(ctx); return err },
	}
	wantMethods(t, reflect.TypeFor[store.Installation](), slices.Collect(maps.Keys(calls)))
	refused := []models.Actor{
		{}, {Kind: models.ActorParent, School: w.here}, {Kind: models.ActorStaff, School: w.here, Roles: []models.Role{models.RoleAdministrator}, Proof: models.ProofRecent},
		{Kind: models.ActorKey, School: w.here, Scopes: models.AllScopes()}, {Kind: models.ActorSystem, School: w.here}, {Kind: "other"},
	}
	for _, actor := range refused {
		for name, call := range calls {
			wantKind(t, fmt.Sprintf("%s as %q", name, actor.Kind), call(w.Store.Installation(actor)), errs.Forbidden)
		}
	}
	wantEqual(t, "schools", len(must[[]models.School](t)(w.Store.Installation(Operator()).Schools(ctx))), 2)
	wantEqual(t, "ledger", len(must[[]models.Erasure](t)(w.Store.Installation(Operator()).Erasures(ctx))), 0)
}
