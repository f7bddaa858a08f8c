package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// healthFor bounds the question.
const healthFor = 5 * time.Second

// healthCommand asks the running server how it is, over its local socket: TLS, proxies and addresses have no part in it.
type healthCommand struct {
	Alive bool `help:"Ask only whether the program runs, and not whether it can do its work."`
}

// Run ends with 0 if the server is well.
func (c healthCommand) Run(ctx context.Context, s *settings, term terminal) error {
	ctx, cancel := context.WithTimeout(ctx, healthFor)
	defer cancel()
	path := "/readyz"
	if c.Alive {
		path = "/healthz"
	}
	var answer struct{ Status string }
	err := (&client{http: overSocket(folder{s.Data}.socket())}).call(ctx, http.MethodGet, path, nil, &answer)
	told := (*problem)(nil)
	if err != nil && !errors.As(err, &told) {
		return fmt.Errorf("no server answers in %s", short(s.Data))
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(term.out, answer.Status)
	return err
}
