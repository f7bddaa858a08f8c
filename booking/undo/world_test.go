package undo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/booking/sample"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/booking/undo"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// world is a school in a database of the test's own, whose files change from night to night.
type world struct {
	t       testing.TB
	ctx     context.Context
	db      *storetest.Database
	store   *store.Store
	booking *booking.Services
	actor   models.Actor

	files   *sample.School
	reserve []sample.Pupil // who will come
	dice    *rand.Rand
}

// newWorld is a school of about so many pupils, not imported yet.
func newWorld(t testing.TB, seed uint64, pupils int) *world {
	t.Helper()
	db := storetest.New(t)
	w := &world{t: t, ctx: t.Context(), db: db, store: db.Store, actor: models.Actor{Kind: models.ActorOperator}, dice: rand.New(rand.NewPCG(seed, 1))}
	w.booking = booking.New(db.Store, booking.Options{})
	policy := models.Policy{Factors: []models.Factor{models.FactorBirthDate, models.FactorPostcode, models.FactorStudentNumber}, PostcodePart: models.PostcodeAll}
	made, err := w.booking.Schools.Create(w.ctx, w.actor, school.NewSchool{Slug: "nacht", Details: models.SchoolDetails{Name: "Nacht"}, Policy: &policy})
	w.must(err)
	w.actor.School = made.ID
	spec := sample.Secondary()
	spec.Seed, spec.Groups, spec.Teachers, spec.Pupils = seed, max(4, pupils/25), max(6, pupils/15), pupils
	generated := sample.Generate(spec)
	w.files = &generated
	keep := len(w.files.Pupils) * 9 / 10
	w.reserve = slices.Clone(w.files.Pupils[keep:])
	w.files.Pupils = w.files.Pupils[:keep:keep]
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// night imports the school's files as they are.
func (w *world) night() *people.ImportResult {
	w.t.Helper()
	yes := true
	result, err := w.booking.People.Import(w.ctx, w.actor, people.ImportRequest{
		Files: []roster.File{
			{Name: "leerlingen.xml", Data: w.files.EdeXML(sample.EdeXMLOptions{})}, {Name: "ouders.csv", Data: w.files.CSV(sample.ContactsCSV())},
		},
		AllowRemoval: true, Renumbered: &yes,
	})
	w.must(err)
	if !result.Applied {
		w.t.Fatal(result.Report.Errors)
	}
	return result
}

// last is the import that was done last; of which nothing is known if it changed nothing.
func (w *world) last() (last models.RowID) {
	w.t.Helper()
	w.read(func(tx *store.Tx) error {
		rows, err := store.List[models.Import](tx)
		if len(rows) > 0 {
			last = rows[len(rows)-1].ID
		}
		return err
	})
	return last
}

func (w *world) read(work func(*store.Tx) error) {
	w.t.Helper()
	w.must(w.store.For(w.actor).Read(w.ctx, work))
}

func (w *world) undo(id models.RowID) *undo.Result {
	w.t.Helper()
	preview, err := w.booking.Undo.Preview(w.ctx, w.actor, undo.Request{Import: id})
	w.must(err)
	result, err := w.booking.Undo.Undo(w.ctx, w.actor, undo.Request{Import: id, Digest: preview.Digest, AllowRemoval: true})
	w.must(err)
	return result
}

// state is all that the roster holds, but for what is no part of it: a line for each row.
func (w *world) state() (lines []string) {
	w.t.Helper()
	w.read(func(tx *store.Tx) error {
		for _, table := range tx.RecordedTables() {
			rows, err := tx.RecordedRows(table)
			if err != nil {
				return err
			}
			for _, row := range rows {
				delete(row.Image, "Revision")
				text, err := json.Marshal(row.Image)
				if err != nil {
					return err
				}
				lines = append(lines, table+" "+string(text))
			}
		}
		return nil
	})
	slices.Sort(lines)
	return lines
}

// differences are the lines that one state has and another does not.
func differences(before, after []string) string {
	var text strings.Builder
	for _, side := range []struct {
		mark     string
		one, two []string
	}{{"-", before, after}, {"+", after, before}} {
		known := map[string]bool{}
		for _, line := range side.two {
			known[line] = true
		}
		for _, line := range side.one {
			if !known[line] {
				fmt.Fprintln(&text, side.mark, line)
			}
		}
	}
	return text.String()
}

// change changes the files as schools do from one day to the next: who leaves and comes, other classes, numbers, addresses, guardians and teachers.
func (w *world) change(much int) {
	f, dice := w.files, w.dice
	pick := func() *sample.Pupil { return &f.Pupils[dice.IntN(len(f.Pupils))] }
	for range 1 + dice.IntN(much) {
		switch p := pick(); dice.IntN(9) {
		case 0:
			at := dice.IntN(len(f.Pupils))
			w.reserve = append(w.reserve, f.Pupils[at])
			f.Pupils = slices.Delete(slices.Clone(f.Pupils), at, at+1)
		case 1:
			if len(w.reserve) > 0 {
				at := dice.IntN(len(w.reserve))
				f.Pupils = append(slices.Clone(f.Pupils), w.reserve[at])
				w.reserve = slices.Delete(w.reserve, at, at+1)
			}
		case 2:
			p.Groups = slices.Clone(p.Groups)
			p.Groups[0] = f.Groups[dice.IntN(len(f.Groups))].Key
		case 3:
			p.Number = fmt.Sprint(700000 + dice.IntN(99999))
		case 4:
			p.Guardians = slices.Clone(p.Guardians)
			if len(p.Guardians) > 0 {
				p.Guardians[0].Email = fmt.Sprintf("nieuw%d@example.com", dice.IntN(1e6))
			}
		case 5:
			p.Guardians = slices.Clone(p.Guardians)
			p.Guardians = p.Guardians[:len(p.Guardians)/2]
		case 6:
			p.Address = pick().Address
		case 7:
			p.Surname += "s"
		case 8:
			one, other := &f.Teachers[dice.IntN(len(f.Teachers))], &f.Teachers[dice.IntN(len(f.Teachers))]
			one.Groups, other.Groups = other.Groups, one.Groups
			if dice.IntN(2) == 0 {
				one.Email = fmt.Sprintf("leraar%d@school.example.com", dice.IntN(1e6))
			}
		}
	}
}

func (w *world) later(days int) { w.db.Clock.Advance(time.Duration(days) * 24 * time.Hour) }

// kept are the details of all that is kept for an undo, opened.
func (w *world) kept() (texts [][]byte) {
	w.t.Helper()
	w.read(func(tx *store.Tx) error {
		rows, err := store.List[models.UndoRow](tx)
		if err != nil {
			return err
		}
		if err := store.OpenGuarded(tx, rows); err != nil {
			return err
		}
		for i := range rows {
			text, err := json.Marshal(rows[i].Details)
			if err != nil {
				return err
			}
			texts = append(texts, text)
		}
		return nil
	})
	return texts
}

func holds(texts [][]byte, word string) bool {
	return slices.ContainsFunc(texts, func(text []byte) bool { return bytes.Contains(text, []byte(word)) })
}
