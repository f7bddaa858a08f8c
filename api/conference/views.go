package conference

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/programme"
)

// conferenceBody is a conference as staff see one.
type conferenceBody struct {
	ID        shape.Ref[models.ConferenceID] `json:"id" doc:"The conference's id."`
	Key       string                         `json:"key" doc:"The school's own key; empty if it has none." example:"2026-najaar"`
	Title     string                         `json:"title" doc:"What it is called." example:"Tienminutengesprekken november"`
	Note      string                         `json:"note" doc:"What parents read above their choices." example:"U kunt voor al uw kinderen tegelijk kiezen."`
	State     string                         `json:"state" enum:"draft,open,closed" doc:"Where it stands." example:"open"`
	OpensAt   time.Time                      `json:"opens_at" doc:"From when on parents may book, UTC." example:"2026-11-02T18:00:00Z"`
	ClosesAt  time.Time                      `json:"closes_at" doc:"Until when parents may book, UTC." example:"2026-11-20T22:00:00Z"`
	Rules     rulesShown                     `json:"rules" doc:"Its limits."`
	Version   int64                          `json:"version" doc:"Counts its changes; the ETag says the same." example:"3"`
	Days      []dayBody                      `json:"days" doc:"Its days, by date."`
	TalkKinds []talkKindBody                 `json:"talk_kinds" doc:"Its talk kinds, in their order."`
	Offers    []offerBody                    `json:"offers" doc:"What is offered beside the talk kinds' staffing."`
}

// rulesShown is the limits of a conference. Zero means no limit.
type rulesShown struct {
	MaxPerPupil     int `json:"max_per_pupil" doc:"Appointments per pupil and household; 0 for no limit." example:"4"`
	MaxPerHousehold int `json:"max_per_household" doc:"Appointments per household; 0 for no limit." example:"0"`
	WalkingMinutes  int `json:"walking_minutes" doc:"What it takes from one part of the building to another." example:"5"`
	LeadMinutes     int `json:"lead_minutes" doc:"How long before its start parents can no longer book, move or cancel a talk." example:"60"`
}

// dayBody is a day of a conference.
type dayBody struct {
	ID       shape.Ref[models.DayID] `json:"id" doc:"The day's id."`
	Date     string                  `json:"date" doc:"By the school's calendar." example:"2026-11-24"`
	Audience audienceShown           `json:"audience" doc:"For whom it is."`
}

// audienceShown tells for whom a day is.
type audienceShown struct {
	Everybody bool                        `json:"everybody" doc:"For all pupils." example:"true"`
	Groups    []shape.Ref[models.GroupID] `json:"groups" doc:"For these groups."`
	Years     []string                    `json:"years" doc:"For these years." example:"[\"1\",\"2\"]"`
	Siblings  bool                        `json:"siblings" doc:"A family that may come for one child may bring its other children." example:"true"`
}

// talkKindBody is a talk kind.
type talkKindBody struct {
	ID          shape.Ref[models.TalkKindID] `json:"id" doc:"The talk kind's id."`
	Title       string                       `json:"title" doc:"What parents read." example:"Mentorgesprek"`
	Minutes     int                          `json:"minutes" doc:"Its length." example:"20"`
	Obligation  string                       `json:"obligation" doc:"How much the school wants it." example:"expected"`
	MaxPerPupil int                          `json:"max_per_pupil" doc:"Talks of this kind per pupil and household; 0 for no limit." example:"1"`
	Attends     bool                         `json:"pupil_attends" doc:"The child comes too." example:"false"`
	Staffing    string                       `json:"staffing" doc:"With whom, by the roster." example:"mentor"`
	Pairing     string                       `json:"pairing" doc:"What two teachers who share a group mean." example:"both"`
}

// offerBody is an offer.
type offerBody struct {
	ID       shape.Ref[models.RowID]      `json:"id" doc:"The offer's id."`
	TalkKind shape.Ref[models.TalkKindID] `json:"talk_kind" doc:"The talk kind's id."`
	Pupil    shape.Ref[models.PupilID]    `json:"pupil,omitzero" doc:"Offered to this pupil."`
	Group    shape.Ref[models.GroupID]    `json:"group,omitzero" doc:"Offered to this group."`
	Year     string                       `json:"year,omitempty" doc:"Offered to this year." example:"3"`
	Staff    []shape.Ref[models.StaffID]  `json:"staff" doc:"The teachers, all of them together."`
}

