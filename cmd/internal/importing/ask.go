package importing

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// question is what an import asks.
type question struct {
	ID, Kind, Subject, Given, Reason, Answer string
	Because, Options                         []string
	Count, Of                                int
}

// answer is what was said to a question, or to all of a kind.
type answer struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// later leaves a question for another time.
const later = "later"

// words are the question in words.
func (q question) words() string {
	switch q.Kind {
	case "pupils":
		return fmt.Sprintf("%d of the %d pupils are not in the files. May they go?", q.Count, q.Of)
	case "lessons":
		return fmt.Sprintf("%d of the %d ties between teachers and groups or pupils would go. May they?", q.Count, q.Of)
	case "field":
		return fmt.Sprintf("%d of the %d who have it would lose their %s. May they?", q.Count, q.Of, strings.ReplaceAll(q.Subject, "_", " "))
	}
	switch q.Reason {
	case "namesakes":
		return fmt.Sprintf("%s, number %s in the files, has the name and birth date of several pupils. Who is it?", q.Given, q.Subject)
	case "number-reused":
		return fmt.Sprintf("%s has the number %s in the files, which is somebody else's at the school. Who is it?", q.Given, q.Subject)
	}
	return fmt.Sprintf("%s, number %s in the files, has the %s of number %s. The same pupil?", q.Given, q.Subject, strings.Join(q.Because, ", "), q.Options[0])
}

// plainly is what a yes or a no means where one pupil may be meant.
func (q question) plainly() map[string]string {
	if q.Kind != "who" || len(q.Options) != 2 {
		return nil
	}
	return map[string]string{"yes": q.Options[0], "y": q.Options[0], "same": q.Options[0], "no": "new", "n": "new"}
}

// meanings say what an answer does.
var meanings = map[string]string{
	"yes": "yes", "no": "no, all stays as it is", "groups": "groups: the files are of the groups that they name, and say nothing of others", "new": "new: nobody of the school's pupils",
	"same": "same: every one is the pupil with the other number", "one": "one by one", later: "later: it stays as it is, and is asked again",
}

// asking asks at a terminal. Its lines are read by one reader, so that answers typed ahead are not lost.
type asking struct {
	in  *bufio.Reader
	out io.Writer
}

// choose asks until one of the options is typed, in full or as far as it is only one; plainly says what else people type for one. Where nothing comes it is empty.
func (a asking) choose(words string, options []string, plainly map[string]string) string {
	fmt.Fprintln(a.out, words)
	for _, option := range options {
		meaning := meanings[option]
		if meaning == "" {
			meaning = option + ": that pupil of the school"
		}
		fmt.Fprintln(a.out, "   ", meaning)
	}
	for range 3 {
		fmt.Fprint(a.out, "> ")
		line, err := a.in.ReadString('\n')
		typed := strings.ToLower(strings.TrimSpace(line))
		if typed == "ja" || typed == "j" {
			typed = "yes"
		}
		if option := plainly[typed]; option != "" {
			return option
		}
		fits := slices.DeleteFunc(slices.Clone(options), func(option string) bool { return typed == "" || !strings.HasPrefix(strings.ToLower(option), typed) })
		if slices.Contains(options, typed) {
			return typed
		}
		if len(fits) == 1 {
			return fits[0]
		}
		if err != nil {
			return ""
		}
	}
	return ""
}

// all asks every open question and returns the answers; left reports that some were left for later.
func (a asking) all(asked []question) (answers []answer, left bool) {
	open := slices.DeleteFunc(slices.Clone(asked), func(q question) bool { return q.Answer != "" })
	who := slices.DeleteFunc(slices.Clone(open), func(q question) bool { return q.Kind != "who" })
	if len(who) > 1 {
		for _, q := range who {
			fmt.Fprintf(a.out, "  %s\n", q.words())
		}
		switch said := a.choose(fmt.Sprintf("%d pupils of the files may be pupils of the school under other numbers.", len(who)), []string{"same", "new", "one", later}, nil); said {
		case "same", "new":
			answers, who = append(answers, answer{"who", said}), nil
		case later, "":
			left, who = true, nil
		}
	}
	rest := slices.DeleteFunc(slices.Clone(open), func(q question) bool { return q.Kind == "who" })
	for _, q := range slices.Concat(rest, who) {
		said := a.choose(q.words(), append(slices.Clone(q.Options), later), q.plainly())
		if said == later || said == "" {
			left = true
			continue
		}
		answers = append(answers, answer{q.ID, said})
	}
	return answers, left
}

// agreed asks for a plain yes.
func (a asking) agreed(words string) bool {
	fmt.Fprint(a.out, words, " Type yes: ")
	line, _ := a.in.ReadString('\n')
	return slices.Contains([]string{"yes", "y", "ja", "j"}, strings.ToLower(strings.TrimSpace(line)))
}
