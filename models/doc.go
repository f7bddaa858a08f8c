// Package models holds the words of Ouderavond as plain Go types: schools, pupils, households, conferences, appointments, and what travels with
// them (typed ids, the Actor who asks, the Clock).
//
// What lives here knows nothing of HTTP, of mail or of how rows are stored, with one exception: SchoolID carries GORM's clauses, so that a statement
// without the school's predicate cannot be made by forgetting (see SchoolID). Decisions, queries and texts never live here.
package models
