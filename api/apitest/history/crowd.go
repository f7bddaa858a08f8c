package history

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
)

// Act is one thing that a client did, with when it asked and when it knew, on one clock.
type Act struct {
	Client int
	// Household whose act it is; -1 for the school's look at the evening.
	Household int
	// Change is what was asked, and Answer what came back; Seen is what a look saw instead.
	Change Change
	Look   bool
	Seen   []Talk
	Answer Answer
	// Key is the idempotency key of a change.
	Key          string
	Call, Return int64
}

// Crowd is clients that book, move, cancel and look at once, each for one household.
type Crowd struct {
	Schedule Schedule
	Size     Size
	// Clock gives moments that never go back.
	Clock func() int64
	// Seed decides what clients want. Steps is how many acts each does; 0 for as many as it can until the context ends.
	Seed  uint64
	Steps int
	// Patience is how often a change whose answer did not come is sent again.
	Patience int
	// Before, if set, is called before each act of a client; the client stops where it gives false.
	Before func() bool

	mutex sync.Mutex
	acts  []Act
}

// Run lets all households at the schedule, which holds the given talks, and gives what they did. Now and then one of the clients looks at the evening as
// the school sees it.
func (c *Crowd) Run(ctx context.Context, present []Talk) []Act {
	var running sync.WaitGroup
	for household := range c.Size.Households {
		own := slices.DeleteFunc(slices.Clone(present), func(talk Talk) bool { return talk.Household != household })
		running.Go(func() {
			client := &client{crowd: c, household: household, own: own, chances: rand.New(rand.NewPCG(c.Seed, uint64(household)))}
			for c.more(ctx, client.steps) && client.step(ctx) {
			}
		})
	}
	running.Wait()
	return c.acts
}

func (c *Crowd) more(ctx context.Context, steps int) bool {
	return ctx.Err() == nil && (c.Steps == 0 || steps < c.Steps) && (c.Before == nil || c.Before())
}

func (c *Crowd) record(act Act) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.acts = append(c.acts, act)
}

// lookAtAll records the evening as the school sees it, if an answer came.
func (c *Crowd) lookAtAll(ctx context.Context, client int) {
	act := Act{Client: client, Household: -1, Look: true, Call: c.Clock()}
	var ok bool
	if act.Seen, ok = c.Schedule.All(ctx); ok {
		act.Return = c.Clock()
		c.record(act)
	}
}

// LookAtAll adds what the school sees, and what every household sees, to the acts: the end of a history.
func (c *Crowd) LookAtAll(ctx context.Context) ([]Act, error) {
	before := len(c.acts)
	c.lookAtAll(ctx, 0)
	for household := range c.Size.Households {
		(&client{crowd: c, household: household}).look(ctx)
	}
	if len(c.acts) != before+1+c.Size.Households {
		return c.acts, fmt.Errorf("only %d of %d last looks were answered", len(c.acts)-before, 1+c.Size.Households)
	}
	return c.acts, nil
}

// client is one household's.
type client struct {
	crowd     *Crowd
	household int
	own       []Talk // what it believes to have
	left      []Talk // what it asked to cancel and was not answered: that may still come, wherever the talk is then, so it is left alone
	chances   *rand.Rand
	steps     int
}

// step does one act. It gives false if the client cannot know any more where its talks are.
func (c *client) step(ctx context.Context) bool {
	c.steps++
	size := c.crowd.Size
	draw := c.chances.IntN(100)
	change := Change{}
	own := slices.DeleteFunc(slices.Clone(c.own), func(talk Talk) bool {
		return slices.ContainsFunc(c.left, func(left Talk) bool { return left.ID == talk.ID })
	})
	switch {
	case draw < 5:
		c.crowd.lookAtAll(ctx, c.household)
		return true
	case draw < 20:
		c.look(ctx)
		return true
	case draw < 45 && len(own) > 0:
		from := own[c.chances.IntN(len(own))]
		to := from
		to.Teacher, to.Slot = c.chances.IntN(size.Teachers), c.chances.IntN(size.Slots)
		if to.place() == from.place() {
			return true
		}
		change.Move = []Move{{from, to}}
	case draw < 62 && len(own) > 0:
		change.Cancel = []Talk{own[c.chances.IntN(len(own))]}
		if draw < 50 {
			change.Make = c.wishes(1, change.Cancel)
		}
	default:
		change.Make = c.wishes(1+c.chances.IntN(2), nil)
	}
	return c.book(ctx, change)
}

// wishes gives talks at times that differ from one another, and at other places than the talks that go.
func (c *client) wishes(number int, going []Talk) []Talk {
	var wishes []Talk
	for range 20 {
		size := c.crowd.Size
		wish := Talk{Household: c.household, Child: c.chances.IntN(size.Children), Teacher: c.chances.IntN(size.Teachers), Slot: c.chances.IntN(size.Slots)}
		if len(wishes) < number && !overlaps(wishes, wish) && !slices.ContainsFunc(going, func(talk Talk) bool { return talk.place() == wish.place() }) {
			wishes = append(wishes, wish)
		}
	}
	return wishes
}

func (c *client) look(ctx context.Context) bool {
	act := Act{Client: c.household, Household: c.household, Look: true, Call: c.crowd.Clock()}
	var ok bool
	if act.Seen, ok = c.crowd.Schedule.Look(ctx, c.household); ok {
		act.Return = c.crowd.Clock()
		c.own = act.Seen
		c.crowd.record(act)
	}
	return ok
}

// book sends a change until an answer comes, always with the same key. A refusal after a try without an answer says nothing of that try, which may still
// arrive.
func (c *client) book(ctx context.Context, change Change) bool {
	act := Act{Client: c.household, Household: c.household, Change: change, Call: c.crowd.Clock()}
	act.Key = fmt.Sprintf("%d-%d-%d-%d", c.crowd.Seed, c.household, c.steps, act.Call)
	open := false
	patience := c.crowd.Patience
	if len(change.Move) == 0 && c.chances.IntN(2) == 0 {
		patience = 0
	}
	for try := 0; try <= patience && ctx.Err() == nil; try++ {
		act.Answer = c.crowd.Schedule.Book(ctx, c.household, act.Key, change)
		if act.Answer.Status != Unknown {
			break
		}
		open = open || !act.Answer.Unsent
	}
	switch {
	case open && act.Answer.Status == Refused:
		act.Answer.Status = Unknown
	case !open && act.Answer.Status == Unknown:
		act.Answer = Answer{Status: Refused, Reasons: make([]string, len(change.takes()))}
	}
	act.Return = c.crowd.Clock()
	c.crowd.record(act)
	switch act.Answer.Status {
	case Done:
		c.follow(change, act.Answer.Talks)
	case Unknown:
		c.left = append(c.left, change.Cancel...)
		// A move that may still happen leaves the client without knowing where its talk is: it does nothing more.
		return len(change.Move) == 0 && c.look(ctx)
	}
	return true
}

// follow keeps what the client believes in step with what was done.
func (c *client) follow(change Change, made []Talk) {
	drops := change.drops()
	c.own = slices.DeleteFunc(slices.Clone(c.own), func(talk Talk) bool {
		return slices.ContainsFunc(drops, func(gone Talk) bool { return gone.ID == talk.ID })
	})
	c.own = append(c.own, made...)
}
