package rush

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// browse is a family on its way through the pages, as a telephone without a program of ours goes it: with cookies, redirects, and the forms as they come.
type browse struct {
	*evening
	cookies map[string]string
	shown   page
	status  int
	path    string // of the last redirect
}

// allByPages goes the whole way through the pages. It tells whether the family was served.
func (v *evening) allByPages() bool {
	b := &browse{evening: v, cookies: map[string]string{}}
	if !b.get(stepFront, "/"+v.school.slug) || !b.enter() {
		return false
	}
	// Half of the families take a proposal, the others choose by hand; who is told that a time has gone meanwhile chooses again.
	choose := b.pick
	if v.dice.IntN(2) == 0 {
		choose = b.plan
	}
	for range v.run.options.Tries {
		form := b.shown.filled()
		if form == nil {
			return b.lost()
		}
		if !choose(form) {
			return false
		}
		switch b.status {
		case 0:
			v.stats.nothing++
			return true
		case 200:
			return b.book()
		case 422:
			v.stats.looks++
			continue
		}
		return b.lost()
	}
	v.stats.nothing++
	return true
}

// lost counts a page on which the family cannot go on.
func (b *browse) lost() bool {
	b.fault("page " + strconv.Itoa(b.status) + " that leads nowhere")
	return false
}

// get shows a page.
func (b *browse) get(what step, path string) bool {
	return b.send(what, httpRequest{method: "GET", path: path, cookies: b.cookieHeader(), page: true})
}

// post sends a form, and follows where the answer leads.
func (b *browse) post(what step, path string, fields url.Values) bool {
	return b.send(what, httpRequest{method: "POST", path: path, cookies: b.cookieHeader(), page: true, body: []byte(fields.Encode())})
}

func (b *browse) send(what step, one httpRequest) bool {
	for range 5 {
		got, err := b.evening.send(what, one)
		if err != nil {
			return b.turnedAway(got, err)
		}
		for _, cookie := range got.cookies {
			name, value, _ := strings.Cut(cookie, "=")
			b.cookies[name], _, _ = strings.Cut(value, ";")
		}
		if b.status = got.status; got.status != 303 {
			b.shown = readPage(got.body)
			return true
		}
		b.path = got.location
		one = httpRequest{method: "GET", path: got.location, cookies: b.cookieHeader(), page: true}
	}
	return b.lost()
}

func (b *browse) cookieHeader() string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(b.cookies)) {
		pairs = append(pairs, name+"="+b.cookies[name])
	}
	return strings.Join(pairs, "; ")
}

// enter logs in, and adds brothers and sisters that do not come along.
func (b *browse) enter() bool {
	for i, entry := range b.family.typed {
		if i > 0 {
			if b.shown.children >= len(b.family.typed) {
				break
			}
			if !b.get(stepFront, "/"+b.school.slug+"?add=1") {
				return false
			}
		}
		form := b.shown.filled()
		born, err := time.Parse(time.DateOnly, entry.BirthDate)
		if form == nil || err != nil {
			return b.lost()
		}
		form.fields.Set("name", entry.Name)
		form.fields.Set("birth_day", strconv.Itoa(born.Day()))
		form.fields.Set("birth_month", strconv.Itoa(int(born.Month())))
		form.fields.Set("birth_year", strconv.Itoa(born.Year()))
		form.fields.Set("postcode", entry.Postcode)
		if !b.post(stepLogIn, form.action, form.fields) {
			return false
		}
		if b.status != 200 || !strings.Contains(b.path, "/choose") {
			return b.lost()
		}
	}
	return true
}

// plan ticks as many talks as the family wants, and takes the first proposal. Without one, nothing is free.
func (b *browse) plan(form *form) bool {
	wanted := b.run.options.Talks
	for name := range form.fields {
		if strings.HasPrefix(name, "w.") {
			wanted--
		}
	}
	b.dice.Shuffle(len(form.boxes), func(i, j int) { form.boxes[i], form.boxes[j] = form.boxes[j], form.boxes[i] })
	for _, box := range form.boxes {
		if wanted > 0 && strings.HasPrefix(box, "w.") {
			form.fields.Set(box, "1")
			wanted--
		}
	}
	if !b.post(stepPlan, "/"+b.school.slug+"/plan", form.fields) {
		return false
	}
	taken := b.shown.planned()
	if taken == nil {
		b.status = 0
		return true
	}
	return b.post(stepConfirm, taken.action, taken.fields)
}

// pageTalk is how many ticks lie between two talks that are chosen by hand: the talks of a rush last two.
const pageTalk = 2

// pick chooses a time in as many lists as the family wants talks, near to one another and not at once.
func (b *browse) pick(form *form) bool {
	anchor, used, picked := int64(0), []int64(nil), 0
	for _, at := range b.dice.Perm(len(form.lists)) {
		one := form.lists[at]
		if picked == b.run.options.Talks || !strings.HasPrefix(one.name, "c.") {
			continue
		}
		best, distance := "", int64(0)
		for _, place := range b.dice.Perm(len(one.values)) {
			text, _, _ := strings.Cut(one.values[place], ".")
			at, err := strconv.ParseInt(text, 36, 64)
			clash := slices.ContainsFunc(used, func(other int64) bool { return max(at-other, other-at) < pageTalk })
			if away := max(at-anchor, anchor-at); err == nil && !clash && (best == "" || anchor > 0 && away < distance) {
				best, distance = one.values[place], away
			}
		}
		if best == "" {
			continue
		}
		text, _, _ := strings.Cut(best, ".")
		anchor, _ = strconv.ParseInt(text, 36, 64)
		used, picked = append(used, anchor), picked+1
		form.fields.Set(one.name, best)
	}
	if picked == 0 {
		b.status = 0
		return true
	}
	return b.post(stepConfirm, form.action, form.fields)
}

// book presses the button, and takes what the answer offers instead where something was taken, as often as a person would.
func (b *browse) book() bool {
	form := b.shown.filled()
	for try := 0; ; try++ {
		if form == nil || form.fields.Get("key") == "" {
			return b.lost()
		}
		talks, err := form.chosen()
		if err != nil || len(talks) == 0 {
			return b.lost()
		}
		key := form.fields.Get("key")
		b.run.ledger.ask(asked{Key: key, School: b.school.index, Family: b.number, Make: talks})
		if try > 0 {
			b.stats.retries++
		}
		if !b.post(stepBook, form.action, form.fields) {
			return false
		}
		if b.status == 200 && strings.Contains(b.path, "done=booked") {
			return b.booked(key, talks)
		}
		b.run.ledger.refuse(key, b.status)
		if b.status != 409 {
			return b.lost()
		}
		b.stats.conflicts++
		b.run.progress.conflicts.Add(1)
		if form = b.shown.planned(); form == nil {
			form = b.shown.filled()
		}
		if try+1 >= b.run.options.Tries || form == nil || len(form.fields) == 0 {
			b.stats.nothing++
			return true
		}
	}
}

// booked notes what the page says is booked: the appointments, by start, as those that were asked for.
func (b *browse) booked(key string, talks []askedTalk) bool {
	if len(b.shown.appointments) != len(talks) {
		b.fault("page that leaves out what was booked")
		return false
	}
	made := make([]appointment, len(talks))
	for i, one := range talks {
		made[i] = appointment{ID: b.shown.appointments[i], Pupil: one.Pupil, Kind: one.Kind, Staff: one.Staff, Start: one.Start}
	}
	b.run.ledger.tell(told{key, made, nil})
	b.stats.booked += len(made)
	b.run.progress.booked.Add(int64(len(made)))
	return true
}
