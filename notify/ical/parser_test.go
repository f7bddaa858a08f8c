package ical_test

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// property is one line of a calendar file, read back.
type property struct {
	name   string
	params map[string]string
	value  string // as written, escapes and all
}

// component is what stands between BEGIN and END.
type component struct {
	name       string
	properties []property
	children   []*component
}

// get gives the only property of that name.
func (c *component) get(name string) property {
	var found []property
	for _, p := range c.properties {
		if p.name == name {
			found = append(found, p)
		}
	}
	if len(found) != 1 {
		return property{value: fmt.Sprintf("%d times %s", len(found), name)}
	}
	return found[0]
}

// text undoes the escapes of a text value.
func (p property) text() string {
	var b strings.Builder
	for i := 0; i < len(p.value); i++ {
		if p.value[i] != '\\' {
			b.WriteByte(p.value[i])
			continue
		}
		i++
		switch {
		case i == len(p.value):
			return "escape at the end"
		case p.value[i] == 'n':
			b.WriteByte('\n')
		case strings.IndexByte(`\;,`, p.value[i]) >= 0:
			b.WriteByte(p.value[i])
		default:
			return "unknown escape"
		}
	}
	return b.String()
}

// read is a strict reader of RFC 5545 that shares no code with the writer: it
// insists on CRLF, 75 octets, whole characters, one calendar and proper nesting.
func read(file []byte) (*component, error) {
	lines, err := unfold(file)
	if err != nil {
		return nil, err
	}
	root := &component{}
	stack := []*component{root}
	for _, line := range lines {
		p, err := readLine(line)
		if err != nil {
			return nil, err
		}
		top := stack[len(stack)-1]
		switch p.name {
		case "BEGIN":
			child := &component{name: p.value}
			top.children = append(top.children, child)
			stack = append(stack, child)
		case "END":
			if top.name != p.value || len(stack) == 1 {
				return nil, fmt.Errorf("END:%s closes %q", p.value, top.name)
			}
			stack = stack[:len(stack)-1]
		default:
			top.properties = append(top.properties, p)
		}
	}
	if len(stack) != 1 || len(root.children) != 1 || len(root.properties) != 0 || root.children[0].name != "VCALENDAR" {
		return nil, fmt.Errorf("not one whole calendar")
	}
	return root.children[0], nil
}

func unfold(file []byte) ([]string, error) {
	rest, ok := bytes.CutSuffix(file, []byte("\r\n"))
	if !ok {
		return nil, fmt.Errorf("the last line has no end")
	}
	var lines []string
	for i, line := range strings.Split(string(rest), "\r\n") {
		switch {
		case len(line) > 75:
			return nil, fmt.Errorf("line %d has %d octets", i+1, len(line))
		case strings.ContainsAny(line, "\r\n"):
			return nil, fmt.Errorf("line %d has half a line end", i+1)
		case !utf8.ValidString(line):
			return nil, fmt.Errorf("line %d splits a character", i+1)
		case strings.HasPrefix(line, " ") && len(lines) > 0:
			lines[len(lines)-1] += line[1:]
		default:
			lines = append(lines, line)
		}
	}
	return lines, nil
}

func readLine(line string) (property, error) {
	p := property{params: map[string]string{}}
	quoted, start, param := false, 0, ""
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '=' && p.name != "" && param == "":
			param, start = line[start:i], i+1
		case c == ';' || c == ':':
			if p.name == "" {
				p.name = line[:i]
			} else {
				p.params[param] = strings.Trim(line[start:i], `"`)
				param = ""
			}
			start = i + 1
			if c == ':' {
				p.value = line[start:]
				return p, nil
			}
		}
	}
	return p, fmt.Errorf("no property: %q", line)
}
