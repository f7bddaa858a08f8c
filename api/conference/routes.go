package conference

import (
	"net/http"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/table"
	"github.com/ouderavond/ouderavond/auth/access"
)

const atConferences = rest.AtSchool + "/conferences"

// conferenceRoutes prepare conferences.
func (s *Chapter) conferenceRoutes() []rest.Route {
	one := atConferences + "/{conference}"
	write, read := rest.Only(access.WriteConference), rest.Only(access.ReadConference)
	return []rest.Route{
		{
			Method: http.MethodGet, Path: atConferences, ID: "list-conferences", Tag: "conferences", Status: http.StatusOK, Needs: read,
			Summary: "List the conferences", About: "In the order in which they were made.", Operation: rest.Handle(s.listConferences),
		},
		{
			Method: http.MethodPost, Path: atConferences, ID: "create-conference", Tag: "conferences", Status: http.StatusCreated, Needs: write,
			Problems: []int{rest.Conflict}, Summary: "Make a conference", About: "In draft: parents see nothing of it until it is opened.",
			Operation: rest.Handle(s.createConference),
		},
		{
			Method: http.MethodGet, Path: one, ID: "get-conference", Tag: "conferences", Status: http.StatusOK, Needs: read,
			Summary: "Show a conference", About: "The ETag is its version, for If-Match.", Operation: rest.Handle(s.getConference),
		},
		{
			Method: http.MethodPatch, Path: one, ID: "update-conference", Tag: "conferences", Status: http.StatusOK, Needs: write, Problems: []int{rest.Stale},
			Summary: "Change a conference", About: "Fields that are left out stay as they are. With If-Match, a change that is based on an older version is refused.",
			Operation: rest.Handle(s.updateConference),
		},
		{
			Method: http.MethodDelete, Path: one, ID: "remove-conference", Tag: "conferences", Status: http.StatusNoContent, Needs: write,
			Problems: []int{rest.Conflict, rest.Stale}, Summary: "Remove a conference",
			About: "With everything that belongs to it. Refused while talks are booked in it, with their number.", Operation: rest.Handle(s.removeConference),
		},
		{
			Method: http.MethodPost, Path: one + "/days", ID: "add-day", Tag: "conferences", Status: http.StatusCreated, Needs: write, Problems: []int{rest.Stale},
			Summary: "Add a day", About: "The answer is the conference.", Operation: rest.Handle(s.addDay),
		},
		{
			Method: http.MethodPatch, Path: one + "/days/{day}", ID: "update-day", Tag: "conferences", Status: http.StatusOK, Needs: write,
			Problems: []int{rest.Conflict, rest.Stale}, Summary: "Change a day", Operation: rest.Handle(s.updateDay),
			About: "Another date takes the teachers' hours along. Refused where booked talks would be hurt, with their number. The answer is the conference.",
		},
		{
			Method: http.MethodDelete, Path: one + "/days/{day}", ID: "remove-day", Tag: "conferences", Status: http.StatusOK, Needs: write,
			Problems: []int{rest.Conflict, rest.Stale}, Summary: "Remove a day", Operation: rest.Handle(s.removeDay),
			About: "With the teachers' hours on it. Refused while talks are booked on it, with their number. The answer is the conference.",
		},
		{
			Method: http.MethodPost, Path: one + "/talk-kinds", ID: "add-talk-kind", Tag: "conferences", Status: http.StatusCreated, Needs: write,
			Problems: []int{rest.Stale}, Summary: "Add a talk kind", About: "The answer is the conference.", Operation: rest.Handle(s.addTalkKind),
		},
		{
			Method: http.MethodPatch, Path: one + "/talk-kinds/{talk_kind}", ID: "update-talk-kind", Tag: "conferences", Status: http.StatusOK, Needs: write,
			Problems: []int{rest.Conflict, rest.Stale}, Summary: "Change a talk kind", Operation: rest.Handle(s.updateTalkKind),
			About: "Refused where booked talks would be hurt, with their number: another length, another company. Limits count for what is booked from then on. " +
				"The answer is the conference.",
		},
		{
			Method: http.MethodDelete, Path: one + "/talk-kinds/{talk_kind}", ID: "remove-talk-kind", Tag: "conferences", Status: http.StatusOK, Needs: write,
			Problems: []int{rest.Conflict, rest.Stale}, Summary: "Remove a talk kind", Operation: rest.Handle(s.removeTalkKind),
			About: "With its offers. Refused while talks of it are booked, with their number. The answer is the conference.",
		},
		{
			Method: http.MethodPost, Path: one + "/offers", ID: "add-offer", Tag: "conferences", Status: http.StatusCreated, Needs: write, Problems: []int{rest.Stale},
			Summary:   "Offer teachers to a pupil, a group, a year or everybody",
			About:     "Beside what the talk kind's staffing gives. Several teachers sit in the talk together.",
			Operation: rest.Handle(s.addOffer),
		},
		{
			Method: http.MethodDelete, Path: one + "/offers/{offer}", ID: "remove-offer", Tag: "conferences", Status: http.StatusNoContent, Needs: write, Problems: []int{rest.Stale},
			Summary: "Take an offer away", About: "Appointments that were made by it stay.", Operation: rest.Handle(s.removeOffer),
		},
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/rooms", ID: "list-rooms", Tag: "conferences", Status: http.StatusOK, Needs: read,
			Summary: "List the rooms", About: "Where talks are held.", Operation: rest.Handle(s.listRooms),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/rooms", ID: "create-room", Tag: "conferences", Status: http.StatusCreated, Needs: write,
			Problems: []int{rest.Conflict}, Summary: "Add a room", About: "One that is used alone holds one talk at a time.", Operation: rest.Handle(s.createRoom),
		},
		{
			Method: http.MethodPatch, Path: rest.AtSchool + "/rooms/{room}", ID: "update-room", Tag: "conferences", Status: http.StatusOK, Needs: write,
			Problems: []int{rest.Conflict}, Summary: "Change a room", Operation: rest.Handle(s.updateRoom),
			About: "That it is to be used alone is refused where talks are booked in it at the same time, with their number.",
		},
		{
			Method: http.MethodDelete, Path: rest.AtSchool + "/rooms/{room}", ID: "remove-room", Tag: "conferences", Status: http.StatusNoContent, Needs: write,
			Problems: []int{rest.Conflict}, Summary: "Remove a room", Operation: rest.Handle(s.removeRoom),
			About: "Hours that were in it stay, without a room. Refused while talks are booked in it, with their number.",
		},
	}
}

