package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/booking/roster"
)

func upload(t *testing.T, w *apitest.World, token, path string, form map[string]string, files ...apitest.File) apitest.Answer {
	t.Helper()
	body, contentType := apitest.Form(t, form, files...)
	return w.Do(t, apitest.Call{Method: http.MethodPost, Path: path, Token: token, Body: body, Type: contentType})
}

func rosterFile(s *apitest.School) apitest.File {
	return apitest.File{Name: "leerlingen.csv", Content: apitest.RosterCSV(s.Families)}
}

func TestARosterIsCheckedPreviewedAndImported(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 10})
	changed := rosterFile(s)
	changed.Content = strings.Replace(changed.Content, ";Anna;Gezinaaa;", ";Anne;Gezinaaa;", 1) + "999;Nieuw;Nieuweling;2015-01-01;1232AB;77;1A;1\n"

	report := upload(t, w, s.Key, s.Path+"/roster/check", nil, changed).Want(t, http.StatusOK)
	if report["readable"] != true || report["pupils"] != float64(15) || report.Text("format") != "csv" {
		t.Errorf("report %v", report)
	}
	preview := upload(t, w, s.Key, s.Path+"/roster/preview", nil, changed).Want(t, http.StatusOK)
	change := object(preview, "change")
	if preview["applied"] != false || len(change.List("added")) != 1 || len(change.List("changed")) != 1 || change["nothing"] != false {
		t.Errorf("preview %v", preview)
	}
	if got := len(w.Get(t, s.Admin, s.Path+"/pupils").Want(t, http.StatusOK).List("items")); got != 14 {
		t.Errorf("the preview changed the roster: %d pupils", got)
	}
	digest := map[string]string{"digest": preview.Text("digest")}
	imported := upload(t, w, s.Key, s.Path+"/roster/import", digest, changed).Want(t, http.StatusOK)
	if imported["applied"] != true || imported.Text("digest") != preview.Text("digest") {
		t.Errorf("imported %v", imported)
	}
	again := upload(t, w, s.Key, s.Path+"/roster/import", nil, changed).Want(t, http.StatusOK)
	if object(again, "change")["nothing"] != true {
		t.Errorf("the same file twice changes something: %v", again)
	}
	stale := upload(t, w, s.Key, s.Path+"/roster/import", digest, rosterFile(s))
	if problem := stale.Want(t, http.StatusPreconditionFailed); problem.Text("code") != "import.changed-since-preview" {
		t.Errorf("stale %v", problem)
	}
}

func TestAFileOfAFewPupilsDoesNotEndTheOthers(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 20})
	few := apitest.File{Name: "x.csv", Content: apitest.RosterCSV(s.Families[:2])}
	answer := upload(t, w, s.Admin, s.Path+"/roster/import", nil, few)
	problem := answer.Want(t, http.StatusConflict)
	if problem.Text("code") != "import.removes-many" || !strings.Contains(problem.Text("detail"), "20 van de 24") {
		t.Errorf("problem %v", problem)
	}
	upload(t, w, s.Admin, s.Path+"/roster/import", map[string]string{"allow_removal": "true"}, few).Want(t, http.StatusOK)
	if got := len(w.Get(t, s.Admin, s.Path+"/pupils").Want(t, http.StatusOK).List("items")); got != 4 {
		t.Errorf("%d pupils are left", got)
	}
}

func TestAFileThatCannotBeReadSaysWhatToCorrect(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	page := apitest.File{Name: "export.csv", Content: "<!doctype html><html><body>" + canary + "</body></html>"}
	body, contentType := apitest.Form(t, nil, page)
	if report := upload(t, w, s.Admin, s.Path+"/roster/check", nil, page).Want(t, http.StatusOK); report["readable"] != false {
		t.Errorf("the check says %v", report)
	}
	for _, path := range []string{"/roster/preview", "/roster/import"} {
		answer := w.Do(t, apitest.Call{
			Method: http.MethodPost, Path: s.Path + path, Token: s.Admin, Body: body, Type: contentType, Header: http.Header{"Accept-Language": {"en"}},
		})
		problem := answer.Want(t, http.StatusUnprocessableEntity)
		errors := object(problem, "report").List("errors")
		if problem.Text("code") != "import.unreadable" || len(errors) != 1 || errors[0].Text("reason") != "html-file" || errors[0].Text("detail") != "This is a web page, no export." {
			t.Errorf("%s: problem %s", path, answer.Body)
		}
		if strings.Contains(string(answer.Body), canary) {
			t.Errorf("%s repeats the file", path)
		}
	}
}

