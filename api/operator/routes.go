package operator

import (
	"net/http"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/auth/access"
)

// routes are for the people who run the installation.
func (s *Chapter) routes() []rest.Route {
	return []rest.Route{
		{
			Method: http.MethodGet, Path: rest.AtSchools, ID: "list-schools", Tag: "operator", Status: http.StatusOK, Needs: rest.Only(access.RunInstallation),
			Summary: "List the schools", About: "All schools of the installation, by slug.", Operation: rest.Handle(s.listSchools),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchools, ID: "create-school", Tag: "operator", Status: http.StatusCreated, Needs: rest.Only(access.RunInstallation),
			Summary: "Make a school", About: "Only the slug and the name are needed; everything else has a default.", Problems: []int{rest.Conflict},
			Operation: rest.Handle(s.createSchool),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/cancel", ID: "cancel-school", Tag: "operator", Status: http.StatusOK, Needs: rest.Only(access.CancelSchool),
			Closing: true, Summary: "Wipe a school for good",
			About: "Closes the school and erases everything that is kept of it, at once: every row, its key, its messages in the mailbox folder, and what the " +
				"database's files still held. The slug is given again in the body. A wipe that was cut off goes on when it is asked for again with the school's id. " +
				"The signed receipt is kept and can be read again.",
			Operation: rest.Handle(s.cancelSchool),
		},
		{
			Method: http.MethodGet, Path: rest.AtVersion1 + "/erasures", ID: "list-erasures", Tag: "operator", Status: http.StatusOK, Needs: rest.Only(access.RunInstallation),
			Summary: "List the receipts of wiped schools", About: "One receipt for each school that was ever wiped, without personal data.",
			Operation: rest.Handle(s.listErasures),
		},
		{
			Method: http.MethodPost, Path: rest.AtVersion1 + "/operator-keys", ID: "create-operator-key", Tag: "operator", Status: http.StatusCreated,
			Needs: rest.Only(access.RunInstallation), Local: true, Summary: "Make a key of the operator",
			About: "Only on the machine's own socket. The key is shown this once.", Operation: rest.Handle(s.createOperatorKey),
		},
	}
}
