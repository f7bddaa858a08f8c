package api_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// TestAScanOfAllDatesDoesNotFindTheRightOne shuts the form by guesses, lets the family type its right data in vain, and then tries every date of the year for its child: all
// answers are alike to the byte, nothing is charged, and the right data open again as soon as the form does.
func TestAScanOfAllDatesDoesNotFindTheRightOne(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 4})
	w.Do(t, apitest.Call{Method: http.MethodPatch, Path: s.Path, Token: s.Admin, Body: map[string]string{"guessing": "narrow"}}).Want(t, http.StatusOK)
	addresses := 0
	from := func(typed map[string]string) apitest.Answer {
		addresses++
		return w.Do(t, apitest.Call{Method: http.MethodPost, Path: s.Path + "/family/session", Remote: fmt.Sprintf("203.0.113.%d:9", addresses/3%250+1), Body: typed})
	}
	rows := func() (misses, shadows int64) {
		t.Helper()
		err := w.Database.Store.For(storetest.As(s.ID)).Read(t.Context(), func(tx *store.Tx) (err error) {
			if misses, err = store.Count[models.LoginMiss](tx); err != nil {
				return err
			}
			shadows, err = store.Count[models.LoginShadow](tx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return misses, shadows
	}
	for _, family := range []int{0, 1, 3} {
		typed := s.Typed(family)
		typed["postcode"], typed["birth_date"] = "9999 ZZ", "31-12-1999"
		from(typed).Want(t, http.StatusUnauthorized)
	}
	right := s.Typed(2)
	first := from(right) // from where nobody guessed
	first.Want(t, http.StatusUnauthorized)
	from(right).Want(t, http.StatusUnauthorized)
	charged, _ := rows()
	born, err := time.Parse(time.DateOnly, right["birth_date"])
	if err != nil {
		t.Fatal(err)
	}
	met := false
	for day := time.Date(born.Year(), 1, 1, 0, 0, 0, 0, time.UTC); day.Year() == born.Year(); day = day.AddDate(0, 0, 1) {
		typed := maps.Clone(right)
		typed["birth_date"] = day.Format(time.DateOnly)
		met = met || typed["birth_date"] == right["birth_date"]
		got := from(typed)
		if got.Status != first.Status || !bytes.Equal(withoutTry(got.Body), withoutTry(first.Body)) || len(got.Body) != len(first.Body) || withoutID(got.Header) != withoutID(first.Header) {
			t.Fatalf("%s: %d %s %v", typed["birth_date"], got.Status, got.Body, got.Header)
		}
	}
	if after, shadows := rows(); after != charged || charged != 3 || shadows == 0 || !met {
		t.Errorf("%d misses after %d, %d shadows, right one met: %v", after, charged, shadows, met)
	}
	w.Database.Clock.Advance(12 * time.Hour)
	from(right).Want(t, http.StatusCreated)
}
