// Package staff keeps the accounts of the school's people and lets them in by password. What they may do is package access's.
package staff
