// Package messages shows the school's staff the outbox, sends the present truth again, and brings suppressed contacts back. It never hands a message to a
// carrier: that is package notify's.
package messages
