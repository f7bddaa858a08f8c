// Package flood drives the log-in of a running server as somebody would who means harm: with wrong tries by the thousand while families come by their personal links, and
// with failures of each kind to time them. It is a client like any other, shares nothing with the server, and costs little itself: a kept connection for each of its hands.
//
// What never lives here: data of real people. Children and links are those of schools that were made for it.
package flood
