// Package notifytest holds the other sides that tests of messages talk to: a mail server that does what a script says, over a real conversation, and a server
// that answers like Twilio. Both remember what they took. Nothing here is part of the program.
package notifytest
