package conference

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

// noticeBody is something to look at.
type noticeBody struct {
	Code   string            `json:"code" doc:"Stable code." example:"cannot-log-in"`
	Detail string            `json:"detail" doc:"The notice for a person, in the language asked for." example:"2 pupils' parents could not log in."`
	Params map[string]string `json:"params,omitempty" doc:"The figures of it." example:"{\"count\":\"2\"}"`
}

// PupilNotice names a pupil and why.
type PupilNotice struct {
	Pupil  shape.Ref[models.PupilID] `json:"pupil" doc:"The pupil's id."`
	Key    string                    `json:"key" doc:"The school's own key." example:"104711"`
	Name   string                    `json:"name" doc:"Full name." example:"Sanne van den Berg"`
	Group  string                    `json:"group" doc:"Name of the main group." example:"Klas 3B"`
	Reason string                    `json:"reason" doc:"Stable code." example:"no-postcode"`
	Detail string                    `json:"detail" doc:"The reason for a person." example:"There is no postcode in the roster."`
}

// teacherLoad is a teacher's pupils and slots.
type teacherLoad struct {
	Teacher shape.TeacherName `json:"teacher" doc:"The teacher."`
	Pupils  int               `json:"pupils" doc:"Pupils who are offered a talk with this teacher." example:"84"`
	Slots   int               `json:"slots" doc:"Slots in this conference." example:"15"`
}

// readinessBody is what a school should see before it opens a conference.
type readinessBody struct {
	Ready               bool                `json:"ready" doc:"Nothing keeps the conference from being opened." example:"true"`
	Blockers            []noticeBody        `json:"blockers" doc:"What keeps the conference from being opened."`
	Warnings            []noticeBody        `json:"warnings" doc:"What somebody should look at."`
	CannotLogIn         []PupilNotice       `json:"cannot_log_in" doc:"Pupils whose parents could not log in by the policy."`
	WithoutOffer        []PupilNotice       `json:"without_offer" doc:"Pupils who are offered no talk."`
	WithoutSlot         []PupilNotice       `json:"without_slot" doc:"Pupils who are offered talks of which none can be booked, as none of the teachers has availability on a day of theirs."`
	AtTwoTalks          []twoTalksBody      `json:"at_two_talks" doc:"Pupils of two households who are to attend two talks at the same time. Neither household knows of the other's."`
	Causes              []causeBody         `json:"causes" doc:"Why pupils stand in these three lists, each cause once for all whom it concerns, and what would mend it."`
	Overasked           []teacherLoad       `json:"overasked" doc:"Teachers with far more pupils than slots, the worst first."`
	WithoutAvailability []shape.TeacherName `json:"without_availability" doc:"Teachers with whom talks are offered and who have not a single slot."`
	Pending             *shape.PendingBody  `json:"pending_policy,omitempty" doc:"A log-in that is to come in the place of the one of today."`
	Unreachable         int                 `json:"unreachable" doc:"Households without any contact on file." example:"3"`
	OpenSuggestions     int                 `json:"open_merge_suggestions" doc:"Merge suggestions that nobody has decided on." example:"0"`
}

// twoTalksBody are two talks that one pupil is to attend at the same time.
type twoTalksBody struct {
	PupilNotice
	Start    time.Time           `json:"start" doc:"Start of the later one, UTC." example:"2026-11-24T18:10:00Z"`
	Local    string              `json:"local" doc:"The same start as the school's clocks show it." example:"2026-11-24T19:10"`
	Teachers []shape.TeacherName `json:"teachers" doc:"The teachers of both."`
}

// causeBody says why some pupils stand in one of the lists, once for all whom it concerns.
type causeBody struct {
	About    string              `json:"about" enum:"cannot_log_in,without_offer,without_slot" doc:"The list that the pupils stand in." example:"without_offer"`
	Code     string              `json:"code" doc:"Stable code of the cause." example:"other-roles"`
	Detail   string              `json:"detail" doc:"The cause for a person." example:"Their teachers are group teachers, and no talk kind is with these."`
	Mend     string              `json:"mend" doc:"What would mend it, for a person." example:"Let a talk kind be with group teachers."`
	Pupils   int                 `json:"pupils" doc:"How many pupils." example:"184"`
	Groups   []groupCountBody    `json:"groups" doc:"Of which groups, the most first."`
	Teachers []shape.TeacherName `json:"teachers" doc:"The teachers concerned."`
	Examples []PupilNotice       `json:"examples" doc:"Three of the pupils at most."`
	Change   *mendBody           `json:"change,omitempty" doc:"A change of the conference that would mend it for the most of them; missing where the roster has to change."`
}

// groupCountBody is how many pupils of a group something concerns.
type groupCountBody struct {
	Name   string `json:"name" doc:"The group." example:"Klas 3B"`
	Pupils int    `json:"pupils" doc:"How many." example:"24"`
}

