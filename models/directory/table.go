package directory

import "slices"

// table finds rows by their ids, and keeps them in the order in which they came. A school of a thousand pupils is open for as long as families come, and
// beside it hundreds of others on the same server, so what is kept for each row is counted in bytes: a number in a map, and no map of lists.
type table[K comparable, T any] struct {
	list []*T
	at   map[K]int32
}

func newTable[K comparable, T any](rows []T, id func(*T) K) table[K, T] {
	t := table[K, T]{list: make([]*T, len(rows)), at: make(map[K]int32, len(rows))}
	for i := range rows {
		t.list[i], t.at[id(&rows[i])] = &rows[i], int32(i)
	}
	return t
}

func (t table[K, T]) get(id K) (*T, bool) {
	i, ok := t.at[id]
	if !ok {
		return nil, false
	}
	return t.list[i], true
}

// ties are what belongs to each row of a table: to row i the values from[i] to from[i+1].
type ties[V any] struct {
	from   []int32
	values []V
}

// newTies sorts values by the row that they belong to; those of one row stay in their order. Values of no row are left out.
func newTies[K comparable, T, V, R any](to table[K, T], rows []R, owner func(*R) K, value func(*R) V) ties[V] {
	t := ties[V]{from: make([]int32, len(to.list)+1)}
	for i := range rows {
		if row, ok := to.at[owner(&rows[i])]; ok {
			t.from[row+1]++
		}
	}
	for row := range to.list {
		t.from[row+1] += t.from[row]
	}
	t.values = make([]V, t.from[len(to.list)])
	next := slices.Clone(t.from)
	for i := range rows {
		if row, ok := to.at[owner(&rows[i])]; ok {
			t.values[next[row]] = value(&rows[i])
			next[row]++
		}
	}
	return t
}

// of gives what belongs to a row. It must not be changed.
func of[K comparable, T, V any](t ties[V], to table[K, T], id K) []V {
	row, ok := to.at[id]
	if !ok || t.from[row] == t.from[row+1] {
		return nil
	}
	return t.values[t.from[row]:t.from[row+1]:t.from[row+1]]
}

// exactly gives rows in an array that has no room for more.
func exactly[T any](rows []T) []T {
	return append(make([]T, 0, len(rows)), rows...)
}

// words gives one string for all equal ones: a state or a year stands in every row, and the database gives it anew for each.
type words map[string]string

func (w words) same(word string) string {
	if held, ok := w[word]; ok {
		return held
	}
	w[word] = word
	return word
}
