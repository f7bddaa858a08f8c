// Package notify sends what the other services queued: it takes due messages out of the outbox, school by school, renders each from the state of that
// moment, and hands it to a mail server, an SMS carrier, or the mailbox folder that stands in for both.
//
// Nothing is decided here about bookings or log-ins, and nobody is told anything that the database does not say now: the last message is always the truth.
// The texts are in notify/text, the calendar in notify/ical, the carriers in notify/mail and notify/sms.
package notify
