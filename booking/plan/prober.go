package plan

import (
	"slices"
	"sync"
)

// prober evaluates the Lagrangean of an instance: every slot has a price, each party takes its cheapest itinerary regardless of the others, each
// teacher's day its cheapest pattern. The sum is a lower bound of the cost of every plan, whatever the prices are.
type prober struct {
	p      *problem
	units  []probeUnit
	plain  []bool // spans without idle minutes
	extra  cost   // talks without any moment
	worker []probeWorker
	values []cost // what each unit's cheapest itinerary cost in the last probe
}

// probeUnit is one unit with its nodes prepared.
type probeUnit struct {
	number int
	nodes  []node // price without slot prices
	noise  []cost
	drops  []cost
	talks  int
	loose  bool // too many talks: each is priced by itself, which can only be lower
}

// probeWorker is the working memory of one goroutine.
type probeWorker struct {
	router *router
	nodes  []node
	usage  []int32
	used   []bool
	sum    cost
}

// noiseSpan limits the tiny private price by which equal choices are told apart, in millionths of a minute.
const noiseSpan = 512

func newProber(p *problem, workers int) *prober {
	b := &prober{p: p, plain: make([]bool, len(p.spanFirst)-1), values: make([]cost, len(p.units))}
	for s := range p.slots {
		if len(p.slots[s].clash) > 0 {
			b.plain[p.slots[s].span] = true
		}
	}
	for u := range p.units {
		b.prepare(u)
	}
	// Heavy units first, so that sharing them out in turn gives every worker about as much.
	slices.SortStableFunc(b.units, func(a, c probeUnit) int { return c.weight() - a.weight() })
	// The bound is of the minutes that can be measured in a plan; who gets everything is left out, which can only be lower.
	rates := p.rates
	rates.incomplete = 0
	for range max(1, workers) {
		b.worker = append(b.worker, probeWorker{router: newRouter(p.walk, p.zones, rates), usage: make([]int32, len(p.slots)), used: make([]bool, len(p.slots))})
	}
	return b
}

func (u *probeUnit) weight() int { return len(u.nodes) << min(u.talks, maxExact) }

func (b *prober) prepare(number int) {
	unit := &b.p.units[number]
	bits := make([]int8, len(unit.talks))
	made := probeUnit{number: number}
	for t := range unit.talks {
		bits[t] = fixedTalk
		if unit.talks[t].pinned {
			continue
		}
		if !unit.canHold(t) {
			b.extra += unit.talks[t].drop
			continue
		}
		bits[t] = int8(made.talks)
		made.talks++
		made.drops = append(made.drops, unit.talks[t].drop)
	}
	state := uint64(number)*0x9e3779b97f4a7c15 + 1
	for i := range unit.visits {
		v := &unit.visits[i]
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		noise := cost(state >> 20 % noiseSpan)
		if v.fixed {
			// Slots of pinned appointments are not for sale.
			for _, s := range v.slots {
				b.plain[b.p.slots[s].span] = true
			}
		}
		made.noise = append(made.noise, noise)
		made.nodes = append(made.nodes, node{price: v.price, start: v.start, end: v.end, ref: int32(i), day: v.day, zone: v.zone, talk: bits[v.talk]})
	}
	made.loose = made.talks > maxExact
	if made.talks > 0 || len(unit.fixed) > 0 {
		b.units = append(b.units, made)
	}
}

// probe evaluates the Lagrangean at the prices. balance is filled with how many units want each slot beyond what the teachers offer. With noise, the
// private prices are included, so that the value is no bound but the balance is smoother.
func (b *prober) probe(prices []cost, balance []int32, noisy bool) cost {
	var wait sync.WaitGroup
	for w := range b.worker {
		wait.Add(1)
		go func() {
			defer wait.Done()
			b.share(w, prices, noisy)
		}()
	}
	wait.Wait()
	sum := b.extra
	clear(balance)
	for w := range b.worker {
		sum += b.worker[w].sum
		for s, n := range b.worker[w].usage {
			balance[s] += n
		}
	}
	return sum
}

// effort is the work done so far.
func (b *prober) effort() int64 {
	sum := int64(0)
	for w := range b.worker {
		sum += b.worker[w].router.effort
	}
	return sum
}

// share does one worker's part.
func (b *prober) share(number int, prices []cost, noisy bool) {
	w := &b.worker[number]
	w.sum = 0
	clear(w.usage)
	for u := number; u < len(b.units); u += len(b.worker) {
		value := b.oneUnit(w, &b.units[u], prices, noisy)
		b.values[b.units[u].number] = value
		w.sum += value
	}
	for span := number; span < len(b.plain); span += len(b.worker) {
		w.sum += b.p.teacherDay(span, prices, b.plain[span], w.used)
		for s := b.p.spanFirst[span]; s < b.p.spanFirst[span+1]; s++ {
			if w.used[s] {
				w.usage[s]--
			}
		}
	}
}

func (b *prober) oneUnit(w *probeWorker, u *probeUnit, prices []cost, noisy bool) cost {
	unit := &b.p.units[u.number]
	w.nodes = append(w.nodes[:0], u.nodes...)
	for i := range w.nodes {
		n := &w.nodes[i]
		if n.talk == fixedTalk {
			continue
		}
		for _, s := range unit.visits[n.ref].slots {
			n.price += prices[s]
		}
		if noisy {
			n.price += u.noise[i]
		}
	}
	var value cost
	var picked []int32
	if u.loose {
		value, picked = looseBest(w, u)
	} else {
		value = w.router.route(u.talks, w.nodes, u.drops)
		picked = w.router.picked
	}
	for _, pick := range picked {
		if pick >= 0 {
			for _, s := range unit.visits[pick].slots {
				w.usage[s]++
			}
		}
	}
	return value
}

// looseBest prices every talk of a unit by itself: no days, no waiting, no walking.
func looseBest(w *probeWorker, u *probeUnit) (sum cost, picked []int32) {
	best := slices.Clone(u.drops)
	picked = make([]int32, u.talks)
	for t := range picked {
		picked[t] = -1
	}
	for i := range w.nodes {
		n := &w.nodes[i]
		if n.talk != fixedTalk && n.price < best[n.talk] {
			best[n.talk], picked[n.talk] = n.price, n.ref
		}
	}
	for _, c := range best {
		sum += c
	}
	return sum, picked
}
