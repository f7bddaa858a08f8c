package erasure

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// receiptNote says in words what the receipt's figures mean.
const receiptNote = "Everything kept of the school with this id was erased from the database, with SQLite from its write-ahead log too, and from the mailbox folder. " +
	"Other programs on the same database erase their own mailbox folders within a minute, or when they start. " +
	"Copies of the database made before finished_at, and the write-ahead log of a PostgreSQL server, hold it still, sealed, until whoever keeps them removes them."

// Receipt is the proof of a wipe: no personal data, no name of the school, and a signature over everything else.
type Receipt struct {
	School     string           `json:"school"` // id
	AskedAt    time.Time        `json:"asked_at"`
	FinishedAt time.Time        `json:"finished_at"`
	Rows       map[string]int64 `json:"rows"` // erased, per table
	Messages   int              `json:"messages"`
	Note       string           `json:"note"`
	// PublicKey and Signature are Ed25519 (RFC 8032), in standard base 64, over the JSON of the receipt with an empty signature.
	PublicKey string `json:"public_key"`
	Signature string `json:"signature"`
}

// CancelSchool wipes a school, at once and for good: it is closed, every row of every table goes, then keys, opened copies, messages in the mailbox
// folder and what the database's files still held. Only the operator may. The slug must be given again. The receipt is kept in the erasure ledger.
//
// A wipe that was cut off half-way goes on where it was when it is asked again, and by FinishErasures.
func (s *Service) CancelSchool(ctx context.Context, actor models.Actor, school models.SchoolID, slugAgain string, wait func(context.Context, time.Duration) error) (*Receipt, error) {
	if actor.Kind != models.ActorOperator {
		return nil, errs.New(errs.Forbidden, "forbidden")
	}
	actor.School = school
	err := s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		if tx.School().Slug != slugAgain {
			return errs.InvalidField("slug", "not-the-same")
		}
		tx.School().State = models.SchoolClosing
		return tx.UpdateSchool("state")
	})
	if errs.KindOf(err) == errs.NotFound && err != nil {
		return s.goOn(ctx, actor, school, wait, err)
	}
	if err != nil {
		return nil, err
	}
	return s.erase(ctx, actor, school, wait)
}

// goOn finishes the wipe of a school whose rows are gone already, or gives the receipt again if it was finished. A school of which the ledger knows nothing
// is not there.
func (s *Service) goOn(ctx context.Context, actor models.Actor, school models.SchoolID, wait func(context.Context, time.Duration) error, missing error) (*Receipt, error) {
	line, err := s.store.Installation(actor).Erasure(ctx, school)
	if errs.KindOf(err) == errs.NotFound && err != nil {
		return nil, missing
	}
	if err != nil {
		return nil, err
	}
	if line.FinishedAt == nil {
		return s.erase(ctx, actor, school, wait)
	}
	receipt := &Receipt{}
	return receipt, json.Unmarshal([]byte(line.Receipt), receipt)
}

// FinishErasures goes on with wipes that were cut off, and wipes again whatever the ledger or a receipt kept beside the database says was wiped: so a
// back-up that was restored forgets again. The program calls it when it starts, before it listens, and every so often, so that one program finishes what
// another on the same database left.
func (s *Service) FinishErasures(ctx context.Context, wait func(context.Context, time.Duration) error) (int, error) {
	system := models.Actor{Kind: models.ActorSystem, Reason: "finish erasures"}
	installation := s.store.Installation(system)
	unfinished, err := s.unfinished(ctx, installation)
	if err != nil {
		return 0, err
	}
	for finished, school := range unfinished {
		if _, err := s.erase(ctx, system, school, wait); err != nil {
			return finished, err
		}
	}
	return len(unfinished), nil
}

// unfinished gives the schools that should not be there: those being closed, those that were wiped and came back, and wipes without their end.
func (s *Service) unfinished(ctx context.Context, installation store.Installation) ([]models.SchoolID, error) {
	lines, err := installation.Erasures(ctx)
	if err != nil {
		return nil, err
	}
	wiped := map[models.SchoolID]bool{}
	var unfinished []models.SchoolID
	for _, line := range lines {
		wiped[models.SchoolID(line.SchoolID)] = true
		if line.FinishedAt == nil {
			unfinished = append(unfinished, models.SchoolID(line.SchoolID))
		}
	}
	kept, err := s.keptReceipts()
	if err != nil {
		return nil, err
	}
	schools, err := installation.Schools(ctx)
	if err != nil {
		return nil, err
	}
	for _, school := range schools {
		if !wiped[school.ID] && slices.Contains(kept, school.ID) {
			if err := s.checkReceipt(school.ID); err != nil {
				return nil, err
			}
			wiped[school.ID] = true
		}
		if (school.State == models.SchoolClosing || wiped[school.ID]) && !slices.Contains(unfinished, school.ID) {
			unfinished = append(unfinished, school.ID)
		}
	}
	return unfinished, nil
}

