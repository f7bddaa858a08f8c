// Package family shows what a family sees (its children, their talks, free slots) and proposes itineraries for all of them. It reads only: what is chosen is
// booked by package appointment.
package family
