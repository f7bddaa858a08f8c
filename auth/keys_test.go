package auth_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/key"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

func (w *world) key(wanted key.NewKey) (models.APIKeyID, string) {
	w.Helper()
	id, text, err := w.service.Keys.Create(context.Background(), admin(w.school), wanted)
	if err != nil {
		w.Fatal(err)
	}
	return id, text
}

func reading() key.NewKey {
	return key.NewKey{Name: "Koppeling", Scopes: []models.Scope{models.ScopeRosterRead, models.ScopeBookingRead}}
}

func TestAKeyOpensWhatItsScopesSay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, text := w.key(reading())
	actor, err := w.authenticate(text)
	if err != nil || actor.Kind != models.ActorKey || actor.School != w.school || models.APIKeyID(actor.ID) != id || !slices.Equal(actor.Scopes, reading().Scopes) {
		t.Fatalf("actor %+v, %v", actor, err)
	}
	keys, err := w.service.Keys.List(t.Context(), admin(w.school))
	if err != nil || len(keys) != 1 || keys[0].Details.Name != "Koppeling" || strings.Contains(string(keys[0].KeyIndex), text) {
		t.Errorf("keys %+v, %v", keys, err)
	}
	if audits := rows[models.Audit](w); len(audits) != 1 || audits[0].Action != "api-key" || models.APIKeyID(audits[0].Subject) != id {
		t.Errorf("audit %+v", audits)
	}
}

func TestAnyOtherTextThanTheKeyOpensNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, text := w.key(reading())
	if !strings.HasPrefix(text, "ok_") || len(text) != 3+43+6 {
		t.Fatalf("key %q", text)
	}
	for at := range text {
		for _, changed := range []string{text[:at], text[:at] + text[at+1:], text[:at] + flip(text[at]) + text[at+1:], text[:at] + "A" + text[at:]} {
			if _, err := w.authenticate(changed); err == nil {
				t.Fatalf("%q for %q", changed, text)
			}
		}
	}
	for _, changed := range []string{text + " ", " " + text, text + "\n", strings.ToUpper(text), text + text, "oo_" + text[3:], "os_" + text[3:]} {
		wantAlive(w, changed, changed, false)
	}
	for _, school := range []models.SchoolID{w.other, {}, models.New[models.SchoolID]()} {
		_, err := w.service.Authenticate(context.Background(), school, text)
		wantKind(t, "at another school", err, errs.Unauthenticated, "not-logged-in")
	}
	wantAlive(w, "the key itself", text, true)
}

// flip gives another character of the alphabet of tokens.
func flip(character byte) string {
	if character == 'A' {
		return "B"
	}
	return "A"
}

func TestAKeyEndsWhenItIsRevokedOrExpires(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	until := storetest.Start().Add(time.Hour)
	limited := reading()
	limited.Until = &until
	_, expiring := w.key(limited)
	id, revoked := w.key(reading())
	_, staying := w.key(reading())
	if err := w.service.Keys.Revoke(t.Context(), admin(w.school), id); err != nil {
		t.Fatal(err)
	}
	wantAlive(w, "revoked", revoked, false)
	w.Clock.Set(until.Add(-time.Microsecond))
	wantAlive(w, "before its end", expiring, true)
	w.Clock.Set(until)
	wantAlive(w, "at its end", expiring, false)
	wantAlive(w, "without an end", staying, true)
	wantKind(t, "revoke nothing", w.service.Keys.Revoke(t.Context(), admin(w.school), models.New[models.APIKeyID]()), errs.NotFound, "not-found")
	wantKind(t, "revoke another school's", w.service.Keys.Revoke(t.Context(), admin(w.other), id), errs.NotFound, "not-found")
	w.closeSchool()
	wantAlive(w, "of a school that closes", staying, false)
}

func TestAKeyIsCheckedBeforeItIsMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	past := storetest.Start()
	small := models.Actor{Kind: models.ActorKey, School: w.school, Scopes: []models.Scope{models.ScopeAccounts, models.ScopeRosterRead}}
	for name, tt := range map[string]struct {
		actor  models.Actor
		wanted key.NewKey
		kind   errs.Kind
	}{
		"no scope":                 {admin(w.school), key.NewKey{}, errs.Invalid},
		"an unknown scope":         {admin(w.school), key.NewKey{Scopes: []models.Scope{"everything"}}, errs.Invalid},
		"an end in the past":       {admin(w.school), key.NewKey{Scopes: reading().Scopes, Until: &past}, errs.Invalid},
		"more than the key has":    {small, key.NewKey{Scopes: []models.Scope{models.ScopeRosterRead, models.ScopeRosterWrite}}, errs.Forbidden},
		"a scope the key has not":  {small, key.NewKey{Scopes: []models.Scope{models.ScopeSchool}}, errs.Forbidden},
		"a school that is no more": {admin(models.New[models.SchoolID]()), reading(), errs.NotFound},
	} {
		id, text, err := w.service.Keys.Create(t.Context(), tt.actor, tt.wanted)
		if errs.KindOf(err) != tt.kind || err == nil || text != "" || !id.IsZero() {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	if _, _, err := w.service.Keys.Create(t.Context(), small, key.NewKey{Scopes: []models.Scope{models.ScopeRosterRead}}); err != nil {
		t.Errorf("less than the key has: %v", err)
	}
	if keys := rows[models.APIKey](w); len(keys) != 1 {
		t.Errorf("%d keys", len(keys))
	}
}

func TestAnOperatorsKeyOpensEverySchoolAndNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	text, err := w.service.Keys.CreateForOperator(t.Context(), storetest.Operator())
	if err != nil || !strings.HasPrefix(text, "oo_") {
		t.Fatalf("key %q, %v", text, err)
	}
	for _, school := range []models.SchoolID{w.school, w.other, {}} {
		actor, err := w.service.Authenticate(t.Context(), school, text)
		if err != nil || actor.Kind != models.ActorOperator || actor.School != school || actor.ID == [16]byte{} {
			t.Errorf("actor %+v, %v", actor, err)
		}
	}
	for at := range text {
		wantAlive(w, "another character", text[:at]+flip(text[at])+text[at+1:], false)
		wantAlive(w, "cut off", text[:at], false)
	}
	for _, changed := range []string{text + "\n", " " + text, "ok_" + text[3:]} {
		wantAlive(w, "spaces or another prefix", changed, false)
	}
	for _, actor := range []models.Actor{admin(w.school), {Kind: models.ActorKey, School: w.school, Scopes: models.AllScopes()}, {}} {
		text, err := w.service.Keys.CreateForOperator(t.Context(), actor)
		if text != "" {
			t.Error("a key for somebody else")
		}
		wantKind(t, "somebody else", err, errs.Forbidden, "forbidden")
	}
}
