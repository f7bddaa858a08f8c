package roster_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/roster"
)

// listOf writes a list of twenty pupils: the columns of a file that names them, and one more with a header and values of its own.
func listOf(base, header string, value func(i int) string) roster.File {
	lines := []string{base + ";" + header}
	for i := range 20 {
		cells := map[string]string{
			"Leerlingnummer": fmt.Sprint(100_000 + 7*i), "Roepnaam": "Kind" + string(rune('a'+i)), "Achternaam": "Bos" + string(rune('a'+i)), "Klas": "3A",
		}
		var line []string
		for name := range strings.SplitSeq(base, ";") {
			line = append(line, cells[name])
		}
		lines = append(lines, strings.Join(append(line, value(i)), ";"))
	}
	return csvFile(lines...)
}

func columnOf(report *roster.Report, header string) roster.ColumnReport {
	for _, file := range report.Files {
		for _, one := range file.Columns {
			if one.Header == header {
				return one
			}
		}
	}
	return roster.ColumnReport{}
}

var shapes = map[string]func(i int) string{
	"birth_date":      func(i int) string { return fmt.Sprintf("%d-%d-%d", i%28+1, i%12+1, 2012+i%8) },
	"postcode":        func(i int) string { return fmt.Sprintf("%d AB", 1234+i/2) },
	"guardian1_email": func(i int) string { return fmt.Sprintf("ouder%d@example.com", i) },
	"guardian1_phone": func(i int) string { return fmt.Sprintf("06-123456%02d", i) },
	"pupil_number":    func(i int) string { return fmt.Sprint(200_100 + 13*i) },
	"group":           func(i int) string { return fmt.Sprintf("%d%c", i/10+1, 'A'+i%10/5) },
}

func TestAColumnIsSuggestedByItsValues(t *testing.T) {
	t.Parallel()
	for field, value := range shapes {
		for _, header := range []string{"Kolom1", "Veld 3", "Spalte", ""} {
			base := "Leerlingnummer;Roepnaam;Achternaam;Klas"
			switch field {
			case "pupil_number":
				base = "Roepnaam;Achternaam;Klas"
			case "group":
				base = "Leerlingnummer;Roepnaam;Achternaam"
			}
			r, report := read(t, options(), listOf(base, header+";Opmerking", func(i int) string { return value(i) + ";x" }))
			one := columnOf(report, header)
			if one.State != roster.ColumnSuggested || one.Suggested != field || one.Field != "" || one.Because != roster.BecauseValues || !warned(report, roster.ReasonColumnSuggested, 0) {
				t.Errorf("%s under %q: %s", field, header, asJSON(report.Files[0].Columns))
			}
			letter := "[" + one.Letter + "]"
			if name := report.Files[0].Unread; !slices.Equal(name, []string{firstOf(header, letter)}) {
				t.Errorf("unread %q", name)
			}
			if strings.Contains(asJSON(report), value(3)) || strings.Contains(asJSON(r), "\""+value(3)+"\"") {
				t.Errorf("%s under %q was read or repeated", field, header)
			}
			opts := options()
			opts.Mapping = map[string]string{firstOf(header, letter): one.Suggested}
			_, report = read(t, opts, listOf(base, header+";Opmerking", func(i int) string { return value(i) + ";x" }))
			if one = columnOf(report, header); one.State != roster.ColumnBound || one.Field != field || one.Because != roster.BecauseChosen {
				t.Errorf("chosen: %s", asJSON(one))
			}
		}
	}
}

func firstOf(texts ...string) string {
	i := slices.IndexFunc(texts, func(text string) bool { return text != "" })
	return texts[i]
}

func TestNothingIsSuggestedThatIsNotPlain(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]func(i int) string{
		"days on which children came":     func(i int) string { return fmt.Sprintf("1-8-%d", 2019+i%3) },
		"accounts of the school":          func(i int) string { return fmt.Sprintf("%d@linde.example", 1000+i) },
		"numbers that count the rows":     func(i int) string { return fmt.Sprint(i + 1) },
		"house numbers":                   func(i int) string { return fmt.Sprint(100 + i%7) },
		"birth dates of parents":          func(i int) string { return fmt.Sprintf("%d-%d-%d", i%28+1, i%12+1, 1975+i%8) },
		"half of them postcodes":          func(i int) string { return []string{"1234 AB", "Utrecht"}[i%2] },
		"first names":                     func(i int) string { return "Kind" + string(rune('a'+i)) },
		"four values":                     func(i int) string { return strings.Repeat(fmt.Sprintf("%d AB", 1234+i), max(0, min(1, 4-i))) },
		"a second class where there is 1": shapes["group"],
		"a second number":                 shapes["pupil_number"],
	} {
		_, report := read(t, options(), listOf("Leerlingnummer;Roepnaam;Achternaam;Klas", "Kolom1", value))
		if one := columnOf(report, "Kolom1"); one.State != roster.ColumnIgnored || one.Suggested != "" || one.Because != "" {
			t.Errorf("%s: %s", name, asJSON(one))
		}
	}
}

