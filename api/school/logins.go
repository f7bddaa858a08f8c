package school

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/models"
)

// guessingBody is how the log-in form of families stands.
type guessingBody struct {
	Guessing  string                          `json:"guessing" enum:"links,narrow,wide" doc:"What the school chose: how many wrong answers it bears with before the form asks everybody for a second proof. With links it is narrow for a round whose personal links went to at least six in ten households, else wide." example:"links"`
	Applied   string                          `json:"applied" enum:"narrow,wide" doc:"Which of the two that is now." example:"wide"`
	Narrow    int                             `json:"narrow_total" doc:"The narrow total, in twelve hours. It keeps somebody who has the class list to one chance in ten thousand (birth date and whole postcode), and asks some 0.7 % of the families of a quiet evening for a second proof; where the file has 3 % wrong data, 7 to 17 %." example:"9"`
	Wide      int                             `json:"wide_total" doc:"The wide total. It asks fewer than 0.1 % of the families of a quiet evening, and leaves somebody who has the class list two to three chances in ten thousand." example:"21"`
	Total     int                             `json:"total" doc:"What the school has now." example:"21"`
	AtOnce    int                             `json:"at_once" doc:"How much of it can be spent in one go; the rest comes back over five hours." example:"17"`
	Spent     float64                         `json:"spent" doc:"What counts against the total now: a wrong answer one, a slip of the finger a quarter." example:"6"`
	Since     *time.Time                      `json:"second_proof_since,omitempty" doc:"Since when the form asks everybody for a second proof, UTC; missing if it does not." example:"2026-11-24T18:04:00Z"`
	ByCode    int                             `json:"came_by_code" doc:"How many codes, and links beside codes, were used within twelve hours." example:"24"`
	NoContact []shape.Ref[models.HouseholdID] `json:"without_contact" doc:"Families to whom no code can be sent: those to call when the form asks for a second proof." example:"[\"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192\"]"`
}

type guessingOutput struct{ Body guessingBody }

func (s *Chapter) getLogIns(ctx context.Context, _ *shape.SchoolPath) (*guessingOutput, error) {
	told, err := s.auth.Parents.Guessing(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	body := guessingBody{
		Guessing: shape.GuessingOf(told.Choice), Applied: shape.GuessingOf(told.Applied), Narrow: told.Narrow, Wide: told.Wide, Total: told.Total, AtOnce: told.AtOnce, Spent: told.Spent,
		Since: told.Since, ByCode: told.ByCode, NoContact: shape.Mapped(told.NoContact, shape.RefTo[models.HouseholdID]),
	}
	return &guessingOutput{Body: body}, nil
}
