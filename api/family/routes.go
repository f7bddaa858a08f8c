package family

import (
	"net/http"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/auth/access"
)

// frontRoutes open sessions; nobody is logged in yet.
func (s *Chapter) frontRoutes() []rest.Route {
	return []rest.Route{
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/front", ID: "get-front", Tag: "log-in", Status: http.StatusOK,
			Public:  "a log-in form needs it before anybody is logged in",
			Summary: "Show what a log-in form needs", About: "The school's name and languages, and what it asks of parents. No names of people, no counts.",
			Operation: rest.Handle(s.getFront),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/family/session", ID: "open-family-session", Tag: "log-in", Status: http.StatusCreated,
			Public: "it is the log-in", Session: true, Problems: []int{http.StatusUnauthorized},
			Summary: "Log a parent in",
			About: "By the child's name with the factors that the school asks for, or with a code or family code instead of them. A field that cannot be what it should " +
				"be is named and costs nothing. Every other failure has one and the same answer, with the other ways in. Sent with the token of a parent's session, it " +
				"adds a brother or sister to that session; the old token ends and the new one has both.",
			Operation: rest.Handle(s.openFamilySession),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/family/codes", ID: "request-code", Tag: "log-in", Status: http.StatusAccepted,
			Public: "who needs a code cannot log in yet", Session: true,
			Summary: "Ask for a one-time code",
			About: "Sends eight digits to the contacts on the school's file if what was typed is right. The answer is the same whether or not anything was sent. With the " +
				"token of a parent's session, the code goes to that session's families.",
			Operation: rest.Handle(s.requestCode),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/family/manage-link", ID: "open-manage-link", Tag: "log-in", Status: http.StatusCreated,
			Public: "the link is the proof", Session: true, Problems: []int{http.StatusUnauthorized},
			Summary:   "Log a parent in by the link of a confirmation",
			About:     "The link in a mail to a typed address opens what was booked with it; the link in a mail to a contact on the school's file opens the household.",
			Operation: rest.Handle(s.openManageLink),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/family/code-link", ID: "open-code-link", Tag: "log-in", Status: http.StatusCreated,
			Public: "the link is the proof", Session: true, Problems: []int{http.StatusUnauthorized, rest.TooMany},
			Summary:   "Log a parent in by the link of a message with a code",
			About:     "Good once, on any device, for half an hour; in the last message of a day for twenty-four hours. Using it uses up the digits beside it.",
			Operation: rest.Handle(s.openCodeLink),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/family/personal-link", ID: "open-personal-link", Tag: "log-in", Status: http.StatusCreated,
			Public: "the link and the factor are the proof", Session: true, Problems: []int{http.StatusUnauthorized, rest.TooMany},
			Summary: "Log a parent in by the family's personal link",
			About: "With the one factor that the link asks, of any of the family's children. The family is confirmed, unless a child has another home beside it or the school has it otherwise. Five " +
				"different wrong answers within a day, and the link opens by a code only.",
			Operation: rest.Handle(s.openPersonalLink),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/family/personal-link/form", ID: "ask-personal-link", Tag: "log-in", Status: http.StatusOK,
			Public: "the link is the proof", Problems: []int{http.StatusUnauthorized}, Summary: "Ask what a personal link asks",
			About: "Opens nothing, and counts nothing.", Operation: rest.Handle(s.askPersonalLink),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/family/personal-link/code", ID: "request-link-code", Tag: "log-in", Status: http.StatusAccepted,
			Public: "the link is the proof", Problems: []int{http.StatusUnauthorized, rest.TooMany}, Summary: "Ask for a one-time code by the family's personal link",
			About: "No factor is asked. The code goes to the contacts on the school's file; whether there are any is not told.", Operation: rest.Handle(s.requestLinkCode),
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
func (s *Chapter) familyRoutes() []rest.Route {
	return []rest.Route{
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/family", ID: "get-family", Tag: "family", Status: http.StatusOK, Needs: rest.Only(access.UseFamily),
			Summary: "Show the family",
			About: "Everything for one screen: the children of the session, with whom they may talk and which times are free now, over all conferences, and what is " +
				"booked as far as this session may see it. A session that is only recognised sees what it made itself.",
			Operation: rest.Handle(s.getFamily),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/family/bookings", ID: "book", Tag: "family", Status: http.StatusCreated, Needs: rest.Only(access.UseFamily),
			Problems: []int{rest.Conflict}, Summary: "Make, move and cancel appointments in one act",
			About: "All or nothing. If an item cannot be, nothing has changed: the problem `booking-items` (409) names every failing item with its reason and up to three " +
				"alternatives, and says in `proposals` where to ask for a new plan. With `consent` the family says beforehand what may be done instead. An " +
				"Idempotency-Key makes a repeat safe.",
			Operation: rest.Handle(s.bookAsFamily),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/family/bookings/proposals", ID: "propose-bookings", Tag: "family", Status: http.StatusOK,
			Needs: rest.Only(access.UseFamily), Summary: "Propose good times for the whole family", About: aboutProposals, Operation: rest.Handle(s.proposeToFamily),
		},
		{
			Method: http.MethodDelete, Path: rest.AtSchool + "/family/session", ID: "close-family-session", Tag: "log-in", Status: http.StatusNoContent,
			Needs: rest.Only(access.UseFamily), Summary: "Log a parent out", About: "Ends the session of the token that it is called with.",
			Operation: rest.Handle(s.closeSession),
		},
	}
}

// officeRoutes are what the school's office does for a family.
func (s *Chapter) officeRoutes() []rest.Route {
	return []rest.Route{
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/households/{household}/family", ID: "get-household-family", Tag: "conferences", Status: http.StatusOK,
			Needs: rest.Only(access.ReadBookings), Summary: "Show a household's family", Operation: rest.Handle(s.familyOfHousehold),
			About: "What the family itself would see when confirmed: to help somebody on the telephone.",
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/households/{household}/bookings", ID: "book-for-household", Tag: "conferences", Status: http.StatusCreated,
			Needs: rest.Only(access.BookForFamilies), Problems: []int{rest.Conflict}, Summary: "Book on behalf of a family", Operation: rest.Handle(s.bookForHousehold),
			About: "Like the family's own booking, but outside the opening times and above the limits too. The family's contacts are told.",
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/households/{household}/bookings/proposals", ID: "propose-bookings-for-household", Tag: "conferences",
			Status: http.StatusOK, Needs: rest.Only(access.BookForFamilies), Summary: "Propose good times on behalf of a family", About: aboutProposals,
			Operation: rest.Handle(s.proposeForHousehold),
		},
	}
}
