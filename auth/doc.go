// Package auth puts the ways in together and tells who asks: a parent's or a staff member's session, a school's key, or the operator's. It makes the Actor
// that everything else asks for.
//
//	parent   parents recognised by what they know of a child, and confirmed by codes, links and letters
//	staff    accounts and passwords of the school's people
//	session  what both have afterwards
//	key      keys of programs
//	access   who may do what: pure
//
// Every failure of a parent's log-in is one and the same error, after the same work; what exactly was wrong is in no answer. Bookings and messages' texts never
// live here; a code is sent by a row in the outbox.
package auth
