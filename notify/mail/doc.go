// Package mail hands finished messages to a mail server, or to the mailbox
// folder that stands in for one. Both get the same bytes.
//
// It writes no sentence, decides nothing about retries and knows no school but
// as the name of a folder. What a failed delivery means is said by package
// failure. Addresses, subjects and texts never appear in its errors.
package mail
