package operator

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/erasure"
	"github.com/ouderavond/ouderavond/models"
)

// receiptBody is the proof of a wipe. Its fields stand in the order in which they were signed.
type receiptBody struct {
	School     string           `json:"school" doc:"Id of the wiped school." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	AskedAt    time.Time        `json:"asked_at" doc:"When it was asked for." example:"2026-12-01T09:00:00Z"`
	FinishedAt *time.Time       `json:"finished_at,omitempty" doc:"When the last trace was gone; missing while the wipe is under way." example:"2026-12-01T09:00:02Z"`
	Rows       map[string]int64 `json:"rows" doc:"How many rows were erased, by table." example:"{\"pupils\":412,\"appointments\":863}"`
	Messages   int              `json:"messages" doc:"How many messages were erased from the mailbox folder." example:"0"`
	Note       string           `json:"note" doc:"What the figures mean." example:"Everything kept of the school with this id was erased."`
	PublicKey  string           `json:"public_key" doc:"Ed25519 public key of the installation, in base 64." example:"MCowBQYDK2VwAyEA="`
	Signature  string           `json:"signature" doc:"Ed25519 signature (RFC 8032), in base 64, over this document as compact JSON with an empty signature." example:"c2lnbmF0dXJl"`
}

func receiptOf(receipt erasure.Receipt) receiptBody {
	body := receiptBody{
		School: receipt.School, AskedAt: receipt.AskedAt, Rows: receipt.Rows, Messages: receipt.Messages, Note: receipt.Note,
		PublicKey: receipt.PublicKey, Signature: receipt.Signature,
	}
	if !receipt.FinishedAt.IsZero() {
		body.FinishedAt = &receipt.FinishedAt
	}
	if body.Rows == nil {
		body.Rows = map[string]int64{}
	}
	return body
}

type cancelInput struct {
	shape.SchoolPath
	Body struct {
		Slug string `json:"slug" maxLength:"48" doc:"The school's slug again, so that nobody wipes one by accident." example:"de-linde"`
	}
}

type receiptOutput struct{ Body receiptBody }

type receiptsOutput struct{ Body shape.List[receiptBody] }

func (s *Chapter) cancelSchool(ctx context.Context, in *cancelInput) (*receiptOutput, error) {
	v := rest.CallOf(ctx)
	// Once begun, a wipe does not stop because somebody closed a window.
	var receipt *erasure.Receipt
	err := s.wiping(context.WithoutCancel(ctx), func(ctx context.Context) (err error) {
		receipt, err = s.erasures.CancelSchool(ctx, v.Actor, v.School, in.Body.Slug, s.wait)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &receiptOutput{Body: receiptOf(*receipt)}, nil
}

func (s *Chapter) listErasures(ctx context.Context, in *struct{ shape.AllOrPage }) (*receiptsOutput, error) {
	receipts, err := s.erasures.Erasures(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	list, err := shape.CutBy(in.AllOrPage, "erasures", receipts, askedFor, receiptOf)
	if err != nil {
		return nil, err
	}
	return &receiptsOutput{Body: list}, nil
}

// askedFor is the key in whose order receipts are listed.
func askedFor(receipt erasure.Receipt) []byte {
	school, _ := models.Parse[models.RowID](receipt.School) // the program wrote it
	return shape.ByTime(receipt.AskedAt, school)
}
