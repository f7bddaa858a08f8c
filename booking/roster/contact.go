package roster

import (
	"regexp"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models/contactpoint"
	"github.com/ouderavond/ouderavond/models/names"
)

// email reads one e-mail address, in lower case.
func email(text string) (string, bool) {
	text = strings.Trim(text, " <>;,")
	return contactpoint.Email(strings.TrimPrefix(strings.ToLower(text), "mailto:"))
}

// emails reads the addresses of a cell; a name may stand before an address in angle brackets. It also tells how many things in the cell were none.
func emails(cell string) (found []string, bad int) {
	if cell == "" {
		return nil, 0
	}
	if _, after, ok := strings.Cut(cell, "<"); ok && strings.Contains(after, "@") && strings.Count(cell, "@") == 1 {
		cell, _, _ = strings.Cut(after, ">")
	}
	for _, part := range fieldsOf(cell, ";,/| \n\t\u00a0") {
		if address, ok := email(names.Clean(part)); ok && !isNobodys(address) {
			found = append(found, address)
		} else {
			bad++
		}
	}
	return found, bad
}

// phone is a number that was found valid.
type phone struct {
	raw    string // without the words around it
	e164   string
	mobile bool
}

// phoneVerdict is what became of a cell with numbers.
type phoneVerdict int

const (
	phoneNone phoneVerdict = iota
	phoneGood
	phoneBad
	phonePremium
)

var (
	phoneSeparators = regexp.MustCompile(`[/;|\n]| of | en | or `)
	phoneRun        = regexp.MustCompile(`[+(]?\d[\d\s().+\-\x{2010}-\x{2015}]*`)
)

const (
	maxNumbers  = 4  // of a cell that are tried
	leastDigits = 6  // of a number: fewer are an extension, a year or a house
	mostRunes   = 40 // of a number with its separators
)

// readPhones finds the numbers of a cell, the mobile ones first. The verdict is that of the cell: good if there is a number, else what the last of them was.
func readPhones(cell string) (found []phone, verdict phoneVerdict) {
	var fixed []phone
	for _, text := range numbersIn(cell) {
		one, v := onePhone(text)
		switch {
		case v != phoneGood:
			if verdict != phoneGood {
				verdict = v
			}
			continue
		case one.mobile:
			found = append(found, one)
		default:
			fixed = append(fixed, one)
		}
		verdict = phoneGood
	}
	found = append(found, fixed...)
	return slices.CompactFunc(found, func(a, b phone) bool { return a.e164 == b.e164 }), verdict
}

// numbersIn cuts a cell into what may be a number each: people write whose it is behind it, and the next one behind that. A cell without a number is one
// that is none.
func numbersIn(cell string) (numbers []string) {
	if countDigits(cell) >= leastDigits && strings.Trim(cell, "0123456789- ") == "" { // as most are written
		numbers = apart(strings.Trim(cell, "- "))
		return numbers[:min(len(numbers), maxNumbers)]
	}
	for _, part := range phoneSeparators.Split(cell, maxNumbers+1) {
		part = names.Clean(names.Digits(part))
		if part == "" {
			continue
		}
		runs := slices.DeleteFunc(phoneRun.FindAllString(part, maxNumbers+1), func(run string) bool { return countDigits(run) < leastDigits })
		if len(runs) == 0 {
			numbers = append(numbers, part)
		}
		for _, run := range runs {
			numbers = append(numbers, apart(strings.TrimRight(run, " (-.+"))...)
		}
	}
	return numbers[:min(len(numbers), maxNumbers)]
}

func countDigits(text string) (count int) {
	for _, r := range text {
		if r >= '0' && r <= '9' {
			count++
		}
	}
	return count
}

func lineOf(text string) contactpoint.Line {
	_, line := contactpoint.Telephone(text)
	return line
}

// apart parts numbers between which only a space stands.
func apart(run string) []string {
	if countDigits(run) < 2*leastDigits || lineOf(run) != contactpoint.NoLine {
		return []string{run}
	}
	for i, r := range run {
		if r != ' ' {
			continue
		}
		before, after := run[:i], strings.TrimLeft(run[i:], " -")
		if lineOf(before) == contactpoint.NoLine {
			continue
		}
		if rest := apart(after); len(rest) > 1 || lineOf(after) != contactpoint.NoLine {
			return append([]string{before}, rest...)
		}
	}
	return []string{run}
}

// onePhone judges one number.
func onePhone(digits string) (phone, phoneVerdict) {
	if open := strings.LastIndexByte(digits, '('); open > 0 && !strings.Contains(digits[open:], ")") {
		digits = strings.TrimSpace(digits[:open])
	}
	if len(digits) > mostRunes {
		return phone{}, phoneBad
	}
	number, line := contactpoint.Telephone(digits)
	switch {
	case isNobodysNumber(number):
		return phone{}, phoneBad
	case line == contactpoint.Mobile, line == contactpoint.Fixed:
		return phone{raw: digits, e164: number, mobile: line == contactpoint.Mobile}, phoneGood
	case line == contactpoint.Special:
		return phone{}, phonePremium
	default:
		return phone{}, phoneBad
	}
}
