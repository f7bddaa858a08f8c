// Package postgres keeps the store's rows in a server's database, which several programs may use at once.
package postgres
