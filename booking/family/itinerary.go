package family

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/ouderavond/ouderavond/booking/plan"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
)

// dayPrice is the price of coming on one more day, in minutes of waiting. It stands above what the prices of slots can add up to for a usual family: nobody
// is sent to school on a second evening for the sake of others.
const dayPrice = 400

// objective is what proposals are measured by: first the talks, those that the school requires and then each child's first request before the others, then
// few days, then little waiting and walking; prices weigh like minutes of waiting.
func objective() plan.Objective {
	o := plan.Interchange()
	o.ByRank, o.Day = true, dayPrice
	return o
}

// route is a way through some talks for one party.
type route struct {
	party            int
	placed           []placed
	missing          []missed
	days, wait, walk int
	cost             float64
	proven           bool
}

type placed struct {
	request *timedRequest
	rules.Placement
}

type missed struct {
	request *timedRequest
	reason  MissingReason
	instead []*timedRequest
}

// router asks the planning engine for one party of the family.
type router struct {
	work  *proposer
	party int
	dates []civil.Date // the engine's days
	bases []models.Tick
	zones []zone
}

// zone is a part of the building, as a conference counts the walk to it.
type zone struct {
	name    string
	walking int
}

// options are the times of one talk, by zone: the engine knows one zone for each calendar, and teachers may change rooms.
type options struct {
	wanted *timedRequest
	zones  []int
	places map[int][]pricedPlacement
}

// newRouter numbers the days and zones of some talks. The places that are not allowed are left out.
func newRouter(work *proposer, party int, talks []*timedRequest, allowed func(rules.Placement) bool) (*router, []options) {
	r := &router{work: work, party: party}
	list := make([]options, len(talks))
	for i, wanted := range talks {
		list[i] = options{wanted: wanted, places: map[int][]pricedPlacement{}}
		for _, place := range wanted.places[party] {
			if !allowed(place.Placement) {
				continue
			}
			r.noteDay(place.Request.Conference.ID, place.Slot.Day, place.Slot.Start)
			at := r.zoneOf(zone{work.state.ZoneOf(place.Placement), place.Request.Conference.Rules.WalkingMinutes})
			if !slices.Contains(list[i].zones, at) {
				list[i].zones = append(list[i].zones, at)
			}
			list[i].places[at] = append(list[i].places[at], place)
		}
	}
	return r, list
}

func (r *router) zoneOf(wanted zone) int {
	if at := slices.Index(r.zones, wanted); at >= 0 {
		return at
	}
	r.zones = append(r.zones, wanted)
	return len(r.zones) - 1
}

// dateOf gives the date of a conference's day: conferences may share one.
func (w *proposer) dateOf(conference models.ConferenceID, id models.DayID) civil.Date {
	if found, ok := w.Programme.Conference(conference); ok {
		if day, ok := found.Day(id); ok {
			return day.Date
		}
	}
	return civil.Date{}
}

func (r *router) noteDay(conference models.ConferenceID, day models.DayID, start models.Tick) {
	date := r.work.dateOf(conference, day)
	at := slices.Index(r.dates, date)
	if at < 0 {
		r.dates, r.bases = append(r.dates, date), append(r.bases, start)
		return
	}
	r.bases[at] = min(r.bases[at], start)
}

// minute gives a tick's minute within a day of the engine.
func (r *router) minute(day int, tick models.Tick) int { return (tick - r.bases[day]).Minutes() }

// walks is the table of walking times, rounded up to whole ticks as a booking does. Between conferences the longer walk counts.
func (r *router) walks() [][]int {
	table := make([][]int, len(r.zones))
	for i, from := range r.zones {
		table[i] = make([]int, len(r.zones))
		for j, to := range r.zones {
			if longer := max(from.walking, to.walking); rules.Walks(from.name, to.name) && longer > 0 {
				table[i][j] = models.TicksUp(longer).Minutes()
			}
		}
	}
	return table
}

// fixed gives where the party is anyway, on the days concerned. What overlaps, such as the talks of two households of one session, is one stay; so is what
// leaves too little time to walk, which the family has accepted.
func (r *router) fixed() []plan.Stay {
	var stays []plan.Stay
	add := func(conference models.ConferenceID, day models.DayID, start, end models.Tick, in zone) {
		if at := slices.Index(r.dates, r.work.dateOf(conference, day)); at >= 0 {
			stays = append(stays, plan.Stay{Day: at, Start: r.minute(at, start), End: r.minute(at, end), Zone: r.zoneOf(in)})
		}
	}
	for i := range r.work.visible {
		row := &r.work.visible[i]
		conference, ok := r.work.Programme.Conference(row.ConferenceID)
		if ok && row.Party == r.party {
			add(row.ConferenceID, row.DayID, row.StartTick, row.EndTick, zone{rules.FamilyTalkOf(r.work.Programme, row).Zone, conference.Rules.WalkingMinutes})
		}
	}
	for _, kept := range r.work.kept {
		if kept.Request.Party == r.party {
			add(kept.Request.Conference.ID, kept.Slot.Day, kept.Slot.Start, kept.End(), zone{r.work.state.ZoneOf(kept.Placement), kept.Request.Conference.Rules.WalkingMinutes})
		}
	}
	slices.SortFunc(stays, func(a, b plan.Stay) int { return cmp.Or(a.Day-b.Day, a.Start-b.Start) })
	walks := r.walks()
	merged := stays[:0]
	for _, stay := range stays {
		last := len(merged) - 1
		if last >= 0 && merged[last].Day == stay.Day && stay.Start < merged[last].End+walks[merged[last].Zone][stay.Zone] {
			merged[last].End, merged[last].Zone = max(merged[last].End, stay.End), stay.Zone
			continue
		}
		merged = append(merged, stay)
	}
	return merged
}