// checkReceipt makes sure that a receipt is this installation's before a school is wiped for it: the name of a file proves nothing.
func (s *Service) checkReceipt(school models.SchoolID) error {
	document, err := s.external.Receipt(school.String())
	if err != nil {
		return err
	}
	receipt, err := ReadReceipt(document, s.store.Master().PublicKey())
	if err == nil && receipt.School != school.String() {
		err = ErrReceipt
	}
	if err != nil {
		return fmt.Errorf("receipt of school %s: %w. Take the file away if the school is to stay", school, err)
	}
	return nil
}

func (s *Service) keptReceipts() ([]models.SchoolID, error) {
	if s.external == nil {
		return nil, nil
	}
	texts, err := s.external.WipedSchools()
	if err != nil {
		return nil, err
	}
	var schools []models.SchoolID
	for _, text := range texts {
		if id, err := models.Parse[models.SchoolID](text); err == nil {
			schools = append(schools, id)
		}
	}
	return schools, nil
}

func (s *Service) erase(ctx context.Context, actor models.Actor, school models.SchoolID, wait func(context.Context, time.Duration) error) (*Receipt, error) {
	installation := s.store.Installation(actor)
	line := &models.Erasure{SchoolID: models.RawSchoolID(school), AskedAt: s.store.Now(), Counts: map[string]int64{}, Receipt: "{}"}
	present, err := installation.Erasure(ctx, school)
	switch {
	case err == nil:
		line = present
		line.FinishedAt = nil
	case errs.KindOf(err) != errs.NotFound:
		return nil, err
	}
	if err := installation.RecordErasure(ctx, line); err != nil {
		return nil, err
	}
	if _, err := installation.EraseSchool(ctx, school); err != nil {
		return nil, err
	}
	if line, err = installation.Erasure(ctx, school); err != nil {
		return nil, err
	}
	receipt := &Receipt{School: school.String(), AskedAt: line.AskedAt, Rows: line.Counts, Note: receiptNote}
	if s.external != nil {
		if receipt.Messages, err = s.external.EraseSchool(school.String()); err != nil {
			return nil, err
		}
	}
	if err := installation.Truncate(ctx, wait); err != nil {
		return nil, err
	}
	return receipt, s.sign(ctx, installation, line, receipt)
}

func (s *Service) sign(ctx context.Context, installation store.Installation, line *models.Erasure, receipt *Receipt) error {
	finished := s.store.Now()
	receipt.FinishedAt = finished
	master := s.store.Master()
	receipt.PublicKey = base64.StdEncoding.EncodeToString(master.PublicKey())
	document, err := json.Marshal(receipt)
	if err != nil {
		return err
	}
	receipt.Signature = base64.StdEncoding.EncodeToString(master.Sign(document))
	signed, err := json.Marshal(receipt)
	if err != nil {
		return err
	}
	if s.external != nil {
		if err := s.external.KeepReceipt(receipt.School, signed); err != nil {
			return err
		}
	}
	line.FinishedAt, line.Receipt = &finished, string(signed)
	return installation.RecordErasure(ctx, line)
}

// Erasures gives the receipts of all wipes, for the operator.
func (s *Service) Erasures(ctx context.Context, actor models.Actor) ([]Receipt, error) {
	lines, err := s.store.Installation(actor).Erasures(ctx)
	if err != nil {
		return nil, err
	}
	receipts := []Receipt{}
	for _, line := range lines {
		var receipt Receipt
		if err := json.Unmarshal([]byte(line.Receipt), &receipt); err != nil {
			return nil, err
		}
		if line.FinishedAt == nil { // there is no receipt of it yet
			receipt = Receipt{School: line.SchoolID.String(), AskedAt: line.AskedAt, Rows: line.Counts}
		}
		receipts = append(receipts, receipt)
	}
	return receipts, nil
}