// eveningRoutes fill and run conferences, and book on behalf of families.
func (s *Chapter) eveningRoutes() []rest.Route {
	one := atConferences + "/{conference}"
	return []rest.Route{
		{
			Method: http.MethodGet, Path: one + "/availability", ID: "get-availability", Tag: "conferences", Status: http.StatusOK,
			Needs: rest.Only(access.ReadConference), Summary: "Show the availability", About: "Windows and breaks of the teachers, by day, as clocks on the school's wall show them.",
			Operation: rest.Handle(s.getAvailability),
		},
		{
			Method: http.MethodPut, Path: one + "/availability", ID: "set-availability", Tag: "conferences", Status: http.StatusOK,
			Needs: rest.Only(access.OwnAvailability), Problems: []int{rest.Conflict}, Summary: "Set the availability",
			About: "For each teacher and day that is given, what was there is replaced, all in one act. Teachers set their own only. Appointments that now lie outside are " +
				"listed, not dropped; a break where a family has an appointment is refused.",
			Operation: rest.Handle(s.setAvailability),
		},
		{
			Method: http.MethodGet, Path: one + "/readiness", ID: "get-readiness", Tag: "conferences", Status: http.StatusOK,
			Needs: rest.Only(access.ReadConference, access.ReadRoster), Summary: "Say what stands in the way of opening",
			About:     "Blockers keep the conference from being opened; warnings do not. Names the pupils whose parents could not log in, and why.",
			Operation: rest.Handle(s.getReadiness),
		},
		{
			Method: http.MethodPost, Path: one + "/open", ID: "open-conference", Tag: "conferences", Status: http.StatusOK, Needs: rest.Only(access.WriteConference),
			Problems: []int{rest.Conflict}, Summary: "Open a conference", About: "From then on parents may book between its opening and closing times.",
			Operation: rest.Handle(s.openConference),
		},
		{
			Method: http.MethodPost, Path: one + "/close", ID: "close-conference", Tag: "conferences", Status: http.StatusOK, Needs: rest.Only(access.WriteConference),
			Problems: []int{rest.Conflict}, Summary: "Close a conference", About: "Parents see their appointments and change nothing any more.", Operation: rest.Handle(s.closeConference),
		},
		{
			Method: http.MethodGet, Path: one + "/schedule", ID: "get-schedule", Tag: "conferences", Status: http.StatusOK, Needs: rest.Only(access.ReadConference),
			Summary: "Show the schedule", Operation: rest.Handle(s.getSchedule),
			About: "The booked appointments by start, of one teacher, day, group or room if asked. Teachers see their own, with the full names of the pupils whom they meet; API " +
				"keys need `booking:read` too, and `roster:read` for full names.",
		},
		{
			Method: http.MethodGet, Path: one + "/schedule.csv", ID: "get-schedule-file", Tag: "conferences", Status: http.StatusOK, Needs: rest.Only(access.ReadConference),
			Summary: "Show the schedule as a table", Operation: rest.Telling(s.scheduleFile(table.CSV)), File: "text/csv",
			FileExample: "Datum;Van;Tot;Leerkrachten;Lokaal;Gesprek;Nummer;Leerling;Groep;Niet meer op school\r\n2026-11-24;19:10;19:20;mw. J. Visser;B1.04;Mentorgesprek;104711;Sanne van den Berg;Klas 3B;\r\n",
			About:       "What get-schedule shows, for a spreadsheet: CSV in UTF-8 with a byte order mark, semicolons, and headers in the language asked for. No cell is a formula.",
		},
		{
			Method: http.MethodGet, Path: one + "/schedule.xlsx", ID: "get-schedule-workbook", Tag: "conferences", Status: http.StatusOK, Needs: rest.Only(access.ReadConference),
			Summary: "Show the schedule as a workbook", Operation: rest.Telling(s.scheduleFile(table.XLSX)), File: rest.MIMESpreadsheet, FileExample: "schedule.xlsx",
			About: "What get-schedule-file shows, as a workbook (.xlsx) of one sheet. All cells are text.",
		},
		{
			Method: http.MethodGet, Path: one + "/plan-instance", ID: "get-plan-instance", Tag: "conferences", Status: http.StatusOK,
			Needs: rest.Only(access.ReadConference, access.ReadBookings), Summary: "Export the conference as a planning question", Operation: rest.Telling(s.getPlanInstance),
			About: "In the interchange format for planning an evening elsewhere, or with `ouderavond plan`: teachers with their slots, the booked appointments (pinned), and one " +
				"request for each talk that the school requires or expects and that is not booked yet. Ids only, no names. Minutes count from midnight on the school's clocks.",
		},
	}
}
