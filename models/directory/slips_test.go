package directory_test

import (
	"slices"
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
)

func TestOneSlipInANameIsForgiven(t *testing.T) {
	t.Parallel()
	named := func(n int, state models.PersonState, given, prefix, surname string) models.Pupil {
		return models.Pupil{ID: numbered[models.PupilID](n), State: state, Details: models.PupilDetails{Given: given, Prefix: prefix, Surname: surname}}
	}
	people := directory.New(directory.Rows{Pupils: []models.Pupil{
		named(0, models.PersonActive, "Sanne", "de", "Jong"), named(1, models.PersonActive, "Bo", "", "Bos"), named(2, models.PersonLeft, "Daan", "", "Visser"),
		named(3, models.PersonActive, "Anna Maria", "van den", "Berg"), named(4, models.PersonActive, "Noor", "", "Bakker"), named(5, models.PersonActive, "Noor", "", "Bakkers"),
	}})
	for typed, want := range map[string][]int{
		"Sanne de Jnog": {0}, "Sane de Jong": {0}, "Sannne Jong": {0}, "Jonk, Sanne de": {0}, "Sanne dr Jong": {0}, "sanne   de jonk": {0}, "Jong Sannne": {0},
		"Sane de Jnog": nil, "Sanne": nil, "Jong": nil, "Bo Boss": nil, "Bo Bs": nil, "Daan Viser": nil, "": nil, "Piet Puk": nil,
		"Anna van den Bergh": {3}, "Anna Marie van den Berg": {3}, "Anna Mria Berg": {3}, "Noor Baker": {4}, "Noor Bakkerd": {4, 5}, "Noor Bakker": {5}, "Noor Bakkers": {4},
	} {
		var got []int
		for _, pupil := range people.BySlip(typed) {
			got = append(got, int(pupil.ID[15]))
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", typed, got, want)
		}
	}
	if people.Active() != 5 {
		t.Errorf("%d are active", people.Active())
	}
}
