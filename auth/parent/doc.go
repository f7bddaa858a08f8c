// Package parent recognises parents by what they know of a child, and confirms them by codes, links and letters. What a wrong answer costs is decided here; the counts
// are rows of models/budget. It never shows data of a family: a session opens, and package booking/family shows.
package parent
