package trail

import (
	"context"
	"errors"
	"reflect"

	"github.com/ouderavond/ouderavond/models"
)

// Faults of ours, which keep an answer from going out.
var (
	// ErrSilent tells that an answer whose types do not say whom it shows was given without saying it.
	ErrSilent = errors.New("trail: the answer does not say whose data it shows")
	// ErrNobody tells that persons were shown and it is not known to whom.
	ErrNobody = errors.New("trail: the answer shows persons to nobody known")
)

// Keeper writes down who was shown whose data, and returns once it is on disk.
type Keeper interface {
	Keep(ctx context.Context, actor models.Actor, route string, persons []models.Person) error
}

// Answer is what one answer shows. It belongs to one request and is not safe for concurrent use.
type Answer struct {
	persons []models.Person
	said    bool
	actor   models.Actor
}

type answerKey struct{}

// Begin makes the answer of a request, to which handlers say whom they show.
func Begin(ctx context.Context) (context.Context, *Answer) {
	answer := &Answer{}
	return context.WithValue(ctx, answerKey{}, answer), answer
}

// Shown says that the answer shows persons. With none it says that it shows nobody, which is something else than to say nothing. Where nothing is kept, as for parents, it
// does nothing.
func Shown(ctx context.Context, persons ...models.Person) {
	if answer, ok := ctx.Value(answerKey{}).(*Answer); ok {
		answer.said = true
		answer.persons = append(answer.persons, persons...)
	}
}

// ShownIn says that the answer shows the persons whose typed ids stand anywhere in a value: what a file or a page was made of.
func ShownIn(ctx context.Context, value any) {
	if answer, ok := ctx.Value(answerKey{}).(*Answer); ok && value != nil {
		answer.said = true
		answer.Collect(reflect.ValueOf(value))
	}
}

// ShownUnnamed says that the answer shows a number of persons who have no id.
func ShownUnnamed(ctx context.Context, count int) {
	Shown(ctx, make([]models.Person, count)...)
}

// To says who gets the answer of a page. Whoever finds out who sent a page's request calls it.
func To(ctx context.Context, actor models.Actor) {
	if answer, ok := ctx.Value(answerKey{}).(*Answer); ok {
		answer.actor = actor
	}
}

// Of makes a person of a typed id.
func Of[T ~[16]byte](id T) models.Person {
	return models.Person{Kind: kinds[reflect.TypeFor[T]()], ID: id}
}

// Keyed makes persons of the school's own keys, for answers that know no ids; an empty key is somebody without an id.
func Keyed(kind models.PersonKind, keys ...string) []models.Person {
	persons := make([]models.Person, len(keys))
	for i, key := range keys {
		persons[i] = models.Person{Kind: kind, Key: key}
	}
	return persons
}

// Said tells whether somebody said whom the answer shows.
func (a *Answer) Said() bool { return a.said }

// Collect adds the persons whose typed ids stand in a value.
func (a *Answer) Collect(value reflect.Value) { PlanOf(value.Type()).collect(value, &a.persons) }

// Keep has it written down, where anybody is shown.
func (a *Answer) Keep(ctx context.Context, keeper Keeper, actor models.Actor, route string) error {
	if len(a.persons) == 0 {
		return nil
	}
	return keeper.Keep(ctx, actor, route, a.persons)
}
