// Package setup is the first page of an empty installation: it makes the first school and invites its administrator, so that nobody needs a terminal for that. Once there
// is a school it is not there any more. It asks for the code that the program printed when it started, but for a browser on the same machine.
package setup
