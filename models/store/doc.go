// Package store keeps Ouderavond's rows. It is the only package that touches GORM or a database driver.
//
// The way in is Store.For(actor): it gives a Scope that reads and writes the rows of the actor's school and no other. Within a transaction the generic
// functions List, Get, Insert, Update and Delete do the everyday work on any row type of package models; the files beside them hold what needs more than
// that: claims, snapshots, the outbox's leases, the wipe. Sealed columns are sealed and opened here, explicitly, and nowhere else.
//
// No business rule lives here, no text for people, and no statement that reaches rows of a school without naming it.
package store
