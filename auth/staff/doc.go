// Package staff lets the school's people in: by a password and a second factor, or by a link to their address. Who has an account is package account's affair, what
// people prove it by package credential's, and what they may do package access's.
package staff
