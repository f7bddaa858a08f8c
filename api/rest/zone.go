package rest

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/models/errs"
)

// SchoolZone looks up the zone of the caller's school, for this answer and for the problem that may come instead.
func (s *Base) SchoolZone(ctx context.Context) (*time.Location, error) {
	v := CallOf(ctx)
	row, err := s.schools.Get(ctx, v.Actor)
	if err != nil {
		return nil, err
	}
	v.Zone = row.Location()
	return v.Zone, nil
}

// InZone looks up the zone for a problem whose items have times.
func (s *Base) InZone(ctx context.Context, err error) error {
	if known, ok := errs.As(err); ok && len(known.Items) > 0 {
		if _, missing := s.SchoolZone(ctx); missing != nil {
			return missing
		}
	}
	return err
}
