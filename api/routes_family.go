package api

import (
	"net/http"

	"github.com/ouderavond/ouderavond/auth/access"
)

// frontRoutes open sessions; nobody is logged in yet.
func frontRoutes() []route {
	return []route{
		{
			method: http.MethodGet, path: atSchool + "/front", id: "get-front", tag: "log-in", status: http.StatusOK,
			public:  "a log-in form needs it before anybody is logged in",
			summary: "Show what a log-in form needs", about: "The school's name and languages, and what it asks of parents. No names of people, no counts.",
			operation: handle((*Server).getFront),
		},
		{
			method: http.MethodPost, path: atSchool + "/family/session", id: "open-family-session", tag: "log-in", status: http.StatusCreated,
			public: "it is the log-in", session: true, problems: []int{http.StatusUnauthorized},
			summary: "Log a parent in",
			about: "By the child's name with the factors that the school asks for, or with a code or family code instead of them. A field that cannot be what it should " +
				"be is named and costs nothing. Every other failure has one and the same answer, with the other ways in. Sent with the token of a parent's session, it " +
				"adds a brother or sister to that session; the old token ends and the new one has both.",
			operation: handle((*Server).openFamilySession),
		},
		{
			method: http.MethodPost, path: atSchool + "/family/codes", id: "request-code", tag: "log-in", status: http.StatusAccepted,
			public: "who needs a code cannot log in yet", session: true,
			summary: "Ask for a one-time code",
			about: "Sends eight digits to the contacts on the school's file if what was typed is right. The answer is the same whether or not anything was sent. With the " +
				"token of a parent's session, the code goes to that session's families.",
			operation: handle((*Server).requestCode),
		},
		{
			method: http.MethodPost, path: atSchool + "/family/manage-link", id: "open-manage-link", tag: "log-in", status: http.StatusCreated,
			public: "the link is the proof", session: true, problems: []int{http.StatusUnauthorized},
			summary:   "Log a parent in by the link of a confirmation",
			about:     "The link in a mail to a typed address opens what was booked with it; the link in a mail to a contact on the school's file opens the household.",
			operation: handle((*Server).openManageLink),
		},
		{
			method: http.MethodPost, path: atSchool + "/staff/session", id: "open-staff-session", tag: "log-in", status: http.StatusCreated,
			public: "it is the log-in", problems: []int{http.StatusUnauthorized, tooMany},
			summary: "Log a member of staff in", about: "By login name and password. Every failure has one and the same answer.",
			operation: handle((*Server).openStaffSession),
		},
		{
			method: http.MethodDelete, path: atSchool + "/staff/session", id: "close-staff-session", tag: "log-in", status: http.StatusNoContent,
			needs: only(access.ReadSchool), summary: "Log a member of staff out", about: "Ends the session of the token that it is called with.",
			operation: handle((*Server).closeSession),
		},
	}
}

// aboutProposals describes the proposals of bookings.
const aboutProposals = "Up to three clearly different ways to have the wanted talks, of all children and over all open conferences, from the times that are free now: little waiting, " +
	"time to walk, within the limits of the school and the hours of the family. What does not fit is named with the reason. Nothing is held and nothing is changed.\n\n" +
	"Send a proposal's `make` as it is as the `make` of a booking. If that is refused because somebody else was first (`booking-items`, 409), nothing was booked: ask again with " +
	"the same `talks`, and with the failing items in `refused`; the answer is made of the state as it is then. What was refused with `limit`, `closed` or `not_offered` is better " +
	"left out of the `talks`. Times that the family chose itself go into `keep`."

// familyRoutes are what a parent's session can do.
func familyRoutes() []route {
	return []route{
		{
			method: http.MethodGet, path: atSchool + "/family", id: "get-family", tag: "family", status: http.StatusOK, needs: only(access.UseFamily),
			summary: "Show the family",
			about: "Everything for one screen: the children of the session, with whom they may talk and which times are free now, over all conferences, and what is " +
				"booked as far as this session may see it. A session that is only recognised sees what it made itself.",
			operation: handle((*Server).getFamily),
		},
		{
			method: http.MethodPost, path: atSchool + "/family/bookings", id: "book", tag: "family", status: http.StatusCreated, needs: only(access.UseFamily),
			problems: []int{conflict}, summary: "Make, move and cancel appointments in one act",
			about: "All or nothing. If an item cannot be, nothing has changed: the problem `booking-items` (409) names every failing item with its reason and up to three " +
				"alternatives, and says in `proposals` where to ask for a new plan. With `consent` the family says beforehand what may be done instead. An " +
				"Idempotency-Key makes a repeat safe.",
			operation: handle((*Server).bookAsFamily),
		},
		{
			method: http.MethodPost, path: atSchool + "/family/bookings/proposals", id: "propose-bookings", tag: "family", status: http.StatusOK,
			needs: only(access.UseFamily), summary: "Propose good times for the whole family", about: aboutProposals, operation: handle((*Server).proposeToFamily),
		},
		{
			method: http.MethodDelete, path: atSchool + "/family/session", id: "close-family-session", tag: "log-in", status: http.StatusNoContent,
			needs: only(access.UseFamily), summary: "Log a parent out", about: "Ends the session of the token that it is called with.",
			operation: handle((*Server).closeSession),
		},
	}
}
