package booking_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// emptySchool is a school without anybody, of a policy.
func emptySchool(t testing.TB, policy models.Policy) *world {
	t.Helper()
	rows := storetest.New(t)
	w := &world{t: t, ctx: t.Context(), db: rows, clock: rows.Clock, store: rows.Store, operator: models.Actor{Kind: models.ActorOperator}}
	w.serve()
	school, err := w.booking.Schools.Create(w.ctx, w.operator, school.NewSchool{Slug: "leeg", Details: models.SchoolDetails{Name: "Leeg"}, Policy: &policy})
	w.must(err)
	w.school, w.operator.School = school.ID, school.ID
	return w
}

func sampleFile(t testing.TB, name string) roster.File {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("roster", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return roster.File{Name: name, Data: data}
}

// again imports the school's own files once more, with replacements in the pupils' file: old, new, old, new...
func (w *world) again(replacements ...string) *people.ImportResult {
	w.t.Helper()
	result := w.imported(w.changed(replacements...))
	w.look()
	return result
}

func (w *world) changed(replacements ...string) people.ImportRequest {
	w.t.Helper()
	text := pupilsFile
	for i := 0; i < len(replacements); i += 2 {
		if !strings.Contains(text, replacements[i]) {
			w.t.Fatalf("%q is not in the file", replacements[i])
		}
		text = strings.Replace(text, replacements[i], replacements[i+1], 1)
	}
	changed := files()
	changed[0].Data = []byte(text)
	return people.ImportRequest{Files: changed}
}

// line is the line of a pupil in the file.
func line(given string) string {
	for text := range strings.Lines(pupilsFile) {
		if strings.Contains(text, ";"+given+";") {
			return text
		}
	}
	panic("no such pupil in the test's own file")
}

// keptWords returns the values that were kept, as "key: field".
func keptWords(values []people.KeptValue) []string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = value.Key + ": " + value.Field
	}
	return texts
}

func keys(changes []people.PupilChange) []string {
	list := []string{}
	for _, change := range changes {
		text := change.Given
		if len(change.Fields) > 0 {
			text += " " + strings.Join(change.Fields, ",")
		}
		list = append(list, text)
	}
	return list
}

func TestARosterImportedTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	all := []models.Factor{models.FactorPostcode, models.FactorBirthDate, models.FactorStudentNumber, models.FactorCitizenLast4}
	samples := map[string][]string{
		"EdeXML, the official example":      {"EDEXML.Voorbeeld.2.1.xml"},
		"EdeXML as schools export it":       {"edex-2.1-realworld-not-schema-valid.xml"},
		"EdeXML by the book":                {"edex-2.1-schema-valid.xml"},
		"semicolons and UTF-8":              {"leerlingen-semicolon-utf8bom.csv"},
		"semicolons and Windows-1252":       {"leerlingen-semicolon-windows1252.csv"},
		"commas":                            {"magister-style-comma-utf8bom.csv"},
		"two files that belong together":    {"magister-style-comma-utf8bom.csv", "postcode-supplement.csv"},
		"the same, the other way round":     {"postcode-supplement.csv", "magister-style-comma-utf8bom.csv"},
		"the little school of these tests ": nil,
	}
	for name, list := range samples {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := emptySchool(t, models.Policy{Factors: all, PostcodePart: models.PostcodeAll, LegalGround: "test"})
			request := people.ImportRequest{Files: files()}
			if list != nil {
				request.Files = nil
			}
			for _, name := range list {
				request.Files = append(request.Files, sampleFile(t, name))
			}
			first := w.imported(request)
			if len(first.Change.Added) == 0 || first.Change.Empty() {
				t.Fatalf("nothing was imported: %+v", first.Report)
			}
			before, versions := w.counts(), w.versions()
			second := w.imported(request)
			if !second.Change.Empty() {
				t.Errorf("the second import changes %+v", second.Change)
			}
			if got := w.appeared(before); got != "" || w.versions() != versions {
				t.Errorf("the second import left rows %q, versions %v after %v", got, w.versions(), versions)
			}
			preview, err := w.booking.People.PreviewImport(w.ctx, w.operator, request)
			w.must(err)
			if !preview.Change.Empty() || preview.Applied {
				t.Errorf("preview %+v", preview)
			}
		})
	}
}

