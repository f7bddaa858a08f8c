package store

// TakesClaims gives the tables from which a deletion takes claims along, as memory knows them.
func TakesClaims() []string { return takesClaims }
