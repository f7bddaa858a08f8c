package api

import (
	"context"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/models/errs"
)

// health is the answer to monitors.
type health struct {
	Status string `json:"status" doc:"What can be said of the server." enum:"alive,ready" example:"ready"`
}

type healthOutput struct{ Body health }

func (s *Server) alive(context.Context, *struct{}) (*healthOutput, error) {
	return &healthOutput{Body: health{Status: "alive"}}, nil
}

func (s *Server) ready(ctx context.Context, _ *struct{}) (*healthOutput, error) {
	if err := s.config.Ready(ctx); err != nil {
		return nil, errs.Because(errs.Unavailable, "not-ready", err)
	}
	return &healthOutput{Body: health{Status: "ready"}}, nil
}

func (s *Server) metrics(c echo.Context) error {
	if s.config.Metrics == nil {
		return errs.New(errs.NotFound, errs.CodeNotFound)
	}
	s.config.Metrics.ServeHTTP(c.Response(), c.Request())
	return nil
}
