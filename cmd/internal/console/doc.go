// Package console is what a command has of the terminal: where it reads and writes, questions, and answers as JSON.
package console
