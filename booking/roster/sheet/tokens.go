package sheet

import (
	"encoding/xml"
	"errors"
	"io"
)

// maxDepth is how deep elements may lie in one another.
const maxDepth = 64

// tokens goes through a part from its beginning to its end, and holds it to being whole.
type tokens struct {
	decoder *xml.Decoder
	open    []xml.Name
}

func newTokens(part io.Reader) *tokens { return &tokens{decoder: newDecoder(part)} }

// next returns the next token, good until the one after it; io.EOF at the end of a part that is whole, and Damaged where it is not. Prefixes are not looked up.
func (t *tokens) next() (xml.Token, error) {
	token, err := t.decoder.RawToken()
	if errors.Is(err, io.EOF) && len(t.open) == 0 {
		return nil, io.EOF
	}
	if err != nil {
		return nil, Damaged
	}
	switch element := token.(type) {
	case xml.StartElement:
		if t.open = append(t.open, element.Name); len(t.open) > maxDepth {
			return nil, Damaged
		}
	case xml.EndElement:
		if len(t.open) == 0 || t.open[len(t.open)-1] != element.Name {
			return nil, Damaged
		}
		t.open = t.open[:len(t.open)-1]
	}
	return token, nil
}