func conferenceOf(conference *programme.Conference) conferenceBody {
	return conferenceBody{
		ID: shape.RefTo(conference.ID), Key: conference.Details.Key, Title: conference.Details.Title, Note: conference.Details.Note, State: string(conference.State),
		OpensAt: conference.OpensAt.UTC(), ClosesAt: conference.ClosesAt.UTC(), Rules: rulesShown(conference.Rules), Version: conference.Version,
		Days: shape.Mapped(conference.Days, func(day *models.Day) dayBody {
			return dayBody{shape.RefTo(day.ID), day.Date.String(), audienceShown{
				day.Audience.Everybody, shape.RefsTo(day.Audience.Groups), append([]string{}, day.Audience.Years...), day.Audience.Siblings,
			}}
		}),
		TalkKinds: shape.Mapped(conference.TalkKinds, func(kind *models.TalkKind) talkKindBody {
			return talkKindBody{
				shape.RefTo(kind.ID), kind.Details.Title, kind.Minutes, string(kind.Obligation), kind.MaxPerPupil, kind.PupilAttends, string(kind.Staffing), string(kind.Pairing),
			}
		}),
		Offers: shape.Mapped(conference.Offers, func(offer *models.Offer) offerBody {
			return offerBody{shape.RefTo(offer.ID), shape.RefTo(offer.TalkKindID), shape.RefTo(offer.PupilID), shape.RefTo(offer.GroupID), offer.Year, shape.RefsTo(offer.StaffIDs)}
		}),
	}
}

type newOfferInput struct {
	shape.ForConference
	Body struct {
		TalkKind shape.Ref[models.TalkKindID] `json:"talk_kind" doc:"The talk kind's id."`
		Pupil    shape.Ref[models.PupilID]    `json:"pupil,omitzero" doc:"Offer it to this pupil."`
		Group    shape.Ref[models.GroupID]    `json:"group,omitzero" doc:"Offer it to this group."`
		Year     string                       `json:"year,omitempty" maxLength:"40" doc:"Offer it to this year. With none of the three it is offered to everybody." example:"3"`
		Staff    []shape.Ref[models.StaffID]  `json:"staff" maxItems:"10" doc:"The teachers, all of them together."`
	}
}

type newOfferOutput struct {
	Body struct {
		ID shape.Ref[models.RowID] `json:"id" doc:"The offer's id."`
	}
}

func (s *Chapter) addOffer(ctx context.Context, in *newOfferInput) (*newOfferOutput, error) {
	id, err := shape.PathID[models.ConferenceID](in.Conference)
	if err != nil {
		return nil, err
	}
	made, err := s.conferences.AddOffer(ctx, rest.CallOf(ctx).Actor, id, conference.NewOffer{
		TalkKind: in.Body.TalkKind.Value, Pupil: in.Body.Pupil.Value, Group: in.Body.Group.Value, Year: in.Body.Year, Staff: shape.IDs(in.Body.Staff),
	})
	if err != nil {
		return nil, err
	}
	out := &newOfferOutput{}
	out.Body.ID = shape.RefTo(made)
	return out, nil
}

type offerPath struct {
	shape.ForConference
	Offer string `path:"offer" doc:"The offer's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

func (s *Chapter) removeOffer(ctx context.Context, in *offerPath) (*struct{}, error) {
	conference, err := shape.PathID[models.ConferenceID](in.Conference)
	if err != nil {
		return nil, err
	}
	offer, err := shape.PathID[models.RowID](in.Offer)
	if err != nil {
		return nil, err
	}
	return nil, s.conferences.RemoveOffer(ctx, rest.CallOf(ctx).Actor, conference, offer)
}

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

type roomsOutput struct{ Body shape.List[roomBody] }

func (s *Chapter) listRooms(ctx context.Context, _ *shape.SchoolPath) (*roomsOutput, error) {
	rooms, err := s.hours.Rooms(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	return &roomsOutput{Body: shape.ListOf(shape.Mapped(rooms, roomOf))}, nil
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
