package sample

import "time"

// day counts days since 1 January 1970; plain arithmetic on dates needs no time zone.
type day int

const secondsPerDay = 24 * 60 * 60

func dayOf(year int, month time.Month, dayOfMonth int) day {
	return day(time.Date(year, month, dayOfMonth, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

func (d day) time() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// iso is the day as 2018-11-03.
func (d day) iso() string { return d.time().Format(time.DateOnly) }

// addYears moves by whole years; 29 February becomes 1 March where there is none.
func (d day) addYears(n int) day {
	y, m, dom := d.time().Date()
	return dayOf(y+n, m, dom)
}

// oldestAge is the age that the regular pupils of a year reach within the year that follows 1 October. By custom that day divides two cohorts: on it the
// pupils of groep g are g+3 years old, those of year y of a secondary school y+11.
func oldestAge(level Level, year int) int {
	if level == LevelSecondary {
		return year + 12
	}
	return year + 4
}

// cohort gives the birth dates of a year's regular pupils, first and last included.
func cohort(spec Spec, year int) (first, last day) {
	born := spec.SchoolYearStart - oldestAge(spec.Level, year)
	return dayOf(born, time.October, 1), dayOf(born+1, time.September, 30)
}

// shift moves a child away from the regular cohort: some repeat a year, few skip one.
func shift(d dice, level Level, year int) int {
	if level == LevelPrimary && year < 3 {
		return 0
	}
	switch n := d.IntN(1000); {
	case n < 45:
		return -1
	case n < 55:
		return 1
	default:
		return 0
	}
}

// reportDay is 1 October of the school year, the day for which Dutch schools report their pupils; age is judged and files are dated by it.
func reportDay(spec Spec) day { return dayOf(spec.SchoolYearStart, time.October, 1) }

// lowestSibling is the least number of days between two births of one mother, apart from twins.
const lowestSibling = 300

// birthDate draws a birth date that fits the year and the brothers and sisters born already. Where moved leaves no room between them, the child stays in
// its cohort or moves the other way.
func birthDate(d dice, spec Spec, year, moved int, siblings []day) day {
	first, last := cohort(spec, year)
	var best day
	bestGap := -1
	for _, by := range []int{moved, 0, -1, 1} {
		for range 25 {
			at := day(d.between(int(first), int(last))).addYears(by)
			gap := nearest(at, siblings)
			if gap >= lowestSibling {
				return at
			}
			if gap > bestGap {
				best, bestGap = at, gap
			}
		}
	}
	return best
}

// nearest is the distance in days to the closest of the others; far away if there are none.
func nearest(at day, others []day) int {
	gap := lowestSibling
	for _, o := range others {
		gap = min(gap, max(int(at-o), int(o-at)))
	}
	return gap
}
