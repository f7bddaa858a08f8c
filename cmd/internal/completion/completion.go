// Package completion completes command lines in the shells that people use: it prints the few lines that a shell needs, which ask the program itself what may come
// next. It knows nothing but the grammar of the command line; values of the installation, such as schools, are not looked up, since that would need the database at each
// key that is pressed.
package completion

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// Ask is the first word of a command line that asks what may come next. It is followed by all words so far, the one that is being typed last.
const Ask = "complete-words"

// scripts are what a shell needs. The program's name stands for %[1]s.
var scripts = map[string]string{
	"bash": `_%[1]s() { local IFS=$'\n'; COMPREPLY=($(%[1]s ` + Ask + ` "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)); }
complete -o default -F _%[1]s %[1]s
`,
	"zsh": `#compdef %[1]s
_%[1]s() { local -a found; found=("${(@f)$(%[1]s ` + Ask + ` "${(@)words[2,CURRENT]}" 2>/dev/null)}"); [[ -n "$found" ]] && compadd -- $found || _files; }
compdef _%[1]s %[1]s
`,
	"fish": `complete -c %[1]s -a '(%[1]s ` + Ask + ` (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
}

// Command prints the lines for a shell.
type Command struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish. Bash: source <(ouderavond completion bash)."`
}

// Run prints them.
func (c Command) Run(out io.Writer) error {
	_, err := fmt.Fprintf(out, scripts[c.Shell], "ouderavond")
	return err
}

// Words returns what may stand where the last of some words is being typed: commands, flags, and the values of those that have a list of them. Nothing is returned where
// something else is expected, such as a file.
func Words(grammar *kong.Application, typed []string) []string {
	if len(typed) == 0 {
		typed = []string{""}
	}
	node, flags := grammar.Node, slices.Clone(grammar.Flags)
	var value *kong.Flag // the flag whose value comes next
	for _, word := range typed[:len(typed)-1] {
		value = nil
		if name, _, given := strings.Cut(word, "="); strings.HasPrefix(word, "--") {
			at := slices.IndexFunc(flags, func(flag *kong.Flag) bool { return "--"+flag.Name == name })
			if at >= 0 && !given && !flags[at].IsBool() {
				value = flags[at]
			}
			continue
		}
		at := slices.IndexFunc(node.Children, func(child *kong.Node) bool { return child.Name == word && !child.Hidden })
		if at >= 0 {
			node = node.Children[at]
			flags = append(flags, node.Flags...)
		}
	}
	last := typed[len(typed)-1]
	var all []string
	switch {
	case value != nil:
		all = options(value.Value)
	case strings.HasPrefix(last, "-"):
		for _, flag := range flags {
			if !flag.Hidden {
				all = append(all, "--"+flag.Name)
			}
		}
	default:
		for _, child := range node.Children {
			if !child.Hidden {
				all = append(all, child.Name)
			}
		}
		for _, positional := range node.Positional {
			all = append(all, options(positional)...)
		}
	}
	all = slices.DeleteFunc(all, func(word string) bool { return !strings.HasPrefix(word, last) })
	slices.Sort(all)
	return slices.Compact(all)
}

// options are the values that a flag or an argument can have, where there is a list of them.
func options(value *kong.Value) []string {
	if value.Enum == "" {
		return nil
	}
	return value.EnumSlice()
}
