// Package school is the chapter of the API about the school's own settings, keys and mailbox. It asks services and shapes answers; it decides nothing.
package school
