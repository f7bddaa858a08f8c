package api

import (
	"net/http"

	"github.com/ouderavond/ouderavond/auth/access"
)

// rosterRoutes bring the school's files in.
func rosterRoutes() []route {
	return []route{
		{
			method: http.MethodPost, path: atSchool + "/roster/check", id: "check-roster", tag: "roster", status: http.StatusOK, needs: only(access.ReadRoster),
			upload: rosterUpload, summary: "Read files and say what is in them", operation: handle((*Server).checkRoster),
			about: "Nothing is kept, and nothing is compared with what the school has. Files that cannot be read give a report that says so.",
		},
		{
			method: http.MethodPost, path: atSchool + "/roster/preview", id: "preview-roster", tag: "roster", status: http.StatusOK,
			needs: only(access.ReadRoster, access.WriteRoster), upload: rosterUpload, summary: "Say what an import would do",
			about: "Nothing is changed. The digest names what would happen; an import that is sent with it does that or nothing.", operation: handle((*Server).previewRoster),
		},
		{
			method: http.MethodPost, path: atSchool + "/roster/import", id: "import-roster", tag: "roster", status: http.StatusOK, needs: only(access.WriteRoster),
			upload: rosterUpload, problems: []int{conflict, stale}, summary: "Bring the roster in line with files",
			about: "Pupils, groups, teachers and families, in one act. The same files twice change nothing. Pupils whom the files no longer have go, with everything kept " +
				"of them; if that is more than a fifth, it must be allowed. What was set by hand is kept and reported.",
			operation: handle((*Server).importRoster),
		},
		{
			method: http.MethodPost, path: atSchool + "/roster/teachers", id: "import-teachers", tag: "roster", status: http.StatusOK, needs: only(access.WriteRoster),
			upload: teacherUpload, summary: "Tie teachers to groups by a table",
			about:     "A table of groups and teachers, as a file or pasted as text. It replaces what earlier files said about who teaches whom.",
			operation: handle((*Server).importTeachers),
		},
	}
}

// pupilRoutes reach pupils, groups and teachers one by one.
func pupilRoutes() []route {
	return []route{
		{
			method: http.MethodGet, path: atSchool + "/pupils", id: "list-pupils", tag: "roster", status: http.StatusOK, needs: only(access.ReadRoster),
			summary: "List the pupils", about: "In the order in which they came, by pages. What log-in compares is never shown.", operation: handle((*Server).listPupils),
		},
		{
			method: http.MethodPost, path: atSchool + "/pupils", id: "create-pupil", tag: "roster", status: http.StatusCreated, needs: only(access.WriteRoster),
			problems: []int{conflict}, summary: "Add a pupil by hand", about: "In a household alone. An import leaves such a pupil alone.",
			operation: handle((*Server).createPupil),
		},
		{
			method: http.MethodGet, path: atSchool + "/pupils/{pupil}", id: "get-pupil", tag: "roster", status: http.StatusOK, needs: only(access.ReadRoster),
			summary: "Show a pupil", about: "What log-in compares is never shown.", operation: handle((*Server).getPupil),
		},
		{
			method: http.MethodPatch, path: atSchool + "/pupils/{pupil}", id: "update-pupil", tag: "roster", status: http.StatusOK, needs: only(access.WriteRoster),
			summary: "Correct a pupil", about: "Fields that are left out stay as they are. What is set here an import reports instead of overwriting.",
			operation: handle((*Server).updatePupil),
		},
		{
			method: http.MethodDelete, path: atSchool + "/pupils/{pupil}", id: "erase-pupil", tag: "roster", status: http.StatusNoContent,
			needs: only(access.WriteRoster), summary: "Erase a pupil", operation: handle((*Server).erasePupil),
			about: "Everything kept of the pupil goes. Coming appointments are cancelled and the family is told.",
		},
		{
			method: http.MethodGet, path: atSchool + "/groups", id: "list-groups", tag: "roster", status: http.StatusOK, needs: only(access.ReadRoster),
			summary: "List the groups", about: "Groups that are there now and earlier ones.", operation: handle((*Server).listGroups),
		},
		{
			method: http.MethodGet, path: atSchool + "/teachers", id: "list-teachers", tag: "roster", status: http.StatusOK, needs: only(access.ReadRoster),
			summary: "List the teachers", about: "And everybody else with whom families talk.", operation: handle((*Server).listTeachers),
		},
		{
			method: http.MethodPost, path: atSchool + "/teachers", id: "create-teacher", tag: "roster", status: http.StatusCreated, needs: only(access.WriteRoster),
			problems: []int{conflict}, summary: "Add a teacher by hand", about: "With the school's own key, by which files are matched later.",
			operation: handle((*Server).createTeacher),
		},
		{
			method: http.MethodPatch, path: atSchool + "/teachers/{teacher}", id: "update-teacher", tag: "roster", status: http.StatusOK,
			needs: only(access.WriteRoster), summary: "Correct a teacher", operation: handle((*Server).updateTeacher),
			about: "Fields that are left out stay as they are. What is set here an import reports instead of overwriting.",
		},
	}
}

