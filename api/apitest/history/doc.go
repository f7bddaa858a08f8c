// Package history records what many clients at once ask of a schedule and are answered, and checks whether the answers can be explained by a schedule that
// does one thing after the other (linearizability, Herlihy and Wing 1990; the search is porcupine's).
//
// A [Schedule] is anything that books: a school behind its HTTP API ([School]), or one in memory ([Memory]) whose faults are planted. [Crowd] lets clients
// at it and records [Act]s; [Check] compares them with three models: of each teacher's slot, of each household, and of the whole evening. An act whose answer
// never came may have happened at any time after it was asked, or never.
//
// It is imported by tests only: those of the API, and those that kill the program and look what is left.
package history
