package console_test

import (
	"io"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/cmd/internal/console"
)

func TestPeopleAgreeInTheirOwnWords(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]bool{
		"yes\n": true, "Yes\n": true, " y \n": true, "ja\n": true, "J\r\n": true, "ja": true,
		"": false, "\n": false, "no\n": false, "nee\n": false, "yess\n": false, "yes no\n": false, "1\n": false,
	} {
		if got := console.Agreed(console.Terminal{In: strings.NewReader(answer), Out: io.Discard}, "Do this?"); got != want {
			t.Errorf("%q is taken as %v", answer, got)
		}
	}
}
