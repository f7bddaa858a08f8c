package console

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Terminal is where a command reads and writes.
type Terminal struct {
	In       io.Reader
	Out, Err io.Writer
}

// ErrFailed tells that a command has said itself what was wrong; the exit code is 1.
var ErrFailed = errors.New("failed")

// Confirmed asks a question and tells whether the answer is the expected word.
func Confirmed(term Terminal, question, expected string) bool {
	fmt.Fprint(term.Out, question)
	answer, err := bufio.NewReader(term.In).ReadString('\n')
	return (err == nil || answer != "") && strings.TrimSpace(answer) == expected
}

// Agreed asks a question and reports whether the answer is yes, in English or Dutch, in full or by its first letter. Where no answer comes, it is no.
func Agreed(term Terminal, question string) bool {
	fmt.Fprint(term.Out, question, " Type yes: ")
	answer, err := bufio.NewReader(term.In).ReadString('\n')
	return (err == nil || answer != "") && slices.Contains([]string{"yes", "y", "ja", "j"}, strings.ToLower(strings.TrimSpace(answer)))
}

// PrintJSON writes a value for people and for other programs to read.
func PrintJSON(term Terminal, value any) error {
	encoder := json.NewEncoder(term.Out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
