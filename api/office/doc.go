// Package office is the chapter of the API for families as the school's office sees them: finding one as one types, who has not booked yet, everything about one, and tables
// for spreadsheets. It asks services and shapes answers; it decides nothing.
package office
