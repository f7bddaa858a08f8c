package rest

import (
	"sync/atomic"

	"github.com/ouderavond/ouderavond/models/errs"
)

const (
	// jsonRoom is how many bytes of JSON bodies are held at once, apart from small ones: a thousand times what the greatest plan of a family has.
	jsonRoom = 64 << 20
	// uploadRoom is how many bytes of uploads are held at once: four of the greatest, or a hundred ordinary ones.
	uploadRoom = 100 << 20
)

// bodyRoom bounds how many bytes of bodies are in memory at once. A body is held from its first byte on, and a client may take a minute to send the rest: without
// a bound a few thousand that dawdle would fill the memory of the machine.
type bodyRoom struct {
	max   int64
	taken atomic.Int64
}

// take makes room for a body, and gives the function that frees it. Where there is none it is errs.Unavailable, code "busy".
func (r *bodyRoom) take(size int64) (leave func(), err error) {
	leave = func() { r.taken.Add(-size) }
	if r.taken.Add(size) > r.max {
		leave()
		return func() {}, errs.New(errs.Unavailable, errs.CodeBusy)
	}
	return leave, nil
}
