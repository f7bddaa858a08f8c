// Package family is the chapter of the API for families: log-in, what a session sees, bookings and proposals, by the family itself or by the school's office for it.
// It asks services and shapes answers; it decides nothing.
package family
