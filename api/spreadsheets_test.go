package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/ouderavond/ouderavond/api/apitest"
)

// workbook is a spreadsheet of sheets by name, each of rows with semicolons between the cells.
func workbook(t *testing.T, sheets ...[2]string) string {
	t.Helper()
	f := excelize.NewFile()
	for i, one := range sheets {
		if i == 0 {
			must(t, f.SetSheetName("Sheet1", one[0]))
		} else if _, err := f.NewSheet(one[0]); err != nil {
			t.Fatal(err)
		}
		for n, line := range strings.Split(strings.TrimSpace(one[1]), "\n") {
			place, err := excelize.CoordinatesToCellName(1, n+1)
			must(t, err)
			row := strings.Split(line, ";")
			must(t, f.SetSheetRow(one[0], place, &row))
		}
	}
	var packed bytes.Buffer
	must(t, f.Write(&packed))
	return packed.String()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestARosterMayBeASpreadsheet(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 10})
	list := strings.Replace(apitest.RosterCSV(s.Families), ";Anna;Gezinaaa;", ";Anne;Gezinaaa;", 1)
	file := apitest.File{Name: "leerlingen.csv", Content: workbook(t, [2]string{"Uitleg", "Zie het andere blad"}, [2]string{"Leerlingen", list})}
	preview := upload(t, w, s.Key, s.Path+"/roster/preview", nil, file).Want(t, http.StatusOK)
	report := object(preview, "report")
	described := report["files"].([]any)[0].(map[string]any)
	sheets := described["sheets"].([]any)
	if report["format"] != "xlsx" || report["encoding"] != "" || len(sheets) != 2 || sheets[1].(map[string]any)["read"] != true || sheets[0].(map[string]any)["read"] == true {
		t.Fatalf("report %v", report)
	}
	if column := described["columns"].([]any)[0].(map[string]any); column["letter"] != "A" || column["state"] != "bound" {
		t.Errorf("column %v", column)
	}
	if changed := object(preview, "change")["changed"].([]any); len(changed) != 1 {
		t.Fatalf("change %v", preview["change"])
	}
	upload(t, w, s.Key, s.Path+"/roster/import", map[string]string{"digest": preview["digest"].(string)}, file).Want(t, http.StatusOK)
	again := upload(t, w, s.Key, s.Path+"/roster/preview", nil, file).Want(t, http.StatusOK)
	if object(again, "change")["nothing"] != true {
		t.Errorf("the same spreadsheet changes %v", again["change"])
	}

	two := apitest.File{Name: "x.xlsx", Content: workbook(t, [2]string{"Oud", list}, [2]string{"Nieuw", list})}
	problem := upload(t, w, s.Key, s.Path+"/roster/preview", nil, two).Want(t, http.StatusUnprocessableEntity)
	if found := object(problem, "report")["errors"].([]any)[0].(map[string]any); found["reason"] != "several-sheets" || !strings.Contains(found["message"].(string), "Oud, Nieuw") || found["detail"] == "" {
		t.Errorf("two sheets alike: %v", found)
	}
	report = object(upload(t, w, s.Key, s.Path+"/roster/preview", map[string]string{"sheet": "nieuw"}, two).Want(t, http.StatusOK), "report")
	if read := report["files"].([]any)[0].(map[string]any)["sheets"].([]any)[1].(map[string]any); read["name"] != "Nieuw" || read["read"] != true {
		t.Errorf("the sheet that was asked for: %v", report)
	}
	for content, reason := range map[string]string{
		"PK\x03\x04": "spreadsheet-damaged", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "spreadsheet-old", "\x89PNG\r\n\x1a\n": "binary-file",
	} {
		problem := upload(t, w, s.Key, s.Path+"/roster/preview", nil, apitest.File{Name: "leerlingen.xlsx", Content: content}).Want(t, http.StatusUnprocessableEntity)
		if found := object(problem, "report")["errors"].([]any)[0].(map[string]any); found["reason"] != reason || found["detail"] == "" {
			t.Errorf("%s: %v", reason, found)
		}
	}
}

func TestTheTableOfTeachersMayBeASpreadsheet(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 10})
	table := workbook(t, [2]string{"Leerlingen", apitest.RosterCSV(s.Families)}, [2]string{"Docenten", "groep;leerkracht;rol\n1A;mw. J. Visser;mentor\n1A;dhr. K. Bos;intern begeleider"})
	path := s.Path + "/roster/teachers"
	preview := upload(t, w, s.Admin, path+"/preview", nil, apitest.File{Name: "docenten.xlsx", Content: table}).Want(t, http.StatusOK)
	if preview["teachers"].(map[string]any)["added"] != float64(1) || object(preview, "report")["format"] != "xlsx" {
		t.Fatalf("preview %v", preview)
	}
	done := w.Do(t, apitest.Call{
		Method: http.MethodPost, Path: path, Token: s.Admin, Body: strings.NewReader(table), Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	}).Want(t, http.StatusOK)
	if done["applied"] != true || done["teachers"].(map[string]any)["added"] != float64(1) {
		t.Errorf("as the body: %v", done)
	}
}
