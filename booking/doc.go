// Package booking holds the services of the main job: schools and their life, rosters and households, conferences and availability, the family's
// choices, bookings, and the wipe.
//
// A service takes a context, an Actor and plain values, checks what the actor may do, and works in one transaction of the store. Pure parts (slots,
// the arrangement of a booking) are functions over values and never touch the store. HTTP, texts for people and the sending of messages never live
// here: a booking writes its messages as rows of the outbox, in its own transaction.
package booking
