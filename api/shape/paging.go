package shape

import (
	"bytes"
	"encoding/base64"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// Paging is how a client asks for a page of a list.
type Paging struct {
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"500" doc:"How many things a page holds at most." example:"50"`
	Cursor string `query:"cursor" maxLength:"40" doc:"The cursor that the page before gave as next; left out for the first page." example:"AZofPlwdeyqPAD1eb3CBkg"`
}

// Page cuts a page out of things that stand in the order of their ids. The cursor names the last one of the page before, so that nothing is shown twice or
// left out when things come and go meanwhile.
func Page[T any](from Paging, all []T, id func(T) models.RowID) ([]T, string, error) {
	start := 0
	if from.Cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(from.Cursor)
		if err != nil || len(raw) != 16 {
			return nil, "", errs.InvalidField("cursor", "not-valid")
		}
		for start < len(all) {
			if last := id(all[start]); bytes.Compare(last[:], raw) > 0 {
				break
			}
			start++
		}
	}
	all = all[start:]
	if len(all) <= from.Limit {
		return all, "", nil
	}
	last := id(all[from.Limit-1])
	return all[:from.Limit], base64.RawURLEncoding.EncodeToString(last[:]), nil
}
