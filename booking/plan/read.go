package plan

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Kinds of refusal, to be asked for with errors.Is. The message names the place in the document (`parties[3].requests[0].minutes`), never a value.
var (
	// ErrSyntax: not a JSON document of the expected shape.
	ErrSyntax = errors.New("plan: document cannot be read")
	// ErrInvalid: readable, but breaks a rule of the format.
	ErrInvalid = errors.New("plan: document is not valid")
)

// ReadInstance reads one instance in the interchange format and validates it. Fields it does not know are passed over. Errors: ErrSyntax, ErrInvalid.
func ReadInstance(r io.Reader) (Instance, error) {
	var instance Instance
	if err := readDocument(r, &instance); err != nil {
		return Instance{}, err
	}
	if err := instance.Validate(); err != nil {
		return Instance{}, err
	}
	return instance, nil
}

// ReadPlan reads a plan in the interchange format. Whether it fits an instance is Measure's business. Errors: ErrSyntax.
func ReadPlan(r io.Reader) (Plan, error) {
	var p Plan
	if err := readDocument(r, &p); err != nil {
		return Plan{}, err
	}
	return p, nil
}

// Write writes the instance as one JSON document. Errors: those of w.
func (i Instance) Write(w io.Writer) error { return json.NewEncoder(w).Encode(i) }

// Write writes the plan as one JSON document. Errors: those of w.
func (p Plan) Write(w io.Writer) error { return json.NewEncoder(w).Encode(p) }

// readDocument decodes exactly one JSON value. The decoder's own message may quote the document, so only the place is passed on.
func readDocument(r io.Reader, into any) error {
	decoder := json.NewDecoder(r)
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("%w: near byte %d", ErrSyntax, decoder.InputOffset())
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: more than one document, at byte %d", ErrSyntax, decoder.InputOffset())
	}
	return nil
}
