package carrier_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/notify/carrier"
)

func TestClassOf(t *testing.T) {
	t.Parallel()
	refused := &carrier.Failure{Class: carrier.RecipientRefused}
	tests := map[string]struct {
		err  error
		want carrier.Class
	}{
		"no error is no failure":          {nil, carrier.None},
		"a failure has its class":         {refused, carrier.RecipientRefused},
		"a wrapped failure keeps it":      {fmt.Errorf("row 7: %w", refused), carrier.RecipientRefused},
		"an unknown error says nothing":   {errors.New("boom"), carrier.Ambiguous},
		"time that was up is ambiguous":   {context.DeadlineExceeded, carrier.Ambiguous},
		"a failure may be without reason": {&carrier.Failure{Class: carrier.Temporary}, carrier.Temporary},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			if got := carrier.ClassOf(test.err); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestErrorTellsCodesOnly(t *testing.T) {
	t.Parallel()
	answer := errors.New("550 jan@example.org unknown")
	tests := map[string]struct {
		failure carrier.Failure
		cause   error
		want    string
	}{
		"a reply with both codes": {
			carrier.Failure{Channel: "mail", Class: carrier.RecipientRefused, Stage: "recipient", Code: 550, Enhanced: "5.1.1"},
			answer, "mail: recipient refused failure: recipient (550 5.1.1)",
		},
		"a reply with one code": {
			carrier.Failure{Channel: "sms", Class: carrier.Permanent, Stage: "carrier's answer", Code: 21606},
			answer, "sms: permanent failure: carrier's answer (21606)",
		},
		"no reply": {
			carrier.Failure{Channel: "mail", Class: carrier.Ambiguous, Stage: "end of data"},
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
	f := carrier.Failure{Class: carrier.Temporary}
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
	if !carrier.IsSetup(fmt.Errorf("x: %w", &carrier.Failure{Setup: true})) {
		t.Error("a fault of the set-up was not seen")
	}
	if carrier.IsSetup(&carrier.Failure{}) || carrier.IsSetup(errors.New("x")) || carrier.IsSetup(nil) {
		t.Error("a fault of the set-up was made up")
	}
}

func TestEveryClassHasItsName(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for class := carrier.None; class <= carrier.Ambiguous; class++ {
		name := class.String()
		if seen[name] || name == "unknown" || strings.TrimSpace(name) == "" {
			t.Errorf("class %d is called %q", class, name)
		}
		seen[name] = true
	}
	if carrier.Class(99).String() != "unknown" {
		t.Error("an unknown class has a name")
	}
}
