package trail_test

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/api/trail"
	"github.com/ouderavond/ouderavond/models"
)

// node holds itself.
type node struct {
	Pupil shape.Ref[models.PupilID]
	Below []node
	Up    *node
}

type hidden struct{ staff []models.StaffID }

type nobody struct {
	Room  models.RoomID
	Text  string
	Bytes []byte
	Below *nobody
}

// keeper remembers what it was told, and fails if it is told to.
type keeper struct {
	kept  []models.Person
	actor models.Actor
	route string
	fails error
	calls int
}

func (k *keeper) Keep(_ context.Context, actor models.Actor, route string, persons []models.Person) error {
	k.kept, k.actor, k.route = persons, actor, route
	k.calls++
	return k.fails
}

func TestIdsAreFoundWhereverTheyStand(t *testing.T) {
	t.Parallel()
	a, b, c := models.New[models.PupilID](), models.New[models.PupilID](), models.New[models.PupilID]()
	teacher, household := models.New[models.StaffID](), models.New[models.HouseholdID]()
	var none *node
	for name, test := range map[string]struct {
		value any
		want  []models.Person
	}{
		"an id":       {a, []models.Person{trail.Of(a)}},
		"a reference": {shape.RefTo(teacher), []models.Person{trail.Of(teacher)}},
		"a list":      {[]node{{Pupil: shape.RefTo(a)}, {Pupil: shape.RefTo(b)}}, []models.Person{trail.Of(a), trail.Of(b)}},
		"a type that holds itself": {
			node{Pupil: shape.RefTo(a), Below: []node{{Pupil: shape.RefTo(b)}}, Up: &node{Pupil: shape.RefTo(c)}},
			[]models.Person{trail.Of(a), trail.Of(b), trail.Of(c)},
		},
		"a field that is not exported": {hidden{[]models.StaffID{teacher}}, []models.Person{trail.Of(teacher)}},
		"a map":                        {map[models.HouseholdID]shape.Ref[models.PupilID]{household: shape.RefTo(a)}, []models.Person{trail.Of(household), trail.Of(a)}},
		"something open":               {struct{ Body any }{shape.ListOf([]any{a, nil, "text"})}, []models.Person{trail.Of(a)}},
		"the zero id":                  {shape.Ref[models.PupilID]{}, nil},
		"nothing":                      {none, nil},
		"ids of nobody":                {nobody{Room: models.New[models.RoomID](), Below: &nobody{}}, nil},
	} {
		_, answer := trail.Begin(t.Context())
		answer.Collect(reflect.ValueOf(test.value))
		kept := &keeper{}
		if err := answer.Keep(t.Context(), kept, models.Actor{}, "route"); err != nil || !slices.Equal(kept.kept, test.want) {
			t.Errorf("%s: %v, %v, want %v", name, kept.kept, err, test.want)
		}
	}
	for of, want := range map[reflect.Type]bool{reflect.TypeFor[node](): true, reflect.TypeFor[hidden](): true, reflect.TypeFor[nobody](): false, reflect.TypeFor[any](): false} {
		if got := trail.PlanOf(of).Names(); got != want {
			t.Errorf("%s: %v", of, got)
		}
	}
}

func TestWhoIsShownIsSaidOnlyWhereItIsKept(t *testing.T) {
	t.Parallel()
	pupil := models.New[models.PupilID]()
	trail.Shown(t.Context(), trail.Of(pupil)) // a parent's request has no answer that is kept
	trail.ShownIn(t.Context(), pupil)
	ctx, answer := trail.Begin(t.Context())
	if answer.Said() {
		t.Error("nobody has said anything")
	}
	trail.Shown(ctx)
	if !answer.Said() {
		t.Error("to show nobody is something that can be said")
	}
	trail.ShownIn(ctx, pupil)
	trail.ShownUnnamed(ctx, 2)
	trail.Shown(ctx, trail.Keyed(models.PersonPupil, "4711")...)
	kept := &keeper{}
	want := []models.Person{trail.Of(pupil), {}, {}, {Kind: models.PersonPupil, Key: "4711"}}
	if err := answer.Keep(ctx, kept, models.Actor{}, "route"); err != nil || !slices.Equal(kept.kept, want) {
		t.Errorf("%v, %v", kept.kept, err)
	}
}
