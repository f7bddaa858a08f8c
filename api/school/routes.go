package school

import (
	"net/http"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/auth/access"
)

// routes are the school's own settings, keys and messages.
func (s *Chapter) routes() []rest.Route {
	return []rest.Route{
		{
			Method: http.MethodGet, Path: rest.AtSchool, ID: "get-school", Tag: "school", Status: http.StatusOK, Needs: rest.Only(access.ReadSchool),
			Summary: "Show the school", About: "The school's settings.", Operation: rest.Handle(s.getSchool),
		},
		{
			Method: http.MethodPatch, Path: rest.AtSchool, ID: "update-school", Tag: "school", Status: http.StatusOK, Needs: rest.Only(access.WriteSchool),
			Problems: []int{rest.Conflict}, Summary: "Change the school's settings",
			About:     "Fields that are left out stay as they are. Factors of log-in are kept from the next import on, so choose the policy before the roster comes in.",
			Operation: rest.Handle(s.updateSchool),
		},
		{
			Method: http.MethodPut, Path: rest.AtSchool + "/logo", ID: "set-logo", Tag: "school", Status: http.StatusOK, Needs: rest.Only(access.WriteSchool),
			Upload: logoUpload, Summary: "Set the school's logo",
			About: "The body is the picture: PNG, JPEG, GIF or WebP, of 4 MB and 8 million pixels at most. It is drawn anew as a PNG of at most 360 by 120 pixels; nothing else of the " +
				"file is kept. SVG is refused with the code picture-svg, whatever it is called.",
			Operation: rest.Handle(s.setLogo),
		},
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/logo", ID: "get-logo", Tag: "school", Status: http.StatusOK, Needs: rest.Only(access.ReadSchool),
			Summary: "Show the school's logo", About: "As a PNG, as pages show it.", File: "image/png", FileExample: "(a picture)", Operation: rest.Handle(s.getLogo),
		},
		{
			Method: http.MethodDelete, Path: rest.AtSchool + "/logo", ID: "remove-logo", Tag: "school", Status: http.StatusNoContent, Needs: rest.Only(access.WriteSchool),
			Summary: "Take the school's logo away", About: "At once, from every page.", Operation: rest.Handle(s.removeLogo),
		},
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/log-ins", ID: "get-log-ins", Tag: "school", Status: http.StatusOK, Needs: rest.Only(access.ReadSchool),
			Summary: "Show how the families' log-in form stands",
			About: "What was guessed at within twelve hours, since when the form asks everybody for a second proof, and what the school could choose instead. Families are never " +
				"told: they read one and the same answer, whatever was wrong.",
			Operation: rest.Handle(s.getLogIns),
		},
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/api-keys", ID: "list-api-keys", Tag: "school", Status: http.StatusOK, Needs: rest.Only(access.ReadAccounts),
			Summary: "List the API keys", About: "Without the keys themselves, which were shown once.", Operation: rest.Handle(s.listKeys),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/api-keys", ID: "create-api-key", Tag: "school", Status: http.StatusCreated, Needs: rest.Only(access.ManageKeys),
			Summary: "Make an API key", About: "The key is shown this once. A key can only make keys that can do no more than itself.",
			Operation: rest.Handle(s.createKey),
		},
		{
			Method: http.MethodDelete, Path: rest.AtSchool + "/api-keys/{key}", ID: "revoke-api-key", Tag: "school", Status: http.StatusNoContent,
			Needs: rest.Only(access.ManageKeys), Summary: "End an API key", About: "At once and for good.", Operation: rest.Handle(s.revokeKey),
		},
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/mailbox", ID: "list-mailbox", Tag: "school", Status: http.StatusOK, Needs: rest.Only(access.ReadMailbox),
			Summary: "Read the mailbox folder",
			About: "The messages that were kept in the folder instead of being sent: of a school that rehearses, or of an installation without a mail server. The newest " +
				"first. Empty where there are none.",
			Operation: rest.Telling(s.showMailbox),
		},
	}
}
