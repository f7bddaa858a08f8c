package rush

import "bytes"

// scanner reads JSON (RFC 8259) from front to back and skips what nobody asks for. It trusts that the text is JSON, as the server's answers are; on anything
// else it stops and says so by bad, and never reads outside the text.
type scanner struct {
	data []byte
	at   int
	bad  bool
}

func (s *scanner) space() {
	for s.at < len(s.data) {
		switch s.data[s.at] {
		case ' ', '\n', '\r', '\t':
			s.at++
		default:
			return
		}
	}
}

// next gives the next character that is no space, without taking it; zero at the end.
func (s *scanner) next() byte {
	s.space()
	if s.bad || s.at >= len(s.data) {
		s.bad = true
		return 0
	}
	return s.data[s.at]
}

func (s *scanner) fail() { s.bad, s.at = true, len(s.data) }

// object calls a function for each field; the function takes the value. Anything else than an object is skipped.
func (s *scanner) object(field func(name []byte)) {
	if s.next() != '{' {
		s.skip()
		return
	}
	s.at++
	if s.next() == '}' {
		s.at++
		return
	}
	for !s.bad {
		name := s.text()
		if s.next() != ':' {
			s.fail()
			return
		}
		s.at++
		field(name)
		if !s.more('}') {
			return
		}
	}
}

// array calls a function for each item; the function takes it. Anything else than an array is skipped.
func (s *scanner) array(item func()) {
	if s.next() != '[' {
		s.skip()
		return
	}
	s.at++
	if s.next() == ']' {
		s.at++
		return
	}
	for !s.bad {
		item()
		if !s.more(']') {
			return
		}
	}
}

// more takes the comma before another item, or the end.
func (s *scanner) more(end byte) bool {
	switch s.next() {
	case ',':
		s.at++
		return true
	case end:
		s.at++
		return false
	}
	s.fail()
	return false
}

// text takes a string and gives it as it stands between its quotes, escapes and all: ids, codes and times have none. Anything else gives nil.
func (s *scanner) text() []byte {
	if s.next() != '"' {
		s.skip()
		return nil
	}
	from := s.at + 1
	s.skipText()
	if s.bad {
		return nil
	}
	return s.data[from : s.at-1]
}

func (s *scanner) skipText() {
	s.at++
	for {
		end := bytes.IndexByte(s.data[s.at:], '"')
		if end < 0 {
			s.fail()
			return
		}
		quote := s.at + end
		s.at = quote + 1
		escapes := 0
		for back := quote - 1; s.data[back] == '\\'; back-- {
			escapes++
		}
		if escapes%2 == 0 {
			return
		}
	}
}

// integer takes a number; anything else gives zero.
func (s *scanner) integer() int {
	value, negative := 0, false
	raw := s.skip()
	for i, digit := range raw {
		switch {
		case i == 0 && digit == '-':
			negative = true
		case digit >= '0' && digit <= '9' && value < 1<<40:
			value = value*10 + int(digit-'0')
		default:
			return 0
		}
	}
	if negative {
		return -value
	}
	return value
}

// skip takes any value and gives it as it stands.
func (s *scanner) skip() []byte {
	first := s.next()
	from := s.at
	switch first {
	case 0:
		return nil
	case '"':
		s.skipText()
	case '{', '[':
		s.skipNested()
	default:
		for s.at < len(s.data) && !bytes.ContainsRune([]byte(",]} \n\r\t"), rune(s.data[s.at])) {
			s.at++
		}
		if s.at == from { // a comma or an end where a value must be
			s.fail()
		}
	}
	if s.bad {
		return nil
	}
	return s.data[from:s.at]
}

func (s *scanner) skipNested() {
	depth := 0
	for s.at < len(s.data) {
		switch s.data[s.at] {
		case '"':
			s.skipText()
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
			if depth == 0 {
				s.at++
				return
			}
		}
		s.at++
	}
	s.bad = true
}