// mendBody is a change of a talk kind.
type mendBody struct {
	TalkKind shape.Ref[models.TalkKindID] `json:"talk_kind" doc:"The talk kind's id."`
	Title    string                       `json:"title" doc:"What the talk kind is called." example:"Mentorgesprek"`
	Staffing string                       `json:"staffing" doc:"With whom it should be." example:"group"`
	Pupils   int                          `json:"pupils" doc:"To how many of these pupils it would then be offered." example:"184"`
}

type readinessOutput struct{ Body readinessBody }

func (s *Chapter) getReadiness(ctx context.Context, in *shape.ForConference) (*readinessOutput, error) {
	v := rest.CallOf(ctx)
	id, err := shape.PathID[models.ConferenceID](in.Conference)
	if err != nil {
		return nil, err
	}
	ready, err := s.conferences.Readiness(ctx, v.Actor, id)
	if err != nil {
		return nil, err
	}
	notice := func(n conference.Notice) noticeBody {
		return noticeBody{Code: n.Code, Params: n.Params, Detail: s.noticeText(v, n)}
	}
	pupil := func(n conference.PupilNotice) PupilNotice { return s.pupilOf(v, n) }
	zone, err := s.base.SchoolZone(ctx)
	if err != nil {
		return nil, err
	}
	out := &readinessOutput{Body: readinessBody{
		Ready: len(ready.Blockers) == 0, Blockers: shape.Mapped(ready.Blockers, notice), Warnings: shape.Mapped(ready.Warnings, notice),
		CannotLogIn: shape.Mapped(ready.CannotLogIn, pupil), WithoutOffer: shape.Mapped(ready.WithoutOffer, pupil),
		WithoutSlot: shape.Mapped(ready.WithoutSlot, pupil), WithoutAvailability: shape.TeacherNames(ready.WithoutAvailability),
		Overasked: shape.Mapped(ready.Overasked, func(load conference.TeacherLoad) teacherLoad {
			return teacherLoad{shape.TeacherNames([]rules.StaffName{load.Staff})[0], load.Pupils, load.Slots}
		}),
		Causes: shape.Mapped(ready.Causes, func(cause conference.Cause) causeBody { return s.causeOf(v, cause) }),
		AtTwoTalks: shape.Mapped(ready.AtTwoTalks, func(two conference.TwoTalks) twoTalksBody {
			return twoTalksBody{pupil(two.PupilNotice), two.Start.UTC(), shape.LocalTime(two.Start, zone), shape.TeacherNames(two.Staff)}
		}),
		Unreachable: ready.Unreachable, OpenSuggestions: ready.OpenSuggestions,
	}}
	if ready.Pending != nil {
		out.Body.Pending = &shape.PendingBody{Policy: shape.PolicyOf(ready.Pending.Policy), LockedOut: ready.Pending.LockedOut}
	}
	return out, nil
}

func (s *Chapter) noticeText(v *rest.Call, notice conference.Notice) string {
	if count, err := strconv.Atoi(notice.Params["count"]); err == nil {
		return s.base.Texts.Count(v.Voice(), "notice."+notice.Code, count, notice.Params)
	}
	return s.base.Texts.Say(v.Voice(), "notice."+notice.Code, notice.Params)
}

func (s *Chapter) pupilOf(v *rest.Call, n conference.PupilNotice) PupilNotice {
	return PupilNotice{shape.RefTo(n.Pupil), n.Key, n.Name, n.Group, n.Reason, s.base.Texts.Say(v.Voice(), "pupil."+n.Reason, nil)}
}

// causeOf says a cause. Why somebody cannot log in has its sentence already, by its reason.
func (s *Chapter) causeOf(v *rest.Call, cause conference.Cause) causeBody {
	say := func(id string, params map[string]string) string { return s.base.Texts.Say(v.Voice(), id, params) }
	words := func(kind string, codes []string) string {
		return strings.Join(shape.Mapped(codes, func(code string) string { return say(kind+"."+code, nil) }), ", ")
	}
	params := map[string]string{
		"kinds": strings.Join(shape.Mapped(cause.Kinds, func(title string) string { return `"` + title + `"` }), ", "),
		"roles": words("role", shape.Mapped(cause.Roles, func(role models.TeachingRole) string { return string(role) })),
	}
	body := causeBody{
		About: cause.About, Code: cause.Code, Pupils: cause.Pupils, Teachers: shape.TeacherNames(cause.Teachers),
		Groups:   shape.Mapped(cause.Groups, func(group conference.GroupCount) groupCountBody { return groupCountBody(group) }),
		Examples: shape.Mapped(cause.Examples, func(n conference.PupilNotice) PupilNotice { return s.pupilOf(v, n) }),
		Detail:   cmp.Or(say("cause."+cause.Code, params), say("pupil."+cause.Code, nil)), Mend: say("mend."+cause.Code, params),
	}
	if mend := cause.Mend; mend != nil {
		body.Change = &mendBody{shape.RefTo(mend.Kind), mend.Title, string(mend.Staffing), mend.Pupils}
		body.Mend = s.base.Texts.Count(v.Voice(), "mend.staffing", mend.Pupils, map[string]string{
			"kind": mend.Title, "staffing": words("staffing", []string{string(mend.Staffing)}), "word": string(mend.Staffing),
		})
	}
	return body
}
