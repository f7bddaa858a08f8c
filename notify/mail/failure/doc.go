// Package failure says what a failed delivery means for the message, in words
// that mail and SMS share: try again later, give up, tell the school that the
// address is wrong, or find out first what happened.
//
// A failure never holds what a server or carrier wrote, because they repeat
// addresses, numbers and texts in their answers. It holds codes.
package failure
