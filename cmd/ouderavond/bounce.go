package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/notify/mail/bounce"
)

// tryLater is the exit code that makes a mail server try again later (EX_TEMPFAIL of sysexits.h).
const tryLater = 75

// errTryLater makes the exit code tryLater.
var errTryLater = errors.New("try again later")

// bounceCommand takes a mail that came back.
type bounceCommand struct {
	Recipient []string `help:"The address that the mail came to, as the mail server knows it; looked up in the mail's own header too." placeholder:"ADDRESS"`
}

// Run reads the mail and hands it to the running server. What is no report of ours is no fault: anybody may write to such an address. Unlike other commands it
// never opens the data folder itself: a mail server calls it at any time, also while a copy is put back or with a folder that is wrong, and keeps the mail
// until there is a server.
func (c bounceCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	raw, err := io.ReadAll(io.LimitReader(term.In, bounce.SizeLimit+1))
	if err != nil {
		return fmt.Errorf("%w: %w", errTryLater, err)
	}
	if len(raw) == 0 || len(raw) > bounce.SizeLimit {
		fmt.Fprintln(term.Err, "ouderavond: the mail is empty or too long and was left alone")
		return nil
	}
	connection, ok := client.Running(datafolder.Folder{Path: s.Data})
	if !ok {
		return fmt.Errorf("%w: no server answers in %s", errTryLater, datafolder.Short(s.Data))
	}
	var answer struct{ Result string }
	path := "/api/v1/bounces?" + url.Values{"recipient": c.Recipient}.Encode()
	if err := connection.Send(ctx, http.MethodPost, path, "message/rfc822", bytes.NewReader(raw), &answer); err != nil {
		return fmt.Errorf("%w: %w", errTryLater, err)
	}
	_, _ = fmt.Fprintln(term.Out, answer.Result) // for people; the mail is taken, whether anybody reads that or not
	return nil
}
