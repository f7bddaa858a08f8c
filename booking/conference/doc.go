// Package conference keeps conferences: made, changed, looked over before they open, opened and closed, and their schedule. Teachers' hours are package
// availability's.
package conference
