package models_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/models"
)

func TestAMessageGoesForwardOnly(t *testing.T) {
	t.Parallel()
	// Every pair of states, written out: what is not here may not be.
	allowed := map[models.MessageState]string{
		models.MessageQueued:     "sending sent delivered unknown failed superseded",
		models.MessageSending:    "queued sent delivered unknown failed superseded",
		models.MessageSent:       "delivered failed",
		models.MessageUnknown:    "queued sent delivered failed superseded",
		models.MessageDelivered:  "",
		models.MessageFailed:     "",
		models.MessageSuperseded: "",
	}
	for _, from := range models.MessageStates() {
		for _, to := range models.MessageStates() {
			want := from == to || slices.Contains(strings.Fields(allowed[from]), string(to))
			if from.MayBecome(to) != want {
				t.Errorf("%s to %s: %v, want %v", from, to, !want, want)
			}
		}
		if from.Final() != (allowed[from] == "") {
			t.Errorf("%s final: %v", from, from.Final())
		}
	}
	if len(allowed) != len(models.MessageStates()) {
		t.Error("a state was not thought about")
	}
	if models.MessageState("lost").MayBecome(models.MessageSent) {
		t.Error("a state that nobody knows leads somewhere")
	}
}
