package plan

import "math"

// bundleSize is the number of cuts that the climber remembers.
const bundleSize = 120

// cut is one linear piece that lies above the Lagrangean: its value at the centre exceeds the Lagrangean's by gap, and it rises by slope.
type cut struct {
	slope []float32
	gap   float64
	share float64 // weight in the last combination
}

// bundle finds, among cuts, the combination that gives the best direction to climb: the quadratic problem of the proximal bundle method.
type bundle struct {
	cuts []cut
	gram [][]float64 // products of slopes
}

func dot(a, b []float32) float64 {
	sum := 0.0
	for i, x := range a {
		sum += float64(x) * float64(b[i])
	}
	return sum
}

// add remembers a cut. When there are too many, one that does not count goes; if all count, the two that count least become one, so that the
// combination found so far can still be made.
func (b *bundle) add(slope []float32, gap float64) {
	at := len(b.cuts)
	if at < bundleSize {
		b.cuts = append(b.cuts, cut{})
		for i := range b.gram {
			b.gram[i] = append(b.gram[i], 0)
		}
		b.gram = append(b.gram, make([]float64, at+1))
	} else {
		at = b.room()
	}
	own := append(b.cuts[at].slope[:0], slope...)
	b.cuts[at] = cut{slope: own, gap: gap}
	b.products(at)
}

func (b *bundle) products(at int) {
	for i := range b.cuts {
		b.gram[at][i] = dot(b.cuts[at].slope, b.cuts[i].slope)
		b.gram[i][at] = b.gram[at][i]
	}
}

// room makes room for one cut.
func (b *bundle) room() int {
	least, second := 0, -1
	for i := 1; i < len(b.cuts); i++ {
		switch {
		case b.less(i, least):
			least, second = i, least
		case second < 0 || b.less(i, second):
			second = i
		}
	}
	gone, kept := &b.cuts[least], &b.cuts[second]
	if gone.share == 0 {
		return least
	}
	sum := gone.share + kept.share
	part := gone.share / sum
	for s, v := range gone.slope {
		kept.slope[s] += float32(part) * (v - kept.slope[s])
	}
	kept.gap += part * (gone.gap - kept.gap)
	kept.share = sum
	b.products(second)
	return least
}

// less tells whether a cut counts less than another: a smaller share, then a greater gap.
func (b *bundle) less(i, j int) bool {
	c, d := &b.cuts[i], &b.cuts[j]
	return c.share < d.share || c.share == d.share && c.gap > d.gap
}

// combine finds the shares (not negative, together 1) that minimise reach/2 * |slope|^2 + gap of the combination, by moving share between two cuts at a
// time. It returns the squared length of the combined slope and the combined gap.
func (b *bundle) combine(reach float64) (square, gap float64) {
	n := len(b.cuts)
	total := 0.0
	for i := range b.cuts {
		total += b.cuts[i].share
	}
	if total <= 0 {
		b.cuts[n-1].share, total = 1, 1
	}
	pull := make([]float64, n) // derivative by each share
	for i := range b.cuts {
		b.cuts[i].share /= total
	}
	for i := range b.cuts {
		pull[i] = b.cuts[i].gap
		for j := range b.cuts {
			pull[i] += reach * b.gram[i][j] * b.cuts[j].share
		}
	}
	for range 200 * n {
		if !b.exchange(reach, pull) {
			break
		}
	}
	for i := range b.cuts {
		gap += b.cuts[i].share * b.cuts[i].gap
		for j := range b.cuts {
			square += b.cuts[i].share * b.cuts[j].share * b.gram[i][j]
		}
	}
	return square, gap
}

// exchange moves share from the cut with the highest derivative to the one with the lowest.
func (b *bundle) exchange(reach float64, pull []float64) bool {
	low, high := 0, -1
	for i := range pull {
		if pull[i] < pull[low] {
			low = i
		}
		if b.cuts[i].share > 0 && (high < 0 || pull[i] > pull[high]) {
			high = i
		}
	}
	difference := pull[high] - pull[low]
	if difference < 1e-7*(1+math.Abs(pull[high])) {
		return false
	}
	bend := reach * (b.gram[low][low] + b.gram[high][high] - 2*b.gram[low][high])
	move := b.cuts[high].share
	if bend > 0 {
		move = min(move, difference/bend)
	}
	if move == b.cuts[high].share {
		b.cuts[high].share = 0
	} else {
		b.cuts[high].share -= move
	}
	b.cuts[low].share += move
	for i := range pull {
		pull[i] += reach * move * (b.gram[i][low] - b.gram[i][high])
	}
	return true
}

// towards fills in the combined slope.
func (b *bundle) towards(direction []float64) {
	clear(direction)
	for i := range b.cuts {
		share := b.cuts[i].share
		if share == 0 {
			continue
		}
		for s, v := range b.cuts[i].slope {
			direction[s] += share * float64(v)
		}
	}
}

// shift refers the cuts to a new centre that lies some way along the direction and is better by some amount.
func (b *bundle) shift(direction []float64, reach, better float64) {
	for i := range b.cuts {
		rise := 0.0
		for s, v := range b.cuts[i].slope {
			rise += float64(v) * direction[s]
		}
		b.cuts[i].gap = max(0, b.cuts[i].gap+reach*rise-better)
	}
}
