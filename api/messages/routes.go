package messages

import (
	"net/http"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/auth/access"
)

// SMSReports is the path below which carriers report what became of text messages; the school's and the message's id stand behind it.
const SMSReports = rest.AtVersion1 + "/reports/sms"

// routes are the school's outbox and channels, and what carriers and mail servers tell.
func (s *Chapter) routes() []rest.Route {
	return []rest.Route{
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/messages", ID: "list-messages", Tag: "school", Status: http.StatusOK, Needs: rest.Only(access.ReadBookings),
			Summary: "List the messages of the outbox",
			About: "The newest first: to which household, by which channel, how far each has come, and what was wrong. No texts, and no more of an address than tells it " +
				"from others.",
			Operation: rest.Handle(s.listMessages),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/messages/{message}/again", ID: "send-message-again", Tag: "school", Status: http.StatusCreated,
			Needs: rest.Only(access.BookForFamilies), Problems: []int{rest.Conflict, rest.TooMany}, Summary: "Send a confirmation again",
			About: "Makes a new message from the present truth, to the same contact about the same day. Three times an hour at most for one contact.", Operation: rest.Handle(s.sendAgain),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/households/{household}/messages", ID: "send-overview", Tag: "school", Status: http.StatusCreated,
			Needs: rest.Only(access.BookForFamilies), Problems: []int{rest.Conflict, rest.TooMany}, Summary: "Send a household what it has booked",
			About: "An overview of each day to come, to every contact on file that can be reached: after a contact was corrected, for example.", Operation: rest.Handle(s.sendOverview),
		},
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/contacts/bounced", ID: "list-bounced-contacts", Tag: "school", Status: http.StatusOK, Needs: rest.Only(access.ReadRoster),
			Summary: "List the contacts that bounced", About: "Contacts to which nothing is sent any more because nobody is there, the latest first, with the reason.",
			Operation: rest.Handle(s.listBounced),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/households/{household}/contacts/{contact}/restore", ID: "restore-contact", Tag: "school", Status: http.StatusNoContent,
			Needs: rest.Only(access.WriteRoster), Summary: "Write to a contact again", About: "After somebody has made sure that it is right. What bounces again is suppressed again.",
			Operation: rest.Handle(s.restoreContact),
		},
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/channels", ID: "list-channels", Tag: "school", Status: http.StatusOK, Needs: rest.Only(access.ReadSchool),
			Summary:   "Show how the channels stand",
			About:     "Which are switched on, who carries their messages, and whether a test message has arrived. A conference opens only when each channel that is on has been tried.",
			Operation: rest.Handle(s.listChannels),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/channels/test", ID: "test-channels", Tag: "school", Status: http.StatusCreated, Needs: rest.Only(access.WriteSchool),
			Problems: []int{rest.TooMany}, Summary: "Send a test message",
			About: "To addresses of the school's own, through each channel that an address is given for. It has arrived when the link in it was opened, or the carrier says so. " +
				"What goes to the mailbox folder has arrived at once.",
			Operation: rest.Handle(s.testChannels),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/channels/confirm", ID: "confirm-test", Tag: "school", Status: http.StatusNoContent, Needs: rest.Only(access.WriteSchool),
			Summary: "Say that a test message arrived", About: "With the link that stands in it, for where nobody can open the link itself.", Operation: rest.Handle(s.confirmTest),
		},
		{
			Method: http.MethodPost, Path: SMSReports + "/{sender}/{message}", ID: "sms-report",
			Public: "the carrier has no key of ours; it signs what it tells, and nothing else is taken", Operation: rest.Operation{Plain: s.smsReport},
		},
		{
			Method: http.MethodPost, Path: rest.AtVersion1 + "/bounces", ID: "bounce", Needs: rest.Only(access.RunInstallation), Operation: rest.Operation{Plain: s.takeBounce},
		},
	}
}
