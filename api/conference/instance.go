package conference

import (
	"context"
	"strings"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/api/trail"
	"github.com/ouderavond/ouderavond/booking/plan"
	"github.com/ouderavond/ouderavond/models"
)

// planInstanceBody is a conference in the interchange format of planning (booking/plan.Instance); here its fields are described for clients.
type planInstanceBody struct {
	Format      int              `json:"format" doc:"Version of the format." example:"1"`
	Name        string           `json:"name" doc:"The conference's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Days        int              `json:"days" doc:"How many days there are; days are numbered from 0 in the order of their dates." example:"2"`
	WalkMinutes [][]int          `json:"walk_minutes" doc:"Minutes from one zone of the building (row) to another (column)." example:"[[0,5],[5,0]]"`
	Teachers    []planTeacher    `json:"teachers" doc:"Teachers, and rooms used alone that several of them share."`
	Parties     []planParty      `json:"parties" doc:"Who comes together."`
	Breaks      []planBreak      `json:"breaks" doc:"Breaks to be planned: none, since breaks are cut out of the slots."`
	Pinned      []planAssignment `json:"pinned" doc:"The booked appointments: they stay where they are."`
}

type planTeacher struct {
	ID    string     `json:"id" doc:"The teacher's or room's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Zone  int        `json:"zone" doc:"Number of the zone." example:"0"`
	Slots []planSlot `json:"slots" doc:"When one talk can be held; of slots that overlap, one is used."`
}

type planSlot struct {
	Day   int `json:"day" doc:"Number of the day." example:"0"`
	Start int `json:"start" doc:"Minutes after midnight on the school's clocks." example:"1140"`
	End   int `json:"end" doc:"Minutes after midnight." example:"1150"`
}

type planWindow struct {
	Day  int `json:"day" doc:"Number of the day." example:"0"`
	From int `json:"from" doc:"Minutes after midnight." example:"1110"`
	To   int `json:"to" doc:"Minutes after midnight." example:"1290"`
}

type planParty struct {
	ID       string        `json:"id" doc:"The household's id and the number of the party." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192/1"`
	Kind     string        `json:"kind" enum:"family,separated" doc:"separated where another household has talks of its own about a child." example:"family"`
	Windows  []planWindow  `json:"windows" doc:"When the party can come."`
	Requests []planRequest `json:"requests" doc:"The talks it has or should have."`
}

type planRequest struct {
	ID       string   `json:"id" doc:"The appointment's id, or the pupil's and the talk kind's." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Child    string   `json:"child" doc:"The pupil's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Teachers []string `json:"teachers" doc:"Ids of all who must be there at once." example:"[\"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192\"]"`
	Minutes  int      `json:"minutes" doc:"The length." example:"10"`
	Weight   float64  `json:"weight" doc:"How much it counts when it is not met: 3 for what the school requires, otherwise 1." example:"1"`
	Rank     int      `json:"rank,omitempty" doc:"Order of the child's wishes, from 1." example:"1"`
	Must     bool     `json:"must,omitempty" doc:"The school requires it." example:"false"`
}

type planBreak struct {
	ID      string       `json:"id" doc:"The break's id." example:"b0"`
	Teacher string       `json:"teacher" doc:"The teacher's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Windows []planWindow `json:"windows" doc:"Within which it lies."`
	Minutes int          `json:"minutes" doc:"Its length." example:"10"`
	Weight  float64      `json:"weight" doc:"How much it counts when it is missed." example:"5"`
}

type planAssignment struct {
	Request string `json:"request" doc:"The request's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Day     int    `json:"day" doc:"Number of the day." example:"0"`
	Start   int    `json:"start" doc:"Minutes after midnight." example:"1140"`
}

type planInstanceOutput struct{ Body planInstanceBody }

func (s *Chapter) getPlanInstance(ctx context.Context, in *shape.ForConference) (*planInstanceOutput, error) {
	conference, err := shape.PathID[models.ConferenceID](in.Conference)
	if err != nil {
		return nil, err
	}
	made, err := s.evenings.Instance(ctx, rest.CallOf(ctx).Actor, conference)
	if err != nil {
		return nil, err
	}
	trail.Shown(ctx, personsOf(made)...)
	return &planInstanceOutput{Body: planInstanceOf(made)}, nil
}

// personsOf are those whose ids stand in an instance as texts. Among its teachers are rooms that are used alone, so teachers are taken from the talks that they sit in.
func personsOf(made plan.Instance) (persons []models.Person) {
	for _, party := range made.Parties {
		household, _, _ := strings.Cut(party.ID, "/")
		persons = appendPerson[models.HouseholdID](persons, household)
		for _, request := range party.Requests {
			persons = appendPerson[models.PupilID](persons, request.Child)
			for _, teacher := range request.Teachers {
				persons = appendPerson[models.StaffID](persons, teacher)
			}
		}
	}
	return persons
}

// appendPerson adds the person of an id's text; what is none is counted.
func appendPerson[T ~[16]byte](persons []models.Person, text string) []models.Person {
	id, err := models.Parse[T](text)
	if err != nil {
		return append(persons, models.Person{})
	}
	return append(persons, trail.Of(id))
}

func planInstanceOf(made plan.Instance) planInstanceBody {
	body := planInstanceBody{Format: made.Format, Name: made.Name, Days: made.Days, WalkMinutes: made.WalkMinutes, Breaks: []planBreak{}}
	body.Teachers = shape.Mapped(made.Teachers, func(t plan.Teacher) planTeacher {
		return planTeacher{ID: t.ID, Zone: t.Zone, Slots: shape.Mapped(t.Slots, func(s plan.Slot) planSlot { return planSlot(s) })}
	})
	body.Parties = shape.Mapped(made.Parties, func(p plan.Party) planParty {
		return planParty{
			ID: p.ID, Kind: p.Kind, Windows: shape.Mapped(p.Windows, func(w plan.Window) planWindow { return planWindow(w) }),
			Requests: shape.Mapped(p.Requests, func(r plan.Request) planRequest { return planRequest(r) }),
		}
	})
	body.Pinned = shape.Mapped(made.Pinned, func(a plan.Assignment) planAssignment { return planAssignment(a) })
	return body
}