// TestAnEncodingIsSeenAndGiven imports what the spreadsheet program of a DOS code page wrote.
func TestAnEncodingIsSeenAndGiven(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	file := apitest.File{Name: "x.csv", Content: "Leerlingnummer;Roepnaam;Achternaam\n1;Zo\x89;M\x81ller\n"}
	report := object(upload(t, w, s.Admin, s.Path+"/roster/preview", nil, file).Want(t, http.StatusOK), "report")
	if letters, _ := report["letters"].([]any); len(letters) == 0 || letters[0] == "Müller" || report["warning_count"] == float64(0) {
		t.Errorf("without the encoding: %v", report)
	}
	report = object(upload(t, w, s.Admin, s.Path+"/roster/preview", map[string]string{"encoding": "cp850"}, file).Want(t, http.StatusOK), "report")
	if letters, _ := report["letters"].([]any); !slices.Equal(letters, []any{"Zoë", "Müller"}) || report["encoding"] != "cp850" {
		t.Errorf("with it: %v", report)
	}
	problem := upload(t, w, s.Admin, s.Path+"/roster/preview", map[string]string{"encoding": "klingon"}, file).Want(t, http.StatusUnprocessableEntity)
	if errors := object(problem, "report").List("errors"); len(errors) != 1 || errors[0].Text("reason") != "unknown-encoding" {
		t.Errorf("an encoding that is none: %v", problem)
	}
}

func TestColumnsAreMapped(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	file := apitest.File{Name: "x.csv", Content: "Kolom A;Kolom B;Kolom C\n1;Sanne;Berg\n2;Tom;Dijk\n"}
	mapping := `{"Kolom A":"pupil_number","Kolom B":"given","Kolom C":"surname"}`
	report := upload(t, w, s.Admin, s.Path+"/roster/check", map[string]string{"mapping": mapping}, file).Want(t, http.StatusOK)
	if report["pupils"] != float64(2) {
		t.Errorf("report %v", report)
	}
}

func TestWhatIsRememberedOfListsIsListedAndForgotten(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	path := s.Path + "/roster/mappings"
	list := func() []any {
		answer := w.Do(t, apitest.Call{Method: http.MethodGet, Path: path, Token: s.Admin}).Want(t, http.StatusOK)
		items, _ := answer["items"].([]any)
		return items
	}
	file := apitest.File{Name: "x.csv", Content: "Kolom A;Kolom B;Kolom C\n1;Sanne;Berg\n2;Tom;Dijk\n"}
	form := map[string]string{"mapping": `{"Kolom A":"pupil_number","Kolom B":"given","Kolom C":"surname"}`, "source": "Onze export", "allow_removal": "true", "allow_renumbering": "false"}
	upload(t, w, s.Admin, s.Path+"/roster/import", form, file).Want(t, http.StatusOK)
	items := list()
	if len(items) != 1 {
		t.Fatalf("remembered %v", items)
	}
	one, _ := items[0].(map[string]any)
	if columns, _ := one["columns"].([]any); one["source"] != "Onze export" || len(columns) != 3 {
		t.Errorf("remembered %v", one)
	}
	report := upload(t, w, s.Admin, s.Path+"/roster/check", map[string]string{"source": "onze export"}, file).Want(t, http.StatusOK)
	if report["pupils"] != float64(2) {
		t.Errorf("a check does not go by it: %v", report)
	}
	id, _ := one["id"].(string)
	w.Do(t, apitest.Call{Method: http.MethodDelete, Path: path + "/" + id, Token: s.Admin}).Want(t, http.StatusNoContent)
	w.Do(t, apitest.Call{Method: http.MethodDelete, Path: path + "/" + id, Token: s.Admin}).Want(t, http.StatusNotFound)
	if items = list(); len(items) != 0 {
		t.Errorf("still remembered: %v", items)
	}
	if got := fields(upload(t, w, s.Admin, s.Path+"/roster/check", map[string]string{"source": strings.Repeat("é", 101)}, file).Want(t, http.StatusUnprocessableEntity)); got["source"] != "too-long" {
		t.Errorf("a long name: %v", got)
	}
}

func TestTheFieldsOfListsAreToldWithWhatMayBeKept(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	told := map[string]map[string]any{}
	answer := w.Do(t, apitest.Call{Method: http.MethodGet, Path: s.Path + "/roster/fields", Token: s.Admin, Header: http.Header{"Accept-Language": {"nl"}}}).Want(t, http.StatusOK)
	items, _ := answer["items"].([]any)
	for _, item := range items {
		one, _ := item.(map[string]any)
		name, _ := one["field"].(string)
		told[name] = one
	}
	if len(told) != len(roster.FieldList()) || told["birth_date"]["meaning"] != "De dag waarop de leerling is geboren." || told["birth_date"]["example"] == "" {
		t.Errorf("fields %v", told)
	}
	for name, kept := range map[string]bool{"given": true, "house_number": false, "citizen_last4": false, "guardian_email": true, "ignore": false} {
		if told[name]["kept"] != kept {
			t.Errorf("%s: %v", name, told[name])
		}
	}
}

