package models

import "slices"

// messageSteps lists, for each state of a message, those that may follow it, and what makes it so. What is not here may not be.
//
// Where a state has been passed, nothing leads back: what a carrier reports may come before our own note that it took the message, twice, or in another order.
// Only a message of unknown fate, and one that waits for another try after a try whose answer was lost, may turn out to have been sent all along.
var messageSteps = map[MessageState][]MessageState{
	MessageQueued:     {MessageSending, MessageSent, MessageDelivered, MessageUnknown, MessageFailed, MessageSuperseded},
	MessageSending:    {MessageQueued, MessageSent, MessageDelivered, MessageUnknown, MessageFailed, MessageSuperseded},
	MessageSent:       {MessageDelivered, MessageFailed},
	MessageUnknown:    {MessageQueued, MessageSent, MessageDelivered, MessageFailed, MessageSuperseded},
	MessageDelivered:  nil,
	MessageFailed:     nil,
	MessageSuperseded: nil,
}

// MessageStates lists the states of a message.
func MessageStates() []MessageState {
	return []MessageState{MessageQueued, MessageSending, MessageSent, MessageDelivered, MessageUnknown, MessageFailed, MessageSuperseded}
}

// MayBecome reports whether a message in one state may go to another. To stay is no step, and always allowed.
func (s MessageState) MayBecome(next MessageState) bool {
	return s == next || slices.Contains(messageSteps[s], next)
}

// Final tells that nothing can become of a message in that state any more.
func (s MessageState) Final() bool { return len(messageSteps[s]) == 0 }

// Superseded is what becomes of a message that is needed no more: a try of it that may have reached somebody is not made undone by that, and its fate stays
// unknown until the carrier tells.
func (m *Message) Superseded() MessageState {
	if m.Uncertain() {
		return MessageUnknown
	}
	return MessageSuperseded
}

// Uncertain reports whether an earlier try of a message that waits may have gone: the answer was lost, or the program died while it sent.
func (m *Message) Uncertain() bool { return Uncertain(m.Problem) }

// Uncertain reports whether a problem of a try leaves it open whether the message went.
func Uncertain(problem string) bool {
	return problem == ProblemNoAnswer || problem == ProblemInterrupted
}

// The problems of messages: stable codes, of which the school's list and the texts for people speak. A message that went well has none.
const (
	ProblemNoAnswer      = "no-answer"       // the answer to a delivery was lost; it may have gone or not
	ProblemInterrupted   = "interrupted"     // the program died while it sent
	ProblemNotReached    = "not-reached"     // no conversation came about
	ProblemBusy          = "busy"            // the server or carrier asks to come back later
	ProblemLimited       = "limited"         // too many messages for the carrier
	ProblemMailboxFull   = "mailbox-full"    // the recipient's mailbox is full
	ProblemPolicy        = "policy"          // the recipient's server refuses our mail for reasons of its own
	ProblemDelayed       = "delayed"         // a server on the way is still trying
	ProblemSetup         = "setup"           // the channel is set up wrongly: sign-in, certificate, sender
	ProblemNoSuchAddress = "no-such-address" // nobody is at that address or number
	ProblemOptedOut      = "opted-out"       // the recipient told the carrier that no more is wanted
	ProblemNotMobile     = "not-mobile"      // the number takes no text messages
	ProblemUnreachable   = "unreachable"     // the telephone is off, abroad or out of reach
	ProblemFiltered      = "filtered"        // a carrier on the way threw it away
	ProblemRefused       = "refused"         // refused for good, for another reason
	ProblemTooLate       = "too-late"        // not worth sending any more
	ProblemRender        = "render"          // the text could not be written
	ProblemNothingToSay  = "nothing-to-say"  // what it was about is gone
	ProblemRestored      = "restored"        // it waited in a copy of the database that was restored; it may have gone or not
)
