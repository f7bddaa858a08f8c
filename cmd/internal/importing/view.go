package importing

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/ouderavond/ouderavond/booking/roster"
)

// view is what the API says of an import.
type view struct {
	ID        string         `json:"id"`
	State     string         `json:"state"`
	At        string         `json:"at"`
	Source    string         `json:"source"`
	Format    string         `json:"format"`
	Counts    map[string]int `json:"counts"`
	Questions int            `json:"questions"`
	Problem   string         `json:"problem"`
	Progress  struct{ Done, Total int }
	Report    *roster.Report `json:"report"`
	Digest    string         `json:"digest"`
	Asked     []question     `json:"asked"`
	Change    struct {
		Added, Changed, Gone []struct {
			Key, Given string
			Fields     []string
		}
		Groups, Teachers, Teachings, Households, Contacts struct{ Added, Changed, Removed int }
		MergeSuggestions                                  int `json:"merge_suggestions"`
		Kept                                              KeptValues
		Adopted                                           []struct{ Key, Given string }
		CancelledTalks                                    int `json:"cancelled_talks"`
		Erased                                            []struct {
			Field string
			Count int
		}
		Renumbered []struct {
			From, To, Given string
			Because         []string
		}
		Unsure  []struct{ Key, Given, Reason string }
		Untold  []string
		Nothing bool
	} `json:"change"`
	Consequences Consequences `json:"consequences"`
}

// KeptValues are what somebody set by hand, and files do not overwrite.
type KeptValues []struct{ Key, Name, Field, Detail string }

// Print names them, a line each.
func (k KeptValues) Print(out io.Writer) {
	for _, kept := range k {
		fmt.Fprintf(out, "kept as set by hand: %s %s: %s\n", kept.Key, kept.Name, cmp.Or(kept.Detail, kept.Field))
	}
}

// Consequences counts what a change of the roster means for talks.
type Consequences struct{ Cancelled, Movable, Undecided, Following, Families int }

// Print writes the counts that are not zero.
func (c Consequences) Print(out io.Writer) {
	for _, talks := range []struct {
		what  string
		count int
	}{
		{"coming talks that this cancels", c.Cancelled}, {"coming talks that stand, and that families can move to other teachers", c.Movable},
		{"coming talks on which the school has to decide (ouderavond roster talks)", c.Undecided},
		{"coming talks that go along to another family", c.Following}, {"families that are told", c.Families},
	} {
		if talks.count > 0 {
			fmt.Fprintf(out, "  %s: %d\n", talks.what, talks.count)
		}
	}
}

// print says what an import would do.
func (a *view) print(out io.Writer) {
	fmt.Fprintf(out, "\npupils: %d new, %d changed, %d gone\n", len(a.Change.Added), len(a.Change.Changed), len(a.Change.Gone))
	for _, pupil := range a.Change.Changed {
		fmt.Fprintf(out, "  %s %s: %s\n", pupil.Key, pupil.Given, strings.Join(pupil.Fields, ", "))
	}
	for _, pupil := range a.Change.Gone {
		fmt.Fprintf(out, "  gone: %s %s\n", pupil.Key, pupil.Given)
	}
	for _, pupil := range a.Change.Renumbered {
		fmt.Fprintf(out, "  another number: %s is now %s %s (the same: %s)\n", pupil.From, pupil.To, pupil.Given, strings.Join(pupil.Because, ", "))
	}
	for _, pupil := range a.Change.Unsure {
		fmt.Fprintf(out, "  nobody can say who this is, and it is taken for new: %s %s (%s)\n", pupil.Key, pupil.Given, pupil.Reason)
	}
	a.Consequences.Print(out)
	for _, counted := range []struct {
		name  string
		count struct{ Added, Changed, Removed int }
	}{
		{"groups", a.Change.Groups}, {"teachers", a.Change.Teachers}, {"who teaches whom", a.Change.Teachings}, {"households", a.Change.Households}, {"guardians", a.Change.Contacts},
	} {
		fmt.Fprintf(out, "%s: %d new, %d changed, %d gone\n", counted.name, counted.count.Added, counted.count.Changed, counted.count.Removed)
	}
	for _, erased := range a.Change.Erased {
		fmt.Fprintf(out, "ERASED: %s of %d\n", erased.Field, erased.Count)
	}
	if len(a.Change.Untold) > 0 {
		fmt.Fprintf(out, "not in the files, and kept as it is: %s\n", strings.Join(a.Change.Untold, ", "))
	}
	if a.Change.MergeSuggestions > 0 {
		fmt.Fprintf(out, "families to be confirmed by the school: %d\n", a.Change.MergeSuggestions)
	}
	for _, pupil := range a.Change.Adopted {
		fmt.Fprintf(out, "added by hand, and now in the files: %s %s\n", pupil.Key, pupil.Given)
	}
	a.Change.Kept.Print(out)
}

// summary is an import in a few words.
func (a *view) summary() string {
	var parts []string
	if a.State == "applied" {
		for _, name := range []string{"added", "changed", "gone"} {
			parts = append(parts, fmt.Sprintf("%d %s", a.Counts[name], name))
		}
	}
	if a.Questions > 0 {
		parts = append(parts, fmt.Sprintf("questions: %d", a.Questions))
	}
	if a.Problem != "" {
		parts = append(parts, a.Problem)
	}
	return strings.Join(parts, ", ")
}
