package failure_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/notify/mail/failure"
)

func TestClassOf(t *testing.T) {
	t.Parallel()
	refused := &failure.Failure{Class: failure.RecipientRefused}
	tests := map[string]struct {
		err  error
		want failure.Class
	}{
		"no error is no failure":          {nil, failure.None},
		"a failure has its class":         {refused, failure.RecipientRefused},
		"a wrapped failure keeps it":      {fmt.Errorf("row 7: %w", refused), failure.RecipientRefused},
		"an unknown error says nothing":   {errors.New("boom"), failure.Ambiguous},
		"time that was up is ambiguous":   {context.DeadlineExceeded, failure.Ambiguous},
		"a failure may be without reason": {&failure.Failure{Class: failure.Temporary}, failure.Temporary},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			if got := failure.ClassOf(test.err); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestErrorTellsCodesOnly(t *testing.T) {
	t.Parallel()
	answer := errors.New("550 jan@example.org unknown")
	tests := map[string]struct {
		failure failure.Failure
		cause   error
		want    string
	}{
		"a reply with both codes": {
			failure.Failure{Channel: "mail", Class: failure.RecipientRefused, Stage: "recipient", Code: 550, Enhanced: "5.1.1"},
			answer, "mail: recipient refused failure: recipient (550 5.1.1)",
		},
		"a reply with one code": {
			failure.Failure{Channel: "sms", Class: failure.Permanent, Stage: "carrier's answer", Code: 21606},
			answer, "sms: permanent failure: carrier's answer (21606)",
		},
		"no reply": {
			failure.Failure{Channel: "mail", Class: failure.Ambiguous, Stage: "end of data"},
			fmt.Errorf("read tcp 10.0.0.1: %w", context.DeadlineExceeded),
			"mail: ambiguous failure: end of data: context deadline exceeded",
		},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			if got := test.failure.Because(test.cause).Error(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestBecauseKeepsOnlyTimeAndGivingUp(t *testing.T) {
	t.Parallel()
	f := failure.Failure{Class: failure.Temporary}
	if !errors.Is(f.Because(fmt.Errorf("x: %w", context.Canceled)), context.Canceled) {
		t.Error("giving up was lost")
	}
	if !errors.Is(f.Because(os.ErrDeadlineExceeded), context.DeadlineExceeded) {
		t.Error("a connection whose time was up is not told as such")
	}
	secret := errors.New("jan@example.org")
	if errors.Is(f.Because(secret), secret) {
		t.Error("the cause can be reached")
	}
}

func TestIsSetup(t *testing.T) {
	t.Parallel()
	if !failure.IsSetup(fmt.Errorf("x: %w", &failure.Failure{Setup: true})) {
		t.Error("a fault of the set-up was not seen")
	}
	if failure.IsSetup(&failure.Failure{}) || failure.IsSetup(errors.New("x")) || failure.IsSetup(nil) {
		t.Error("a fault of the set-up was made up")
	}
}

func TestEveryClassHasItsName(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for class := failure.None; class <= failure.Ambiguous; class++ {
		name := class.String()
		if seen[name] || name == "unknown" || strings.TrimSpace(name) == "" {
			t.Errorf("class %d is called %q", class, name)
		}
		seen[name] = true
	}
	if failure.Class(99).String() != "unknown" {
		t.Error("an unknown class has a name")
	}
}