func TestUploadsThatAreNotTaken(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	path := s.Path + "/roster/check"
	field := func(form map[string]string, files ...apitest.File) map[string]string {
		return fields(upload(t, w, s.Admin, path, form, files...).Want(t, http.StatusUnprocessableEntity))
	}
	if got := field(map[string]string{"digest": "x"}); got["file"] != "required" {
		t.Errorf("no file: %v", got)
	}
	if got := field(map[string]string{"school_id": "x"}, rosterFile(s)); got["school_id"] != "unknown-field" {
		t.Errorf("an unknown part: %v", got)
	}
	if got := field(map[string]string{canary + "@example.com": "x"}, rosterFile(s)); got["(unnamed)"] != "unknown-field" {
		t.Errorf("a person as a part: %v", got)
	}
	if got := field(map[string]string{"allow_renumbering": "ja"}, rosterFile(s)); got["allow_renumbering"] != "not-a-boolean" {
		t.Errorf("no yes and no no to other numbers: %v", got)
	}
	if got := field(map[string]string{"allow_removal": "ja"}, rosterFile(s)); got["allow_removal"] != "not-a-boolean" {
		t.Errorf("no yes and no no: %v", got)
	}
	if got := field(map[string]string{"mapping": "[]"}, rosterFile(s)); got["mapping"] != "not-an-object" {
		t.Errorf("a mapping that is none: %v", got)
	}
	if got := field(map[string]string{"mapping": strings.Repeat("x", 70<<10)}, rosterFile(s)); got["mapping"] != "too-long" {
		t.Errorf("a huge mapping: %v", got)
	}
	if got := field(nil, manyFiles(25)...); got["file"] != "too-many" {
		t.Errorf("many files: %v", got)
	}
	for what, test := range map[string]struct {
		body        any
		contentType string
		status      int
	}{
		"JSON":                       {"{}", "application/json", http.StatusUnsupportedMediaType},
		"a form without boundary":    {"x", "multipart/form-data", http.StatusUnsupportedMediaType},
		"a form that is cut off":     {"--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc", "multipart/form-data; boundary=x", http.StatusBadRequest},
		"nothing":                    {"", "multipart/form-data; boundary=x", http.StatusBadRequest},
		"more than twenty-five MB":   {strings.Repeat("x", 25<<20+1), "multipart/form-data; boundary=x", http.StatusRequestEntityTooLarge},
		"text where a form is asked": {"groep;leerkracht\n", "text/csv", http.StatusUnsupportedMediaType},
	} {
		answer := w.Do(t, apitest.Call{Method: http.MethodPost, Path: path, Token: s.Admin, Body: test.body, Type: test.contentType})
		if answer.Status != test.status {
			t.Errorf("%s: %d %s", what, answer.Status, answer.Body)
		}
	}
}

func manyFiles(count int) []apitest.File {
	files := make([]apitest.File, count)
	for i := range files {
		files[i] = apitest.File{Name: fmt.Sprintf("%d.csv", i), Content: "x"}
	}
	return files
}

func TestTeachersComeByFileOrByText(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	path := s.Path + "/roster/teachers"
	table := "groep;leerkracht;rol\n1A;mw. J. Visser;mentor\n1A;dhr. K. Bakker;mentor\n9Z;mw. L. Smit;mentor\n"
	byFile := upload(t, w, s.Admin, path, nil, apitest.File{Name: "d.csv", Content: table}).Want(t, http.StatusOK)
	if object(byFile, "teachers")["added"] != float64(2) || fmt.Sprint(byFile["unknown_groups"]) != "[9Z]" {
		t.Errorf("by file %v", byFile)
	}
	for _, contentType := range []string{"text/csv", "text/plain; charset=utf-8", "text/plain"} {
		byText := w.Do(t, apitest.Call{Method: http.MethodPost, Path: path, Token: s.Admin, Body: table, Type: contentType}).Want(t, http.StatusOK)
		if object(byText, "teachers")["added"] != float64(0) {
			t.Errorf("by text %v", byText)
		}
	}
	preview := upload(t, w, s.Admin, path+"/preview", nil, apitest.File{Name: "d.csv", Content: table + "1A;mevr. Nieuw;mentor\n"}).Want(t, http.StatusOK)
	if preview["applied"] != false || object(preview, "consequences")["undecided"] != 0.0 || object(preview, "teachings")["added"] != float64(1) || preview["pupils_without_teachers"] != float64(0) {
		t.Errorf("preview %v", preview)
	}
	upload(t, w, s.Admin, path, map[string]string{"digest": fmt.Sprint(preview["digest"])}, apitest.File{Name: "d.csv", Content: table}).Want(t, http.StatusPreconditionFailed)
	none := upload(t, w, s.Admin, path, nil, apitest.File{Name: "d.csv", Content: "groep;leerkracht\n9Z;mw. L. Smit\n"}).Want(t, http.StatusConflict)
	if none.Text("code") != "import.no-such-groups" || !strings.Contains(none.Text("detail"), "9Z") {
		t.Errorf("none of the groups: %v", none)
	}
	two := fields(upload(t, w, s.Admin, path, nil, manyFiles(2)...).Want(t, http.StatusUnprocessableEntity))
	if two["file"] != "exactly-one" {
		t.Errorf("two files: %v", two)
	}
	teachers := w.Get(t, s.Admin, s.Path+"/teachers").Want(t, http.StatusOK).List("items")
	if len(teachers) != 3 {
		t.Errorf("teachers %v", teachers)
	}
}
