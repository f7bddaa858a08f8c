// Package conference is the chapter of the API about conferences: their days, talk kinds, offers, availability, readiness and schedule. It asks services and shapes
// answers; it decides nothing.
package conference
