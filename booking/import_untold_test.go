package booking_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// forty is an export of forty pupils, as lines of cells; the first line is its header.
func forty() [][]string {
	lines := [][]string{strings.Split("Leerlingnummer;Roepnaam;Tussenvoegsel;Achternaam;Geboortedatum;Postcode;Klas;Leerjaar;Subgroepen;Leerkracht;Verzorger 1;E-mail verzorger 1;Mobiel verzorger 1", ";")}
	for n := range 40 {
		lines = append(lines, []string{
			fmt.Sprint(500100 + n), "Kind" + string(rune('A'+n%26)) + string(rune('a'+n/26)), "van", "Voorbeeld" + string(rune('a'+n%26)) + string(rune('a'+n/26)), fmt.Sprintf("%d-%d-2014", 1+n%28, 1+n%12),
			fmt.Sprintf("%d AB", 1000+n), fmt.Sprintf("%dA", 3+n%4), fmt.Sprint(3 + n%4), "Plus", "Mw. Jansen", fmt.Sprintf("Ouder %c%c", 'A'+n%26, 'a'+n/26),
			fmt.Sprintf("ouder%d@example.com", n), fmt.Sprintf("06123456%02d", n),
		})
	}
	return lines
}

func asFile(lines [][]string) []roster.File {
	text := ""
	for _, line := range lines {
		text += strings.Join(line, ";") + "\n"
	}
	return []roster.File{{Name: "export.csv", Data: []byte(text)}}
}

// everybody gives all that is kept of people, as text.
func (w *world) everybody() (all []string) {
	w.t.Helper()
	w.must(w.store.For(w.operator).Read(w.ctx, func(tx *store.Tx) error {
		known, err := tx.Directory()
		if err != nil {
			return err
		}
		for _, pupil := range known.Pupils() {
			all = append(all, fmt.Sprintf("%s %+v %+v %v %s %v", pupil.ID, pupil.Details, pupil.Factors, pupil.GroupID, pupil.Year, known.GroupsOf(pupil.ID)))
		}
		contacts, err := store.List[models.Contact](tx)
		for _, contact := range contacts {
			all = append(all, fmt.Sprintf("%s %s", contact.HouseholdID, contact.Details.Value))
		}
		teachings, other := store.List[models.Teaching](tx)
		for _, teaching := range teachings {
			all = append(all, fmt.Sprintf("%v %v %s", teaching.GroupID, teaching.StaffID, teaching.Role))
		}
		return errors.Join(err, other)
	}))
	slices.Sort(all)
	return all
}

var askedOfAll = models.Policy{Factors: []models.Factor{models.FactorBirthDate, models.FactorPostcode, models.FactorStudentNumber}, PostcodePart: models.PostcodeAll}

func TestAFileTakesNothingAwayThatItDoesNotTell(t *testing.T) {
	t.Parallel()
	header := forty()[0]
	ways := map[string]func(lines [][]string, column int) people.ImportRequest{
		"the column is missing": func(lines [][]string, column int) people.ImportRequest {
			for i := range lines {
				lines[i] = slices.Delete(lines[i], column, column+1)
			}
			return people.ImportRequest{Files: asFile(lines)}
		},
		"the column is empty": func(lines [][]string, column int) people.ImportRequest {
			for i := range lines[1:] {
				lines[i+1][column] = ""
			}
			return people.ImportRequest{Files: asFile(lines)}
		},
		"the column was mapped away": func(lines [][]string, column int) people.ImportRequest {
			return people.ImportRequest{Files: asFile(lines), Mapping: map[string]string{header[column]: "ignore"}}
		},
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := emptySchool(t, askedOfAll)
			w.imported(people.ImportRequest{Files: asFile(forty())})
			before := w.everybody()
			for column, title := range header {
				switch title {
				case "Leerlingnummer", "Roepnaam", "Achternaam", "Verzorger 1":
					continue // who somebody is, is another matter
				}
				result := w.imported(way(forty(), column))
				if len(result.Change.Gone)+len(result.Change.Added)+len(result.Change.Erased) > 0 || result.Change.Contacts.Removed > 0 || len(result.Change.Changed) > 0 {
					t.Errorf("%s: %+v", title, result.Change)
				}
				equal(t, title, w.everybody(), before)
			}
		})
	}
}

