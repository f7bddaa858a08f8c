package erasure

import (
	"github.com/ouderavond/ouderavond/models/store"
)

// ExternalData is what is kept of schools outside the database: the messages of the mailbox folder, which the wipe takes along, and the receipts of wipes, which
// must outlive a restored back-up of the database. Schools are named by their ids as text.
type ExternalData interface {
	// EraseSchool removes everything of a school, and tells how many things it removed.
	EraseSchool(school string) (int, error)
	// KeepReceipt keeps the signed receipt of a school's wipe.
	KeepReceipt(school string, receipt []byte) error
	// WipedSchools lists the schools of which a receipt is kept.
	WipedSchools() ([]string, error)
	// Receipt gives the receipt that is kept of a school.
	Receipt(school string) ([]byte, error)
}

// Service erases. It is safe for concurrent use.
type Service struct {
	store    *store.Store
	external ExternalData
}

// NewService makes the service. external may be nil where nothing is kept outside the database.
func NewService(rows *store.Store, external ExternalData) *Service {
	return &Service{store: rows, external: external}
}
