package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

const (
	// lined is how many bookings may wait for their turn; more families than that come all the time, so that there is never a turn without one waiting.
	lined = 8
	// comers is how many families book and cancel: each has a time of the evening to itself.
	comers = 12
	// secretaries is how many schools have their roster read in that hour, the one whose evening it is among them.
	secretaries = 5
	// newcomers is how many pupils each of their files adds.
	newcomers = 2000
	// patience is how many bookings may pass all the imports by: far more than come while the files are read, before the imports wait for their turn.
	patience = 5_000
)

// TestRostersAndAnOpeningEveningTakeTurns has several schools read large rosters while families of one of them book without end. The one writer of a SQLite file
// must let a group of bookings by between any two imports, and each import in between the bookings.
func TestRostersAndAnOpeningEveningTakeTurns(t *testing.T) {
	t.Parallel()
	e := newEvening(t)
	var families, imports sync.WaitGroup
	for family := range comers {
		families.Go(func() { e.comeAndGo(t, family) })
	}
	e.turns.keepFull()
	before, answers := e.booked.Load(), make([]apitest.Answer, secretaries)
	for n, school := range e.schools {
		imports.Go(func() {
			answers[n] = upload(t, e.World, school.token, school.path+"/roster/import", nil, apitest.File{Name: "leerlingen.csv", Content: school.file})
		})
	}
	imports.Wait()
	booked := e.booked.Load() - before
	e.turns.end()
	families.Wait()
	for _, answer := range answers {
		if added := object(answer.Want(t, http.StatusOK), "change").List("added"); len(added) != newcomers {
			t.Errorf("%d pupils were added", len(added))
		}
	}
	// What the last bookings were answered may still be on its way.
	if booked < secretaries*lined/2 || booked >= patience {
		t.Errorf("%d bookings while %d imports were under way", booked, secretaries)
	}
	if e.turns.imports != secretaries || e.turns.inRow != 0 {
		t.Errorf("%d imports had the writer to themselves, %d of them at once after another while families waited", e.turns.imports, e.turns.inRow)
	}
}

// evening is a school whose evening opens, and others beside it in the same file of rows.
type evening struct {
	*apitest.World
	turns   *turns
	school  *apitest.School
	tokens  []string // of the families
	schools []importing
	booked  atomic.Int64
}

// importing is a school that has its roster read.
type importing struct{ path, token, file string }

func newEvening(t *testing.T) *evening {
	t.Helper()
	turns := newTurns()
	database := storetest.NewSQLite(t)
	if err := database.Store.Close(); err != nil {
		t.Fatal(err)
	}
	config := database.Config()
	config.Waiting, config.Committed = lined, turns.committed
	database.Store = storetest.Open(t, config)
	e := &evening{World: apitest.On(t, database), turns: turns}
	e.school = e.School(t, "linde", apitest.Setup{Families: comers})
	for family := range comers {
		e.tokens = append(e.tokens, e.school.LogIn(t, family+2))
	}
	e.schools = []importing{{e.school.Path, e.school.Admin, apitest.RosterCSV(e.school.Families) + manyPupils()}}
	for n := range secretaries - 1 {
		e.schools = append(e.schools, e.neighbour(t, fmt.Sprintf("buur-%d", n)))
	}
	return e
}

// neighbour is a school without anybody.
func (e *evening) neighbour(t *testing.T, slug string) importing {
	t.Helper()
	made, err := e.Booking.Schools.Create(context.Background(), storetest.Operator(), school.NewSchool{Slug: slug, Details: models.SchoolDetails{Name: slug}})
	if err != nil {
		t.Fatal(err)
	}
	school := &apitest.School{World: e.World, ID: made.ID}
	return importing{"/api/v1/schools/" + slug, school.NewKey(t, models.AllScopes()...), apitest.RosterCSV(nil) + manyPupils()}
}

// manyPupils are the lines of many pupils for a file as RosterCSV writes it, in groups of thirty.
func manyPupils() string {
	var lines strings.Builder
	for n := range newcomers {
		fmt.Fprintf(&lines, "%d;Kind;Nieuw%c%c%c;2013-05-%02d;%d XY;%d;2%c;2\n", 10_000+n, 'a'+n%26, 'a'+n/26%26, 'a'+n/676, 1+n%28, 2000+n, 1+n%99, 'A'+n/30%26)
	}
	return lines.String()
}

// comeAndGo has a family book a time and cancel it again, until the evening is over.
func (e *evening) comeAndGo(t *testing.T, family int) {
	var kept string // the appointment, while there is one
	for {
		body := e.school.Book(family+2, family)
		if kept != "" {
			body = map[string]any{"cancel": []any{map[string]any{"appointment": kept}}}
		}
		turn, going := e.turns.now()
		if !going {
			return
		}
		answer := e.Post(t, e.tokens[family], e.school.Path+"/family/bookings", body)
		switch {
		case answer.Status == http.StatusServiceUnavailable && contains(answer.Body, `"busy"`):
			e.turns.full(turn)
			continue
		case answer.Status != http.StatusCreated:
			t.Errorf("booking: %d %s", answer.Status, answer.Body)
			e.turns.end()
			return
		}
		if e.booked.Add(1) == patience {
			e.turns.end()
		}
		if kept != "" {
			kept = ""
			continue
		}
		kept = answer.Want(t, http.StatusCreated).List("appointments")[0].Text("id")
	}
}

// turns watches the transactions of the one writer, and between two of them holds it up until as many bookings wait as may.
type turns struct {
	mutex         sync.Mutex
	changed       *sync.Cond
	holding, over bool
	turn          int
	isFull        bool // as many wait as may
	watched       bool // as many waited when the last transaction began, so that one of a single write is an import
	afterImport   bool
	imports       int // of how many transactions that is so
	inRow         int // and of how many that came at once after another
}

func newTurns() *turns {
	made := &turns{}
	made.changed = sync.NewCond(&made.mutex)
	return made
}

// committed is told of each transaction by the writer itself, which waits for it.
func (s *turns) committed(group store.Group) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	ofImport := s.watched && group.Writes == 1
	if ofImport {
		s.imports++
	}
	if ofImport && s.afterImport {
		s.inRow++
	}
	s.afterImport, s.watched, s.isFull = ofImport, s.holding, false
	s.turn++
	s.changed.Broadcast()
	for s.holding && !s.isFull {
		s.changed.Wait()
	}
}

// keepFull begins to hold the writer up between transactions.
func (s *turns) keepFull() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.holding = true
	for !s.watched && !s.over {
		s.changed.Wait()
	}
}

// end lets the writer go on, and the families go home.
func (s *turns) end() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.holding, s.over, s.watched = false, true, false
	s.changed.Broadcast()
}

// now gives the turn, and whether the evening goes on.
func (s *turns) now() (turn int, going bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.turn, !s.over
}

// full is told by who was turned away, because as many wait as may, since the given turn began. It waits for the next.
func (s *turns) full(turn int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.turn == turn {
		s.isFull = true
		s.changed.Broadcast()
	}
	for s.turn == turn && !s.over {
		s.changed.Wait()
	}
}
