package engine

import (
	"context"
	"errors"
)

// ErrLostTurn tells that the server let go of the turn of a program that still wiped: another one may have taken over.
var ErrLostTurn = errors.New("the connection that held the turn to wipe is gone")

// Turn is the right to wipe, while its context lives.
type Turn struct {
	Ctx context.Context
	End func()
}