func TestAHeaderThatItsValuesContradictIsTold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		base, header, values, suggested string
	}{
		"postcodes under Huisnummer":           {"Leerlingnummer;Roepnaam;Achternaam", "Huisnummer", "postcode", "postcode"},
		"birth dates under Leerlingnummer":     {"Roepnaam;Achternaam;Klas", "Leerlingnummer", "birth_date", "birth_date"},
		"addresses under a telephone":          {"Leerlingnummer;Roepnaam;Achternaam", "Mobiel ouder 2", "guardian1_email", "guardian1_email"},
		"telephones under Gezinscode's friend": {"Leerlingnummer;Roepnaam;Achternaam", "Klas", "guardian1_phone", "guardian1_phone"},
		"classes under a birth date":           {"Leerlingnummer;Roepnaam;Achternaam", "Geboortedatum", "group", "group"},
	} {
		_, report := roster.Read([]roster.File{listOf(tt.base, tt.header, shapes[tt.values])}, options())
		one := columnOf(report, tt.header)
		if one.State != roster.ColumnBound || one.Because != roster.BecauseHeader || one.Suggested != tt.suggested || !warned(report, roster.ReasonColumnContradicted, 0) {
			t.Errorf("%s: %s %s", name, asJSON(one), asJSON(report.Warnings))
		}
		if strings.Contains(asJSON(report), shapes[tt.values](3)) {
			t.Errorf("%s: a value is repeated", name)
		}
	}
}

func TestHeaderAndValuesThatAgreeAreSaid(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{"Geboortedatum": "birth_date", "Postcode": "postcode", "E-mail ouder 1": "guardian1_email", "Mobiel ouder 1": "guardian1_phone"} {
		_, report := read(t, options(), listOf("Leerlingnummer;Roepnaam;Achternaam", header, shapes[want]))
		if one := columnOf(report, header); one.Because != roster.BecauseHeaderAndValues || one.Field != want || report.WarningCount != 0 {
			t.Errorf("%s: %s", header, asJSON(report))
		}
		if one := columnOf(report, "Roepnaam"); one.Because != roster.BecauseHeader {
			t.Errorf("a name: %s", asJSON(one))
		}
	}
}

func TestAListThatCannotBeReadWithoutItsOnlyCandidateIsReadWithIt(t *testing.T) {
	t.Parallel()
	main := listOf("Roepnaam;Achternaam;Klas", "Leerlingnummer", shapes["pupil_number"])
	main.Name = "pupils.csv"
	lines := []string{"Kolom1;Kolom2;Postcode"}
	for i := range 20 {
		lines = append(lines, shapes["pupil_number"](i)+";x;"+shapes["postcode"](i))
	}
	r, report := read(t, options(), main, csvFile(lines...))
	one := columnOf(report, "Kolom1")
	if r.Pupils[3].Postcode != "1235AB" || one.Field != "pupil_number" || one.Because != roster.BecauseValues || one.State != roster.ColumnBound || !warned(report, roster.ReasonColumnByValues, 0) {
		t.Errorf("columns %s", asJSON(report))
	}
	for i := range lines[1:] {
		lines[i+1] = strings.Replace(lines[i+1], ";x;", ";"+fmt.Sprint(500_100+17*i)+";", 1)
	}
	refused(t, options(), roster.ReasonNoHeader, main, csvFile(lines...))
}

func TestWhatSomebodyOnceSaidOfAListIsRecalled(t *testing.T) {
	t.Parallel()
	headers := []string{"Spalte A", "Spalte-B", "Spalte C", "Spalte D"}
	recalled := roster.Recalled{Mapping: map[string]string{"spalte a": "pupil_number", "Spalte B": "given", "Spalte C": "surname", "Spalte D": "birth_date", "Weg": "ignore"}, Encoding: "cp850"}
	file := csvFile("Liste der Kinder;;;", strings.Join(headers, ";"), "1001;Zo\x89;Bos;3-11-2014", "1002;Jan;Smit;4-11-2014")
	refused(t, options(), roster.ReasonNoHeader, file)
	opts := options()
	opts.Recall = func(source string) (roster.Recalled, bool) {
		return recalled, source == roster.SourceOf([]string{"SPALTE A", "Spalte B", "Spalte C:", "Spalte D"})
	}
	r, report := read(t, opts, file)
	if got := briefs(r); !slices.Equal(got, []string{"1001|Zoë||Bos|2014-11-03||", "1002|Jan||Smit|2014-11-04||"}) {
		t.Fatalf("pupils %q", got)
	}
	if one := columnOf(report, "Spalte D"); one.Because != roster.BecauseRemembered || one.Field != "birth_date" || report.Encoding != "cp850" {
		t.Errorf("column %s, %s", asJSON(one), report.Encoding)
	}
	above := csvFile("Leerlingnummer;Roepnaam;Achternaam;Geboortedatum", strings.Join(headers, ";"), "1001;Jan;Bos;3-11-2014")
	if r, _ = read(t, opts, above); len(r.Pupils) != 1 || r.Pupils[0].Given != "Jan" {
		t.Errorf("another row goes before the one that was explained: %q", briefs(r))
	}
	opts.Mapping, opts.Encoding = map[string]string{"Spalte D": "ignore"}, "windows-1252"
	r, report = read(t, opts, file)
	if one := columnOf(report, "Spalte D"); one.Because != roster.BecauseChosen || one.State != roster.ColumnIgnored || !r.Pupils[0].BirthDate.IsZero() || r.Encoding != "windows-1252" {
		t.Errorf("what is said now does not go before: %s, %s", asJSON(one), r.Encoding)
	}
	opts = options()
	opts.Remembered = &recalled
	if r, _ = read(t, opts, file); r.Pupils[0].Given != "Zoë" {
		t.Errorf("by the name of the source: %s", briefs(r))
	}
}
