// Package rules holds the rules of a booking as functions over values: which slots teachers have, which talks a pupil is offered, whether a talk may be at a
// time and what could be instead, who sees what of an appointment, and what a clock on the school's wall means. It is pure: no context, clock, store or
// transaction ever comes here.
package rules