func TestAFileWithoutNumbersAndBirthDatesFindsItsPupils(t *testing.T) {
	t.Parallel()
	w := emptySchool(t, models.Policy{Factors: []models.Factor{models.FactorBirthDate, models.FactorPostcode}, PostcodePart: models.PostcodeAll})
	without := func(columns ...int) people.ImportRequest {
		lines := forty()
		for i := range lines {
			for _, column := range columns {
				lines[i] = slices.Delete(lines[i], column, column+1)
			}
		}
		return people.ImportRequest{Files: asFile(lines)}
	}
	w.imported(without(0))
	before := w.everybody()
	if result := w.imported(without(4, 0)); len(result.Change.Gone)+len(result.Change.Added) > 0 {
		t.Errorf("%d gone, %d new", len(result.Change.Gone), len(result.Change.Added))
	}
	equal(t, "everybody", w.everybody(), before)
}

func TestAFileThatEmptiesManyValuesIsAskedAbout(t *testing.T) {
	t.Parallel()
	emptied := func(column, rows int) people.ImportRequest {
		lines := forty()
		for i := range rows {
			lines[i+1][column] = ""
		}
		return people.ImportRequest{Files: asFile(lines)}
	}
	columns := map[string]int{"birth_date": 4, "postcode": 5, "group": 6}
	for field, column := range columns {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			w := emptySchool(t, askedOfAll)
			w.imported(people.ImportRequest{Files: asFile(forty())})
			before := w.everybody()
			request := emptied(column, 4)
			preview, err := w.booking.People.PreviewImport(w.ctx, w.operator, request)
			w.must(err)
			if preview.Change.Erased[field] != 4 {
				t.Errorf("the preview counts %v", preview.Change.Erased)
			}
			if _, err = w.booking.People.Import(w.ctx, w.operator, request); errs.CodeOf(err) != "import.erases-many" {
				t.Fatalf("error %v", err)
			}
			equal(t, "everybody", w.everybody(), before)
			request.AllowRemoval = true
			if result := w.imported(request); result.Change.Erased[field] != 4 {
				t.Errorf("erased %v", result.Change.Erased)
			}
			if slices.Equal(w.everybody(), before) {
				t.Error("nothing was emptied though it was agreed to")
			}
		})
	}
	t.Run("a few go without a word", func(t *testing.T) {
		t.Parallel()
		w := emptySchool(t, askedOfAll)
		w.imported(people.ImportRequest{Files: asFile(forty())})
		if result := w.imported(emptied(5, 2)); result.Change.Erased["postcode"] != 2 {
			t.Errorf("erased %v", result.Change.Erased)
		}
	})
	t.Run("addresses and numbers of guardians", func(t *testing.T) {
		t.Parallel()
		w := emptySchool(t, askedOfAll)
		w.imported(people.ImportRequest{Files: asFile(forty())})
		for _, columns := range [][]int{{11}, {12}, {11, 12}} {
			lines := forty()
			for i := range 5 {
				for _, column := range columns {
					lines[i+1][column] = ""
				}
			}
			if _, err := w.booking.People.Import(w.ctx, w.operator, people.ImportRequest{Files: asFile(lines)}); errs.CodeOf(err) != "import.erases-many" {
				t.Errorf("without %v: error %v", columns, err)
			}
		}
	})
}

func TestATeacherWhoHasLeftStaysOutWhenFilesStillNameThem(t *testing.T) {
	t.Parallel()
	w := emptySchool(t, askedOfAll)
	w.imported(people.ImportRequest{Files: asFile(forty())})
	left := true
	var teacher *models.Staff
	known, err := w.booking.People.Staff(w.ctx, w.operator)
	w.must(err)
	for _, staff := range known.AllStaff() {
		teacher = staff
	}
	_, err = w.booking.People.UpdateStaff(w.ctx, w.operator, teacher.ID, people.StaffPatch{Left: &left})
	w.must(err)
	result := w.imported(people.ImportRequest{Files: asFile(forty())})
	equal(t, "kept", keptWords(result.Change.Kept), []string{teacher.Details.Key + ": state"})
	known, err = w.booking.People.Staff(w.ctx, w.operator)
	w.must(err)
	for _, staff := range known.AllStaff() {
		if staff.State != models.PersonLeft {
			t.Errorf("%s is %s", staff.Details.Key, staff.State)
		}
	}
}
