// Package sqlite keeps the store's rows in a file: one connection that writes, whose transactions are shared (group commit), and several that read.
package sqlite
