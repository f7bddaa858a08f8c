package shape

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"time"

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
	Cursor string `query:"cursor" maxLength:"100" doc:"The cursor that the page before gave as next; left out for the first page." example:"AZofPlwdeyqPAD1eb3CBkvPPFbw"`
}

// Cut cuts the page out of a list that was asked for, and shows its things; see Page.
func Cut[T, B any](from AllOrPage, of string, all []T, id func(T) models.RowID, show func(T) B) (List[B], error) {
	return CutBy(from, of, all, func(thing T) []byte { return idBytes(id(thing)) }, show)
}

// CutBy is Cut for things that stand in the order of another key than their ids. No two have one key, it has nothing personal (it is written into cursors, which stand
// in addresses), and has at most 64 bytes.
func CutBy[T, B any](from AllOrPage, of string, all []T, key func(T) []byte, show func(T) B) (List[B], error) {
	page, next, err := pageBy(Paging(from), of, all, key)
	list := ListOf(Mapped(page, show))
	list.Next = next
	return list, err
}

// ByTime is the key of things that stand in the order of an instant, and then of their ids.
func ByTime(instant time.Time, id models.RowID) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(max(0, instant.UnixMicro()))), id[:]...)
}

// cursorCheck is how many bytes of a cursor say which list it is of.
const cursorCheck = 4

// CursorOf is the cursor behind the last thing of a page of a list, which of names.
func CursorOf(of string, last models.RowID) string { return cursor(of, last[:]) }

// CursorBy is the cursor of a list that goes on by a key of its own, which has nothing personal.
func CursorBy(of string, key []byte) string { return cursor(of, key) }

// AfterBy reads the key that a cursor of a list holds; nil where there is none.
func AfterBy(of, given string) ([]byte, error) { return behind(of, given) }

// After reads the thing that a cursor of a list names; the zero id where there is none.
func After(of, given string) (id models.RowID, err error) {
	key, err := behind(of, given)
	if err != nil || key == nil {
		return id, err
	}
	if len(key) != len(id) {
		return id, errs.InvalidField("cursor", "not-valid")
	}
	return models.RowID(key), nil
}

// behind reads the key of the thing that a cursor of a list names; nil where there is none.
func behind(of, given string) ([]byte, error) {
	if given == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(given)
	if err != nil || len(raw) <= cursorCheck || given != cursor(of, raw[:len(raw)-cursorCheck]) {
		return nil, errs.InvalidField("cursor", "not-valid")
	}
	return raw[:len(raw)-cursorCheck], nil
}

// Page cuts a page out of things that stand in the order of their ids. The cursor names the last one of the page before, so that nothing is shown twice or
// left out when things come and go meanwhile. It is good for the one list that gave it, which of names: a cursor of another list is refused.
func Page[T any](from Paging, of string, all []T, id func(T) models.RowID) ([]T, string, error) {
	return pageBy(from, of, all, func(thing T) []byte { return idBytes(id(thing)) })
}

func pageBy[T any](from Paging, of string, all []T, key func(T) []byte) ([]T, string, error) {
	last, err := behind(of, from.Cursor)
	if err != nil {
		return nil, "", err
	}
	start := 0
	for last != nil && start < len(all) && bytes.Compare(key(all[start]), last) <= 0 {
		start++
	}
	all = all[start:]
	if from.Limit == 0 || len(all) <= from.Limit {
		return all, "", nil
	}
	return all[:from.Limit], cursor(of, key(all[from.Limit-1])), nil
}

func idBytes(id models.RowID) []byte { return id[:] }

func cursor(of string, last []byte) string {
	sum := sha256.Sum256(append([]byte(of+" "), last...))
	return base64.RawURLEncoding.EncodeToString(append(slices.Clone(last), sum[:cursorCheck]...))
}
