// Package carrier is what mail and SMS share on the way out: what a failed delivery means for the message (try again later, give up, tell the school that the
// address is wrong, or find out first what happened), and the mailbox folder that takes the place of a carrier in a rehearsal and where none is configured.
//
// A failure never holds what a server or carrier wrote, because they repeat addresses, numbers and texts in their answers. It holds codes.
package carrier
