package office

import (
	"net/http"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/table"
	"github.com/ouderavond/ouderavond/auth/access"
)

const atFamilies = rest.AtSchool + "/families"

func (s *Chapter) routes() []rest.Route {
	read := rest.Only(access.ReadRoster, access.ReadBookings)
	export := rest.Only(access.ReadRoster, access.ReadBookings, access.ExportPeople)
	return []rest.Route{
		{
			Method: http.MethodGet, Path: atFamilies, ID: "search-families", Tag: "families", Status: http.StatusOK, Needs: read, Summary: "Find families",
			About: "By what is typed of names of children and guardians, student numbers, groups, teachers, e-mail addresses and telephone numbers, or all families. Every word has to " +
				"begin something of the family; case, accents and punctuation do not matter. Families whose own names were typed come first.",
			Operation: rest.Handle(s.searchFamilies),
		},
		{
			Method: http.MethodGet, Path: atFamilies + ".csv", ID: "get-families-file", Tag: "families", Status: http.StatusOK, Needs: export, Summary: "Show the families as a table",
			Operation: rest.Telling(s.familiesFile(table.CSV)), File: "text/csv",
			FileExample: "Gezin;Leerlingen;Nummers;Groepen;Ouders en verzorgers;Notitie;Gesprekken\r\nvan den Berg;Sanne van den Berg;104711;Klas 3B;M. van den Berg;;2\r\n",
			About:       "What search-families finds, a row for each family, without addresses and numbers: CSV in UTF-8 with a byte order mark and semicolons, headers in the language asked for. No cell is a formula.",
		},
		{
			Method: http.MethodGet, Path: atFamilies + ".xlsx", ID: "get-families-workbook", Tag: "families", Status: http.StatusOK, Needs: export, Summary: "Show the families as a workbook",
			Operation: rest.Telling(s.familiesFile(table.XLSX)), File: rest.MIMESpreadsheet, FileExample: "families.xlsx",
			About: "What get-families-file shows, as a workbook (.xlsx) of one sheet. All cells are text.",
		},
		{
			Method: http.MethodGet, Path: atFamilies + "/{household}", ID: "get-whole-family", Tag: "families", Status: http.StatusOK, Needs: read, Summary: "Show everything about a family",
			About: "At one moment: children with their teachers, guardians, contacts in part, talks, messages and what became of them, codes and links that are alive (not the codes and links " +
				"themselves), and what was done.",
			Operation: rest.Handle(s.getFamily),
		},
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/conferences/{conference}/families", ID: "list-conference-families", Tag: "families", Status: http.StatusOK, Needs: read,
			Summary: "List how far families have come with a conference",
			About: "Those whom the conference offers a talk: who has booked everything that the school expects, something, or nothing, and of the last who has looked, never logged in, or cannot " +
				"be reached. Counts are of all families, whatever is asked for.",
			Operation: rest.Handle(s.listProgress),
		},
	}
}
