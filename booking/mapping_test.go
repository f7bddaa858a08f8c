package booking_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// foreign is an export whose headers say nothing, of a month.
func foreign(month string) roster.File {
	return roster.File{Name: month + ".csv", Data: []byte("Kolom A;Kolom B;Kolom-C;Kolom D;Opmerkingen\n1001;Zo\x89;Bos;3A;" + month + "\n1002;Jan;Smit;3A;" + month + "\n")}
}

var explained = map[string]string{"Kolom A": "pupil_number", "kolom b": "given", "Kolom C": "surname", "Kolom D": "group"}

func (w *world) remembered() []models.ColumnMapping {
	w.t.Helper()
	list, err := w.booking.Mappings.List(w.ctx, w.operator)
	w.must(err)
	return list
}

func TestWhatSomebodySaidOfAListNeedsToBeSaidOnce(t *testing.T) {
	t.Parallel()
	w := emptySchool(t, models.Policy{Factors: []models.Factor{models.FactorStudentNumber, models.FactorBirthDate}})
	september := people.ImportRequest{Files: []roster.File{foreign("september")}, Mapping: explained, Encoding: "cp850"}
	if _, err := w.booking.People.PreviewImport(w.ctx, w.operator, september); err != nil || len(w.remembered()) != 0 {
		t.Fatalf("a preview is remembered: %v, %v", w.remembered(), err)
	}
	w.imported(september)
	october := w.imported(people.ImportRequest{Files: []roster.File{foreign("oktober")}})
	if !october.Change.Empty() || october.Report.Pupils != 2 || october.Report.Encoding != "cp850" {
		t.Fatalf("the next export: %+v, %+v", october.Change, october.Report)
	}
	for _, one := range october.Report.Files[0].Columns[:4] {
		if one.Because != roster.BecauseRemembered || one.State != roster.ColumnBound {
			t.Errorf("column %+v", one)
		}
	}
	all := w.remembered()
	if len(all) != 1 || len(all[0].Details.Mapping) != 4 || all[0].Details.Mapping["Kolom-C"] != "surname" || all[0].Details.Encoding != "cp850" {
		t.Fatalf("remembered %+v", all)
	}
	w.imported(people.ImportRequest{Files: []roster.File{foreign("november")}, Mapping: map[string]string{"Kolom D": "ignore"}})
	if all = w.remembered(); len(all) != 1 || all[0].Details.Mapping["Kolom D"] != "ignore" || all[0].Details.Mapping["Kolom A"] != "pupil_number" {
		t.Fatalf("said anew: %+v", all)
	}
	w.must(w.booking.Mappings.Forget(w.ctx, w.operator, all[0].ID))
	if err := w.booking.Mappings.Forget(w.ctx, w.operator, all[0].ID); errs.KindOf(err) != errs.NotFound {
		t.Errorf("forgotten twice: %v", err)
	}
	result, err := w.booking.People.PreviewImport(w.ctx, w.operator, people.ImportRequest{Files: []roster.File{foreign("december")}})
	w.must(err)
	if result.Report.Readable() {
		t.Error("what was forgotten is still known")
	}
}

func TestWhatIsSaidUnderANameHoldsForListsOfThatNameAlone(t *testing.T) {
	t.Parallel()
	w := emptySchool(t, models.Policy{Factors: []models.Factor{models.FactorStudentNumber, models.FactorBirthDate}})
	w.imported(people.ImportRequest{Files: []roster.File{foreign("september")}, Mapping: explained, Encoding: "cp850", Source: "Onze Export"})
	changed := foreign("oktober")
	changed.Data = append([]byte("Kolom E;"), changed.Data...) // another row of column names
	changed.Data = []byte("Kolom E;Kolom A;Kolom B;Kolom C;Kolom D\nx;1001;Zo\x89;Bos;3A\nx;1002;Jan;Smit;3A\n")
	result, err := w.booking.People.PreviewImport(w.ctx, w.operator, people.ImportRequest{Files: []roster.File{changed}, Source: "onze  export"})
	w.must(err)
	if !result.Report.Readable() || !result.Change.Empty() {
		t.Errorf("under its name: %+v", result.Report.Errors)
	}
	rewritten := foreign("november")
	rewritten.Data = []byte("KOLOM A;KOLOM B;KOLOM C;KOLOM D\n1001;Zo\x89;Bos;3A\n1002;Jan;Smit;3A\n")
	w.imported(people.ImportRequest{Files: []roster.File{rewritten}, Source: "onze export", Mapping: map[string]string{"KOLOM D": "ignore"}})
	if said := w.remembered()[0].Details.Mapping; len(said) != 4 || said["KOLOM D"] != "ignore" {
		t.Errorf("a header that is written in another way: %v", said)
	}
	for _, source := range []string{"", "Andere"} {
		if result, err = w.booking.People.PreviewImport(w.ctx, w.operator, people.ImportRequest{Files: []roster.File{changed}, Source: source}); err != nil || result.Report.Readable() {
			t.Errorf("under the name %q: %v", source, err)
		}
	}
}

func TestOnlyAHundredSourcesAreRemembered(t *testing.T) {
	t.Parallel()
	w := emptySchool(t, models.Policy{Factors: []models.Factor{models.FactorStudentNumber, models.FactorBirthDate}})
	for i := range 102 {
		w.clock.Advance(time.Second)
		w.imported(people.ImportRequest{Files: []roster.File{foreign("september")}, Mapping: explained, Source: fmt.Sprintf("bron %d", i)})
	}
	all := w.remembered()
	named := func(name string) bool {
		return slices.ContainsFunc(all, func(row models.ColumnMapping) bool { return row.Details.Name == name })
	}
	if len(all) != 100 || named("bron 0") || !named("bron 101") {
		t.Errorf("%d sources", len(all))
	}
}
