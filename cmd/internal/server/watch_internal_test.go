package server

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	parents "github.com/ouderavond/ouderavond/auth/parent"
)

func TestEachFigureOfLogInsIsAMetric(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	watchLogIns(registry, func() parents.Figures {
		return parents.Figures{Charged: 1, TakenBack: 2, NotOpen: 3, WrongCodes: 4, Messages: 5, Withheld: 6, Spared: 7, Long: 8, TurnedAway: 9}
	})
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{
		"misses": 1, "misses_taken_back": 2, "second_proof": 3, "wrong_codes": 4, "codes": 5, "codes_withheld": 6, "codes_spared": 7, "codes_long": 8, "turned_away": 9,
	}
	for _, family := range families {
		for name, value := range want {
			if family.GetName() == "ouderavond_login_"+name+"_total" {
				if got := family.GetMetric()[0].GetCounter().GetValue(); got != value {
					t.Errorf("%s is %v, want %v", name, got, value)
				}
				delete(want, name)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
}
