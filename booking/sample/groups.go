package sample

import (
	"fmt"
	"strings"
)

// seat is a place for one pupil: a home group and a year.
type seat struct {
	group int // place in School.Groups
	year  int
}

// layOutGroups makes the home groups and their seats, as many seats as there are pupils, group by group.
func layOutGroups(spec Spec, d dice) ([]Group, []seat) {
	groups := primaryGroups(spec.Groups)
	if spec.Level == LevelSecondary {
		groups = secondaryGroups(spec.Groups)
	}
	var seats []seat
	for g, size := range groupSizes(d, spec.Pupils, len(groups)) {
		years := groups[g].Years
		for n := range size {
			seats = append(seats, seat{group: g, year: years[n*len(years)/size]})
		}
	}
	return groups, seats
}

// groupSizes divides the pupils evenly and then moves some, since no real school is even. No group is left empty.
func groupSizes(d dice, pupils, groups int) []int {
	sizes := make([]int, groups)
	for i := range sizes {
		sizes[i] = pupils / groups
		if i < pupils%groups {
			sizes[i]++
		}
	}
	smallest, largest := pupils/groups*85/100, pupils/groups*115/100+1
	for range groups * 2 {
		from, to := d.IntN(groups), d.IntN(groups)
		if sizes[from] > max(smallest, 1) && sizes[to] < largest {
			sizes[from]--
			sizes[to]++
		}
	}
	return sizes
}

// groupAnimals name the groups of a primary school; a school of more groups does without for the rest.
var groupAnimals = strings.Fields(`Egels Vlinders Kikkers Zeesterren Bevers Otters Zwaluwen Vossen Reigers Dolfijnen Uilen Dassen Libellen Eekhoorns
Sperwers Kwallen Wezels Salamanders Kieviten Hermelijnen Lepelaars Zeehonden Marters Futen`)

// primaryGroups divides the eight years of a primary school. Years 1 and 2 always share groups; where a pair of later years has an odd number of groups,
// one of these is a combination group (combinatiegroep).
func primaryGroups(count int) []Group {
	var spans [][]int
	if count < 4 {
		for i := range count {
			spans = append(spans, yearsBetween(i*8/count+1, (i+1)*8/count))
		}
		return nameGroups(spans)
	}
	for pair, groups := range apportion(count, []int{1, 1, 1, 1}) {
		low := pair*2 + 1
		spans = append(spans, pairOfYears(low, groups)...)
	}
	return nameGroups(spans)
}

// pairOfYears gives the years of each of the groups that two following years share.
func pairOfYears(low, groups int) [][]int {
	var spans [][]int
	both := groups % 2
	if low == 1 {
		both = groups
	}
	single := (groups - both) / 2
	for range single {
		spans = append(spans, []int{low})
	}
	for range both {
		spans = append(spans, []int{low, low + 1})
	}
	for range single {
		spans = append(spans, []int{low + 1})
	}
	return spans
}

func yearsBetween(first, last int) []int {
	var years []int
	for y := first; y <= last; y++ {
		years = append(years, y)
	}
	return years
}

// nameGroups gives groups their keys and names: "1/2A Egels", with a letter only where several groups have the same years.
func nameGroups(spans [][]int) []Group {
	labels := make([]string, len(spans))
	total := map[string]int{}
	for i, years := range spans {
		labels[i] = yearLabel(years)
		total[labels[i]]++
	}
	seen := map[string]int{}
	var groups []Group
	for i, years := range spans {
		name := labels[i]
		if total[labels[i]] > 1 {
			name += section(seen[labels[i]])
			seen[labels[i]]++
		}
		key := "G" + strings.NewReplacer("/", "", "-", "").Replace(name)
		if i < len(groupAnimals) {
			name += " " + groupAnimals[i]
		}
		groups = append(groups, Group{Key: key, Name: name, Years: years})
	}
	return groups
}

func yearLabel(years []int) string {
	first, last := years[0], years[len(years)-1]
	switch len(years) {
	case 1:
		return fmt.Sprint(first)
	case 2:
		return fmt.Sprintf("%d/%d", first, last)
	default:
		return fmt.Sprintf("%d-%d", first, last)
	}
}

// section letters parallel groups: A to Z, then A1, B1 and so on.
func section(n int) string {
	text := string(rune('A' + n%26))
	if n >= 26 {
		text += fmt.Sprint(n / 26)
	}
	return text
}

// track is a kind of secondary education and how long it takes.
type track struct {
	letter string
	years  int
	weight int
}

// tracks are mavo (4 years), havo (5) and vwo (6), with their rough share of classes per year.
var tracks = []track{{"M", 4, 10}, {"H", 5, 11}, {"V", 6, 10}}

// secondaryGroups divides classes over years and tracks. A school with fewer classes than there are pairs of year and track offers vwo only.
func secondaryGroups(count int) []Group {
	offered := tracks
	if count < 15 {
		offered = []track{{"V", min(6, count), 1}}
	}
	type cell struct {
		year   int
		letter string
	}
	var cells []cell
	var weights []int
	for year := 1; year <= 6; year++ {
		for _, t := range offered {
			if year <= t.years {
				cells = append(cells, cell{year, t.letter})
				weights = append(weights, t.weight)
			}
		}
	}
	var groups []Group
	for i, classes := range apportion(count, weights) {
		for n := range classes {
			name := fmt.Sprintf("%d%s%s", cells[i].year, cells[i].letter, section(n))
			groups = append(groups, Group{Key: name, Name: name, Years: []int{cells[i].year}})
		}
	}
	return groups
}

// fillCrossGroups picks the pupils of each cross group out of the upper half of the school and returns the groups with their members' places.
func fillCrossGroups(spec Spec, d dice, seats []seat) ([]Group, [][]int) {
	top := 0
	for _, s := range seats {
		top = max(top, s.year)
	}
	var upper []int
	for i, s := range seats {
		if s.year > top/2 {
			upper = append(upper, i)
		}
	}
	var groups []Group
	var members [][]int
	for n := range spec.CrossGroups {
		group := Group{Key: fmt.Sprintf("SG%d", n+1), Name: "Plusklas", Years: yearsBetween(top/2+1, top)}
		if n > 0 {
			group.Name = fmt.Sprintf("Plusklas %d", n+1)
		}
		var chosen []int
		for _, at := range d.shuffled(len(upper)) {
			if len(chosen) == min(12, len(upper)) {
				break
			}
			chosen = append(chosen, upper[at])
		}
		groups, members = append(groups, group), append(members, chosen)
	}
	return groups, members
}
