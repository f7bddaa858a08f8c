// Package sms hands finished text messages to a carrier, or to the mailbox
// folder that stands in for one.
//
// It writes no sentence and decides nothing about retries. A carrier is called
// once: none of those known has a way to say "this is the message from before",
// so a second call after a silence may be a second message on somebody's phone.
// What a failed delivery means is said by package failure. Numbers and texts
// never appear in errors.
package sms