func TestOnlyTheFactorsOfThePolicyAreKept(t *testing.T) {
	t.Parallel()
	for name, factors := range map[string][]models.Factor{
		"postcode and birth date":         {models.FactorPostcode, models.FactorBirthDate},
		"postcode and number":             {models.FactorPostcode, models.FactorStudentNumber},
		"birth date and number":           {models.FactorBirthDate, models.FactorStudentNumber},
		"birth date and citizen's digits": {models.FactorBirthDate, models.FactorCitizenLast4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := emptySchool(t, models.Policy{Factors: factors, PostcodePart: models.PostcodeAll, LegalGround: "test"})
			csv := strings.Replace(pupilsFile, "Leerlingnummer;", "BSN laatste 4;Leerlingnummer;", 1)
			csv = strings.ReplaceAll(csv, "\n10", "\n0987;10")
			w.imported(people.ImportRequest{Files: []roster.File{{Name: "leerlingen.csv", Data: []byte(csv)}}})
			kept := func(factor models.Factor) bool { return slices.Contains(factors, factor) }
			w.read(func(tx *store.Tx) {
				pupils, err := store.List[models.Pupil](tx)
				w.must(err)
				w.must(store.OpenGuarded(tx, pupils))
				if len(pupils) != 9 {
					t.Errorf("%d pupils", len(pupils))
				}
				for _, pupil := range pupils {
					f := pupil.Factors
					if (f.Postcode != "") != kept(models.FactorPostcode) || f.BirthDate.IsZero() == kept(models.FactorBirthDate) ||
						(f.StudentNumber != "") != kept(models.FactorStudentNumber) || (f.CitizenLast4 != "") != kept(models.FactorCitizenLast4) {
						t.Errorf("%s keeps %+v", pupil.Details.Given, f)
					}
				}
				households, err := store.List[models.Household](tx)
				w.must(err)
				w.must(store.OpenGuarded(tx, households))
				for _, household := range households {
					if (household.Factors.Postcode != "") != kept(models.FactorPostcode) {
						t.Errorf("household keeps %+v", household.Factors)
					}
				}
			})
		})
	}
}

func TestASupplementGivesPostcodesToAFileWithoutThem(t *testing.T) {
	t.Parallel()
	w := emptySchool(t, school.DefaultPolicy())
	w.imported(people.ImportRequest{Files: []roster.File{sampleFile(t, "magister-style-comma-utf8bom.csv"), sampleFile(t, "postcode-supplement.csv")}})
	w.read(func(tx *store.Tx) {
		pupil, err := store.Find[models.Pupil](tx, models.SubjectPupil, "100001")
		w.must(err)
		rows := []models.Pupil{*pupil}
		w.must(store.OpenGuarded(tx, rows))
		if rows[0].Factors.Postcode != "1234AB" {
			t.Errorf("factors %+v", rows[0].Factors)
		}
	})
}

func TestAFileThatCannotBeReadChangesNothing(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	before := w.counts()
	for name, data := range map[string]string{"empty": "", "no roster": "<html></html>", "a citizen number": "Leerlingnummer;Roepnaam;Achternaam;BSN\n1;Anna;Bakker;111222333\n1;Bram;Bakker;111222333\n"} {
		result, err := w.booking.People.Import(w.ctx, w.operator, people.ImportRequest{Files: []roster.File{{Name: "x.csv", Data: []byte(data)}}})
		if err != nil || result.Applied || result.Report.Readable() {
			t.Errorf("%s: %+v %v", name, result, err)
		}
	}
	_, err := w.booking.People.Import(w.ctx, w.operator, people.ImportRequest{})
	wantField(t, err, "file", "required")
	if got := w.appeared(before); got != "" {
		t.Errorf("rows %s", got)
	}
}

