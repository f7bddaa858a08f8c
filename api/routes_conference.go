package api

import (
	"net/http"

	"github.com/ouderavond/ouderavond/auth/access"
)

const atConferences = atSchool + "/conferences"

// conferenceRoutes prepare conferences.
func conferenceRoutes() []route {
	one := atConferences + "/{conference}"
	write, read := only(access.WriteConference), only(access.ReadConference)
	return []route{
		{
			method: http.MethodGet, path: atConferences, id: "list-conferences", tag: "conferences", status: http.StatusOK, needs: read,
			summary: "List the conferences", about: "In the order in which they were made.", operation: handle((*Server).listConferences),
		},
		{
			method: http.MethodPost, path: atConferences, id: "create-conference", tag: "conferences", status: http.StatusCreated, needs: write,
			problems: []int{conflict}, summary: "Make a conference", about: "In draft: parents see nothing of it until it is opened.",
			operation: handle((*Server).createConference),
		},
		{
			method: http.MethodGet, path: one, id: "get-conference", tag: "conferences", status: http.StatusOK, needs: read,
			summary: "Show a conference", about: "The ETag is its version, for If-Match.", operation: handle((*Server).getConference),
		},
		{
			method: http.MethodPatch, path: one, id: "update-conference", tag: "conferences", status: http.StatusOK, needs: write, problems: []int{stale},
			summary: "Change a conference", about: "Fields that are left out stay as they are. With If-Match, a change that is based on an older version is refused.",
			operation: handle((*Server).updateConference),
		},
		{
			method: http.MethodPost, path: one + "/days", id: "add-day", tag: "conferences", status: http.StatusCreated, needs: write,
			summary: "Add a day", about: "The answer is the conference.", operation: handle((*Server).addDay),
		},
		{
			method: http.MethodPost, path: one + "/talk-kinds", id: "add-talk-kind", tag: "conferences", status: http.StatusCreated, needs: write,
			summary: "Add a talk kind", about: "The answer is the conference.", operation: handle((*Server).addTalkKind),
		},
		{
			method: http.MethodPost, path: one + "/offers", id: "add-offer", tag: "conferences", status: http.StatusCreated, needs: write,
			summary:   "Offer teachers to a pupil, a group, a year or everybody",
			about:     "Beside what the talk kind's staffing gives. Several teachers sit in the talk together.",
			operation: handle((*Server).addOffer),
		},
		{
			method: http.MethodDelete, path: one + "/offers/{offer}", id: "remove-offer", tag: "conferences", status: http.StatusNoContent, needs: write,
			summary: "Take an offer away", about: "Appointments that were made by it stay.", operation: handle((*Server).removeOffer),
		},
		{
			method: http.MethodGet, path: atSchool + "/rooms", id: "list-rooms", tag: "conferences", status: http.StatusOK, needs: read,
			summary: "List the rooms", about: "Where talks are held.", operation: handle((*Server).listRooms),
		},
		{
			method: http.MethodPost, path: atSchool + "/rooms", id: "create-room", tag: "conferences", status: http.StatusCreated, needs: write,
			problems: []int{conflict}, summary: "Add a room", about: "One that is used alone holds one talk at a time.", operation: handle((*Server).createRoom),
		},
	}
}

// eveningRoutes fill and run conferences, and book on behalf of families.
func eveningRoutes() []route {
	one := atConferences + "/{conference}"
	return []route{
		{
			method: http.MethodGet, path: one + "/availability", id: "get-availability", tag: "conferences", status: http.StatusOK,
			needs: only(access.ReadConference), summary: "Show the availability", about: "Windows and breaks of the teachers, by day, as clocks on the school's wall show them.",
			operation: handle((*Server).getAvailability),
		},
		{
			method: http.MethodPut, path: one + "/availability", id: "set-availability", tag: "conferences", status: http.StatusOK,
			needs: only(access.OwnAvailability), problems: []int{conflict}, summary: "Set the availability",
			about: "For each teacher and day that is given, what was there is replaced, all in one act. Teachers set their own only. Appointments that now lie outside are " +
				"listed, not dropped; a break where a family has an appointment is refused.",
			operation: handle((*Server).setAvailability),
		},
		{
			method: http.MethodGet, path: one + "/readiness", id: "get-readiness", tag: "conferences", status: http.StatusOK,
			needs: only(access.ReadConference, access.ReadRoster), summary: "Say what stands in the way of opening",
			about:     "Blockers keep the conference from being opened; warnings do not. Names the pupils whose parents could not log in, and why.",
			operation: handle((*Server).getReadiness),
		},
		{
			method: http.MethodPost, path: one + "/open", id: "open-conference", tag: "conferences", status: http.StatusOK, needs: only(access.WriteConference),
			problems: []int{conflict}, summary: "Open a conference", about: "From then on parents may book between its opening and closing times.",
			operation: handle((*Server).openConference),
		},
		{
			method: http.MethodPost, path: one + "/close", id: "close-conference", tag: "conferences", status: http.StatusOK, needs: only(access.WriteConference),
			summary: "Close a conference", about: "Parents see their appointments and change nothing any more.", operation: handle((*Server).closeConference),
		},
		{
			method: http.MethodGet, path: one + "/schedule", id: "get-schedule", tag: "conferences", status: http.StatusOK, needs: only(access.ReadConference),
			summary: "Show the schedule", about: "The booked appointments by start, of one teacher if asked. Teachers see their own; API keys need `booking:read` too.",
			operation: handle((*Server).getSchedule),
		},
		{
			method: http.MethodGet, path: atSchool + "/households/{household}/family", id: "get-household-family", tag: "conferences", status: http.StatusOK,
			needs: only(access.ReadBookings), summary: "Show a household's family", operation: handle((*Server).familyOfHousehold),
			about: "What the family itself would see when confirmed: to help somebody on the telephone.",
		},
		{
			method: http.MethodPost, path: atSchool + "/households/{household}/bookings", id: "book-for-household", tag: "conferences", status: http.StatusCreated,
			needs: only(access.BookForFamilies), problems: []int{conflict}, summary: "Book on behalf of a family", operation: handle((*Server).bookForHousehold),
			about: "Like the family's own booking, but outside the opening times and above the limits too. The family's contacts are told.",
		},
		{
			method: http.MethodPost, path: atSchool + "/households/{household}/bookings/proposals", id: "propose-bookings-for-household", tag: "conferences",
			status: http.StatusOK, needs: only(access.BookForFamilies), summary: "Propose good times on behalf of a family", about: aboutProposals,
			operation: handle((*Server).proposeForHousehold),
		},
		{
			method: http.MethodGet, path: one + "/plan-instance", id: "get-plan-instance", tag: "conferences", status: http.StatusOK,
			needs: only(access.ReadConference, access.ReadBookings), summary: "Export the conference as a planning question", operation: handle((*Server).getPlanInstance),
			about: "In the interchange format for planning an evening elsewhere, or with `ouderavond plan`: teachers with their slots, the booked appointments (pinned), and one " +
				"request for each talk that the school requires or expects and that is not booked yet. Ids only, no names. Minutes count from midnight on the school's clocks.",
		},
	}
}
