package history

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"
)

// Verdict is what a check found.
type Verdict struct {
	// Acts counts what clients did, Acknowledged what of it was done, Open what was never answered.
	Acts, Acknowledged, Open int
	// Illegal says what no schedule can explain; Undecided counts the models whose search took too long.
	Illegal   []string
	Undecided int
}

// searchFor bounds the search for an explanation of the whole evening; slots and households are small.
const searchFor = 10 * time.Second

// Check looks for a schedule that explains the acts, beginning with the talks that were present.
func Check(size Size, present []Talk, acts []Act) Verdict {
	verdict := Verdict{Acts: len(acts)}
	for i := range acts {
		switch {
		case acts[i].Look:
		case acts[i].Answer.Status == Done:
			verdict.Acknowledged++
		case acts[i].Answer.Status == Unknown:
			verdict.Open++
		}
	}
	verdict.slots(size, present, acts)
	verdict.households(size, present, acts)
	var whole []porcupine.Operation
	for i := range acts {
		if !acts[i].Look || acts[i].Household < 0 {
			whole = append(whole, operation(&acts[i], step{}))
		}
	}
	verdict.search("the evening as a whole", model(stateOf(present), eveningStep(size.Most, true)), whole)
	verdict.ends(size, acts)
	return verdict
}

func (v *Verdict) search(what string, model porcupine.Model, operations []porcupine.Operation) {
	switch porcupine.CheckOperationsTimeout(model, operations, searchFor) {
	case porcupine.Illegal:
		v.Illegal = append(v.Illegal, what+" cannot be explained"+story(operations))
	case porcupine.Unknown:
		v.Undecided++
	}
}

// story tells what was done and seen, by when it was asked. Of a slot only what concerns it is told, and a look only where it saw something else than the one
// before.
func story(operations []porcupine.Operation) string {
	slices.SortFunc(operations, func(a, b porcupine.Operation) int { return cmp.Compare(a.Call, b.Call) })
	var text strings.Builder
	last := ""
	for _, one := range operations {
		told := one.Input.(step).describe()
		if told != "" && told != last {
			fmt.Fprintf(&text, "\n  %d to %d: %s", one.Call/1000, one.Return/1000, told)
			last = told
		}
	}
	if text.Len() > 1<<14 {
		return ""
	}
	return text.String()
}

func (v *Verdict) slots(size Size, present []Talk, acts []Act) {
	for teacher := range size.Teachers {
		for slot := range size.Slots {
			at := place{teacher, slot}
			isHere := func(talk Talk) bool { return talk.place() == at }
			var operations []porcupine.Operation
			for i := range acts {
				change := acts[i].Change
				if acts[i].Look || slices.ContainsFunc(change.takes(), isHere) || slices.ContainsFunc(change.drops(), isHere) {
					operations = append(operations, operation(&acts[i], step{slot: true, place: at}))
				}
			}
			begin := slices.DeleteFunc(slices.Clone(present), func(talk Talk) bool { return !isHere(talk) })
			v.search(fmt.Sprintf("teacher %d's slot %d", teacher, slot), model(stateOf(begin), slotStep), operations)
		}
	}
}

func (v *Verdict) households(size Size, present []Talk, acts []Act) {
	for household := range size.Households {
		isOther := func(talk Talk) bool { return talk.Household != household }
		var operations []porcupine.Operation
		for i := range acts {
			act := acts[i]
			if act.Household < 0 {
				act.Seen = slices.DeleteFunc(slices.Clone(act.Seen), isOther)
			}
			if act.Household < 0 || act.Household == household {
				operations = append(operations, operation(&act, step{}))
			}
		}
		begin := slices.DeleteFunc(slices.Clone(present), isOther)
		v.search(fmt.Sprintf("household %d", household), model(stateOf(begin), eveningStep(size.Most, false)), operations)
	}
}

// ends checks the last look at the evening by itself: nobody is doubly booked.
func (v *Verdict) ends(size Size, acts []Act) {
	for i := len(acts) - 1; i >= 0; i-- {
		if acts[i].Look && acts[i].Household < 0 {
			v.Illegal = append(v.Illegal, Doubles(size, acts[i].Seen)...)
			return
		}
	}
}

// Doubles gives what must not be in any schedule: two talks in one slot of a teacher, a household in two places at once, a child with too many talks.
func Doubles(size Size, talks []Talk) []string {
	var found []string
	for i, talk := range talks {
		for _, other := range talks[:i] {
			if other.place() == talk.place() {
				found = append(found, fmt.Sprintf("two talks in one slot: %s, %s", other, talk))
			}
			if other.Household == talk.Household && other.Slot == talk.Slot {
				found = append(found, fmt.Sprintf("a family in two places: %s, %s", other, talk))
			}
			if other.Household == talk.Household && other.Child == talk.Child && other.Teacher == talk.Teacher {
				found = append(found, fmt.Sprintf("one talk twice: %s, %s", other, talk))
			}
		}
	}
	for household := range size.Households {
		own := slices.DeleteFunc(slices.Clone(talks), func(talk Talk) bool { return talk.Household != household })
		for child := range size.Children {
			if number := count(own, child); size.Most > 0 && number > size.Most {
				found = append(found, fmt.Sprintf("child %d of household %d has %d talks", child, household, number))
			}
		}
	}
	return found
}
