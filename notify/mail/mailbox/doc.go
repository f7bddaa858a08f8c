// Package mailbox is the folder on disk that stands in for a mail server and
// an SMS carrier: in a fresh installation, in a rehearsal, in tests. Each
// school has a folder of its own in it, and every message is one file there.
//
// It stores and lists bytes and knows nothing of what is in them. Nothing
// outside the folder can be reached through it, whatever names are asked for.
// Files can be read by the program's own user only.
package mailbox
