package auth_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/account"
	"github.com/ouderavond/ouderavond/auth/staff"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// teacher adds a member of staff with an address, and returns the id.
func (w *world) teacher(name, address string) models.StaffID {
	w.Helper()
	id := storetest.ID[models.StaffID](name)
	w.write(func(tx *store.Tx) error {
		return store.Insert(tx, &models.Staff{ID: id, State: models.PersonActive, Details: models.StaffDetails{Key: name, DisplayName: name, Email: address}})
	})
	return id
}

// sent returns the last link that was sent to an address, and what it is for.
func (w *world) sent(address string) (token string, purpose models.TokenPurpose) {
	w.Helper()
	sent := rows[models.Message](w)
	slices.SortFunc(sent, func(a, b models.Message) int { return a.ID.Compare(b.ID) })
	for _, message := range sent {
		if message.Kind == models.MessageStaffLink && message.Details.To == address {
			token, purpose = message.Details.Link, message.Details.Purpose
		}
	}
	return token, purpose
}

func (w *world) use(use staff.Use) (models.Actor, error) {
	w.Helper()
	opened, err := w.service.Staff.UseLink(w.Context(), w.school, use, staff.Origin{})
	if err != nil {
		return models.Actor{}, err
	}
	return w.authenticate(opened.Token)
}

func (w *world) askLink(address string, purpose models.TokenPurpose) {
	w.Helper()
	if err := w.service.Staff.AskLink(w.Context(), w.school, address, purpose, staff.Origin{Address: netip.MustParseAddr("203.0.113.9")}); err != nil {
		w.Fatal(err)
	}
}

func TestAllTeachersAreInvitedOnceAndWhoHasNotAcceptedIsAList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	visser, bos := w.teacher("visser", " J.Visser@School.Example "), w.teacher("bos", "bos@school.example")
	silent, twin, left := w.teacher("silent", ""), w.teacher("twin", "BOS@school.example"), w.teacher("left", "left@school.example")
	w.write(func(tx *store.Tx) error {
		return store.Update(tx, &models.Staff{ID: left, State: models.PersonLeft}, "state")
	})
	invite := func(again bool) account.Invited {
		t.Helper()
		done, err := w.service.Accounts.InviteTeachers(t.Context(), admin(w.school), again)
		if err != nil {
			t.Fatal(err)
		}
		return done
	}
	done := invite(false)
	if done.New != 2 || done.Have != 0 || len(done.Missing) != 2 || !slices.Contains(done.Missing, silent) || !slices.Contains(done.Missing, twin) && !slices.Contains(done.Missing, bos) {
		t.Fatalf("invited: %+v", done)
	}
	token, purpose := w.sent("j.visser@school.example")
	if purpose != models.TokenInvitation {
		t.Fatalf("%q", purpose)
	}
	link, err := w.service.Staff.Look(t.Context(), w.school, token)
	if err != nil || link.Password || link.Login != "j.visser@school.example" || !slices.Equal(link.Roles, []models.Role{models.RoleTeacher}) {
		t.Fatalf("%+v, %v", link, err)
	}
	actor, err := w.use(staff.Use{Token: token})
	if err != nil || actor.Staff != visser || !slices.Equal(actor.Roles, []models.Role{models.RoleTeacher}) || actor.Proof != models.ProofRecent {
		t.Fatalf("%+v, %v", actor, err)
	}
	_, err = w.use(staff.Use{Token: token})
	wantKind(t, "opened twice", err, errs.NotFound, "staff-link.used")
	_, err = w.service.Staff.Look(t.Context(), w.other, token)
	wantKind(t, "at another school", err, errs.NotFound, "staff-link.unknown")

	if done := invite(false); done.New != 0 || done.Again != 0 || done.Have != 1 {
		t.Errorf("once more: %+v", done)
	}
	before, _ := w.sent("bos@school.example")
	if done := invite(true); done.Again != 1 || done.Have != 1 {
		t.Errorf("again: %+v", done)
	}
	_, err = w.use(staff.Use{Token: before})
	wantKind(t, "the link before", err, errs.NotFound, "staff-link.unknown")
	views, err := w.service.Accounts.List(t.Context(), admin(w.school))
	if err != nil || len(views) != 2 || views[0].State != models.AccountInvited || views[0].InvitedUntil == nil || views[1].State != models.AccountActive || views[1].SeenAt == nil {
		t.Errorf("%+v, %v", views, err)
	}
	late, _ := w.sent("bos@school.example")
	w.Clock.Advance(account.InvitationKept)
	_, err = w.use(staff.Use{Token: late})
	wantKind(t, "after fourteen days", err, errs.NotFound, "staff-link.ended")
}

