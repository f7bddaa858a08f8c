package api

import (
	"net/http"

	"github.com/ouderavond/ouderavond/auth/access"
)

// SMSReports is the path below which carriers report what became of text messages; the school's and the message's id stand behind it.
const SMSReports = atVersion1 + "/reports/sms"

// messageRoutes are the school's outbox and channels, and what carriers and mail servers tell.
func messageRoutes() []route {
	return []route{
		{
			method: http.MethodGet, path: atSchool + "/messages", id: "list-messages", tag: "school", status: http.StatusOK, needs: only(access.ReadBookings),
			summary: "List the messages of the outbox",
			about: "The newest first: to which household, by which channel, how far each has come, and what was wrong. No texts, and no more of an address than tells it " +
				"from others.",
			operation: handle((*Server).listMessages),
		},
		{
			method: http.MethodPost, path: atSchool + "/messages/{message}/again", id: "send-message-again", tag: "school", status: http.StatusCreated,
			needs: only(access.BookForFamilies), problems: []int{conflict, tooMany}, summary: "Send a confirmation again",
			about: "Makes a new message from the present truth, to the same contact about the same day. Three times an hour at most for one contact.", operation: handle((*Server).sendAgain),
		},
		{
			method: http.MethodPost, path: atSchool + "/households/{household}/messages", id: "send-overview", tag: "school", status: http.StatusCreated,
			needs: only(access.BookForFamilies), problems: []int{conflict, tooMany}, summary: "Send a household what it has booked",
			about: "An overview of each day to come, to every contact on file that can be reached: after a contact was corrected, for example.", operation: handle((*Server).sendOverview),
		},
		{
			method: http.MethodGet, path: atSchool + "/contacts/bounced", id: "list-bounced-contacts", tag: "school", status: http.StatusOK, needs: only(access.ReadRoster),
			summary: "List the contacts that bounced", about: "Contacts to which nothing is sent any more because nobody is there, the latest first, with the reason.",
			operation: handle((*Server).listBounced),
		},
		{
			method: http.MethodPost, path: atSchool + "/households/{household}/contacts/{contact}/restore", id: "restore-contact", tag: "school", status: http.StatusNoContent,
			needs: only(access.WriteRoster), summary: "Write to a contact again", about: "After somebody has made sure that it is right. What bounces again is suppressed again.",
			operation: handle((*Server).restoreContact),
		},
		{
			method: http.MethodGet, path: atSchool + "/channels", id: "list-channels", tag: "school", status: http.StatusOK, needs: only(access.ReadSchool),
			summary:   "Show how the channels stand",
			about:     "Which are switched on, who carries their messages, and whether a test message has arrived. A conference opens only when each channel that is on has been tried.",
			operation: handle((*Server).listChannels),
		},
		{
			method: http.MethodPost, path: atSchool + "/channels/test", id: "test-channels", tag: "school", status: http.StatusCreated, needs: only(access.WriteSchool),
			problems: []int{tooMany}, summary: "Send a test message",
			about: "To addresses of the school's own, through each channel that an address is given for. It has arrived when the link in it was opened, or the carrier says so. " +
				"What goes to the mailbox folder has arrived at once.",
			operation: handle((*Server).testChannels),
		},
		{
			method: http.MethodPost, path: atSchool + "/channels/confirm", id: "confirm-test", tag: "school", status: http.StatusNoContent, needs: only(access.WriteSchool),
			summary: "Say that a test message arrived", about: "With the link that stands in it, for where nobody can open the link itself.", operation: handle((*Server).confirmTest),
		},
		{
			method: http.MethodPost, path: SMSReports + "/{sender}/{message}", id: "sms-report",
			public: "the carrier has no key of ours; it signs what it tells, and nothing else is taken", operation: operation{plain: smsReport},
		},
		{
			method: http.MethodPost, path: atVersion1 + "/bounces", id: "bounce", needs: only(access.RunInstallation), operation: operation{plain: takeBounce},
		},
	}
}
