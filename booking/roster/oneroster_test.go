package roster_test

import (
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/roster"
)

func TestOneRosterFilesAreNamedOnceAndNotTakenForPupils(t *testing.T) {
	t.Parallel()
	files := map[string]roster.File{
		"users":           sample(t, "oneroster-users.csv"),
		"manifest":        csvFile("propertyName,value", "manifest.version,1.0", "oneroster.version,1.1"),
		"enrollments":     csvFile("sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary", "en1,,,cl-3a,org-s1,t1,teacher,true"),
		"orgs":            csvFile("sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId", "org-s1,,,Riverside Primary,school,S1,org-d"),
		"classes":         csvFile("sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType", "cl-3a,,,Class 3A,03,co-hr,3A,homeroom"),
		"demographics":    csvFile("sourcedId,status,dateLastModified,birthDate,sex", "s1,,,2018-01-22,"),
		"a short users":   csvFile("sourcedId,enabledUser,role,givenName,familyName", "s1,true,student,Jan,Bos"),
		"another cut":     csvFile("\"sourcedId\";\"orgSourcedIds\";\"givenName\";\"familyName\"", "s1;org;Jan;Bos"),
		"with a mark":     {Name: "users.csv", Data: []byte("\ufeff\n sourcedid , orgsourcedids,role\r1,2,student\r")},
		"after a sep row": csvFile("sep=,", "sourcedId,status,dateLastModified,givenName,familyName", "s1,,,Jan,Bos"),
	}
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := refused(t, options(), roster.ReasonOneRoster, file)
			_, report := roster.Read([]roster.File{file, csvFile("Nummer;Roepnaam;Achternaam", "1;Jan;Bos")}, options())
			if !strings.Contains(f.Message, "OneRoster") || !strings.Contains(f.Message, "not read yet") || report.ErrorCount != 1 || report.WarningCount != 0 {
				t.Fatalf("finding %s among %s", asJSON(f), asJSON(report))
			}
		})
	}
	if r, report := roster.ParseTeacherTable(files["users"].Data, options()); r != nil || report.ErrorCount != 1 || report.Errors[0].Reason != roster.ReasonOneRoster {
		t.Errorf("as a table of teachers: %s", asJSON(report))
	}
}

func TestAPupilListWithAColumnOfOneRosterIsStillAPupilList(t *testing.T) {
	t.Parallel()
	for _, header := range []string{"sourcedId,Roepnaam,Achternaam,Groep", "Leerlingnummer,Voornaam,Naam,Role", "Nummer,Roepnaam,Achternaam,value"} {
		if r, _ := read(t, options(), csvFile(header, "1,Jan,Bos,3A")); len(r.Pupils) != 1 {
			t.Errorf("%s: %d pupils", header, len(r.Pupils))
		}
	}
}