func TestAPreviewDoesNothingAndItsDigestGuardsTheImport(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	request := w.changed("Anna;;Bakker", "Anne;;Bakker", line("Jet"), "", "1008;Iris;;Mulder;9-9-2010;5678EG;;3C;3;;;;;;\n", "1008;Iris;;Mulder;9-9-2010;5678EG;;3C;3;;;;;;\n1010;Kees;;Bos;1-1-2012;7777HH;1;2B;2;;;;;;\n")
	before, versions := w.counts(), w.versions()
	preview, err := w.booking.People.PreviewImport(w.ctx, w.operator, request)
	w.must(err)
	if got := w.appeared(before); got != "" || w.versions() != versions {
		t.Errorf("a preview left rows %q", got)
	}
	equal(t, "added", keys(preview.Change.Added), []string{"Kees"})
	equal(t, "changed", keys(preview.Change.Changed), []string{"Anne given"})
	equal(t, "gone", keys(preview.Change.Gone), []string{"Jet"})
	request.Digest = preview.Digest
	other := w.fork()
	year := "9"
	_, err = other.booking.People.UpdatePupil(other.ctx, other.operator, other.pupils["Gijs"], people.PupilPatch{Year: &year})
	w.must(err)
	before = other.counts()
	_, err = other.booking.People.Import(other.ctx, other.operator, request)
	if errs.KindOf(err) != errs.Stale || errs.CodeOf(err) != "import.changed-since-preview" {
		t.Errorf("after a change: %v", err)
	}
	if got := other.appeared(before); got != "" {
		t.Errorf("a refused import left rows %q", got)
	}
	result := w.imported(request)
	if result.Digest != preview.Digest {
		t.Errorf("digest %s, of the preview %s", result.Digest, preview.Digest)
	}
}

func TestAPupilWhoIsGoneGoesWithEverythingAndTheFamilyIsTold(t *testing.T) {
	t.Parallel()
	for name, gone := range map[string]struct{ child, session, address, talk, left string }{
		"one of three children": {"Cato", "Anna Bakker", "m.bakker@example.com", "Cato Mentor WES 19:00", "Tue 19:40 Anna LON"},
		"an only child":         {"Jet", "Jet Prins", "a.prins@example.com", "Jet Mentor NOO 19:00", "Tue 19:40 Anna LON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := w.post()
			w.recognised("Anna Bakker").makes(w.talk("Anna Vak LON 19:40"))
			w.recognised(gone.session).makes(w.talk(gone.talk))
			p.drain()
			w.clock.Advance(1)
			request := w.changed(line(gone.child), "")
			result := w.imported(request)
			equal(t, "gone", keys(result.Change.Gone), []string{gone.child})
			if result.Change.CancelledTalks != 1 {
				t.Errorf("%d talks cancelled", result.Change.CancelledTalks)
			}
			equal(t, "schedule", w.schedule(), []string{gone.left})
			w.consistent()
			letters := to(p.drain(), gone.address)
			if len(letters) != 1 || !strings.Contains(letters[0].Text, "19:00") || strings.Contains(letters[0].Text+letters[0].Calendar, gone.child) {
				t.Fatalf("mails %+v", letters)
			}
			if want := map[string]string{"Cato": "REQUEST 3: Tue 19:40-19:50", "Jet": "CANCEL 2: Tue 19:00"}[gone.child]; letters[0].event.at(t) != want {
				t.Errorf("calendar %s, want %s", letters[0].event.at(t), want)
			}
			// Once the family was told, the next import leaves nothing of it.
			w.imported(request)
			w.nothingLeftOf(w.pupils[gone.child])
			before := w.counts()
			w.imported(request)
			if got := w.appeared(before); got != "" {
				t.Errorf("the third import left rows %q", got)
			}
		})
	}
}

