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

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/notify/carrier"
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
	f := carrier.Failure{Channel: channel, Stage: string(at)}
	var reply *textproto.Error
	if errors.As(err, &reply) {
		f.Code = reply.Code
		if found := enhancedPattern.FindStringSubmatch(reply.Msg); found != nil {
			f.Enhanced = found[1]
		}
	}
	v := verdictOf(at, f.Code, f.Enhanced, isNetwork(err))
	f.Class, f.Problem, f.Reach, f.Setup = v.class, v.problem, v.reach, v.problem == models.ProblemSetup
	// Cutting the connection because time is up looks like any broken one.
	return f.Because(errors.Join(err, ctx.Err()))
}

// verdict is what an answer means.
type verdict struct {
	class   carrier.Class
	problem string
	reach   carrier.Reach
}

// rule gives the meaning of some answers. Empty lists are every one.
type rule struct {
	at       []stage
	codes    []int    // exactly these
	enhanced []string // exactly these status codes, or with a dot at the end those that begin so
	kind     int      // 4 or 5 for all replies of that kind, noReply for silence; 0 for any
	means    verdict
}

// noReply is the kind of an answer that did not come.
const noReply = -1

var (
	opening = []stage{stageSession, stageSender}
	behind  = []stage{stageRecipient, stageData, stageEnd}

	wrongSetup   = verdict{carrier.Temporary, models.ProblemSetup, carrier.AllOfIt}
	noAddress    = verdict{carrier.RecipientRefused, models.ProblemNoSuchAddress, carrier.OneMessage}
	fullMailbox  = verdict{carrier.Temporary, models.ProblemMailboxFull, carrier.OneMessage}
	notForThem   = verdict{carrier.Temporary, models.ProblemPolicy, carrier.OneDomain}
	refusedForIt = verdict{carrier.Permanent, models.ProblemRefused, carrier.OneMessage}
)

// rules decide in this order; the first that fits does. The numbers are those of
// RFC 5321, section 4.2, and RFC 3463.
var rules = []rule{
	// The whole text is there and the answer is not.
	{at: []stage{stageEnd}, kind: noReply, means: verdict{carrier.Ambiguous, models.ProblemNoAnswer, carrier.OneMessage}},
	{at: []stage{stageSession}, kind: noReply, means: verdict{carrier.Temporary, models.ProblemNotReached, carrier.AllOfIt}},
	{kind: noReply, means: verdict{carrier.Temporary, models.ProblemNotReached, carrier.OneMessage}},
	// Nobody gets in, or not with this sender: a wrong password is mended in an
	// hour, and all mail can wait.
	{at: opening, kind: 5, means: wrongSetup},
	{at: opening, kind: 4, means: verdict{carrier.Temporary, models.ProblemBusy, carrier.AllOfIt}},
	{codes: []int{530, 534, 535, 538}, means: wrongSetup},
	{enhanced: []string{"5.1.7", "5.1.8", "5.1.9", "5.7.8", "5.7.9", "5.7.11"}, means: wrongSetup},
	// A full mailbox gets emptied, though some servers call it final; 552 has no
	// other meaning for a recipient, unless it says so.
	{enhanced: []string{"5.2.2", "4.2.2"}, means: fullMailbox},
	{at: behind, codes: []int{552}, enhanced: []string{""}, means: fullMailbox},
	// Nobody is there, or not any more (RFC 7293, RFC 7504, RFC 7505).
	{enhanced: []string{"5.7.13", "5.7.17", "5.7.18"}, kind: 5, means: noAddress},
	{enhanced: []string{"5.1.", "5.2.1"}, kind: 5, means: noAddress},
	{at: []stage{stageRecipient}, codes: []int{551, 553, 556}, enhanced: []string{""}, means: noAddress},
	{at: []stage{stageRecipient}, codes: []int{556}, means: noAddress},
	// A server that does not want our mail will not want the next one either.
	{enhanced: []string{"5.7."}, kind: 5, means: notForThem},
	{kind: 5, means: refusedForIt},
	{kind: 4, means: verdict{carrier.Temporary, models.ProblemBusy, carrier.OneMessage}},
}

// verdictOf decides what a reply means. No reply has code 0; network tells that the line broke, and not what travels on it.
func verdictOf(at stage, code int, enhanced string, network bool) verdict {
	if at == stageSession && code == 0 && !network {
		return wrongSetup // a certificate that nobody trusts, or no way to sign in
	}
	for _, r := range rules {
		if r.fits(at, code, enhanced) {
			return r.means
		}
	}
	// A reply that is neither yes nor no.
	return verdict{carrier.Temporary, models.ProblemBusy, carrier.OneMessage}
}

func (r rule) fits(at stage, code int, enhanced string) bool {
	kind := code / 100
	if code == 0 {
		kind = noReply
	}
	switch {
	case len(r.at) > 0 && !slices.Contains(r.at, at), r.kind != 0 && r.kind != kind, len(r.codes) > 0 && !slices.Contains(r.codes, code):
		return false
	}
	return len(r.enhanced) == 0 || slices.ContainsFunc(r.enhanced, func(wanted string) bool {
		return wanted == enhanced || strings.HasSuffix(wanted, ".") && strings.HasPrefix(enhanced, wanted)
	})
}

// isNetwork tells a line that is down from what no second try mends, such as a
// certificate that nobody trusts or a way to sign in that the server lacks.
func isNetwork(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// Reported gives what a status code of a delivery report means (RFC 3464,
// section 2.3.4): the problem, and whether nobody is at that address.
func Reported(status string) (problem string, nobody bool) {
	v := verdictOf(stageRecipient, 554, status, false)
	return v.problem, v.class == carrier.RecipientRefused
}
