// Package datafolder knows the data folder: where the database, the keys, the mailbox, the receipts and the copies of a restore lie in it, its lock, and what of it belongs to a
// school (External). The database itself is opened elsewhere.
package datafolder
