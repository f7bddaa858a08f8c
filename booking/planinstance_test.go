package booking_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/plan"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// instance exports the conference, reads it back as a planner elsewhere would, and plans it.
func (w *world) instance() (plan.Instance, plan.Figures) {
	w.t.Helper()
	made, err := w.booking.Evenings.Instance(w.ctx, w.operator, w.evening.ID)
	w.must(err)
	var written bytes.Buffer
	w.must(made.Write(&written))
	for _, name := range []string{"Anna", "Bakker", "Noord", "Lieke", "Tienminuten", "1001", "NOO"} {
		if strings.Contains(written.String(), name) {
			w.t.Errorf("the instance holds %q", name)
		}
	}
	read, err := plan.ReadInstance(&written)
	w.must(err)
	planned, _, err := plan.Solve(read, plan.Options{Steps: 60, BoundSteps: 5})
	w.must(err)
	figures, err := plan.Measure(read, planned, plan.School())
	w.must(err)
	return read, figures
}

func (w *world) requests(instance plan.Instance) []plan.Request {
	var list []plan.Request
	for _, party := range instance.Parties {
		list = append(list, party.Requests...)
	}
	return list
}

func TestAnInstanceHoldsWhatIsExpectedAndPinsWhatIsBooked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Anna Bakker").makes(w.talks("Anna Mentor NOO 19:00", "Bram Vak LON 19:30")...)
	instance, figures := w.instance()
	// Nine children are expected at a mentor's; Anna has hers, and Bram's talk about a subject is beside his.
	if got := w.requests(instance); len(got) != 10 || len(instance.Pinned) != 2 || figures.Met != 10 {
		t.Errorf("%d requests, %d pinned, %+v", len(got), len(instance.Pinned), figures)
	}
	starts := []int{instance.Pinned[0].Start, instance.Pinned[1].Start}
	slices.Sort(starts)
	if !slices.Equal(starts, []int{19 * 60, 19*60 + 30}) {
		t.Errorf("pinned at %v minutes", starts)
	}
	load := map[string]int{}
	for _, request := range w.requests(instance) {
		if request.Minutes == 20 && len(request.Teachers) != 1 {
			t.Errorf("any mentor would do, but %v are asked for", request.Teachers)
		}
		load[request.Teachers[0]]++
	}
	if a, b := load[w.staff["NOO"].String()], load[w.staff["OOS"].String()]; a-b > 1 || b-a > 1 {
		t.Errorf("the two mentors of one class are asked for %d and %d times", a, b)
	}
}

func TestAnInstanceOfARealEveningIsAlwaysValid(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(w *world){
		"a family that splits up": func(w *world) {
			items := w.talks("Anna Mentor NOO 19:00", "Bram Mentor ZUI 19:00")
			items[1].Party = 2
			w.recognised("Anna Bakker").makes(items...)
		},
		"a walk that is too short": func(w *world) {
			room, err := w.booking.Availability.CreateRoom(w.ctx, w.operator, "B1", "B1", "B", false)
			w.must(err)
			w.available(w.evening, w.windows("LON", 0, map[string]models.RoomID{"B1": room.ID}, "19:00-21:00 B1"), w.windows("LON", 1, map[string]models.RoomID{"B1": room.ID}, "19:00-21:00 B1"))
			w.change(models.ConferenceRules{WalkingMinutes: 10})
			w.recognised("Anna Bakker").book(appointment.Change{Make: w.talks("Anna Mentor NOO 19:00", "Bram Vak LON 19:20"), AcceptWalking: true})
		},
		"appointments outside the hours": func(w *world) {
			w.recognised("Anna Bakker").makes(w.talks("Anna Mentor NOO+OOS 19:00", "Cato Mentor WES 19:20")...)
			w.available(w.evening, w.windows("NOO", 0, nil, "20:00-21:00"), w.windows("WES", 0, nil))
		},
		"talks of two lengths with one teacher": func(w *world) {
			for _, item := range []string{"Anna Vak LON 19:00", "Bram Vak VIS 20:50"} {
				w.recognised("Anna Bakker").makes(w.talk(item))
			}
			_, err := w.booking.Parts.AddOffer(w.ctx, w.operator, conference.At{Conference: w.evening.ID}, conference.NewOffer{TalkKind: w.kind(w.evening, "Mentor"), Staff: w.members("LON")})
			w.must(err)
		},
		"a room that two teachers share": func(w *world) {
			room, err := w.booking.Availability.CreateRoom(w.ctx, w.operator, "C1", "C1", "", true)
			w.must(err)
			rooms := map[string]models.RoomID{"C1": room.ID}
			for day := range 2 {
				w.available(w.evening, w.windows("ZUI", day, rooms, "19:00-21:00 C1"), w.windows("WES", day, rooms, "19:10-21:10 C1"))
			}
			w.recognised("Anna Bakker").makes(w.talks("Bram Mentor ZUI 19:20", "Cato Mentor WES 19:50")...)
		},
		"separated parents":     func(w *world) { w.secondHome() },
		"a teacher as a parent": func(w *world) { w.recognised("Finn Visser").makes(w.talk("Finn Mentor NOO 19:00")) },
		"nothing at all":        func(w *world) { w.available(w.evening, w.windows("NOO", 0, nil), w.windows("NOO", 1, nil)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			prepare(w)
			instance, figures := w.instance()
			if figures.Met < len(instance.Pinned) || figures.Requests < 9 {
				t.Errorf("%+v", figures)
			}
		})
	}
}

func TestOnlyAConferenceOfTheSchoolIsExported(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.booking.Evenings.Instance(w.ctx, w.operator, models.New[models.ConferenceID]())
	wantKind(t, err, errs.NotFound)
	draft := w.create(evenings())
	if _, err := w.booking.Evenings.Instance(w.ctx, w.operator, draft.ID); err != nil {
		t.Errorf("a conference without hours: %v", err)
	}
}
