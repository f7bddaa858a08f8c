package sms

import (
	"net/http"
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/notify/carrier"
)

// verdict is what an answer of the carrier means.
type verdict struct {
	class   carrier.Class
	problem string
	reach   carrier.Reach
}

var (
	lostAnswer = verdict{carrier.Ambiguous, models.ProblemNoAnswer, carrier.OneMessage}
	wrongSetup = verdict{carrier.Temporary, models.ProblemSetup, carrier.AllOfIt}
	busy       = verdict{carrier.Temporary, models.ProblemBusy, carrier.OneMessage}
	limited    = verdict{carrier.Temporary, models.ProblemLimited, carrier.AllOfIt}
	refused    = verdict{carrier.Permanent, models.ProblemRefused, carrier.OneMessage}
)

func nobodyAt(problem string) verdict {
	return verdict{carrier.RecipientRefused, problem, carrier.OneMessage}
}

// codes are the carrier's error numbers that tell more than the status (Twilio's
// error and warning dictionary), as answers to a request.
var codes = map[int]verdict{
	21211: nobodyAt(models.ProblemNoSuchAddress), // no valid number
	21217: nobodyAt(models.ProblemNoSuchAddress),
	21265: nobodyAt(models.ProblemNotMobile), // a short code
	21268: nobodyAt(models.ProblemNotMobile), // a premium number
	21610: nobodyAt(models.ProblemOptedOut),
	21614: nobodyAt(models.ProblemNotMobile),
	21635: nobodyAt(models.ProblemNotMobile), // a land line
	// A sender that is invalid, not ours or not fit for text; a messaging service that is empty or not there.
	21212: wrongSetup, 21606: wrongSetup, 21659: wrongSetup, 21660: wrongSetup, 21703: wrongSetup, 21705: wrongSetup,
	20009: busy,    // a message still under way cannot be changed
	21611: limited, // a sender has too many messages waiting
	20429: limited,
	30001: limited, // the queue is full
	63038: limited, // the account's limit of a day
}

// verdictOf decides what an answer means.
func verdictOf(status, code int, purpose purpose) verdict {
	if known, ok := codes[code]; ok {
		return known
	}
	switch {
	case status == http.StatusTooManyRequests:
		return limited
	case slices.Contains([]int{http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout}, status) && purpose == sending:
		// Something broke after the request had come; whether the message had been taken by then is not known.
		return lostAnswer
	case status >= http.StatusInternalServerError:
		return verdict{carrier.Temporary, models.ProblemBusy, carrier.AllOfIt}
	case status == http.StatusRequestTimeout, status >= 200 && status < 300: // the latter is an answer to a question that cannot be read
		return busy
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status >= 300 && status < 400,
		status == http.StatusNotFound && purpose == sending:
		// Nobody lets us in, nothing is there, or it is somewhere else.
		return wrongSetup
	}
	return refused
}

// reports are the carrier's error numbers in its reports on delivery.
var reports = map[int]verdict{
	30002: {carrier.Temporary, models.ProblemSetup, carrier.AllOfIt}, // the account is suspended
	30003: {carrier.Permanent, models.ProblemUnreachable, carrier.OneMessage},
	30004: nobodyAt(models.ProblemOptedOut), // blocked
	30005: nobodyAt(models.ProblemNoSuchAddress),
	30006: nobodyAt(models.ProblemNotMobile), // a land line, or a carrier that cannot be reached
	30007: {carrier.Permanent, models.ProblemFiltered, carrier.OneMessage},
	30008: {carrier.Permanent, models.ProblemUnreachable, carrier.OneMessage}, // unknown
}

// Reported gives what an error number in a report on delivery means: the
// problem, and whether nobody is at that number.
func Reported(code int) (problem string, nobody bool) {
	v, ok := reports[code]
	if !ok {
		v = verdictOf(http.StatusBadRequest, code, sending)
	}
	return v.problem, v.class == carrier.RecipientRefused
}
