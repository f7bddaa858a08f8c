// Package rush drives a running server over HTTP as an opening evening does: families log in, look, book for all their children, and take something else
// where somebody was faster. Afterwards it compares the schedule with every answer that a family was given: nothing lost, nothing double, nothing that
// nobody was told of.
//
// It is a client and nothing more. It knows the REST API as any other program would, keeps its own few types of what it reads, and imports none of the
// product's packages but booking/sample, which invents the people. It measures the server, so it must cost little itself: a connection of its own for each
// client, a reader of JSON that skips what it does not need, no reflection on the way of a family.
//
// What never lives here: data of real people. Families come from schools that Prepare made, and only from those.
package rush
