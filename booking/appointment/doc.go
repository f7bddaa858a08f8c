// Package appointment carries out bookings: one act that makes, moves or cancels appointments of a family, all or nothing, in one transaction with its
// claims, messages, audit and stored outcome. What a booking changes besides appointments (messages to the family, calendar entries) is offered to other rooms
// as functions on their transaction. Whether a talk may be somewhere is decided by package rules and never here.
package appointment
