package names

// maxDistanceRunes is how much of a text Distance looks at, so that its cost has an upper limit.
const maxDistanceRunes = 128

// Distance returns the number of single changes that turn a into b: inserting, removing or replacing a character, or swapping two neighbours
// (Damerau-Levenshtein, unrestricted). It compares what it is given as it is; callers give it keys. Only the first 128 characters are compared; what is
// longer counts by its difference in length.
func Distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	extra := 0
	if len(x) > maxDistanceRunes || len(y) > maxDistanceRunes {
		extra = max(len(x), maxDistanceRunes) - max(len(y), maxDistanceRunes)
		extra = max(extra, -extra)
		x, y = x[:min(len(x), maxDistanceRunes)], y[:min(len(y), maxDistanceRunes)]
	}
	return extra + damerau(x, y)
}

// damerau is the algorithm of Lowrance and Wagner (1975): lastRow remembers where each character was last seen in x, lastMatch where in the current
// row of y.
func damerau(x, y []rune) int {
	limit, width := len(x)+len(y), len(y)+2
	cost := make([]int, (len(x)+2)*width)
	at := func(i, j int) *int { return &cost[(i+1)*width+j+1] }
	*at(-1, -1) = limit
	for i := 0; i <= len(x); i++ {
		*at(i, -1), *at(i, 0) = limit, i
	}
	for j := 0; j <= len(y); j++ {
		*at(-1, j), *at(0, j) = limit, j
	}
	lastRow := map[rune]int{}
	for i := 1; i <= len(x); i++ {
		lastMatch := 0
		for j := 1; j <= len(y); j++ {
			row, column, change := lastRow[y[j-1]], lastMatch, 1
			if x[i-1] == y[j-1] {
				change, lastMatch = 0, j
			}
			*at(i, j) = min(*at(i-1, j-1)+change, *at(i, j-1)+1, *at(i-1, j)+1,
				*at(row-1, column-1)+(i-row-1)+1+(j-column-1))
		}
		lastRow[x[i-1]] = i
	}
	return *at(len(x), len(y))
}
