package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// testConditions asks for one-time codes: a table with an optional id, an optional instant, a text and a number.
func testConditions(t *testing.T, open Opener) {
	w := newWorld(t, open)
	codes := fillCodes(t, w)
	first, second := codes[0], codes[1]
	tests := map[string]struct {
		conditions []store.Condition
		want       []int
	}{
		"nothing asked":                        {nil, []int{0, 1, 2, 3}},
		"equal":                                {[]store.Condition{store.Eq("attempts", 2)}, []int{1}},
		"equal to no value":                    {[]store.Condition{store.Eq("pupil_id", models.PupilID{})}, []int{2, 3}},
		"without a value":                      {[]store.Condition{store.Null("used_at")}, []int{1, 3}},
		"different, which no value is not":     {[]store.Condition{store.Not("pupil_id", first.PupilID)}, []int{1}},
		"different from no value":              {[]store.Condition{store.Not("pupil_id", models.PupilID{})}, []int{0, 1}},
		"one of some":                          {[]store.Condition{store.In("attempts", []int{1, 3, 9})}, []int{0, 2}},
		"one of one":                           {[]store.Condition{store.In("attempts", []int{3})}, []int{2}},
		"one of none":                          {[]store.Condition{store.In("attempts", []int{})}, nil},
		"one of no values":                     {[]store.Condition{store.In("pupil_id", []models.PupilID{{}})}, nil},
		"an id among no values":                {[]store.Condition{store.In("pupil_id", []models.PupilID{{}, second.PupilID})}, []int{1}},
		"before":                               {[]store.Condition{store.Before("attempts", 3)}, []int{0, 1}},
		"from":                                 {[]store.Condition{store.From("attempts", 3)}, []int{2, 3}},
		"two that must both hold":              {[]store.Condition{store.From("attempts", 2), store.Null("used_at")}, []int{1, 3}},
		"two that contradict":                  {[]store.Condition{store.Eq("attempts", 1), store.Eq("attempts", 2)}, nil},
		"bytes":                                {[]store.Condition{store.Eq("code_index", []byte("code 3"))}, []int{3}},
		"a text of several kinds":              {[]store.Condition{store.In("kind", []models.CodeKind{models.CodeDesk, models.CodeContact})}, []int{0, 1, 2, 3}},
		"the zero condition":                   {[]store.Condition{{}}, nil},
		"the zero condition beside another":    {[]store.Condition{store.Eq("attempts", 1), {}}, nil},
		"another school's id":                  {[]store.Condition{store.Eq("school_id", w.there)}, nil},
		"one's own school's id or another's":   {[]store.Condition{store.In("school_id", []models.SchoolID{w.here, w.there})}, []int{0, 1, 2, 3}},
		"any school but one's own":             {[]store.Condition{store.Not("school_id", w.here)}, nil},
		"an instant":                           {[]store.Condition{store.Eq("expires_at", Start().Add(2*time.Minute))}, []int{2}},
		"from an instant in another zone":      {[]store.Condition{store.From("expires_at", Start().Add(2*time.Minute).In(amsterdam(t)))}, []int{2, 3}},
		"before an instant in another zone":    {[]store.Condition{store.Before("expires_at", Start().Add(2*time.Minute).In(amsterdam(t)))}, []int{0, 1}},
		"one of some instants of another zone": {[]store.Condition{store.In("expires_at", []time.Time{Start().In(amsterdam(t))})}, []int{0}},
		"an instant that a pointer leads to":   {[]store.Condition{store.Eq("used_at", instantIn(amsterdam(t)))}, []int{0, 2}},
	}
	for name, tt := range tests {
		w.read(t, w.here, func(tx *store.Tx) error {
			var got []int
			for _, code := range must[[]models.Code](t)(store.List[models.Code](tx, tt.conditions...)) {
				got = append(got, slices.IndexFunc(codes, func(c *models.Code) bool { return c.ID == code.ID }))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%s: rows %v, want %v", name, got, tt.want)
			}
			count, err := store.Count[models.Code](tx, tt.conditions...)
			wantEqual(t, name+" counted", count, int64(len(tt.want)))
			return err
		})
	}
}

func amsterdam(t testing.TB) *time.Location {
	t.Helper()
	return must[*time.Location](t)(time.LoadLocation("Europe/Amsterdam"))
}

func instantIn(zone *time.Location) *time.Time {
	instant := Start().In(zone)
	return &instant
}

// fillCodes inserts four codes into each of the two schools. Those of the first school were made in four zones, and are told apart by attempts 1 to 4.
func fillCodes(t *testing.T, w *world) []*models.Code {
	t.Helper()
	zones := []*time.Location{time.UTC, amsterdam(t), time.FixedZone("west", -9*3600), time.FixedZone("east", 13*3600)}
	for _, school := range []models.SchoolID{w.there, w.here} {
		Fill(t, w.Store, school, NewSample("Kwartel", 0))
	}
	other := &models.Pupil{ID: ID[models.PupilID]("other"), State: models.PersonActive, Arrangement: models.ArrangementEach}
	var codes []*models.Code
	for i, zone := range zones {
		code := &models.Code{
			ID: models.New[models.RowID](), Kind: models.CodeDesk, HouseholdID: ID[models.HouseholdID]("household"), CodeIndex: []byte("code " + string(rune('0'+i))),
			Attempts: i + 1, CreatedAt: Start().In(zone), ExpiresAt: Start().Add(time.Duration(i) * time.Minute).In(zone),
		}
		if i%2 == 0 {
			code.UsedAt = instantIn(zone)
		}
		codes = append(codes, code)
	}
	codes[0].PupilID, codes[1].PupilID = ID[models.PupilID]("pupil"), other.ID
	w.write(t, w.here, func(tx *store.Tx) error {
		if _, err := store.Delete[models.Code](tx, store.From("attempts", 0)); err != nil {
			return err
		}
		if err := store.Insert(tx, other); err != nil {
			return err
		}
		return store.Insert(tx, codes...)
	})
	return codes
}
