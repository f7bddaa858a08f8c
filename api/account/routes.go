package account

import (
	"net/http"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/auth/access"
)

const (
	atStaff   = rest.AtSchool + "/staff"
	atLogIn   = "log-in"
	atOwn     = "own account"
	atSchools = "school"
)

// waysIn are the log-ins of the school's people.
func (s *Chapter) waysIn() []rest.Route {
	unauthorized := []int{http.StatusUnauthorized, rest.TooMany}
	return []rest.Route{
		{
			Method: http.MethodPost, Path: atStaff + "/session", ID: "open-staff-session", Tag: atLogIn, Status: http.StatusCreated, Public: "it is the log-in", Problems: unauthorized,
			Summary: "Log a member of staff in",
			About: "By login and password, with the second factor in the same call or afterwards. Every failure before the second factor has one and the same answer. `next` says what is to " +
				"be done before all roles can be used.",
			Operation: rest.Handle(s.openSession),
		},
		{
			Method: http.MethodPost, Path: atStaff + "/link", ID: "ask-staff-link", Tag: atLogIn, Status: http.StatusAccepted, Public: "it is the log-in", Problems: []int{rest.TooMany},
			Summary: "Send a member of staff a link",
			About: "To the address of an account: to log in for half an hour, or to choose another password for an hour. Whoever has not accepted the invitation is sent that again. The answer " +
				"is the same whether there is such an account or not.",
			Operation: rest.Handle(s.askLink),
		},
		{
			Method: http.MethodPost, Path: atStaff + "/link/form", ID: "look-at-staff-link", Tag: atLogIn, Status: http.StatusOK, Public: "the link is the proof",
			Problems: []int{http.StatusNotFound}, Summary: "Ask what a link of staff opens", About: "Opens nothing and uses nothing up.", Operation: rest.Handle(s.lookAtLink),
		},
		{
			Method: http.MethodPost, Path: atStaff + "/link/session", ID: "use-staff-link", Tag: atLogIn, Status: http.StatusCreated, Public: "the link is the proof",
			Problems: []int{http.StatusNotFound, rest.Conflict}, Summary: "Log a member of staff in by a link",
			About:     "Accepts an invitation, logs in, or chooses a password, which ends the account's other sessions. The link is good once.",
			Operation: rest.Handle(s.useLink),
		},
	}
}

// ownRoutes are what the owner of an account does with it.
func (s *Chapter) ownRoutes() []rest.Route {
	own, unauthorized := rest.Only(access.OwnAccount), []int{http.StatusUnauthorized, rest.TooMany}
	return []rest.Route{
		{
			Method: http.MethodGet, Path: atStaff + "/account", ID: "get-own-account", Tag: atOwn, Status: http.StatusOK, Needs: own, Summary: "Show one's own account",
			About: "What this session may do, what it waits for, and the account's sessions.", Operation: rest.Handle(s.getOwn),
		},
		{
			Method: http.MethodPost, Path: atStaff + "/proof", ID: "prove", Tag: atOwn, Status: http.StatusOK, Needs: own, Problems: unauthorized,
			Summary: "Prove again who is there",
			About: "By the second factor or by the password. What exports, erases, joins, makes keys or changes accounts asks for a proof of the last quarter of an hour " +
				"(`login.prove-again`, 403); what a role asks a second factor for, for that (`login.second-factor`, 403).",
			Operation: rest.Handle(s.prove),
		},
		{
			Method: http.MethodPost, Path: atStaff + "/totp", ID: "begin-totp", Tag: atOwn, Status: http.StatusOK, Needs: own, Summary: "Begin to set up a second factor",
			About: "A secret for a program that shows six digits (RFC 6238). It counts once its digits were sent.", Operation: rest.Handle(s.beginTOTP),
		},
		{
			Method: http.MethodPut, Path: atStaff + "/totp", ID: "confirm-totp", Tag: atOwn, Status: http.StatusOK, Needs: own, Problems: []int{rest.Conflict},
			Summary: "Put a second factor into force",
			About:   "By the digits that the program shows. The answer has ten codes for the day on which the telephone is gone, each good once, shown this once.", Operation: rest.Handle(s.confirmTOTP),
		},
		{
			Method: http.MethodPost, Path: atStaff + "/recovery-codes", ID: "renew-recovery-codes", Tag: atOwn, Status: http.StatusOK, Needs: own, Problems: []int{rest.Conflict},
			Summary: "Make new recovery codes", About: "Earlier ones are of no use any more.", Operation: rest.Handle(s.renewRecovery),
		},
		{
			Method: http.MethodPut, Path: atStaff + "/password", ID: "change-own-password", Tag: atOwn, Status: http.StatusNoContent, Needs: own, Problems: []int{http.StatusUnauthorized},
			Summary: "Change one's own password", About: "The account's other sessions end.", Operation: rest.Handle(s.changePassword),
		},
		{
			Method: http.MethodDelete, Path: atStaff + "/session", ID: "close-staff-session", Tag: atLogIn, Status: http.StatusNoContent, Needs: own,
			Summary: "Log a member of staff out", About: "Ends the session of the token that it is called with.", Operation: rest.Handle(s.closeSession),
		},
		{
			Method: http.MethodDelete, Path: atStaff + "/sessions", ID: "close-other-sessions", Tag: atOwn, Status: http.StatusNoContent, Needs: own,
			Summary: "Log out everywhere else", About: "Ends the account's other sessions, and forgets the browsers that it is known from.", Operation: rest.Handle(s.closeOthers),
		},
	}
}

