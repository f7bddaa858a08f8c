package roster

import (
	"net/http"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/auth/access"
)

// rosterRoutes bring the school's files in.
func (s *Chapter) rosterRoutes() []rest.Route {
	return []rest.Route{
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/roster/check", ID: "check-roster", Tag: "roster", Status: http.StatusOK, Needs: rest.Only(access.ReadRoster),
			Upload: rosterUpload, Summary: "Read files and say what is in them", Operation: rest.Handle(s.checkRoster),
			About: "Nothing is kept, and nothing is compared with what the school has. Files that cannot be read give a report that says so.",
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/roster/preview", ID: "preview-roster", Tag: "roster", Status: http.StatusOK,
			Needs: rest.Only(access.ReadRoster, access.WriteRoster), Upload: rosterUpload, Summary: "Say what an import would do",
			About: "Nothing is changed. The digest names what would happen; an import that is sent with it does that or nothing.", Operation: rest.Telling(s.previewRoster),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/roster/import", ID: "import-roster", Tag: "roster", Status: http.StatusOK, Needs: rest.Only(access.WriteRoster),
			Upload: rosterUpload, Problems: []int{rest.Conflict, rest.Stale}, Summary: "Bring the roster in line with files",
			About: "Pupils, groups, teachers and families, in one act. The same files twice change nothing. Pupils whom the files no longer have go, with everything kept " +
				"of them; if that is more than a fifth, it must be allowed. What was set by hand is kept and reported.",
			Operation: rest.Telling(s.importRoster),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/roster/teachers", ID: "import-teachers", Tag: "roster", Status: http.StatusOK, Needs: rest.Only(access.WriteRoster),
			Upload: teacherUpload, Problems: []int{rest.Conflict, rest.Stale}, Summary: "Tie teachers to groups by a table",
			About: "A table of groups and teachers, or a list of lessons, as a file or pasted as text. It replaces what earlier files said about who teaches whom; if that leaves less than four " +
				"fifths of it, it must be allowed.",
			Operation: rest.Telling(s.importTeachers),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/roster/teachers/preview", ID: "preview-teachers", Tag: "roster", Status: http.StatusOK,
			Needs: rest.Only(access.ReadRoster, access.WriteRoster), Upload: teacherUpload, Problems: []int{rest.Conflict}, Summary: "Say what a table of teachers would do",
			About: "Nothing is changed. The digest names what would happen; a table that is sent with it does that or nothing.", Operation: rest.Telling(s.previewTeachers),
		},
	}
}

// pupilRoutes reach pupils, groups and teachers one by one.
func (s *Chapter) pupilRoutes() []rest.Route {
	return []rest.Route{
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/pupils", ID: "list-pupils", Tag: "roster", Status: http.StatusOK, Needs: rest.Only(access.ReadRoster),
			Summary: "List the pupils", About: "In the order in which they came, by pages. What log-in compares is never shown.", Operation: rest.Handle(s.listPupils),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/pupils", ID: "create-pupil", Tag: "roster", Status: http.StatusCreated, Needs: rest.Only(access.WriteRoster),
			Problems: []int{rest.Conflict}, Summary: "Add a pupil by hand", About: "In a household alone. An import leaves such a pupil alone, until a file has it too: by the number, or by name and birth date.",
			Operation: rest.Handle(s.createPupil),
		},
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/pupils/{pupil}", ID: "get-pupil", Tag: "roster", Status: http.StatusOK, Needs: rest.Only(access.ReadRoster),
			Summary: "Show a pupil", About: "What log-in compares is never shown.", Operation: rest.Handle(s.getPupil),
		},
		{
			Method: http.MethodPatch, Path: rest.AtSchool + "/pupils/{pupil}", ID: "update-pupil", Tag: "roster", Status: http.StatusOK, Needs: rest.Only(access.WriteRoster),
			Problems: []int{rest.Conflict},
			Summary:  "Correct a pupil", About: "Fields that are left out stay as they are. What is set here an import reports instead of overwriting.",
			Operation: rest.Handle(s.updatePupil),
		},
		{
			Method: http.MethodDelete, Path: rest.AtSchool + "/pupils/{pupil}", ID: "erase-pupil", Tag: "roster", Status: http.StatusNoContent,
			Needs: rest.Only(access.ErasePeople), Summary: "Erase a pupil", Operation: rest.Handle(s.erasePupil),
			About: "Everything kept of the pupil goes at once, and with the last pupil of a household its guardians and contacts, and what lies in the mailbox folder. " +
				"Coming appointments are cancelled; a family that stays, because it has other children here, is told.",
		},
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/groups", ID: "list-groups", Tag: "roster", Status: http.StatusOK, Needs: rest.Only(access.ReadRoster),
			Summary: "List the groups", About: "Groups that are there now and earlier ones.", Operation: rest.Handle(s.listGroups),
		},
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/teachers", ID: "list-teachers", Tag: "roster", Status: http.StatusOK, Needs: rest.Only(access.ReadRoster),
			Summary: "List the teachers", About: "And everybody else with whom families talk.", Operation: rest.Handle(s.listTeachers),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/teachers", ID: "create-teacher", Tag: "roster", Status: http.StatusCreated, Needs: rest.Only(access.WriteRoster),
			Problems: []int{rest.Conflict}, Summary: "Add a teacher by hand", About: "With the school's own key, by which files are matched later.",
			Operation: rest.Handle(s.createTeacher),
		},
		{
			Method: http.MethodPatch, Path: rest.AtSchool + "/teachers/{teacher}", ID: "update-teacher", Tag: "roster", Status: http.StatusOK,
			Needs: rest.Only(access.WriteRoster), Summary: "Correct a teacher", Operation: rest.Handle(s.updateTeacher),
			About: "Fields that are left out stay as they are. What is set here an import reports instead of overwriting.",
		},
	}
}

