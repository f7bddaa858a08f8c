package booking

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// receiptNote says in words what the receipt's figures mean.
const receiptNote = "Everything kept of the school with this id was erased from the database, its write-ahead log and the mailbox folder. " +
	"Copies of the database made before finished_at hold it still, sealed, until whoever keeps them removes them."

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
// A wipe that was cut off half-way goes on where it was when it is asked again, or when the program starts.
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
	if err != nil {
		return nil, err
	}
	return s.erase(ctx, actor, school, wait)
}

// FinishErasures goes on with wipes that were cut off. The program calls it when it starts, before it listens; so a restored back-up forgets again what the
// ledger says was erased.
func (s *Service) FinishErasures(ctx context.Context, wait func(context.Context, time.Duration) error) (int, error) {
	system := models.Actor{Kind: models.ActorSystem, Reason: "finish erasures"}
	installation := s.store.Installation(system)
	lines, err := installation.Erasures(ctx)
	if err != nil {
		return 0, err
	}
	schools, err := installation.Schools(ctx)
	if err != nil {
		return 0, err
	}
	listed := map[models.SchoolID]bool{}
	for _, line := range lines {
		listed[models.SchoolID(line.SchoolID)] = true
	}
	finished := 0
	for _, school := range schools {
		if school.State != models.SchoolClosing && !listed[school.ID] {
			continue
		}
		if _, err := s.erase(ctx, system, school.ID, wait); err != nil {
			return finished, err
		}
		finished++
	}
	for _, line := range lines {
		if line.FinishedAt == nil {
			if _, err := s.erase(ctx, system, models.SchoolID(line.SchoolID), wait); err != nil {
				return finished, err
			}
			finished++
		}
	}
	return finished, nil
}

func (s *Service) erase(ctx context.Context, actor models.Actor, school models.SchoolID, wait func(context.Context, time.Duration) error) (*Receipt, error) {
	installation := s.store.Installation(actor)
	receipt := &Receipt{School: school.String(), AskedAt: s.store.Now(), Note: receiptNote}
	line := &models.Erasure{SchoolID: models.RawSchoolID(school), AskedAt: receipt.AskedAt, Counts: map[string]int64{}, Receipt: "{}"}
	if present, err := installation.Erasure(ctx, school); err == nil {
		receipt.AskedAt = present.AskedAt
		line.AskedAt, line.Counts = present.AskedAt, present.Counts
	}
	if err := installation.RecordErasure(ctx, line); err != nil {
		return nil, err
	}
	counts, err := installation.EraseSchool(ctx, school)
	if err != nil {
		return nil, err
	}
	for table, count := range counts {
		line.Counts[table] += count
	}
	receipt.Rows = line.Counts
	if s.mailbox != nil {
		if receipt.Messages, err = s.mailbox.EraseSchool(school.String()); err != nil {
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
		receipts = append(receipts, receipt)
	}
	return receipts, nil
}
