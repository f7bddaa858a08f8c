package history

import (
	"fmt"
	"math"
	"slices"

	"github.com/anishathalye/porcupine"
)

// step is an act as one model sees it: of a slot, of a household, or of the whole evening.
type step struct {
	act *Act
	// slot tells that it is about one slot: the place.
	slot  bool
	place place
}

// state is talks without ids, in their order, four bytes each: small, and comparable.
type state string

func stateOf(talks []Talk) state {
	plain := slices.Clone(talks)
	slices.SortFunc(plain, compareTalks)
	bytes := make([]byte, 0, 4*len(plain))
	for _, talk := range plain {
		bytes = append(bytes, byte(talk.Household), byte(talk.Child), byte(talk.Teacher), byte(talk.Slot))
	}
	return state(bytes)
}

func (s state) talks() []Talk {
	talks := make([]Talk, 0, len(s)/4)
	for ; len(s) > 0; s = s[4:] {
		talks = append(talks, Talk{Household: int(s[0]), Child: int(s[1]), Teacher: int(s[2]), Slot: int(s[3])})
	}
	return talks
}

// without takes talks away; false if one of them is not there.
func without(talks, drops []Talk) ([]Talk, bool) {
	talks = slices.Clone(talks)
	for _, drop := range drops {
		at := slices.Index(talks, drop.nameless())
		if at < 0 {
			return talks, false
		}
		talks = slices.Delete(talks, at, at+1)
	}
	return talks, true
}

// operation turns an act into one of porcupine's. What has no answer may take effect at any later time, or so late that nobody sees it.
func operation(act *Act, about step) porcupine.Operation {
	about.act = act
	until := act.Return
	if !act.Look && act.Answer.Status == Unknown {
		until = math.MaxInt64
	}
	return porcupine.Operation{ClientId: act.Client, Input: about, Call: act.Call, Return: until}
}

// model makes porcupine's model of a step function that takes and gives states.
func model(begin state, next func(now state, s step) (bool, state)) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return begin },
		Step: func(now, input, _ any) (bool, any) {
			legal, after := next(now.(state), input.(step))
			return legal, after
		},
		DescribeOperation: func(input, _ any) string { return input.(step).describe() },
		DescribeState:     func(now any) string { return fmt.Sprint(now.(state).talks()) },
	}
}

func (s step) describe() string {
	a := s.act
	if !a.Look {
		return fmt.Sprintf("%d: make %v move %v cancel %v: %s %v", a.Household, a.Change.Make, a.Change.Move, a.Change.Cancel, a.Answer.Status, a.Answer.Reasons)
	}
	if !s.slot {
		return fmt.Sprintf("%d sees %v", a.Household, a.Seen)
	}
	at := slices.IndexFunc(a.Seen, func(talk Talk) bool { return talk.place() == s.place })
	switch {
	case at >= 0:
		return fmt.Sprintf("%d sees %s", a.Household, a.Seen[at])
	case a.Household < 0:
		return "-1 sees nobody"
	default:
		return ""
	}
}

// slotStep is the schedule of one teacher's slot: whose it is. Looks of households say only whether it is theirs.
func slotStep(now state, s step) (bool, state) {
	act := s.act
	here := func(talks []Talk) (Talk, bool) {
		at := slices.IndexFunc(talks, func(talk Talk) bool { return talk.place() == s.place })
		if at < 0 {
			return Talk{}, false
		}
		return talks[at].nameless(), true
	}
	if act.Look {
		seen, there := here(act.Seen)
		if act.Household >= 0 && !there {
			return len(now.talks()) == 0 || now.talks()[0].Household != act.Household, now
		}
		return there && now == stateOf([]Talk{seen}) || !there && now == "", now
	}
	take, takes := here(act.Change.takes())
	drop, drops := here(act.Change.drops())
	switch act.Answer.Status {
	case Refused:
		at := slices.IndexFunc(act.Change.takes(), func(talk Talk) bool { return talk.place() == s.place })
		return at < 0 || act.Answer.Reasons[at] != Taken || now != "", now
	case Done:
		if drops {
			return now == stateOf([]Talk{drop}) && !takes, ""
		}
		return now == "", stateOf([]Talk{take})
	}
	if drops && now == stateOf([]Talk{drop}) {
		return true, ""
	}
	if takes && now == "" {
		return true, stateOf([]Talk{take})
	}
	return true, now
}

// eveningStep is the schedule as a whole, or of one household: everything of an act happens at once.
func eveningStep(most int, whole bool) func(now state, s step) (bool, state) {
	return func(now state, s step) (bool, state) {
		act := s.act
		if act.Look {
			return now == stateOf(act.Seen), now
		}
		talks := now.talks()
		rest, all := without(talks, act.Change.drops())
		own := slices.DeleteFunc(slices.Clone(rest), func(talk Talk) bool { return talk.Household != act.Household })
		if act.Answer.Status == Refused {
			return refusable(act, own, talks, most, whole), now
		}
		fits := all
		after := rest
		for _, talk := range act.Change.takes() {
			fits = fits && !overlaps(own, talk) && !atLimit(most, own, talk)
			fits = fits && !slices.ContainsFunc(after, func(other Talk) bool { return other.place() == talk.place() })
			own, after = append(own, talk), append(after, talk.nameless())
		}
		if act.Answer.Status == Done {
			return fits, stateOf(after)
		}
		if fits {
			return true, stateOf(after)
		}
		return true, now
	}
}

// refusable tells whether each reason of a refused act is true.
func refusable(act *Act, own, talks []Talk, most int, whole bool) bool {
	takes := act.Change.takes()
	for i, reason := range act.Answer.Reasons {
		earlier := append(slices.Clone(own), takes[:i]...)
		switch reason {
		case Limit:
			if !atLimit(most, earlier, takes[i]) {
				return false
			}
		case Overlap:
			if !overlaps(earlier, takes[i]) {
				return false
			}
		case Taken:
			if whole && !slices.ContainsFunc(talks, func(other Talk) bool { return other.place() == takes[i].place() }) {
				return false
			}
		}
	}
	return true
}
