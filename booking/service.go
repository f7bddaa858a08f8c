package booking

import (
	"github.com/ouderavond/ouderavond/models/store"
)

// Service is the booking side of the product. It is safe for concurrent use.
type Service struct {
	store *store.Store
	// wake tells the dispatcher of messages that something was queued.
	wake func()
	// carriers name who takes the messages of each channel; none is the mailbox folder.
	carriers Carriers
	// outside is what is kept outside the database, for the wipe; nil where there is nothing.
	outside Surroundings
	// popularity is what proposals know of the moments that many families want.
	popularity popularity
}

// Surroundings is what is kept of schools outside the database: the messages of the mailbox folder, which the wipe takes along, and the receipts of wipes, which
// must outlive a restored back-up of the database. Schools are named by their ids as text.
type Surroundings interface {
	// EraseSchool removes everything of a school, and tells how many things it removed.
	EraseSchool(school string) (int, error)
	// KeepReceipt keeps the signed receipt of a school's wipe.
	KeepReceipt(school string, receipt []byte) error
	// WipedSchools lists the schools of which a receipt is kept.
	WipedSchools() ([]string, error)
	// Receipt gives the receipt that is kept of a school.
	Receipt(school string) ([]byte, error)
}

// NewService makes the service. wake is called after each commit that queued a message; outside may be nil where nothing is kept outside the database.
// SetCarriers is called once, before the service is used.
func (s *Service) SetCarriers(carriers Carriers) { s.carriers = carriers }

func NewService(rows *store.Store, wake func(), outside Surroundings) *Service {
	if wake == nil {
		wake = func() {}
	}
	return &Service{store: rows, wake: wake, outside: outside}
}
