// Package household keeps who books together: households, their pupils, guardians and contacts, joined, split and corrected by hand, and the merge suggestions
// that imports leave. Which children of a file are one family is decided by package roster.
package household
