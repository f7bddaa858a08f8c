package sample

import (
	"fmt"
	"strings"
)

// area is a part of the town with one four-digit postcode.
type area struct {
	digits string
	town   string
	share  int
}

// areas are invented; see the package comment for the postcodes.
var areas = []area{
	{"1234", "Lindewaard", 30}, {"1235", "Lindewaard", 22}, {"1236", "Lindewaard", 14}, {"1237", "Broekerhout", 10}, {"1232", "Oudezand", 8},
	{"1233", "Nieuwezand", 7}, {"1238", "Hoge Wetering", 5}, {"1239", "Zwanenpolder", 4},
}

// primaryAreas is how many of the areas send children to a primary school; a secondary school draws from all.
const primaryAreas = 3

// postcodeLetters are the letters in use since the beginning: F, I, O, Q, U and Y were avoided because they are easily misread.
const postcodeLetters = "ABCDEGHJKLMNPRSTVWXZ"

// street is all addresses of one postcode.
type street struct {
	area     area
	postcode string
	free     []Address
}

// town hands out addresses, each once.
type town struct {
	d       dice
	streets []street
	used    map[Address]bool
}

// newTown lays out postcodes of 15 to 20 addresses, about two for every three households, so that unrelated families meet in one postcode.
func newTown(spec Spec, d dice, households int) *town {
	t := &town{d: d, used: map[Address]bool{}}
	chosen := areas
	if spec.Level == LevelPrimary {
		chosen = areas[:primaryAreas]
	}
	pairs := letterPairs()
	shares := make([]int, len(chosen))
	for i, a := range chosen {
		shares[i] = a.share
	}
	for i, count := range apportion(max(6, households*2/3), shares) {
		order := d.shuffled(len(pairs))
		for n := range min(count, len(pairs)) {
			t.streets = append(t.streets, t.layStreet(chosen[i], chosen[i].digits+pairs[order[n]]))
		}
	}
	d.Shuffle(len(t.streets), func(i, j int) { t.streets[i], t.streets[j] = t.streets[j], t.streets[i] })
	return t
}

// letterPairs are the two letters of a postcode; SA, SD and SS are never used in the Netherlands.
func letterPairs() []string {
	var pairs []string
	for _, one := range strings.Split(postcodeLetters, "") {
		for _, two := range strings.Split(postcodeLetters, "") {
			if pair := one + two; pair != "SA" && pair != "SD" && pair != "SS" {
				pairs = append(pairs, pair)
			}
		}
	}
	return pairs
}

// layStreet makes the addresses of one postcode: one side of a street, a few houses divided into flats.
func (t *town) layStreet(a area, postcode string) street {
	s := street{area: a, postcode: postcode}
	number := t.d.between(1, 120)
	for size := t.d.between(15, 20); len(s.free) < size; number += 2 {
		additions := []string{""}
		switch n := t.d.IntN(100); {
		case n < 4:
			additions = []string{"A", "B"}
		case n < 7:
			additions = []string{"", "bis"}
		case n < 9:
			additions = []string{"1", "2", "3"}
		}
		for _, addition := range additions {
			s.free = append(s.free, Address{"NL", postcode, fmt.Sprint(number), addition, a.town})
		}
	}
	t.d.Shuffle(len(s.free), func(i, j int) { s.free[i], s.free[j] = s.free[j], s.free[i] })
	return s
}

// move finds a free address, near the school rather than far from it.
func (t *town) move() Address {
	at := t.d.early(len(t.streets))
	for range len(t.streets) {
		if len(t.streets[at].free) > 0 {
			return t.takeFrom(at)
		}
		at = (at + 1) % len(t.streets)
	}
	// Only a Spec far beyond a real school fills the whole town; outside it numbers go on without end.
	return t.outside(Address{"NL", "1239ZZ", "", "", "Zwanenpolder"})
}

// moveNear finds a free address in the postcode of another one, if there is any.
func (t *town) moveNear(other Address) Address {
	for at := range t.streets {
		if t.streets[at].postcode == other.Postcode && len(t.streets[at].free) > 0 {
			return t.takeFrom(at)
		}
	}
	return t.move()
}

// moveAway finds a free address in another postcode than the given one.
func (t *town) moveAway(other Address) Address {
	for range 20 {
		if a := t.move(); a.Postcode != other.Postcode {
			return a
		}
	}
	return t.outside(Address{"NL", "1239ZX", "", "", "Zwanenpolder"})
}

// moveAbroad finds an address across the border, where a postcode covers a whole town.
func (t *town) moveAbroad() Address {
	if t.d.chance(600) {
		return t.outside(Address{"BE", "2387", "", "", "Baarle-Hertog"})
	}
	return t.outside(Address{"DE", "47533", "", "", "Kleve"})
}

func (t *town) takeFrom(at int) Address {
	free := t.streets[at].free
	t.streets[at].free = free[:len(free)-1]
	return free[len(free)-1]
}

// outside numbers a house where no list of addresses exists.
func (t *town) outside(a Address) Address {
	for number := t.d.between(1, 90); ; number++ {
		a.HouseNumber = fmt.Sprint(number)
		if !t.used[a] {
			t.used[a] = true
			return a
		}
	}
}
