package rush

import (
	"encoding/json"
	"strconv"
)

// evening is one family on its way from the log-in to its talks.
type evening struct {
	*client
	school  *runSchool
	number  int // of the family in the run
	family  *runFamily
	taste   taste
	session opened
	acts    int // bookings asked for, which gives each its key
}

// runSchool is a school of a run.
type runSchool struct {
	index   int
	slug    string
	popular string
	taken   *taken
	// The addresses of the API for it.
	front, logIn, look, book string
}

// runFamily is a family of a run, with what it sends made beforehand.
type runFamily struct {
	school   *runSchool
	typed    []Entry   // what a parent types for each child, for the pages
	entries  [][]byte  // the log-in for each child, as JSON
	token    string    // of a session that was opened beforehand
	requests []request // chosen beforehand
}

func newRunSchool(index int, from *School) *runSchool {
	base := "/api/v1/schools/" + from.Slug
	return &runSchool{
		index: index, slug: from.Slug, popular: from.Popular, front: base + "/front", logIn: base + "/family/session", look: base + "/family", book: base + "/family/bookings",
	}
}

func newRunFamily(school *runSchool, from Family) (*runFamily, error) {
	made := &runFamily{school: school, typed: from.Children}
	for _, entry := range from.Children {
		text, err := json.Marshal(entry)
		if err != nil {
			return nil, err
		}
		made.entries = append(made.entries, text)
	}
	return made, nil
}

// all goes the whole way. It tells whether the family was served: it has talks, or knows that there is nothing for it.
func (v *evening) all() bool {
	if !v.enter() {
		return false
	}
	list, ok := v.choose()
	if !ok {
		return false
	}
	mine, ok := v.bookAll(list)
	if !ok {
		return false
	}
	if len(mine) > 0 && v.dice.Float64() < v.run.options.SecondThoughts && !v.changeMind(mine) {
		return false
	}
	return !v.run.options.ReadBack || v.get(stepRead)
}

// enter asks what the log-in form needs and logs in; a parent whose other children do not come along adds them one by one.
func (v *evening) enter() bool {
	if got, err := v.send(stepFront, httpRequest{method: "GET", path: v.school.front}); err != nil || got.status != 200 {
		return v.turnedAway(got, err)
	}
	for _, entry := range v.family.entries {
		got, err := v.send(stepLogIn, httpRequest{method: "POST", path: v.school.logIn, body: entry, token: v.session.token})
		if err != nil || got.status != 201 {
			return v.turnedAway(got, err)
		}
		session, ok := readSession(got.body)
		if !ok {
			v.fault("log-in that cannot be read")
			return false
		}
		v.session = session
		if session.children >= len(v.family.entries) {
			break
		}
	}
	return true
}

// turnedAway counts why a family could not go on.
func (v *evening) turnedAway(got answer, err error) bool {
	if err != nil {
		v.fault("gave up waiting")
		return false
	}
	v.fault(strconv.Itoa(got.status) + " " + readRefusal(got.body).code)
	return false
}

func (v *evening) get(what step) bool {
	got, err := v.send(what, httpRequest{method: "GET", path: v.school.look, token: v.session.token})
	if err != nil || got.status != 200 {
		return v.turnedAway(got, err)
	}
	return true
}

// seen looks at the family's screen.
func (v *evening) seen() (screen, bool) {
	got, err := v.send(stepLook, httpRequest{method: "GET", path: v.school.look, token: v.session.token})
	if err != nil || got.status != 200 {
		return screen{}, v.turnedAway(got, err)
	}
	seen, ok := readScreen(got.body)
	if !ok {
		v.fault("screen that cannot be read")
	}
	return seen, ok
}

// choose looks and makes up the family's mind.
func (v *evening) choose() ([]request, bool) {
	seen, ok := v.seen()
	if !ok {
		return nil, false
	}
	wanted := v.taste.requests(seen)
	list := v.taste.place(wanted)
	v.stats.doneWith += len(wanted) - len(list)
	return list, true
}
