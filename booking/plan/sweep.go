package plan

// The inner loops of the router: every amount that is computed for every set of talks passes through here. They go eight sets at a time over arrays of
// fixed length, for which the compiler leaves out the checks of bounds.

// chunk is the number of sets taken at a time. Vectors of three talks and more are made of whole chunks.
const chunk = 8

// without lists, for each talk whose bit lies within a chunk, the four sets of a chunk that do not contain it.
var without = [3][4]int{{0, 2, 4, 6}, {0, 1, 4, 5}, {0, 1, 2, 3}}

// lower makes each amount of to the one of from with an offset, where that is less. Both are equally long.
func lower(to, from []cost, offset cost) {
	for len(to) >= chunk && len(from) >= chunk {
		t, f := (*[chunk]cost)(to), (*[chunk]cost)(from)
		t[0], t[1] = min(t[0], f[0]+offset), min(t[1], f[1]+offset)
		t[2], t[3] = min(t[2], f[2]+offset), min(t[3], f[3]+offset)
		t[4], t[5] = min(t[4], f[4]+offset), min(t[5], f[5]+offset)
		t[6], t[7] = min(t[6], f[6]+offset), min(t[7], f[7]+offset)
		to, from = to[chunk:], from[chunk:]
	}
	for s, c := range from {
		to[s] = min(to[s], c+offset)
	}
}

// lowerWith is lower for the labels of a talk, of which there is one for each set that contains it.
func lowerWith(to, labels []cost, talk int8, offset cost) {
	bit := 1 << talk
	switch {
	case bit >= chunk:
		for high := bit; high < len(to); high += 2 * bit {
			lower(to[high:high+bit], labels[:bit], offset)
			labels = labels[bit:]
		}
	case len(to) < chunk:
		for s, k := bit, 0; s < len(to); s = (s + 1) | bit {
			to[s] = min(to[s], labels[k]+offset)
			k++
		}
	default:
		at := &without[talk]
		for len(to) >= chunk && len(labels) >= chunk/2 {
			t, l := (*[chunk]cost)(to), (*[chunk / 2]cost)(labels)
			i, j, k, m := (at[0]|bit)&7, (at[1]|bit)&7, (at[2]|bit)&7, (at[3]|bit)&7
			t[i], t[j] = min(t[i], l[0]+offset), min(t[j], l[1]+offset)
			t[k], t[m] = min(t[k], l[2]+offset), min(t[m], l[3]+offset)
			to, labels = to[chunk:], labels[chunk/2:]
		}
	}
}

// holding is one talk being held at one moment, on top of every set had before.
type holding struct {
	talk          int8
	waited, price cost
	best, entry   []cost // cheapest way to be there with a set: having waited since some moment, or only just come
	labels        []cost // result: cheapest way to have had the talk, for each set that contains it
	after         []cost // result, lowered: the same for all talks together
}

func (h holding) hold() {
	bit, sets := 1<<h.talk, len(h.best)
	switch {
	case bit >= chunk:
		for high := 0; high < sets; high += 2 * bit {
			h.holdBlock(h.labels[:bit], h.best[high:high+bit], h.entry[high:high+bit], h.after[high+bit:high+2*bit])
			h.labels = h.labels[bit:]
		}
	case sets < chunk:
		for s, k := 0, 0; s < sets; s++ {
			if s&bit == 0 {
				c := min(h.best[s]+h.waited, h.entry[s]) + h.price
				h.labels[k] = c
				h.after[s|bit] = min(h.after[s|bit], c)
				k++
			}
		}
	default:
		h.holdLow(bit)
	}
}

// holdBlock is hold for sets that follow each other.
func (h *holding) holdBlock(labels, best, entry, after []cost) {
	waited, price := h.waited, h.price
	for len(labels) >= chunk && len(best) >= chunk && len(entry) >= chunk && len(after) >= chunk {
		l, b, e, a := (*[chunk]cost)(labels), (*[chunk]cost)(best), (*[chunk]cost)(entry), (*[chunk]cost)(after)
		for i := 0; i < chunk; i += 4 {
			c, d := min(b[i]+waited, e[i])+price, min(b[i+1]+waited, e[i+1])+price
			f, g := min(b[i+2]+waited, e[i+2])+price, min(b[i+3]+waited, e[i+3])+price
			l[i], l[i+1], l[i+2], l[i+3] = c, d, f, g
			a[i], a[i+1], a[i+2], a[i+3] = min(a[i], c), min(a[i+1], d), min(a[i+2], f), min(a[i+3], g)
		}
		labels, best, entry, after = labels[chunk:], best[chunk:], entry[chunk:], after[chunk:]
	}
}

// holdLow is hold for a talk whose bit lies within a chunk.
func (h *holding) holdLow(bit int) {
	waited, price := h.waited, h.price
	labels, best, entry, after := h.labels, h.best, h.entry, h.after
	at := &without[h.talk]
	for len(best) >= chunk && len(entry) >= chunk && len(after) >= chunk && len(labels) >= chunk/2 {
		l, b, e, a := (*[chunk / 2]cost)(labels), (*[chunk]cost)(best), (*[chunk]cost)(entry), (*[chunk]cost)(after)
		for k := range chunk / 2 {
			s := at[k] & 7
			with := (at[k] | bit) & 7
			c := min(b[s]+waited, e[s]) + price
			l[k] = c
			a[with] = min(a[with], c)
		}
		labels, best, entry, after = labels[chunk/2:], best[chunk:], entry[chunk:], after[chunk:]
	}
}
