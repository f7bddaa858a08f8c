package rush

import "time"

// readMinute reads an instant such as 2026-11-24T18:10:00Z as minutes since 1970. Talks start on whole minutes.
func readMinute(text []byte) (int64, bool) {
	if len(text) < len("2026-11-24T18:10Z") || text[len(text)-1] != 'Z' || text[10] != 'T' {
		return 0, false
	}
	number := func(from, until int) int64 {
		value := int64(0)
		for _, digit := range text[from:until] {
			value = value*10 + int64(digit-'0')
		}
		return value
	}
	return daysBefore(number(0, 4), number(5, 7), number(8, 10))*24*60 + number(11, 13)*60 + number(14, 16), true
}

// daysBefore gives the days from 1 January 1970 to a date of the Gregorian calendar, counting in years that begin in March, so that the leap day is the last.
func daysBefore(year, month, day int64) int64 {
	if month <= 2 {
		year, month = year-1, month+12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1 - 719468
}

func readInstant(text []byte) time.Time {
	minute, ok := readMinute(text)
	if !ok {
		return time.Time{}
	}
	return instant(minute)
}

func instant(minute int64) time.Time { return time.Unix(minute*60, 0).UTC() }
