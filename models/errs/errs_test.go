package errs_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/ouderavond/ouderavond/models/errs"
)

func TestTheFirstErrorOfAChainSaysKindAndCode(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk full")
	for name, tt := range map[string]struct {
		err  error
		kind errs.Kind
		code string
	}{
		"nothing":           {nil, errs.Internal, ""},
		"another error":     {cause, errs.Internal, ""},
		"an error":          {errs.New(errs.NotFound, "not-found"), errs.NotFound, "not-found"},
		"a wrapped error":   {fmt.Errorf("read: %w", errs.New(errs.Conflict, "exists")), errs.Conflict, "exists"},
		"an error of two":   {errs.Because(errs.Unavailable, "database", errs.New(errs.NotFound, "not-found")), errs.Unavailable, "database"},
		"a field's error":   {errs.InvalidField("name", "required"), errs.Invalid, "invalid"},
		"among joined ones": {errors.Join(cause, errs.New(errs.Stale, "stale")), errs.Stale, "stale"},
	} {
		if kind, code := errs.KindOf(tt.err), errs.CodeOf(tt.err); kind != tt.kind || code != tt.code {
			t.Errorf("%s: kind %d, code %q", name, kind, code)
		}
	}
	if _, ok := errs.As(cause); ok {
		t.Error("an error of another sort was found")
	}
}

func TestTheLogGetsCodeFieldsAndCause(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk full")
	err := errs.Because(errs.Unavailable, "database", cause)
	if err.Error() != "database: disk full" || !errors.Is(err, cause) {
		t.Errorf("text %q", err)
	}
	if text := errs.InvalidField("make[0].start", "not-a-time").Error(); text != "invalid [make[0].start: not-a-time]" {
		t.Errorf("text %q", text)
	}
}

func TestAParameterIsAddedToACopy(t *testing.T) {
	t.Parallel()
	plain := errs.New(errs.Conflict, "limit")
	one := plain.With("most", "3")
	two := one.With("kind", "mentor").With("most", "4")
	if plain.Params != nil || len(one.Params) != 1 || one.Params["most"] != "3" {
		t.Errorf("the first: %v, %v", plain.Params, one.Params)
	}
	if len(two.Params) != 2 || two.Params["most"] != "4" || two.Params["kind"] != "mentor" || two.Code != "limit" || two.Kind != errs.Conflict {
		t.Errorf("the second: %+v", two)
	}
}