// question asks the engine for some talks, each in one of its zones. index finds the place of a talk and a start again.
func (r *router) question(talks []options, zones []int, most int) (plan.FamilyQuestion, []map[models.Tick]rules.Placement) {
	q := plan.FamilyQuestion{Fixed: r.fixed(), Objective: objective(), Proposals: most}
	q.WalkMinutes = r.walks()
	index := make([]map[models.Tick]rules.Placement, len(talks))
	for i, talk := range talks {
		cheapest := map[models.Tick]pricedPlacement{}
		for _, place := range talk.places[zones[i]] {
			if present, ok := cheapest[place.Slot.Start]; !ok || place.price < present.price {
				cheapest[place.Slot.Start] = place
			}
		}
		id, calendar := strconv.Itoa(i), plan.Calendar{ID: strconv.Itoa(i), Zone: zones[i]}
		index[i] = map[models.Tick]rules.Placement{}
		for start, place := range cheapest {
			index[i][start] = place.Placement
			day := slices.Index(r.dates, r.work.dateOf(place.Request.Conference.ID, place.Slot.Day))
			calendar.Free = append(calendar.Free, plan.FreeSlot{Day: day, Start: r.minute(day, start), End: r.minute(day, place.End()), Price: place.price})
		}
		q.Calendars = append(q.Calendars, calendar)
		q.Talks = append(q.Talks, plan.FamilyRequest{
			ID: id, Teachers: []string{id}, Minutes: talk.wanted.request.Kind.Minutes, Weight: 1, Rank: talk.wanted.rank,
			Must: talk.wanted.request.Kind.Obligation == models.Required,
		})
	}
	return q, index
}

// maxZoneChoices is how many combinations of zones are planned at most: they multiply where several talks can be in several parts of the building.
const maxZoneChoices = 32

// routes finds the best routes of a party, the first being the best.
func (w *proposer) routes(party int, talks []*timedRequest, most int, allowed func(rules.Placement) bool) ([]route, error) {
	r, list := newRouter(w, party, talks, allowed)
	var impossible []missed
	list = slices.DeleteFunc(list, func(o options) bool {
		if len(o.zones) == 0 {
			impossible = append(impossible, missed{request: o.wanted, reason: MissingFull})
		}
		return len(o.zones) == 0
	})
	if len(list) == 0 {
		return []route{{party: party, missing: impossible, proven: true}}, nil
	}
	choices, all := zoneChoices(list)
	best, bestCost := choices[0], 0.0
	if len(choices) > 1 {
		for i, zones := range choices {
			q, _ := r.question(list, zones, 1)
			found, err := q.Plan()
			if err != nil {
				return nil, err
			}
			if len(found) > 0 && (i == 0 || found[0].Cost < bestCost) {
				best, bestCost = zones, found[0].Cost
			}
		}
	}
	q, index := r.question(list, best, most)
	found, err := q.Plan()
	if err != nil {
		return nil, err
	}
	routes := make([]route, len(found))
	for i, proposal := range found {
		routes[i] = r.read(proposal, list, index)
		routes[i].missing = append(routes[i].missing, impossible...)
		routes[i].proven = routes[i].proven && all
	}
	return routes, nil
}

// zoneChoices lists the combinations of one zone for each talk. If there are too many of them, each talk keeps the zone with most of its times.
func zoneChoices(list []options) (choices [][]int, all bool) {
	count := 1
	for _, talk := range list {
		count = min(count*len(talk.zones), maxZoneChoices+1)
	}
	if count > maxZoneChoices {
		one := make([]int, len(list))
		for i, talk := range list {
			one[i] = slices.MaxFunc(talk.zones, func(a, b int) int { return len(talk.places[a]) - len(talk.places[b]) })
		}
		return [][]int{one}, false
	}
	choices = [][]int{{}}
	for _, talk := range list {
		var longer [][]int
		for _, choice := range choices {
			for _, zone := range talk.zones {
				longer = append(longer, append(slices.Clone(choice), zone))
			}
		}
		choices = longer
	}
	return choices, true
}

// read turns the engine's answer into places.
func (r *router) read(found plan.Proposal, list []options, index []map[models.Tick]rules.Placement) route {
	made := route{party: r.party, days: found.Days, wait: found.WaitMinutes, walk: found.WalkMinutes, cost: found.Cost, proven: found.Proven}
	wantedOf := func(id string) *timedRequest {
		at, _ := strconv.Atoi(id)
		return list[at].wanted
	}
	for _, time := range found.Times {
		at, _ := strconv.Atoi(time.Talk)
		start := r.bases[time.Day] + models.Ticks(time.Start)
		made.placed = append(made.placed, placed{list[at].wanted, index[at][start]})
	}
	for _, missing := range found.Missing {
		missed := missed{request: wantedOf(missing.Talk), reason: missingOf[missing.Reason]}
		for _, other := range missing.Instead {
			missed.instead = append(missed.instead, wantedOf(other))
		}
		made.missing = append(made.missing, missed)
	}
	return made
}

// missingOf says what the engine's reasons are for a family.
var missingOf = map[plan.Reason]MissingReason{
	plan.NothingFree: MissingFull, plan.OutsideWindows: MissingOwn, plan.AgainstRules: MissingOwn, plan.InTheWay: MissingInTheWay,
}
