// Package messages is the chapter of the API about the school's outbox and channels, and about what carriers and mail servers tell. It asks services and shapes answers;
// what a report means is decided by package notify.
package messages
