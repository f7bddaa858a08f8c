package rush

import (
	"time"
)

// changeMind cancels one of the appointments, or moves it to another time.
func (v *visit) changeMind(mine []appointment) bool {
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
	got, err := v.send(stepChange, request{method: "POST", path: v.school.book, token: v.session.token, key: key, body: []byte(body)})
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
func (v *visit) elsewhere(one appointment) (time.Time, bool) {
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
				list := []wish{{minutes: int64(kind.minutes), options: []option{o}}}
				if placed := v.taste.place(list); len(placed) == 1 {
					return instant(placed[0].at.minute), true
				}
			}
		}
	}
	return time.Time{}, false
}