// householdRoutes reach families.
func (s *Chapter) householdRoutes() []rest.Route {
	return []rest.Route{
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/households", ID: "list-households", Tag: "roster", Status: http.StatusOK, Needs: rest.Only(access.ReadRoster),
			Summary: "List the households", About: "Who books together, with guardians and contacts, by pages.", Operation: rest.Handle(s.listHouseholds),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/households", ID: "create-household", Tag: "roster", Status: http.StatusCreated, Needs: rest.Only(access.WriteRoster),
			Problems: []int{rest.Conflict}, Summary: "Make a household by hand", Operation: rest.Handle(s.createHousehold),
			About: "A second home of children whose parents live apart (beside), or a family that no file knows, or some children of a household that is split. " +
				"Those who move take along who came for them alone: guardians, contacts, talks and who made them. A child has two homes at most.",
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/households/join", ID: "join-households", Tag: "roster", Status: http.StatusOK, Needs: rest.Only(access.JoinFamilies),
			Problems: []int{rest.Conflict}, Summary: "Make one household of some pupils",
			About: "The other children of their households come along, with guardians, contacts and past talks. Two that both have coming talks are not joined. " +
				"POST to households without beside splits them again: what came with a child goes with it.",
			Operation: rest.Handle(s.joinHouseholds),
		},
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/households/{household}", ID: "get-household", Tag: "roster", Status: http.StatusOK,
			Needs: rest.Only(access.ReadRoster), Summary: "Show a household", About: "With guardians and the contacts on file. Typed contacts belong to bookings and do not show.",
			Operation: rest.Handle(s.getHousehold),
		},
		{
			Method: http.MethodPatch, Path: rest.AtSchool + "/households/{household}", ID: "update-household", Tag: "roster", Status: http.StatusOK,
			Needs: rest.Only(access.WriteRoster), Summary: "Change a household by hand", Operation: rest.Handle(s.updateHousehold),
			About: "Its note, its language, whether it needs an interpreter. Fields that are left out stay as they are, and imports leave them alone. The interpreter stands in the " +
				"schedule of staff who meet the family or may read the roster, and families see nothing of it.",
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/households/{household}/guardians", ID: "add-guardian", Tag: "roster", Status: http.StatusCreated,
			Needs: rest.Only(access.WriteRoster), Summary: "Add a guardian by hand", Operation: rest.Handle(s.addGuardian),
			About: "With or without contacts. Imports leave such a guardian alone; a file that brings one of that name, address or number adds nobody, only contacts. The answer is the household.",
		},
		{
			Method: http.MethodDelete, Path: rest.AtSchool + "/households/{household}/guardians/{guardian}", ID: "remove-guardian", Tag: "roster", Status: http.StatusNoContent,
			Needs: rest.Only(access.WriteRoster), Summary: "Remove a guardian", Operation: rest.Handle(s.removeGuardian),
			About: "With the contacts. No import brings the guardian back under the same name, address or number, until removed_guardians of the household is released.",
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/households/{household}/contacts", ID: "add-contact", Tag: "roster", Status: http.StatusCreated,
			Needs: rest.Only(access.WriteRoster), Summary: "Add a guardian's contact", Operation: rest.Handle(s.addContact),
			About: "Of a guardian of the household, or of a new one. Such a contact confirms, like one of the school's file, and imports leave it alone. The answer is the household.",
		},
		{
			Method: http.MethodPatch, Path: rest.AtSchool + "/households/{household}/guardians/{guardian}", ID: "update-guardian", Tag: "roster", Status: http.StatusOK,
			Needs: rest.Only(access.WriteRoster), Summary: "Change a guardian by hand", Operation: rest.Handle(s.updateGuardian),
			About: "What is set by hand is kept when files are imported. One who is not informed is sent nothing, also where a file brings the same name, address or number " +
				"again; a parent who knows what log-in asks can still log in. The answer is the household.",
		},
		{
			Method: http.MethodDelete, Path: rest.AtSchool + "/households/{household}/contacts/{contact}", ID: "remove-contact", Tag: "roster",
			Status: http.StatusNoContent, Needs: rest.Only(access.WriteRoster), Summary: "Remove a contact", About: "Nothing more is sent there.",
			Operation: rest.Handle(s.removeContact),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/households/{household}/family-code", ID: "issue-family-code", Tag: "roster", Status: http.StatusCreated,
			Needs: rest.Only(access.WriteRoster, access.BookForFamilies), Summary: "Issue a family code",
			About: "For the school's letter. An earlier one is dead from then on.", Operation: rest.Handle(s.issueFamilyCode),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/households/{household}/desk-code", ID: "issue-desk-code", Tag: "roster", Status: http.StatusCreated,
			Needs: rest.Only(access.WriteRoster, access.BookForFamilies), Summary: "Issue a code to read out",
			About: "Eight digits for a family at the desk or on the telephone. Good for two hours, once, and shown this once.", Operation: rest.Handle(s.issueDeskCode),
		},
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/merge-suggestions", ID: "list-merge-suggestions", Tag: "roster", Status: http.StatusOK, Needs: rest.Only(access.ReadRoster),
			Summary: "List the merge suggestions", About: "Pupils who look like one household, for the school to decide on.", Operation: rest.Handle(s.listMergeSuggestions),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/merge-suggestions/decide", ID: "decide-merge-suggestions", Tag: "roster", Status: http.StatusOK, Needs: rest.Only(access.JoinFamilies),
			Problems: []int{rest.Conflict}, Summary: "Accept or decline merge suggestions", About: "With no ids, all that nothing speaks against.", Operation: rest.Handle(s.decideMergeSuggestions),
		},
	}
}
