// Package ical writes calendar files (RFC 5545) for families: the invitation
// that travels with a confirmation and updates or withdraws itself (RFC 5546),
// and the feed that a calendar program fetches.
//
// An invitation is one event per household and day, from the first talk to the
// last: all events of one request must share one UID, so several talks cannot
// be several events of one invitation. Single talks live in the feed. All
// times are written in UTC, because some clients refuse a withdrawal that
// names a time zone.
//
// What a person reads in the event comes in finished, in their language. The
// package has no sentences, sends nothing and knows no school.
package ical
