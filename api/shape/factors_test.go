package shape_test

import (
	"encoding/json"
	"testing"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/factor"
)

func TestEveryFactorHasItsFieldInRequests(t *testing.T) {
	t.Parallel()
	for _, one := range factor.All {
		body, err := json.Marshal(map[models.Factor]string{one.Name: "x"})
		if err != nil {
			t.Fatal(err)
		}
		var typed shape.TypedFactors
		var entered shape.EnteredFactors
		if err := json.Unmarshal(body, &typed); err != nil || typed.Values()[one.Name] != "x" || len(typed.Values()) != 1 {
			t.Errorf("%s at log-in: %v, %v", one.Name, typed.Values(), err)
		}
		if err := json.Unmarshal(body, &entered); err != nil || entered.Values()[one.Name] != "x" || len(entered.Values()) != 1 {
			t.Errorf("%s by hand: %v, %v", one.Name, entered.Values(), err)
		}
	}
	empty := ""
	if values := (shape.EnteredFactors{Postcode: &empty}).Values(); len(values) != 1 {
		t.Errorf("the empty text takes a value away: %v", values)
	}
}

func TestEveryFactorHasItsSentencesOnThePage(t *testing.T) {
	t.Parallel()
	texts, err := layout.Catalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range texts.Languages() {
		for _, one := range factor.All {
			for _, id := range []string{"login." + string(one.Name), "login." + string(one.Name) + "_hint"} {
				if texts.For(language).Text(id, nil) == id {
					t.Errorf("%s: no sentence %s", language, id)
				}
			}
		}
	}
}
