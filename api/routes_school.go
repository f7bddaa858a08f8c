package api

import (
	"net/http"

	"github.com/ouderavond/ouderavond/auth/access"
)

// schoolRoutes are the school's own settings, accounts, keys and messages.
func schoolRoutes() []route {
	return []route{
		{
			method: http.MethodGet, path: atSchool, id: "get-school", tag: "school", status: http.StatusOK, needs: only(access.ReadSchool),
			summary: "Show the school", about: "The school's settings.", operation: handle((*Server).getSchool),
		},
		{
			method: http.MethodPatch, path: atSchool, id: "update-school", tag: "school", status: http.StatusOK, needs: only(access.WriteSchool),
			problems: []int{conflict}, summary: "Change the school's settings",
			about:     "Fields that are left out stay as they are. Factors of log-in are kept from the next import on, so choose the policy before the roster comes in.",
			operation: handle((*Server).updateSchool),
		},
		{
			method: http.MethodPost, path: atSchool + "/accounts", id: "create-account", tag: "school", status: http.StatusCreated, needs: only(access.ManageAccounts),
			problems: []int{conflict}, summary: "Make a staff account",
			about:     "An administrator may do everything of the school; a teacher sees the own schedule and sets the own availability.",
			operation: handle((*Server).createAccount),
		},
		{
			method: http.MethodGet, path: atSchool + "/api-keys", id: "list-api-keys", tag: "school", status: http.StatusOK, needs: only(access.ManageAccounts),
			summary: "List the API keys", about: "Without the keys themselves, which were shown once.", operation: handle((*Server).listKeys),
		},
		{
			method: http.MethodPost, path: atSchool + "/api-keys", id: "create-api-key", tag: "school", status: http.StatusCreated, needs: only(access.ManageAccounts),
			summary: "Make an API key", about: "The key is shown this once. A key can only make keys that can do no more than itself.",
			operation: handle((*Server).createKey),
		},
		{
			method: http.MethodDelete, path: atSchool + "/api-keys/{key}", id: "revoke-api-key", tag: "school", status: http.StatusNoContent,
			needs: only(access.ManageAccounts), summary: "End an API key", about: "At once and for good.", operation: handle((*Server).revokeKey),
		},
		{
			method: http.MethodGet, path: atSchool + "/mailbox", id: "list-mailbox", tag: "school", status: http.StatusOK, needs: only(access.ReadMailbox),
			summary: "Read the mailbox folder",
			about: "The messages that were kept in the folder instead of being sent: of a school that rehearses, or of an installation without a mail server. The newest " +
				"first. 404 where the installation has no such folder.",
			operation: handle((*Server).listMailbox),
		},
	}
}