// nothingLeftOf checks that a pupil is gone, and no household is without anybody.
func (w *world) nothingLeftOf(pupil models.PupilID) {
	w.t.Helper()
	w.read(func(tx *store.Tx) {
		if left, err := store.Count[models.Pupil](tx, store.Eq("id", pupil)); err != nil || left != 0 {
			w.t.Errorf("the pupil is still there: %v", err)
		}
		people, err := tx.Directory()
		w.must(err)
		for _, household := range people.Households() {
			if len(people.Members(household.ID)) == 0 {
				w.t.Error("a household without anybody is left")
			}
		}
	})
}

func TestTalksThatAreOverAreNotCancelledByAnImport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Jet Prins").makes(w.talk("Jet Mentor NOO 19:00"))
	w.clock.Set(w.at(1, "12:00"))
	result := w.again(line("Jet"), "")
	if result.Change.CancelledTalks != 0 {
		t.Errorf("%d talks cancelled", result.Change.CancelledTalks)
	}
}

func TestAnImportThatTakesManyPupilsAwayMustBeTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Anna Bakker").makes(w.talk("Anna Vak LON 19:00"))
	before := w.counts()
	request := w.changed(line("Anna"), "", line("Bram"), "", line("Cato"), "", line("Emma"), "", line("Finn"), "", line("Gijs"), "")
	_, err := w.booking.People.Import(w.ctx, w.operator, request)
	wantCode(t, err, "import.removes-many")
	if failed, ok := errs.As(err); !ok || failed.Params["gone"] != "6" || failed.Params["present"] != "9" {
		t.Errorf("parameters %+v", failed)
	}
	if got := w.appeared(before); got != "" {
		t.Errorf("rows %s", got)
	}
	request.AllowRemoval = true
	w.imported(request)
	equal(t, "schedule", w.schedule(), []string{})
	// One of the three who are left is more than a fifth, but a handful.
	w.imported(w.changed(line("Anna"), "", line("Bram"), "", line("Cato"), "", line("Emma"), "", line("Finn"), "", line("Gijs"), "", line("Jet"), ""))
}

func TestLeaversAreAsIfTheyWereNotInTheFile(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	header, rest, _ := strings.Cut(pupilsFile, "\n")
	csv := header + ";Uitschrijfdatum\n" + strings.ReplaceAll(rest, "\n", ";\n")
	csv = strings.Replace(csv, strings.TrimSpace(line("Jet"))+";", strings.TrimSpace(line("Jet"))+";1-10-2026", 1)
	csv = strings.Replace(csv, strings.TrimSpace(line("Gijs"))+";", strings.TrimSpace(line("Gijs"))+";31-12-2026", 1)
	result := w.imported(people.ImportRequest{Files: []roster.File{{Name: "leerlingen.csv", Data: []byte(csv)}}})
	equal(t, "gone", keys(result.Change.Gone), []string{"Jet"})
	if len(result.Change.Added)+len(result.Change.Changed) != 0 || result.Report.Leavers != 1 {
		t.Errorf("change %+v", result.Change)
	}
}

func TestAPupilAddedByHandIsLeftAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	given, surname, born, code := "Lot", "Kok", "1-1-2014", "4321BA"
	group := w.groups["1A"]
	_, err := w.booking.People.AddPupil(w.ctx, w.operator, people.NewPupil{Key: "hand-1", Patch: people.PupilPatch{Given: &given, Surname: &surname, Factors: map[models.Factor]string{models.FactorBirthDate: born, models.FactorPostcode: code}, Group: &group}})
	w.must(err)
	w.look()
	lot := w.logIn("Lot Kok", born, code)
	lot.makes(w.talk("Lot Mentor NOO 19:00"))
	if result := w.again(); !result.Change.Empty() {
		t.Errorf("change %+v", result.Change)
	}
	equal(t, "schedule", w.schedule(), []string{"Tue 19:00 Lot NOO"})
	_, err = w.booking.People.AddPupil(w.ctx, w.operator, people.NewPupil{Key: "1001", Patch: people.PupilPatch{Given: &given}})
	wantCode(t, err, "key-taken")
}
