package erasure

import (
	"time"

	"github.com/ouderavond/ouderavond/models"
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
	// EraseMessages removes messages of a school, named by their ids, and tells how many there were.
	EraseMessages(school string, ids []string) (int, error)
	// ForgetMessages removes all schools' messages that were written before an instant, and tells how many.
	ForgetMessages(before, now time.Time) (int, error)
	// KeepErased writes lines into the journal of erasures; those that are in it already it leaves out.
	KeepErased(lines []Erased) error
	// ForgetErased removes the lines of the journal from before an instant.
	ForgetErased(before time.Time) error
}

// Erased is a line of the journal of erasures: that something of a person was erased, and when. Whom nobody can tell who does not have the master key and the row.
type Erased struct {
	Kind  models.ErasureKind `json:"kind"`
	Keyed string             `json:"keyed"` // seal.Master.Erased, in hexadecimal
	At    time.Time          `json:"at"`
}

// Service erases. It is safe for concurrent use.
type Service struct {
	store    *store.Store
	external ExternalData
	reached  reached
}

// NewService makes the service. external may be nil where nothing is kept outside the database.
func NewService(rows *store.Store, external ExternalData) *Service {
	return &Service{store: rows, external: external}
}
