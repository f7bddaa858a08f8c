package roster_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/roster"
)

// mentored reads pupils of whom each line says who mentors them, and gives the teachers and, for each pupil, the mentors' keys.
func mentored(t *testing.T, header string, cells ...string) (teachers, mentors []string, report *roster.Report) {
	t.Helper()
	lines := []string{"Leerlingnummer;Roepnaam;Achternaam;Klas;" + header}
	for i, cell := range cells {
		lines = append(lines, string(rune('1'+i))+";Kind;Naam"+string(rune('a'+i))+";1"+string(rune('A'+i))+";"+cell)
	}
	r, report := read(t, options(), csvFile(lines...))
	for _, teacher := range r.Teachers {
		teachers = append(teachers, teacher.Key+" "+teacher.DisplayName+" "+teacher.Email)
	}
	for _, p := range r.Pupils {
		mentors = append(mentors, strings.Join(p.TeacherKeys, "+"))
	}
	return teachers, mentors, report
}

func TestCodesThenAddressesTellTeachersApart(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		header            string
		cells             []string
		teachers, mentors []string
		warned            bool
	}{
		"codes":                        {"Mentor;Mentorcode", []string{"A. de Vries;VRA", "A. de Vries;VRI", "A. de Vries;VRA"}, []string{"VRA A. de Vries ", "VRI A. de Vries "}, []string{"VRA", "VRI", "VRA"}, false},
		"a code on some lines":         {"Mentor;Mentorcode", []string{"Els Bos;", "Els Bos;BOS", "Per Smit;SMI"}, []string{"BOS Els Bos ", "SMI Per Smit "}, []string{"BOS", "BOS", "SMI"}, false},
		"a line that names one of two": {"Mentor;Mentorcode", []string{"A. de Vries;VRA", "A. de Vries;VRI", "A. de Vries;"}, []string{"VRA A. de Vries ", "VRI A. de Vries "}, []string{"VRA", "VRI", ""}, true},
		"as many codes as teachers":    {"Mentor;Mentorcode", []string{"Els Bos en Per Smit;BOS, SMI"}, []string{"BOS Els Bos ", "SMI Per Smit "}, []string{"BOS+SMI"}, false},
		"addresses": {"Mentor;Mentoremail", []string{"A. de Vries;vra@s.example", "A. de Vries;vri@s.example", "A. de Vries;vra@s.example"},
			[]string{"vries|a|vra@s.example A. de Vries vra@s.example", "vries|a|vri@s.example A. de Vries vri@s.example"}, []string{"vries|a|vra@s.example", "vries|a|vri@s.example", "vries|a|vra@s.example"}, false},
		"an address on some lines":   {"Mentor;Mentoremail", []string{"Els Bos;", "Els Bos;bos@s.example"}, []string{"bos|els Els Bos bos@s.example"}, []string{"bos|els", "bos|els"}, false},
		"one code, two spellings":    {"Mentor;Mentorcode", []string{"Els Bos;BOS", "E. Bos;BOS"}, []string{"BOS Els Bos "}, []string{"BOS", "BOS"}, false},
		"names of their own columns": {"Docent voornaam;Docent achternaam;Docentcode", []string{"A.;de Vries;VRA", "A.;de Vries;VRI"}, []string{"VRA A. de Vries ", "VRI A. de Vries "}, []string{"VRA", "VRI"}, false},
		"two people and a comma":     {"Mentor", []string{"Els Bos, Per Smit"}, []string{"bos|els Els Bos ", "smit|per Per Smit "}, []string{"bos|els+smit|per"}, false},
		"surname first":              {"Mentor", []string{"Bos, Els", "Jansen Smit, Anna Maria"}, []string{"bos|els Els Bos ", "jansensmit|annamaria Anna Maria Jansen Smit "}, []string{"bos|els", "jansensmit|annamaria"}, false},
	} {
		teachers, mentors, report := mentored(t, tt.header, tt.cells...)
		if !slices.Equal(teachers, tt.teachers) || !slices.Equal(mentors, tt.mentors) || (report.WarningCount > 0) != tt.warned {
			t.Errorf("%s: %q %q, %d warnings %v", name, teachers, mentors, report.WarningCount, report.Warnings)
		}
		for _, column := range report.Files[0].Columns {
			if column.State != roster.ColumnBound {
				t.Errorf("%s: %s is %s", name, column.Header, column.State)
			}
		}
	}
	if _, _, report := mentored(t, "Mentor;Mentorcode", "Els Bos en Per Smit;BOS"); report.Files[0].Columns[5].State != roster.ColumnIgnored {
		t.Error("a column of which nothing is used counts as bound")
	}
}
