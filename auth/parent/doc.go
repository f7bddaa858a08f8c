// Package parent recognises parents by what they know of a child, and confirms them by codes, links and letters. What a wrong answer costs is decided by
// auth/limiter; here are its rows. It never shows data of a family: a session opens, and package booking/family shows.
package parent
