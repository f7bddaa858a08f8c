package rush

import (
	"strconv"
	"time"
)

// bookAll books everything in one act. Where something was taken meanwhile, it takes what the answer offers instead, or looks again, as often as a person
// would; then it leaves that talk out. It gives the appointments.
func (v *evening) bookAll(list []request) ([]appointment, bool) {
	for try := 0; len(list) > 0; try++ {
		if try > 0 {
			v.stats.retries++
		}
		key := v.nextKey()
		v.run.ledger.ask(v.asking(key, list))
		v.json = appendBooking(v.json[:0], list)
		got, err := v.send(stepBook, httpRequest{method: "POST", path: v.school.book, token: v.session.token, key: key, body: v.json})
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

func (v *evening) nextKey() string {
	v.acts++
	return v.run.name + "-" + strconv.Itoa(v.number) + "-" + strconv.Itoa(v.acts)
}

func (v *evening) acknowledged(key string, got answer) ([]appointment, bool) {
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
func (v *evening) instead(list []request, items []failed, again bool) ([]request, error) {
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
func (v *evening) alternative(one *request, list []request, item failed) bool {
	for _, at := range v.dice.Perm(len(item.alternatives)) {
		if option := item.alternatives[at]; !overlaps(list, option.minute, one.minutes) {
			one.at, one.placed = option, true
			return true
		}
	}
	return false
}

// lookAgain looks at the screen once more and places what has no place.
func (v *evening) lookAgain(list []request) ([]request, error) {
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
func teachersOf(list []request, pupil string) map[string]bool {
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
func (v *evening) asking(key string, list []request) asked {
	one := asked{Key: key, School: v.school.index, Family: v.number, Make: make([]askedTalk, len(list))}
	for i, w := range list {
		one.Make[i] = askedTalk{w.pupil, w.kind, w.at.staff, instant(w.at.minute)}
	}
	return one
}

// appendBooking writes the body of a booking. Ids and times need no escapes.
func appendBooking(out []byte, list []request) []byte {
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

// changeMind cancels one of the appointments, or moves it to another time.
func (v *evening) changeMind(mine []appointment) bool {
	one := mine[v.dice.IntN(len(mine))]
	key := v.nextKey()
	wanted := asked{Key: key, School: v.school.index, Family: v.number}
	body := `{"cancel":[{"ref":"0","appointment":"` + one.ID + `"}]}`
	if at, ok := v.elsewhere(one); ok && v.dice.IntN(2) == 0 {
		wanted.Move = []askedMove{{one.ID, at}}
		body = `{"move":[{"ref":"0","appointment":"` + one.ID + `","start":"` + at.Format(time.RFC3339) + `"}]}`
	} else {
		wanted.Cancel = []string{one.ID}
	}
	v.run.ledger.ask(wanted)
	got, err := v.send(stepChange, httpRequest{method: "POST", path: v.school.book, token: v.session.token, key: key, body: []byte(body)})
	switch {
	case err != nil:
		return v.turnedAway(got, err)
	case got.status == 201:
		_, ok := v.acknowledged(key, got)
		v.stats.booked -= len(wanted.Move) // it was counted when it was made
		v.run.progress.booked.Add(-int64(len(wanted.Move)))
		return ok
	case got.status == 409: // somebody was faster; the appointment stays where it is
		v.run.ledger.refuse(key, got.status)
		v.stats.conflicts++
		return true
	}
	v.run.ledger.refuse(key, got.status)
	return v.turnedAway(got, nil)
}

// elsewhere finds another free time for an appointment on the family's screen.
func (v *evening) elsewhere(one appointment) (time.Time, bool) {
	seen, ok := v.seen()
	if !ok {
		return time.Time{}, false
	}
	for _, c := range seen.children {
		for _, kind := range c.talks {
			for _, o := range kind.options {
				if c.id != one.Pupil || kind.kind != one.Kind || len(o.staff) != 1 || len(one.Staff) != 1 || o.staff[0] != one.Staff[0] {
					continue
				}
				list := []request{{minutes: int64(kind.minutes), options: []option{o}}}
				if placed := v.taste.place(list); len(placed) == 1 {
					return instant(placed[0].at.minute), true
				}
			}
		}
	}
	return time.Time{}, false
}
