package parent

import (
	"fmt"
	"sync"

	"github.com/ouderavond/ouderavond/auth/limiter"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/factor"
	"github.com/ouderavond/ouderavond/models/store"
)

// total is how many guesses the school bears with in twelve hours.
func (a *attempt) total() (int, error) {
	totals, err := totalsOf(a.tx, a.people)
	return totalNow(a.service, a.tx, a.people, totals), err
}

func totalNow(s *Service, tx *store.Tx, people *directory.Directory, totals limiter.Totals) int {
	return totals.Total(func() float64 { return s.chances.of(tx.School(), people) })
}

// totalsOf gives what the total of a school depends on.
func totalsOf(tx *store.Tx, people *directory.Directory) (limiter.Totals, error) {
	linked, err := linkedFamilies(tx)
	return limiter.Totals{Choice: limiter.Choice(tx.School().Guessing), Pupils: people.Active(), Households: len(people.Households()), Linked: linked}, err
}

// linkedFamilies counts the households whose personal links the school was given, of the round in which there are most. A round that is over has none.
func linkedFamilies(tx *store.Tx) (most int, err error) {
	programme, err := tx.Programme()
	if err != nil {
		return 0, err
	}
	for _, conference := range programme.Conferences() {
		over, err := roundOver(tx, conference.ID)
		if err != nil {
			return 0, err
		}
		if over {
			continue
		}
		linked, err := store.Count[models.PersonalLink](tx, store.Eq("conference_id", conference.ID))
		if err != nil {
			return 0, err
		}
		most = max(most, int(linked))
	}
	return most, nil
}

// chances remember, for each school, the chance of the best guess at one child: it changes with the roster and the policy only, and looks at everybody.
type chances struct {
	mutex sync.Mutex
	known map[models.SchoolID]chance
}

type chance struct {
	version int64
	policy  string
	value   float64
}

func (c *chances) of(school *models.School, people *directory.Directory) float64 {
	policy := fmt.Sprint(school.Policy.Factors, school.Policy.PostcodePart)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if known, ok := c.known[school.ID]; ok && known.version == school.RosterVersion && known.policy == policy {
		return known.value
	}
	if c.known == nil {
		c.known = map[models.SchoolID]chance{}
	}
	var active []*models.Pupil
	for _, pupil := range people.Pupils() {
		if pupil.State == models.PersonActive {
			active = append(active, pupil)
		}
	}
	value := factor.Chance(school.Policy, active, people.Postcodes)
	c.known[school.ID] = chance{school.RosterVersion, policy, value}
	return value
}
