package conference

import (
	"context"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/availability"
	"github.com/ouderavond/ouderavond/models"
)

// roomBody is a room.
type roomBody struct {
	ID        shape.Ref[models.RoomID] `json:"id" doc:"The room's id."`
	Key       string                   `json:"key" doc:"The school's own key; empty if it has none." example:"B104"`
	Name      string                   `json:"name" doc:"What it is called." example:"B1.04"`
	Zone      string                   `json:"zone" doc:"The part of the building; walking time counts between zones." example:"B"`
	UsedAlone bool                     `json:"used_alone" doc:"It holds one talk at a time." example:"false"`
}

func roomOf(room models.Room) roomBody {
	return roomBody{shape.RefTo(room.ID), room.Details.Key, room.Details.Name, room.Details.Zone, room.UsedAlone}
}

type roomsInput struct {
	shape.SchoolPath
	shape.AllOrPage
}

type roomsOutput struct{ Body shape.List[roomBody] }

func (s *Chapter) listRooms(ctx context.Context, in *roomsInput) (*roomsOutput, error) {
	v := rest.CallOf(ctx)
	rooms, err := s.hours.Rooms(ctx, v.Actor)
	if err != nil {
		return nil, err
	}
	list, err := shape.Cut(in.AllOrPage, "rooms "+v.School.String(), rooms, func(room models.Room) models.RowID { return models.RowID(room.ID) }, roomOf)
	if err != nil {
		return nil, err
	}
	return &roomsOutput{Body: list}, nil
}

type newRoomInput struct {
	shape.SchoolPath
	Body struct {
		Key       string `json:"key,omitempty" maxLength:"256" doc:"The school's own key." example:"B104"`
		Name      string `json:"name" maxLength:"200" doc:"What it is called." example:"B1.04"`
		Zone      string `json:"zone,omitempty" maxLength:"100" doc:"The part of the building." example:"B"`
		UsedAlone bool   `json:"used_alone,omitempty" doc:"It holds one talk at a time." example:"false"`
	}
}

type roomOutput struct{ Body roomBody }

func (s *Chapter) createRoom(ctx context.Context, in *newRoomInput) (*roomOutput, error) {
	room, err := s.hours.CreateRoom(ctx, rest.CallOf(ctx).Actor, in.Body.Key, in.Body.Name, in.Body.Zone, in.Body.UsedAlone)
	if err != nil {
		return nil, err
	}
	return &roomOutput{Body: roomOf(*room)}, nil
}

type roomPath struct {
	shape.SchoolPath
	Room string `path:"room" doc:"The room's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

type roomPatchInput struct {
	shape.SchoolPath
	Room string `path:"room" doc:"The room's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Body struct {
		Key       *string `json:"key,omitempty" maxLength:"256" doc:"The school's own key; the empty text takes it away." example:"B104"`
		Name      *string `json:"name,omitempty" maxLength:"200" doc:"What it is called." example:"B1.04"`
		Zone      *string `json:"zone,omitempty" maxLength:"100" doc:"The part of the building; the empty text takes it away." example:"B"`
		UsedAlone *bool   `json:"used_alone,omitempty" doc:"It holds one talk at a time." example:"false"`
	}
}

func (s *Chapter) updateRoom(ctx context.Context, in *roomPatchInput) (*roomOutput, error) {
	id, err := shape.PathID[models.RoomID](in.Room)
	if err != nil {
		return nil, err
	}
	room, err := s.hours.UpdateRoom(ctx, rest.CallOf(ctx).Actor, id, availability.RoomPatch{Key: in.Body.Key, Name: in.Body.Name, Zone: in.Body.Zone, UsedAlone: in.Body.UsedAlone})
	if err != nil {
		return nil, err
	}
	return &roomOutput{Body: roomOf(*room)}, nil
}

func (s *Chapter) removeRoom(ctx context.Context, in *roomPath) (*struct{}, error) {
	id, err := shape.PathID[models.RoomID](in.Room)
	if err != nil {
		return nil, err
	}
	return nil, s.hours.RemoveRoom(ctx, rest.CallOf(ctx).Actor, id)
}
