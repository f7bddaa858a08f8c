// Package account keeps the accounts of the school's people: who is invited, what they may do, and who is out. How their owners get in is package staff's affair, what
// they prove it by package credential's, and what a role may do package access's.
package account
