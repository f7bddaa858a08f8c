// Package wiping runs wipes one at a time over all programs on a database, and finishes those that a program left in the middle. What a wipe does is booking/erasure.
package wiping
