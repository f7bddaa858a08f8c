package api

import (
	"net/http"

	"github.com/ouderavond/ouderavond/auth/access"
)

// operatorRoutes are for the people who run the installation.
func operatorRoutes() []route {
	return []route{
		{
			method: http.MethodGet, path: atSchools, id: "list-schools", tag: "operator", status: http.StatusOK, needs: only(access.RunInstallation),
			summary: "List the schools", about: "All schools of the installation, by slug.", operation: handle((*Server).listSchools),
		},
		{
			method: http.MethodPost, path: atSchools, id: "create-school", tag: "operator", status: http.StatusCreated, needs: only(access.RunInstallation),
			summary: "Make a school", about: "Only the slug and the name are needed; everything else has a default.", problems: []int{conflict},
			operation: handle((*Server).createSchool),
		},
		{
			method: http.MethodPost, path: atSchool + "/cancel", id: "cancel-school", tag: "operator", status: http.StatusOK, needs: only(access.CancelSchool),
			closing: true, summary: "Wipe a school for good",
			about: "Closes the school and erases everything that is kept of it, at once: every row, its key, its messages in the mailbox folder, and what the " +
				"database's files still held. The slug is given again in the body. A wipe that was cut off goes on when it is asked for again with the school's id. " +
				"The signed receipt is kept and can be read again.",
			operation: handle((*Server).cancelSchool),
		},
		{
			method: http.MethodGet, path: atVersion1 + "/erasures", id: "list-erasures", tag: "operator", status: http.StatusOK, needs: only(access.RunInstallation),
			summary: "List the receipts of wiped schools", about: "One receipt for each school that was ever wiped, without personal data.",
			operation: handle((*Server).listErasures),
		},
		{
			method: http.MethodPost, path: atVersion1 + "/operator-keys", id: "create-operator-key", tag: "operator", status: http.StatusCreated,
			needs: only(access.RunInstallation), local: true, summary: "Make a key of the operator",
			about: "Only on the machine's own socket. The key is shown this once.", operation: handle((*Server).createOperatorKey),
		},
	}
}
