package roster

// oneRosterMessage refuses the files of OneRoster, which look enough like a list of pupils to be taken for one: teachers and parents stand among them.
const oneRosterMessage = "this is a file of OneRoster, a format that is not read yet: export the pupils as EdeXML, or as a CSV list of its own"

// oneRosterColumns stand beside sourcedId in the files of OneRoster 1.1 and 1.2 (CSV tables: users, roles, enrollments, orgs, classes, courses,
// academicSessions, demographics), as foldHeader writes them.
var oneRosterColumns = words("datelastmodified enableduser orgsourcedid orgsourcedids primaryorgsourcedid usersourcedid classsourcedid schoolsourcedid " +
	"coursesourcedid parentsourcedid agentsourcedids termsourcedids schoolyearsourcedid role roletype userids usermasteridentifier")

const oneRosterSearch = 3 // rows among which its header is looked for

// isOneRoster recognises a file of OneRoster by its column names: sourcedId beside another name of the format, or the two columns of its manifest.
func isOneRoster(text string) bool {
	head := unifyLines(text[:min(len(text), 8<<10)])
	for _, sep := range separators {
		for _, r := range splitRows(head, sep, oneRosterSearch) {
			if isOneRosterHeader(trimTrailing(r.cells)) {
				return true
			}
		}
	}
	return false
}

func isOneRosterHeader(headers []string) bool {
	source, beside := false, false
	for _, header := range headers {
		key := foldHeader(header)
		source = source || key == "sourcedid"
		beside = beside || oneRosterColumns[key]
	}
	manifest := len(headers) == 2 && foldHeader(headers[0]) == "propertyname" && foldHeader(headers[1]) == "value"
	return source && beside || manifest
}
