package shape

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// Paging is how a client asks for a page of a list.
type Paging struct {
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"500" doc:"How many things a page holds at most." example:"50"`
	Cursor string `query:"cursor" maxLength:"40" doc:"The cursor that the page before gave as next; left out for the first page." example:"AZofPlwdeyqPAD1eb3CBkvPPFbw"`
}

// AllOrPage is how a client asks for a list that is answered whole unless a page of it is asked for.
type AllOrPage struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"500" doc:"How many things a page holds at most; everything if left out." example:"50"`
	Cursor string `query:"cursor" maxLength:"40" doc:"The cursor that the page before gave as next; left out for the first page." example:"AZofPlwdeyqPAD1eb3CBkvPPFbw"`
}

// Cut cuts the page out of a list that was asked for, and shows its things; see Page.
func Cut[T, B any](from AllOrPage, of string, all []T, id func(T) models.RowID, show func(T) B) (List[B], error) {
	page, next, err := Page(Paging(from), of, all, id)
	list := ListOf(Mapped(page, show))
	list.Next = next
	return list, err
}

// cursorCheck is how many bytes of a cursor say which list it is of.
const cursorCheck = 4

// CursorOf is the cursor behind the last thing of a page of a list, which of names.
func CursorOf(of string, last models.RowID) string { return cursor(of, last) }

// After reads the thing that a cursor of a list names; the zero id where there is none.
func After(of, given string) (id models.RowID, err error) {
	if given == "" {
		return id, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(given)
	if err != nil || len(raw) != len(id)+cursorCheck || given != cursor(of, models.RowID(raw[:len(id)])) {
		return id, errs.InvalidField("cursor", "not-valid")
	}
	return models.RowID(raw[:len(id)]), nil
}

// Page cuts a page out of things that stand in the order of their ids. The cursor names the last one of the page before, so that nothing is shown twice or
// left out when things come and go meanwhile. It is good for the one list that gave it, which of names: a cursor of another list is refused.
func Page[T any](from Paging, of string, all []T, id func(T) models.RowID) ([]T, string, error) {
	start := 0
	if from.Cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(from.Cursor)
		if err != nil || len(raw) != 16+cursorCheck || from.Cursor != cursor(of, models.RowID(raw[:16])) {
			return nil, "", errs.InvalidField("cursor", "not-valid")
		}
		for start < len(all) {
			if last := id(all[start]); bytes.Compare(last[:], raw[:16]) > 0 {
				break
			}
			start++
		}
	}
	all = all[start:]
	if from.Limit == 0 || len(all) <= from.Limit {
		return all, "", nil
	}
	return all[:from.Limit], cursor(of, id(all[from.Limit-1])), nil
}

func cursor(of string, last models.RowID) string {
	sum := sha256.Sum256(append([]byte(of+" "), last[:]...))
	return base64.RawURLEncoding.EncodeToString(append(last[:], sum[:cursorCheck]...))
}
