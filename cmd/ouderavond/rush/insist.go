package rush

import (
	"strconv"
	"time"
)

// bookAll books everything in one act. Where something was taken meanwhile, it takes what the answer offers instead, or looks again, as often as a person
// would; then it leaves that talk out. It gives the appointments.
func (v *visit) bookAll(list []wish) ([]appointment, bool) {
	for try := 0; len(list) > 0; try++ {
		if try > 0 {
			v.stats.retries++
		}
		key := v.nextKey()
		v.run.ledger.ask(v.asking(key, list))
		v.json = appendBooking(v.json[:0], list)
		got, err := v.send(stepBook, request{method: "POST", path: v.school.book, token: v.session.token, key: key, body: v.json})
		switch {
		case err != nil:
			return nil, v.turnedAway(got, err)
		case got.status == 201:
			return v.acknowledged(key, got)
		}
		v.run.ledger.refuse(key, got.status)
		told := readRefusal(got.body)
		if got.status != 409 || len(told.items) == 0 {
			return nil, v.turnedAway(got, nil)
		}
		v.stats.conflicts++
		v.run.progress.conflicts.Add(1)
		if list, err = v.instead(list, told.items, try+1 < v.run.options.Tries); err != nil {
			return nil, false
		}
	}
	v.stats.nothing++
	return nil, true
}

func (v *visit) nextKey() string {
	v.acts++
	return v.run.name + "-" + strconv.Itoa(v.number) + "-" + strconv.Itoa(v.acts)
}

func (v *visit) acknowledged(key string, got answer) ([]appointment, bool) {
	done, ok := readOutcome(got.body)
	if !ok {
		v.fault("booking that cannot be read")
		return nil, false
	}
	v.run.ledger.tell(told{key, done.appointments, done.cancelled})
	if got.replayed {
		v.stats.replayed++
	}
	v.stats.booked += len(done.appointments)
	v.stats.cancelled += len(done.cancelled)
	v.run.progress.booked.Add(int64(len(done.appointments)))
	return done.appointments, true
}

// instead puts the items that failed somewhere else: at one of the alternatives, or where the screen now shows something free.
func (v *visit) instead(list []wish, items []failed, again bool) ([]wish, error) {
	lost := map[string]failed{}
	for _, item := range items {
		lost[item.ref] = item
	}
	for i := range list {
		if _, failed := lost[list[i].ref]; failed {
			list[i].placed = false
		}
	}
	kept, look := list[:0:0], false
	for i := range list {
		one := list[i]
		item, failed := lost[one.ref]
		switch {
		case !failed:
		case !again || item.reason == "limit" || item.reason == "closed" || item.reason == "not_offered":
			v.stats.doneWith++
			continue
		case !v.alternative(&one, list, item):
			look = true
		default:
			list[i] = one
		}
		kept = append(kept, one)
	}
	if !look {
		return kept, nil
	}
	v.stats.looks++
	return v.lookAgain(kept)
}

// alternative takes any of the times that the answer offers, if the family is not elsewhere then.
func (v *visit) alternative(one *wish, list []wish, item failed) bool {
	for _, at := range v.dice.Perm(len(item.alternatives)) {
		if option := item.alternatives[at]; !overlaps(list, option.minute, one.minutes) {
			one.at, one.placed = option, true
			return true
		}
	}
	return false
}

// lookAgain looks at the screen once more and places what has no place.
func (v *visit) lookAgain(list []wish) ([]wish, error) {
	seen, ok := v.seen()
	if !ok {
		return nil, errUnanswered
	}
	for i := range list {
		if list[i].placed {
			continue
		}
		list[i].options = nil
		for _, c := range seen.children {
			for _, kind := range c.talks {
				if c.id == list[i].pupil && kind.kind == list[i].kind {
					list[i].options = v.taste.options(kind, teachersOf(list, c.id))
				}
			}
		}
	}
	kept := v.taste.place(list)
	v.stats.doneWith += len(list) - len(kept)
	return kept, nil
}

// teachersOf gives the teachers whom a child is to meet already.
func teachersOf(list []wish, pupil string) map[string]bool {
	used := map[string]bool{}
	for _, one := range list {
		if one.placed && one.pupil == pupil {
			for _, member := range one.at.staff {
				used[member] = true
			}
		}
	}
	return used
}

// asking is the ledger's note of a booking.
func (v *visit) asking(key string, list []wish) asked {
	one := asked{Key: key, School: v.school.index, Family: v.number, Make: make([]askedTalk, len(list))}
	for i, w := range list {
		one.Make[i] = askedTalk{w.pupil, w.kind, w.at.staff, instant(w.at.minute)}
	}
	return one
}

// appendBooking writes the body of a booking. Ids and times need no escapes.
func appendBooking(out []byte, list []wish) []byte {
	out = append(out, `{"make":[`...)
	for i, one := range list {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, `{"ref":"`...)
		out = append(out, one.ref...)
		out = append(out, `","pupil":"`...)
		out = append(out, one.pupil...)
		out = append(out, `","talk_kind":"`...)
		out = append(out, one.kind...)
		out = append(out, `","staff":["`...)
		for j, member := range one.at.staff {
			if j > 0 {
				out = append(out, `","`...)
			}
			out = append(out, member...)
		}
		out = append(out, `"],"start":"`...)
		out = instant(one.at.minute).AppendFormat(out, time.RFC3339)
		out = append(out, `"}`...)
	}
	return append(out, `]}`...)
}