// accountRoutes are what administrators do with accounts.
func (s *Chapter) accountRoutes() []rest.Route {
	const at = rest.AtSchool + "/accounts"
	const one = at + "/{account}"
	read, manage, conflict := rest.Only(access.ReadAccounts), rest.Only(access.ManageAccounts), []int{rest.Conflict}
	return []rest.Route{
		{
			Method: http.MethodGet, Path: at, ID: "list-accounts", Tag: atSchools, Status: http.StatusOK, Needs: read,
			Summary: "List the staff accounts", About: "By login, with what their owners have set up and whether they have accepted; nothing of what proves who they are.", Operation: rest.Handle(s.listAccounts),
		},
		{
			Method: http.MethodPost, Path: at, ID: "create-account", Tag: atSchools, Status: http.StatusCreated, Needs: manage, Problems: conflict,
			Summary: "Invite somebody to an account",
			About: "A link goes to the address, good for 14 days. With a password the account is there at once, and nothing is sent. Administrators and coordinators need a password and a second " +
				"factor, which they set up when they accept; an API key makes neither. The operator is given the link, to hand it on.",
			Operation: rest.Handle(s.createAccount),
		},
		{
			Method: http.MethodPost, Path: at + "/invite-teachers", ID: "invite-teachers", Tag: atSchools, Status: http.StatusOK, Needs: manage,
			Summary: "Invite all teachers", About: "Every teacher of the roster who has no account; with `again` also those anew who have not accepted. Named is who has no address of their own.",
			Operation: rest.Handle(s.inviteTeachers),
		},
		{
			Method: http.MethodPatch, Path: one, ID: "update-account", Tag: atSchools, Status: http.StatusOK, Needs: manage, Problems: conflict, Summary: "Change a staff account",
			About: "Its address, name, roles or teacher; disables or enables it; gives it another password; takes a lost second factor away. Whoever is logged in is out at once where that " +
				"ends what they had. One's own account cannot be disabled, nor the last administrator; an API key changes nobody who needs a second factor.",
			Operation: rest.Handle(s.updateAccount),
		},
		{
			Method: http.MethodDelete, Path: one, ID: "remove-account", Tag: atSchools, Status: http.StatusNoContent, Needs: manage, Problems: conflict, Summary: "Remove a staff account",
			About:     "At once, with its sessions. One's own cannot be removed, nor the last administrator's; an API key removes nobody who needs a second factor.",
			Operation: rest.Handle(s.removeAccount),
		},
		{
			Method: http.MethodPost, Path: one + "/invite", ID: "invite-account", Tag: atSchools, Status: http.StatusOK, Needs: manage, Problems: conflict, Summary: "Send an invitation again",
			About: "Links that were sent before are of no use any more.", Operation: rest.Handle(s.inviteAgain),
		},
		{
			Method: http.MethodPost, Path: one + "/log-out", ID: "log-out-account", Tag: atSchools, Status: http.StatusNoContent, Needs: manage,
			Summary: "Log an account out everywhere", About: "Ends all of its sessions, the one that asks included if it is its own.", Operation: rest.Handle(s.logOutAccount),
		},
		{
			Method: http.MethodPost, Path: one + "/open", ID: "open-account", Tag: atSchools, Status: http.StatusOK, Needs: manage, Summary: "Let an account log in from an address",
			About: "For somebody who is kept out because others typed wrong passwords for the login: for an hour those do not count at the address that is named, and what " +
				"was typed wrong there is forgotten. A browser that logged in with the account within 180 days needs none of this.",
			Operation: rest.Handle(s.openAccount),
		},
	}
}
