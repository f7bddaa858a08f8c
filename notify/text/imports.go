package text

import (
	"maps"
	"slices"
	"time"
)

// ImportOutcome is what became of files that a program handed in.
type ImportOutcome string

// The outcomes.
const (
	ImportApplied    ImportOutcome = "applied"
	ImportWaiting    ImportOutcome = "waiting" // for somebody's look
	ImportUnreadable ImportOutcome = "unreadable"
	ImportWithdrawn  ImportOutcome = "withdrawn"
)

// Import is the message that tells the office what became of files that a program handed in.
type Import struct {
	// Language is a tag such as "nl"; an unknown one is Dutch.
	Language   string
	SchoolName string
	// Zone is that of the school; At is when the files were dealt with.
	Zone    *time.Location
	At      time.Time
	Outcome ImportOutcome
	// Counts are those of models.Import: added, changed, gone.
	Counts    map[string]int
	Questions int // that nobody has answered
	Rehearsal bool
}

// Import writes the message to the office. It names nobody. It fails with [ErrInvalid] if school or time is missing.
func (r *Renderer) Import(i Import) (Message, error) {
	l := r.catalogue.For(i.Language)
	moment, err := checkNotice(i.SchoolName, i.Zone, i.At, "", l)
	if err != nil {
		return Message{}, err
	}
	data := map[string]any{"School": line(i.SchoolName, nameLimit), "Moment": moment.long}
	v := r.newView(l, line(i.SchoolName, nameLimit), line(i.SchoolName, nameLimit))
	v.Intro = []string{l.Text("import."+string(i.Outcome), data)}
	if i.Outcome == ImportApplied {
		for _, name := range slices.Sorted(maps.Keys(i.Counts)) {
			if told := l.Text("import.count_"+name, map[string]any{"Count": i.Counts[name]}); told != "import.count_"+name {
				v.Intro = append(v.Intro, told)
			}
		}
	}
	if i.Questions > 0 {
		v.Intro = append(v.Intro, l.Text("import.questions", map[string]any{"Count": i.Questions}))
	}
	return r.finish(l, v, l.Text("import.subject_"+string(i.Outcome), data), l.Text("import.sms", map[string]any{"School": shortLine(i.SchoolName)}), i.Rehearsal)
}
