package availability

import (
	"context"
	"fmt"
	"slices"

	conferences "github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/typed"
)

// checkRoom cleans what a room is called, and refuses what is no name.
func checkRoom(details *models.RoomDetails) error {
	details.Name, details.Zone = typed.OneLine(details.Name), typed.OneLine(details.Zone)
	switch {
	case !typed.Readable(details.Name):
		return errs.InvalidField("name", errs.CodeRequired)
	case len(details.Name) > 200:
		return errs.InvalidField("name", "too-long")
	case len(details.Zone) > 100:
		return errs.InvalidField("zone", "too-long")
	}
	return nil
}

// CreateRoom makes a room.
func (s *Service) CreateRoom(ctx context.Context, actor models.Actor, key, name, zone string, usedAlone bool) (*models.Room, error) {
	room := &models.Room{ID: models.New[models.RoomID](), UsedAlone: usedAlone, Details: models.RoomDetails{Key: key, Name: name, Zone: zone}}
	if err := checkRoom(&room.Details); err != nil {
		return nil, err
	}
	err := s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		if err := store.Insert(tx, room); err != nil {
			return err
		}
		if err := tx.AddExternalKey(models.SubjectRoom, key, room.ID); err != nil {
			return err
		}
		return tx.Audited("room", room.ID, nil)
	})
	return room, err
}

// Rooms lists the rooms.
func (s *Service) Rooms(ctx context.Context, actor models.Actor) (rooms []models.Room, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		rooms, err = store.List[models.Room](tx)
		return err
	})
	return rooms, err
}

// RoomPatch is what may be changed of a room; nil leaves a field as it is.
type RoomPatch struct {
	Key, Name, Zone *string
	UsedAlone       *bool
}

// UpdateRoom changes a room. That it is to be used alone is refused where talks are booked in it at the same time.
func (s *Service) UpdateRoom(ctx context.Context, actor models.Actor, id models.RoomID, patch RoomPatch) (*models.Room, error) {
	var room *models.Room
	err := s.store.For(actor).Write(ctx, func(tx *store.Tx) (err error) {
		if room, err = store.Get[models.Room](tx, id); err != nil {
			return err
		}
		key, alone := room.Details.Key, room.UsedAlone
		for field, value := range map[*string]*string{&room.Details.Key: patch.Key, &room.Details.Name: patch.Name, &room.Details.Zone: patch.Zone} {
			if value != nil {
				*field = *value
			}
		}
		if patch.UsedAlone != nil {
			room.UsedAlone = *patch.UsedAlone
		}
		if err := checkRoom(&room.Details); err != nil {
			return err
		}
		if err := store.Update(tx, room, "used_alone", "details"); err != nil {
			return err
		}
		if key != room.Details.Key {
			if err := conferences.Rekey(tx, models.SubjectRoom, room.Details.Key, id); err != nil {
				return err
			}
		}
		if alone != room.UsedAlone {
			if err := claimRoom(tx, room); err != nil {
				return err
			}
		}
		return tx.Audited("room-changed", id, nil)
	})
	return room, err
}

// claimRoom claims a room's time for the talks that are booked in it, or lets go of it, as the room is used alone or not.
func claimRoom(tx *store.Tx, room *models.Room) error {
	if !room.UsedAlone {
		_, err := store.Delete[models.Claim](tx, store.Eq("holder", models.HolderID(room.ID)))
		return err
	}
	talks, err := tx.Appointments(store.Eq("room_id", room.ID), store.Eq("state", models.AppointmentBooked))
	if err != nil {
		return err
	}
	var claims []*models.Claim
	held, clashing := map[models.Tick]models.AppointmentID{}, map[models.AppointmentID]bool{}
	for _, talk := range talks {
		for tick := talk.StartTick; tick < talk.EndTick; tick++ {
			if other, taken := held[tick]; taken {
				clashing[talk.ID], clashing[other] = true, true
				continue
			}
			held[tick] = talk.ID
			claims = append(claims, &models.Claim{Holder: models.HolderID(room.ID), Tick: tick, AppointmentID: talk.ID})
		}
	}
	if len(clashing) > 0 {
		return errs.New(errs.Conflict, "conference.talks-suffer").With("talks", fmt.Sprint(len(clashing)))
	}
	if len(claims) == 0 {
		return nil
	}
	complete, err := tx.PlaceClaims(claims)
	if err == nil && !complete {
		err = errs.New(errs.Conflict, errs.CodeTryAgain)
	}
	return err
}

// RemoveRoom takes a room away; hours that were in it stay, without a room. It is refused while talks are booked in it.
func (s *Service) RemoveRoom(ctx context.Context, actor models.Actor, id models.RoomID) error {
	return s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		if _, err := store.Get[models.Room](tx, id); err != nil {
			return err
		}
		talks, err := tx.Appointments(store.Eq("room_id", id))
		if err != nil {
			return err
		}
		booked := slices.DeleteFunc(slices.Clone(talks), func(talk models.Appointment) bool { return talk.State != models.AppointmentBooked })
		if len(booked) > 0 {
			return errs.New(errs.Conflict, "conference.talks-suffer").With("talks", fmt.Sprint(len(booked)))
		}
		for i := range talks {
			talks[i].RoomID = models.RoomID{}
			if err := store.Update(tx, &talks[i], "room_id"); err != nil {
				return err
			}
		}
		windows, err := store.List[models.Availability](tx, store.Eq("room_id", id))
		if err != nil {
			return err
		}
		for i := range windows {
			windows[i].RoomID = models.RoomID{}
			if err := store.Update(tx, &windows[i], "room_id"); err != nil {
				return err
			}
		}
		if err := conferences.Rekey(tx, models.SubjectRoom, "", id); err != nil {
			return err
		}
		if _, err := store.Delete[models.Room](tx, store.Eq("id", id)); err != nil {
			return err
		}
		return tx.Audited("room-removed", id, nil)
	})
}
