// Package memory is what the store keeps of schools beside the rows: opened copies of rosters and conferences, keys, sessions, who is busy when, and what the writes of one
// transaction need not each read again. Nothing here reads or writes a database.
package memory
