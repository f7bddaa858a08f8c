package erasure

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"

	"github.com/ouderavond/ouderavond/models"
)

// ErrReceipt tells that a receipt was not signed by this installation, or was changed.
var ErrReceipt = errors.New("the signature is not this installation's")

// ReadReceipt reads a receipt and checks its signature with the installation's own key, whatever key the receipt names itself. It fails with ErrReceipt.
func ReadReceipt(document []byte, key ed25519.PublicKey) (*Receipt, error) {
	var receipt Receipt
	if err := json.Unmarshal(document, &receipt); err != nil {
		return nil, errors.Join(ErrReceipt, err)
	}
	signature, err := base64.StdEncoding.DecodeString(receipt.Signature)
	if err != nil {
		return nil, ErrReceipt
	}
	unsigned := receipt
	unsigned.Signature = ""
	signed, err := json.Marshal(unsigned)
	if err != nil || !ed25519.Verify(key, signed, signature) {
		return nil, ErrReceipt
	}
	return &receipt, nil
}

// KeepReceipts writes the receipts of the ledger that are not kept outside the database yet, and tells how many. Where several instances share a database
// each keeps them all: whichever starts on a restored database knows what was wiped. And each removes what it keeps itself of the schools that another one
// wiped: messages in its own mailbox folder, which the other cannot reach.
func (s *Service) KeepReceipts(ctx context.Context) (int, error) {
	if s.external == nil {
		return 0, nil
	}
	lines, err := s.store.Installation(models.Actor{Kind: models.ActorSystem, Reason: "keep receipts"}).Erasures(ctx)
	if err != nil {
		return 0, err
	}
	present, err := s.keptReceipts()
	if err != nil {
		return 0, err
	}
	kept := map[models.SchoolID]bool{}
	for _, school := range present {
		kept[school] = true
	}
	written := 0
	for _, line := range lines {
		school := models.SchoolID(line.SchoolID)
		if line.FinishedAt == nil {
			continue
		}
		// Each time, for a message may have been on its way when the school was wiped.
		if _, err := s.external.EraseSchool(school.String()); err != nil {
			return written, err
		}
		if kept[school] {
			continue
		}
		if err := s.external.KeepReceipt(school.String(), []byte(line.Receipt)); err != nil {
			return written, err
		}
		written++
	}
	return written, nil
}

// Unfinished gives the wipes that have been asked for and have no end yet, for metrics: when each was asked for.
func (s *Service) Unfinished(ctx context.Context) ([]models.Erasure, error) {
	lines, err := s.store.Installation(models.Actor{Kind: models.ActorSystem, Reason: "metrics"}).Erasures(ctx)
	if err != nil {
		return nil, err
	}
	var open []models.Erasure
	for _, line := range lines {
		if line.FinishedAt == nil {
			open = append(open, line)
		}
	}
	return open, nil
}
