package roster_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/roster"
)

func TestAListOfLessonsMayBeTenTimesAsLongAndIsReadIntoWhatIsTaught(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("Leerlingnummer;Dag;Uur;Vak;Docentcode\n")
	for row := range 60_000 {
		fmt.Fprintf(&text, "%d;ma;%d;Vak %d;T%02d\n", 1000+row%1500, row%9, row%10, row%10)
	}
	read, report := roster.ParseTeacherTable([]byte(text.String()), options())
	if !report.Readable() || len(read.Teachers) != 10 || len(read.Pupils) > 0 || !read.OnlyLessons || report.Files[0].Rows != 60_000 {
		t.Fatalf("%+v", report.Errors)
	}
	if len(read.Lessons) != 1500 {
		t.Errorf("%d lessons", len(read.Lessons))
	}
	refused(t, options(), roster.ReasonTooManyRows, csvFile("Leerlingnummer;Roepnaam;Achternaam", strings.TrimSuffix(strings.Repeat("1;A;B\r\n", 20_001), "\r\n")))
}

func TestAListOfLessonsAloneIsToldApart(t *testing.T) {
	t.Parallel()
	_, report := roster.Read([]roster.File{csvFile("Leerlingnummer;Vak;Docent", "1001;Engels;LON")}, options())
	if report.Readable() || !strings.Contains(report.Errors[0].Message, "list of lessons") {
		t.Errorf("%+v", report.Errors)
	}
	for name, file := range map[string]roster.File{
		"of pupils with names": csvFile("Stamnr;Leerling;Klas;Lesgroep;Vak;Docent afkorting", "1001;Anna Bakker;1A;1A.fa;Frans;WES"),
		"pasted":               csvFile("Leerlingnummer\tVak\tDocent", "1001\tFrans\tWES"),
	} {
		read, report := roster.ParseTeacherTable(file.Data, options())
		if !report.Readable() || len(read.Lessons) != 1 || report.Files[0].Kind != roster.KindLessons {
			t.Errorf("%s: %+v %+v", name, read, report.Errors)
		}
	}
}
