// Package session opens, widens and ends sessions, of parents and of staff, and makes the tokens of all who ask. Who may have a session is decided by packages parent and
// staff.
package session