// householdRoutes reach families.
func householdRoutes() []route {
	return []route{
		{
			method: http.MethodGet, path: atSchool + "/households", id: "list-households", tag: "roster", status: http.StatusOK, needs: only(access.ReadRoster),
			summary: "List the households", about: "Who books together, with guardians and contacts, by pages.", operation: handle((*Server).listHouseholds),
		},
		{
			method: http.MethodPost, path: atSchool + "/households", id: "create-household", tag: "roster", status: http.StatusCreated, needs: only(access.WriteRoster),
			problems: []int{conflict}, summary: "Make a household by hand", operation: handle((*Server).createHousehold),
			about: "A second home of children whose parents live apart (beside), or a family that no file knows. A child has two homes at most.",
		},
		{
			method: http.MethodPost, path: atSchool + "/households/join", id: "join-households", tag: "roster", status: http.StatusOK, needs: only(access.WriteRoster),
			problems: []int{conflict}, summary: "Make one household of some pupils", about: "The other children of their households come along. Appointments stay with the household that made them.",
			operation: handle((*Server).joinHouseholds),
		},
		{
			method: http.MethodGet, path: atSchool + "/households/{household}", id: "get-household", tag: "roster", status: http.StatusOK,
			needs: only(access.ReadRoster), summary: "Show a household", about: "With guardians and the contacts on file. Typed contacts belong to bookings and do not show.",
			operation: handle((*Server).getHousehold),
		},
		{
			method: http.MethodPost, path: atSchool + "/households/{household}/contacts", id: "add-contact", tag: "roster", status: http.StatusCreated,
			needs: only(access.WriteRoster), summary: "Add a guardian's contact", operation: handle((*Server).addContact),
			about: "Such a contact confirms, like one of the school's file. The answer is the household.",
		},
		{
			method: http.MethodDelete, path: atSchool + "/households/{household}/contacts/{contact}", id: "remove-contact", tag: "roster",
			status: http.StatusNoContent, needs: only(access.WriteRoster), summary: "Remove a contact", about: "Nothing more is sent there.",
			operation: handle((*Server).removeContact),
		},
		{
			method: http.MethodPost, path: atSchool + "/households/{household}/family-code", id: "issue-family-code", tag: "roster", status: http.StatusCreated,
			needs: only(access.WriteRoster, access.BookForFamilies), summary: "Issue a family code",
			about: "For the school's letter. An earlier one is dead from then on.", operation: handle((*Server).issueFamilyCode),
		},
		{
			method: http.MethodPost, path: atSchool + "/households/{household}/desk-code", id: "issue-desk-code", tag: "roster", status: http.StatusCreated,
			needs: only(access.WriteRoster, access.BookForFamilies), summary: "Issue a code to read out",
			about: "Eight digits for a family at the desk or on the telephone. Good for two hours, once, and shown this once.", operation: handle((*Server).issueDeskCode),
		},
		{
			method: http.MethodGet, path: atSchool + "/proposals", id: "list-proposals", tag: "roster", status: http.StatusOK, needs: only(access.ReadRoster),
			summary: "List the proposed families", about: "Pupils who look like one household, for the school to decide on.", operation: handle((*Server).listProposals),
		},
		{
			method: http.MethodPost, path: atSchool + "/proposals/decide", id: "decide-proposals", tag: "roster", status: http.StatusOK, needs: only(access.WriteRoster),
			problems: []int{conflict}, summary: "Accept or decline proposed families", about: "With no ids, all that nothing speaks against.", operation: handle((*Server).decideProposals),
		},
	}
}
