package roster

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// node is an element with the parts of it that a reader may look at.
type node struct {
	name     string // local name, lower case
	line     int
	key      string // attribute key
	eckID    string // attribute eckid
	text     string // trimmed
	children []node
}

// child returns the text of the first child of a name; empty if there is none.
func (n *node) child(name string) string {
	for i := range n.children {
		if n.children[i].name == name {
			return n.children[i].text
		}
	}
	return ""
}

// all returns the children of a name.
func (n *node) all(name string) []node {
	var found []node
	for _, c := range n.children {
		if c.name == name {
			found = append(found, c)
		}
	}
	return found
}

var (
	errDoctype    = errors.New("document type definition")
	errTooComplex = errors.New("too many or too deeply nested elements")
)

const maxElementText = 4096 // bytes of an element that is read

// treeReader reads a document element by element, so that a large file is never in memory as a tree, and passes over what may not be read.
type treeReader struct {
	decoder  *xml.Decoder
	limits   Limits
	elements int
	depth    int
	// hidden tells of elements whose content is passed over; it is asked once per occurrence.
	hidden func(name string) bool
}

var (
	xmlDeclaration = regexp.MustCompile(`^\s*<\?xml[^>]*\?>`)
	declaredLabel  = regexp.MustCompile(`encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)
	newlines       = regexp.MustCompile(`[^\n]`)
)

// newTreeReader reads a text whose encoding is already undone. The XML declaration is blanked, because what it says of the encoding no longer holds.
func newTreeReader(text string, limits Limits) *treeReader {
	text = xmlDeclaration.ReplaceAllStringFunc(text, func(d string) string { return newlines.ReplaceAllString(d, " ") })
	return &treeReader{decoder: xml.NewDecoder(strings.NewReader(text)), limits: limits}
}

// next returns the next token and keeps count.
func (r *treeReader) next() (xml.Token, error) {
	token, err := r.decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token.(type) {
	case xml.Directive:
		return nil, errDoctype
	case xml.StartElement:
		r.elements++
		r.depth++
		if r.elements > r.limits.Elements || r.depth > r.limits.Depth {
			return nil, errTooComplex
		}
	case xml.EndElement:
		r.depth--
	}
	return token, nil
}

// line returns the line that the reader has reached.
func (r *treeReader) line() int {
	line, _ := r.decoder.InputPos()
	return line
}

// children calls visit for each child element of the element that was just opened, until that is closed. visit must read the child to its end.
func (r *treeReader) children(visit func(start xml.StartElement) error) error {
	for {
		token, err := r.next()
		if err != nil {
			return unexpectedEnd(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := visit(t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// skip reads to the end of the element that was just opened.
func (r *treeReader) skip() error {
	for open := r.depth; r.depth >= open; {
		if _, err := r.next(); err != nil {
			return unexpectedEnd(err)
		}
	}
	return nil
}

// element reads an element that was just opened with all that may be read below it.
func (r *treeReader) element(start xml.StartElement) (node, error) {
	n := node{name: localName(start), line: r.line()}
	for _, a := range start.Attr {
		switch strings.ToLower(a.Name.Local) {
		case "key":
			n.key = limit(strings.TrimSpace(a.Value))
		case "eckid":
			n.eckID = limit(strings.TrimSpace(a.Value))
		}
	}
	var text strings.Builder
	for {
		token, err := r.next()
		if err != nil {
			return n, unexpectedEnd(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if r.hidden != nil && r.hidden(localName(t)) {
				err = r.skip()
			} else {
				var child node
				child, err = r.element(t)
				n.children = append(n.children, child)
			}
			if err != nil {
				return n, err
			}
		case xml.CharData:
			if text.Len() < maxElementText {
				text.Write(t[:min(len(t), maxElementText)])
			}
		case xml.EndElement:
			n.text = strings.TrimSpace(text.String())
			return n, nil
		}
	}
}

func localName(start xml.StartElement) string { return strings.ToLower(start.Name.Local) }

func unexpectedEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// explain turns what went wrong into a finding that repeats nothing of the file.
func (r *treeReader) explain(err error, file string) Finding {
	place := Finding{File: file, Line: r.line(), Reason: ReasonXMLSyntax, Message: "this is no well-formed XML: the file may be damaged or incomplete"}
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, errDoctype):
		place.Reason, place.Message = ReasonXMLDoctype, "the file has a document type definition, which EdeXML does not use; it is refused for safety"
	case errors.Is(err, errTooComplex):
		place.Reason = ReasonXMLTooComplex
		place.Message = fmt.Sprintf("the file has more than %d elements, or elements nested more than %d deep", r.limits.Elements, r.limits.Depth)
	case errors.Is(err, io.ErrUnexpectedEOF):
		place.Message = "the file ends too early: it was not written or copied completely"
	case errors.As(err, &syntax):
		place.Line = syntax.Line
		if strings.Contains(syntax.Msg, "entity") {
			place.Message = "the file uses an entity that XML does not define, or an ampersand that is not written as &amp;"
		}
	}
	return place
}
