// Package auth recognises and confirms: parents by what they know of their child, by codes and links; staff by password; programs by key. It makes the
// Actor that everything else asks for, and keeps sessions.
//
// Every failure of a parent's log-in is one and the same error, after the same work; what exactly was wrong is in no answer. Guessing budgets live in
// auth/limit, decisions about who may do what in auth/access. Bookings and messages' texts never live here; a code is sent by a row in the outbox.
package auth
