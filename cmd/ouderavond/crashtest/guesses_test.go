package crashtest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/ouderavond/ouderavond/api/apitest/history"
)

// guessed is a school that strangers guess at: it bears with ten wrong answers, eight of them at once.
var guessed = history.Size{Households: 60, Children: 2, Teachers: 1, Slots: 2, Most: 1}

// guesses are wrong answers at a school, and how many of them were answered.
type guesses struct {
	*site
	school *history.School
	pupils []string // lines of the roster

	mutex          sync.Mutex
	sent, answered int
}

// next gives a wrong answer at a pupil where nobody guessed before: the last pupils of the roster come first.
func (g *guesses) next() map[string]string {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.sent++
	fields := strings.Split(g.pupils[len(g.pupils)-g.sent], ";")
	return map[string]string{"name": fields[1] + " " + fields[2], "birth_date": "1999-12-31", "postcode": "9999 ZZ"}
}

// guess gives a wrong answer, and notes whether it was answered.
func (g *guesses) guess() {
	reply, err := g.caller.With("").Call(context.Background(), http.MethodPost, "/api/v1/schools/"+g.school.Slug+"/family/session", "", g.next())
	if err == nil && reply.Code != http.StatusUnauthorized {
		g.t.Errorf("a wrong answer: %d %s", reply.Code, reply.Body)
	}
	if err == nil {
		g.mutex.Lock()
		g.answered++
		g.mutex.Unlock()
	}
}

// spent is what the school says counts.
func (g *guesses) spent() int {
	g.t.Helper()
	var told struct {
		Spent float64
		Total int
	}
	reply, err := g.caller.Call(context.Background(), http.MethodGet, "/api/v1/schools/"+g.school.Slug+"/log-ins", "", nil)
	if err != nil || json.Unmarshal(reply.Body, &told) != nil || told.Total != 10 {
		g.t.Fatalf("%v: %d %s", err, reply.Code, reply.Body)
	}
	return int(told.Spent)
}

// TestWrongAnswersThatWereAnsweredCountAfterAKill kills the program while strangers guess: whoever was told that an answer was wrong was charged for it, also after the next start,
// and a form that was shut stays so.
func TestWrongAnswersThatWereAnsweredCountAfterAKill(t *testing.T) {
	t.Parallel()
	for _, engine := range engines(t) {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			s := engine.site(t)
			s.start()
			g := &guesses{site: s, school: s.school("linde", guessed)}
			g.pupils = strings.Split(strings.TrimSpace(g.school.Roster(0)), "\n")
			for round := range 3 {
				var strangers sync.WaitGroup
				for n := range 2 {
					strangers.Go(func() {
						g.guess()
						if n == round%2 {
							s.killFromAfar()
						}
					})
				}
				strangers.Wait()
				s.kill()
				s.start()
				if spent := g.spent(); spent < g.answered || spent > g.sent {
					t.Errorf("round %d: %d are charged, %d were answered, %d sent", round, spent, g.answered, g.sent)
				}
			}
			for range 8 { // what is over is not charged
				g.guess()
			}
			s.kill()
			s.start()
			if spent := g.spent(); spent != 8 {
				t.Errorf("%d of 8 are charged", spent)
			}
			if _, err := g.school.LogIn(context.Background(), 0); err == nil {
				t.Error("the form was open again after a kill")
			}
			g.guess()
			if spent := g.spent(); spent != 8 {
				t.Errorf("%d are charged at a form that is shut", spent)
			}
		})
	}
}
