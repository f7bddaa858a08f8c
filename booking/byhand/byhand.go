// Package byhand keeps what people said over what files say: which fields somebody set, and whom or what somebody took away, so that no import undoes it. The values
// stand in the rows themselves; here stands only that they are a person's. Imports (booking/people) ask it, and whoever changes something by hand tells it.
package byhand

import (
	"cmp"
	"context"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/names"
	"github.com/ouderavond/ouderavond/models/store"
)

// What a field begins with that holds the index of a name, an address or a number, and not what is called so.
const (
	removedContact  = "contact "
	removedGuardian = "guardian "
	uninformed      = "uninformed "
)

// shownAs says what fields are called for people whose stored names are others; of those that hold an index by how they begin, and several are one.
var shownAs = map[string]string{removedContact: "removed_contacts", removedGuardian: "removed_guardians", uninformed: "uninformed", "display_name": "name"}

// RemovedContact is the field that keeps a contact, taken away by staff, from coming back to a household. It holds no address, only the index of one.
func RemovedContact(tx *store.Tx, value string) string {
	return removedContact + indexOf(tx, "removed contact", value)
}

// RemovedGuardian is the field that keeps a guardian, taken away by staff, from coming back to a household under a name, address or number.
func RemovedGuardian(tx *store.Tx, value string) string {
	if !strings.ContainsAny(value, "@+") { // a name, however it is written
		value = cmp.Or(names.Key(value), value)
	}
	return removedGuardian + indexOf(tx, "removed guardian", value)
}

// Uninformed is the field that tells, of a name, address or number in a household, that who has it is told nothing.
func Uninformed(tx *store.Tx, value string) string {
	return uninformed + indexOf(tx, "uninformed guardian", value)
}

// indexOf is the index of a text in whatever case. Its purposes stand in what is stored and never change.
func indexOf(tx *store.Tx, purpose, value string) string {
	return hex.EncodeToString(tx.Index(purpose, strings.ToLower(value)))
}

// GoesAlong reports whether a field of a household is true of its guardians, and so of every household into which they may come.
func GoesAlong(field string) bool {
	return strings.HasPrefix(field, removedContact) || strings.HasPrefix(field, removedGuardian) || strings.HasPrefix(field, uninformed)
}

// Set notes that a field was set by hand.
func Set(tx *store.Tx, kind models.SubjectKind, subject [16]byte, fields ...string) error {
	for _, field := range fields {
		row := &models.Override{ID: models.New[models.RowID](), Kind: kind, Subject: models.RowID(subject), Field: field, At: tx.Now()}
		if _, err := store.InsertNew(tx, row); err != nil {
			return err
		}
	}
	return nil
}

// Forget notes that a field, as it is stored, is no person's any more.
func Forget(tx *store.Tx, kind models.SubjectKind, subject [16]byte, field string) error {
	_, err := store.Delete[models.Override](tx, store.Eq("kind", kind), store.Eq("subject", models.RowID(subject)), store.Eq("field", field))
	return err
}

// ForgetUninformed lets everybody of a household be told things again, whatever the name, address or number.
func ForgetUninformed(tx *store.Tx, household models.HouseholdID) error {
	rows, err := store.List[models.Override](tx, store.Eq("kind", models.SubjectHousehold), store.Eq("subject", models.RowID(household)))
	for _, row := range rows {
		if !strings.HasPrefix(row.Field, uninformed) {
			continue
		}
		if _, err := store.Delete[models.Override](tx, store.Eq("id", row.ID)); err != nil {
			return err
		}
	}
	return err
}

// Release lets files decide again about fields of something, as Fields calls them. One that nobody set by hand is an error of the field "release".
func Release(tx *store.Tx, kind models.SubjectKind, subject [16]byte, released []string) error {
	if len(released) == 0 {
		return nil
	}
	rows, err := store.List[models.Override](tx, store.Eq("kind", kind), store.Eq("subject", models.RowID(subject)))
	if err != nil {
		return err
	}
	var gone []models.RowID
	for _, name := range released {
		before := len(gone)
		for _, row := range rows {
			if shown(row.Field) == name {
				gone = append(gone, row.ID)
			}
		}
		if len(gone) == before {
			return errs.InvalidField("release", errs.CodeUnknown)
		}
	}
	_, err = store.Delete[models.Override](tx, store.In("id", gone))
	return err
}

// shown is what a field is called for people; empty for what is no field of theirs.
func shown(field string) string {
	before, _, held := strings.Cut(field, " ")
	if !held {
		return cmp.Or(shownAs[field], field)
	}
	return shownAs[before+" "]
}

// Fields are the names of what people set, by what they set it of, in their order.
type Fields map[models.RowID][]string

// Of returns the names of what people set of something; never nil.
func (f Fields) Of(subject [16]byte) []string { return append([]string{}, f[models.RowID(subject)]...) }

// In returns the fields that people set of all things of a kind.
func In(tx *store.Tx, kind models.SubjectKind) (Fields, error) {
	rows, err := store.List[models.Override](tx, store.Eq("kind", kind))
	fields := Fields{}
	for _, row := range rows {
		if name := shown(row.Field); name != "" && !slices.Contains(fields[row.Subject], name) {
			fields[row.Subject] = append(fields[row.Subject], name)
		}
	}
	for _, set := range fields {
		slices.Sort(set)
	}
	return fields, err
}

// Service tells what was set by hand. It is safe for concurrent use.
type Service struct{ store *store.Store }

// NewService makes the service.
func NewService(rows *store.Store) *Service { return &Service{rows} }

// Fields returns the fields that people set of all things of a kind.
func (s *Service) Fields(ctx context.Context, actor models.Actor, kind models.SubjectKind) (fields Fields, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		fields, err = In(tx, kind)
		return err
	})
	return fields, err
}
