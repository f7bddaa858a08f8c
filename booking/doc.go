// Package booking puts the services of the main job together. Each room below it has one subject, a service of its own where it touches the store, and a
// package comment that says what lives there:
//
//	rules         pure: slots, offers, whether a talk may be at a time, who sees what, wall time
//	appointment   one booking: made, moved, cancelled, all or nothing
//	family        what a family sees, and the itineraries that are proposed to it
//	evening       a conference as a question for the planning engine
//	conference    conferences and what stands in the way of opening one
//	availability  teachers' hours and rooms
//	people        pupils, staff, and rosters that are imported
//	household     who books together, and under which contacts
//	messages      the outbox as the school's staff see it
//	school        schools, their policy and their channels
//	erasure       what goes: the wipe of a school with its receipt, and what has expired
//	plan, roster, sample   pure engines: itineraries, readers of files, invented schools
//
// A service takes a context, an Actor and plain values, checks what the actor may do, and works in one transaction of the store. HTTP, texts for people and
// the sending of messages never live here: a booking writes its messages as rows of the outbox, in its own transaction.
package booking