func TestATeacherLogsInByALinkAndTheDeviceIsRememberedForTheOwnList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.teacher("visser", "visser@school.example")
	if _, err := w.service.Accounts.InviteTeachers(t.Context(), admin(w.school), false); err != nil {
		t.Fatal(err)
	}
	w.askLink("visser@school.example", models.TokenLogIn) // before the invitation is accepted it is that which comes again
	token, purpose := w.sent("visser@school.example")
	if purpose != models.TokenInvitation {
		t.Fatalf("%q", purpose)
	}
	if _, err := w.use(staff.Use{Token: token}); err != nil {
		t.Fatal(err)
	}
	w.askLink(" Visser@School.Example", models.TokenLogIn)
	token, purpose = w.sent("visser@school.example")
	if purpose != models.TokenLogIn {
		t.Fatalf("%q", purpose)
	}
	opened, err := w.service.Staff.UseLink(t.Context(), w.school, staff.Use{Token: token, Remember: true}, staff.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		later time.Duration
		want  models.Proof
	}{{0, models.ProofRecent}, {16 * time.Minute, models.ProofPresent}, {12 * time.Hour, models.ProofRemembered}, {17 * 24 * time.Hour, models.ProofRemembered}, {12 * 24 * time.Hour, models.ProofRemembered}} {
		w.Clock.Advance(tt.later)
		if actor, err := w.authenticate(opened.Token); err != nil || actor.Proof != tt.want {
			t.Errorf("%v later: %d, %v", tt.later, actor.Proof, err)
		}
	}
	w.Clock.Advance(24 * time.Hour)
	wantAlive(w, "after thirty days", opened.Token, false)

	w.askLink("visser@school.example", models.TokenLogIn)
	token, _ = w.sent("visser@school.example")
	opened, err = w.service.Staff.UseLink(t.Context(), w.school, staff.Use{Token: token}, staff.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(2 * time.Hour)
	wantAlive(w, "not remembered, two hours later", opened.Token, false)
}

func TestAskingForALinkTellsNothingAndFloodsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account("beheer@school.example", models.RoleAdministrator)
	w.account("uit@school.example", models.RoleAdministrator)
	w.disable("uit@school.example")
	for _, address := range []string{"niemand@school.example", "", "geen adres", "uit@school.example"} {
		w.askLink(address, models.TokenLogIn)
	}
	if sent := rows[models.Message](w); len(sent) != 0 {
		t.Errorf("%d messages to nobody", len(sent))
	}
	for range 9 {
		w.askLink("beheer@school.example", models.TokenLogIn)
	}
	if sent := rows[models.Message](w); len(sent) != budget.StaffMail.Max {
		t.Errorf("%d messages within an hour", len(sent))
	}
	if _, purpose := w.sent("beheer@school.example"); purpose != models.TokenPassword {
		t.Errorf("an administrator was sent %q", purpose)
	}
	from := staff.Origin{Address: netip.MustParseAddr("203.0.113.77")}
	var err error
	for range budget.StaffMails.Max + 1 {
		err = w.service.Staff.AskLink(t.Context(), w.school, "niemand@school.example", models.TokenLogIn, from)
	}
	wantKind(t, "from one address", err, errs.TooMany, "login.too-many")
}

func TestAPasswordThatWasForgottenIsChosenByALink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.staffIn(w.account("beheer@school.example", models.RoleAdministrator))
	w.askLink("beheer@school.example", models.TokenPassword)
	first, _ := w.sent("beheer@school.example")
	w.askLink("beheer@school.example", models.TokenPassword)
	token, _ := w.sent("beheer@school.example")
	for typed, code := range map[string]string{"": "too-short", "kort": "too-short", "beheer@school.example": "known", "wachtwoord2026": "known"} {
		_, err := w.use(staff.Use{Token: token, Password: typed})
		if found, ok := errs.As(err); !ok || found.Kind != errs.Invalid || found.Fields[0].Code != code {
			t.Errorf("%q: %v", typed, err)
		}
	}
	other := "negen blauwe walvissen fluiten"
	actor, err := w.use(staff.Use{Token: token, Password: other, Remember: true})
	if err != nil || len(actor.Roles) != 0 || len(actor.Withheld) != 1 {
		t.Fatalf("%+v, %v", actor, err)
	}
	wantAlive(w, "a session from before", before.Token, false)
	if _, err := w.staff("beheer@school.example", password); err == nil {
		t.Error("the former password is good")
	}
	if _, err := w.staff("beheer@school.example", other); err != nil {
		t.Error(err)
	}
	_, err = w.use(staff.Use{Token: first, Password: other})
	wantKind(t, "another link of the same kind", err, errs.NotFound, "staff-link.unknown")
}

func TestAnotherAddressEndsTheLinksOfTheFormer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, err := w.service.Accounts.Create(t.Context(), admin(w.school), account.New{Login: "balie@school.example", Roles: []models.Role{models.RoleReception}})
	if err != nil || made.Token == "" {
		t.Fatal(err)
	}
	moved := "receptie@school.example"
	view, err := w.service.Accounts.Update(t.Context(), admin(w.school), made.ID, account.Patch{Login: &moved})
	if err != nil || view.Login != moved || view.InvitedUntil != nil {
		t.Fatalf("%+v, %v", view, err)
	}
	_, err = w.use(staff.Use{Token: made.Token})
	wantKind(t, "sent to the former address", err, errs.NotFound, "staff-link.unknown")
	if token, err := w.service.Accounts.InviteAgain(t.Context(), admin(w.school), made.ID, false); err != nil {
		t.Error(err)
	} else if actor, err := w.use(staff.Use{Token: token}); err != nil || actor.Roles[0] != models.RoleReception {
		t.Errorf("%+v, %v", actor, err)
	}
	_, err = w.service.Accounts.InviteAgain(t.Context(), admin(w.school), made.ID, false)
	wantKind(t, "accepted", err, errs.Conflict, "account.accepted")
}
