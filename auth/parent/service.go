package parent

import (
	"sync/atomic"

	"github.com/ouderavond/ouderavond/models/store"
)

// Service recognises and confirms families. It is safe for concurrent use.
type Service struct {
	store   *store.Store
	wake    func()
	rates   rates
	queues  queues
	chances chances
	figures figures
}

// NewService makes the service. wake is called after a commit that queued a message.
func NewService(rows *store.Store, wake func()) *Service {
	return &Service{store: rows, wake: wake}
}

// figures count what happened in this program since it started.
type figures struct {
	charged, takenBack, notOpen, wrongCodes, messages, withheld, spared, long, turnedAway atomic.Int64
}

// Figures are counts over all schools since the program started, for the operator's metrics.
type Figures struct {
	// Charged are wrong answers of the public forms that counted, TakenBack those of them that turned out to be a family's own slips.
	Charged, TakenBack int64
	// NotOpen are tries that came while the public form asked for more proof.
	NotOpen int64
	// WrongCodes are wrong digits at devices that had a code pending.
	WrongCodes int64
	// Messages are messages with a code that were queued, Withheld those that were not, because the household was sent enough.
	Messages, Withheld int64
	// Spared are codes that went to no telephone because the school's families had been sent so many, Long those with ten digits because so many wrong ones had been typed.
	Spared, Long int64
	// TurnedAway are tries that were told to come later: too many within a second from one address, or too many waiting at a school's form.
	TurnedAway int64
}

// FiguresOf returns the counts of a service.
func FiguresOf(s *Service) Figures {
	f := &s.figures
	return Figures{
		Charged: f.charged.Load(), TakenBack: f.takenBack.Load(), NotOpen: f.notOpen.Load(), WrongCodes: f.wrongCodes.Load(), Messages: f.messages.Load(), Withheld: f.withheld.Load(),
		Spared: f.spared.Load(), Long: f.long.Load(), TurnedAway: f.turnedAway.Load(),
	}
}
