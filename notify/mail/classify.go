package mail

import (
	"context"
	"errors"
	"io"
	"net"
	"net/textproto"
	"regexp"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/notify/mail/failure"
)

// stage is how far the conversation with a mail server came.
type stage string

// The stages of a delivery, in their order.
const (
	stageSession   stage = "greeting, encryption or sign-in"
	stageSender    stage = "sender"
	stageRecipient stage = "recipient"
	stageData      stage = "text"
	stageEnd       stage = "end of text"
)

// enhancedPattern is a status code of RFC 3463 in front of a reply's text.
var enhancedPattern = regexp.MustCompile(`^([245]\.\d{1,3}\.\d{1,3})(?:\s|$)`)

// failed makes the failure of a conversation that ended with err. The server's
// words are dropped: they repeat the address.
func failed(ctx context.Context, at stage, err error) error {
	f := failure.Failure{Channel: channel, Stage: string(at)}
	var reply *textproto.Error
	if errors.As(err, &reply) {
		f.Code = reply.Code
		if found := enhancedPattern.FindStringSubmatch(reply.Msg); found != nil {
			f.Enhanced = found[1]
		}
	}
	f.Class = classOf(at, f.Code, f.Enhanced)
	f.Setup = isSetup(at, f.Code, f.Enhanced) || at == stageSession && f.Code == 0 && !isNetwork(err)
	// Cutting the connection because time is up looks like any broken one.
	return f.Because(errors.Join(err, ctx.Err()))
}

// classOf decides what a reply means. No reply has code 0.
func classOf(at stage, code int, enhanced string) failure.Class {
	switch {
	case code == 0 && at == stageEnd:
		// The whole text is there and the answer is not.
		return failure.Ambiguous
	case at == stageSession, code < 500:
		// A wrong password is mended in an hour; the message can wait.
		return failure.Temporary
	case enhanced == "5.2.2":
		// A full mailbox gets emptied, though the server calls it final.
		return failure.Temporary
	case strings.HasPrefix(enhanced, "5.1.") && !slices.Contains(senderFaults, enhanced), enhanced == "5.2.1":
		if at != stageSender {
			return failure.RecipientRefused
		}
	}
	return failure.Permanent
}

// isNetwork tells a line that is down from what no second try mends, such as a
// certificate that nobody trusts or a way to sign in that the server lacks.
func isNetwork(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// senderFaults are status codes under 5.1 that speak of the sender's address
// (RFC 3463, section 3.2, and RFC 7505).
var senderFaults = []string{"5.1.7", "5.1.8", "5.1.9"}

// isSetup tells whether every message would fail like this one: the server does
// not let us in, or refuses what we send for reasons of policy (5.7) or because
// of who sends it.
func isSetup(at stage, code int, enhanced string) bool {
	switch {
	case code < 500:
		return false
	case at == stageSession, at == stageSender:
		return true
	}
	return strings.HasPrefix(enhanced, "5.7.") || slices.Contains(senderFaults, enhanced)
}
