package sms

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/ouderavond/ouderavond/notify/carrier"
)

// Progress is how far a message is with its carrier.
type Progress int

// How far a message can be.
const (
	UnderWay  Progress = iota // taken, and not yet with the recipient's carrier
	HandedOn                  // with the recipient's carrier
	Delivered                 // on the telephone
	Failed                    // for good
)

// Status is what a carrier tells of a message.
type Status struct {
	Progress Progress
	// Problem is the stable code of what went wrong, and Nobody that no messages
	// should go to that number any more; of a failed one.
	Problem string
	Nobody  bool
}

// statusOf reads the carrier's own word (Twilio's message status values).
func statusOf(word string, code int) Status {
	switch word {
	case "sent":
		return Status{Progress: HandedOn}
	case "delivered", "read", "partially_delivered":
		return Status{Progress: Delivered}
	case "failed", "undelivered", "canceled":
		problem, nobody := Reported(code)
		return Status{Progress: Failed, Problem: problem, Nobody: nobody}
	}
	return Status{Progress: UnderWay}
}

// Report is a carrier's report on one message.
type Report struct {
	// ID is the carrier's id of the message.
	ID string
	Status
}

// Report reads a report that came to the address of a message, and checks that
// the carrier signed it: HMAC-SHA1 under the auth token over the address as the
// carrier was given it, and the fields. ok is false for anything else.
//
// path is what stands in the address behind the one for reports.
func (t *Twilio) Report(path string, form url.Values, signature string) (report Report, ok bool) {
	fields := map[string]string{}
	for name, values := range form {
		if len(values) != 1 {
			return Report{}, false // the signature covers one
		}
		fields[name] = values[0]
	}
	validator := client.NewRequestValidator(t.config.AuthToken)
	address := strings.TrimRight(t.config.StatusCallback, "/") + "/" + path
	if t.config.StatusCallback == "" || signature == "" || !validator.Validate(address, fields, signature) {
		return Report{}, false
	}
	word := fields["MessageStatus"]
	if word == "" {
		word = fields["SmsStatus"]
	}
	code, _ := strconv.Atoi(fields["ErrorCode"])
	report = Report{ID: fields["MessageSid"], Status: statusOf(word, code)}
	return report, idPattern.MatchString(report.ID) && fields["AccountSid"] == t.config.AccountSID
}

// Status asks Twilio how far a message is.
func (t *Twilio) Status(ctx context.Context, id string) (Status, error) {
	if !idPattern.MatchString(id) {
		return Status{}, refuse(carrier.Permanent, "the carrier's id is malformed")
	}
	params := new(api.FetchMessageParams).SetPathAccountSid(t.config.AccountSID)
	var found *api.ApiV2010Message
	err := t.call(ctx, asking, func(service *api.ApiService) (err error) {
		found, err = service.FetchMessage(id, params)
		return err
	})
	if err != nil {
		return Status{}, err
	}
	return statusOf(value(found.Status), number(found.ErrorCode)), nil
}
