package main

import (
	"strings"
	"testing"
)

func TestANameThatTwoConferencesHaveNamesNeither(t *testing.T) {
	t.Parallel()
	conferences := []conferenceAnswer{
		{ID: "1", Key: "herfst", Title: "Tienminutengesprekken", State: "draft"}, {ID: "2", Key: "lente", Title: "Tienminutengesprekken", State: "open"}, {ID: "3", Key: "x", Title: "herfst"}, {ID: "4", Title: "Extra"},
	}
	for name, want := range map[string]string{"1": "1", "lente": "2", "herfst": "1", "x": "3", "Extra": "4"} {
		if id, err := named(conferences, name); err != nil || id != want {
			t.Errorf("%s: %q, %v", name, id, err)
		}
	}
	if _, err := named(conferences, "Tienminutengesprekken"); err == nil || !strings.Contains(err.Error(), "1 draft") || !strings.Contains(err.Error(), "2 open") {
		t.Errorf("two of a title: %v", err)
	}
	if _, err := named(conferences, "none"); err == nil {
		t.Error("what nobody has is found")
	}
}
