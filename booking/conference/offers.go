package conference

import (
	"context"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// NewOffer offers a staff set to a pupil, a group or a year, or, with none of them, to everybody.
type NewOffer struct {
	TalkKind models.TalkKindID
	Pupil    models.PupilID
	Group    models.GroupID
	Year     string
	Staff    []models.StaffID
}

// check refuses an offer that names more than one of pupil, group and year: only the first would ever be looked at.
func (n NewOffer) check() error {
	switch {
	case len(n.Staff) == 0 || len(n.Staff) > 10:
		return errs.InvalidField("staff", errs.CodeRequired)
	case !n.Pupil.IsZero() && !n.Group.IsZero():
		return errs.InvalidField("group", "beside-another")
	case n.Year != "" && !(n.Pupil.IsZero() && n.Group.IsZero()):
		return errs.InvalidField("year", "beside-another")
	}
	return nil
}

// AddOffer adds an offer to a conference.
func (p *Parts) AddOffer(ctx context.Context, actor models.Actor, at At, wanted NewOffer) (models.RowID, error) {
	offer := &models.Offer{ID: models.New[models.RowID](), ConferenceID: at.Conference, TalkKindID: wanted.TalkKind, PupilID: wanted.Pupil, GroupID: wanted.Group, Year: wanted.Year}
	wanted.Staff = rules.NewStaffSet(wanted.Staff...)
	if err := wanted.check(); err != nil {
		return offer.ID, err
	}
	_, err := p.change(ctx, actor, at, "offer", func(tx *store.Tx, conference *programme.Conference) error {
		if _, ok := conference.TalkKind(wanted.TalkKind); !ok {
			return errs.InvalidField("talk_kind", errs.CodeUnknown)
		}
		if err := store.Insert(tx, offer); err != nil {
			if !wanted.Group.IsZero() {
				return errs.AsUnknown(err, "group")
			}
			return errs.AsUnknown(err, "pupil")
		}
		for _, member := range wanted.Staff {
			if err := store.Insert(tx, &models.OfferStaff{OfferID: offer.ID, StaffID: member}); err != nil {
				return errs.AsUnknown(err, "staff")
			}
		}
		return nil
	})
	return offer.ID, err
}

// RemoveOffer takes an offer away. Appointments made by it stay.
func (p *Parts) RemoveOffer(ctx context.Context, actor models.Actor, at At, offer models.RowID) error {
	_, err := p.change(ctx, actor, at, "offer-removed", func(tx *store.Tx, _ *programme.Conference) error {
		removed, err := store.Delete[models.Offer](tx, store.Eq("id", offer), store.Eq("conference_id", at.Conference))
		if err == nil && removed == 0 {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		return err
	})
	return err
}
