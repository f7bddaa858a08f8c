package school

import (
	"context"

	"github.com/ouderavond/ouderavond/api/trail"
)

// showMailbox says how many messages are shown: the folder knows addresses, and not whose they are.
func (s *Chapter) showMailbox(ctx context.Context, in *mailboxInput) (*mailboxOutput, error) {
	out, err := s.listMailbox(ctx, in)
	if err == nil {
		trail.ShownUnnamed(ctx, len(out.Body.Items))
	}
	return out, err
}
