// Package imports keeps a school's files from the moment that they are handed in until somebody has seen what they would do, answered what they ask, and applied or
// withdrawn them. What the files say and do is decided by package people, to which it goes for each look; nothing of a roster is decided here.
//
// Files are read by a task (models/task), so that a program that stops in the middle of a large one loses nothing: it, or another one, reads it again.
package imports
