package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/api"
	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/api/messages"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// told writes an answer as text.
func told(answer apitest.Document) string {
	text, _ := json.Marshal(answer)
	return string(text)
}

// suppress marks a fresh contact of a family as one that bounced, and gives its id.
func suppress(t *testing.T, w *apitest.World, s *apitest.School) models.ContactID {
	t.Helper()
	id, home := models.New[models.ContactID](), s.Families[0].Household
	err := w.Database.Store.For(storetest.As(s.ID)).Write(t.Context(), func(tx *store.Tx) error {
		now := tx.Now()
		return store.Insert(tx, &models.Contact{
			ID: id, HouseholdID: home, Kind: models.ContactEmail, Source: models.SourceStaff, CreatedAt: now, Suppressed: true, SuppressedAt: &now,
			SuppressedFor: models.ProblemNoSuchAddress, Details: models.ContactDetails{Value: "ouder@example.com"},
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestStaffSeeWhatBouncedAndWriteAgain(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	contact, household := suppress(t, w, s), s.Families[0].Household.String()
	listed := w.Get(t, s.Admin, s.Path+"/contacts/bounced").Want(t, http.StatusOK)
	if body := told(listed); !strings.Contains(body, "o•••@example.com") || strings.Contains(body, "ouder@") || !strings.Contains(body, "no-such-address") || !strings.Contains(body, contact.String()) {
		t.Errorf("bounced %s", body)
	}
	w.Post(t, s.Admin, s.Path+"/households/"+household+"/contacts/"+contact.String()+"/restore", nil).Want(t, http.StatusNoContent)
	if body := told(w.Get(t, s.Admin, s.Path+"/contacts/bounced").Want(t, http.StatusOK)); strings.Contains(body, contact.String()) {
		t.Errorf("still %s", body)
	}
	w.Post(t, s.LogIn(t, 0), s.Path+"/family/bookings", s.Book(0, 0)).Want(t, http.StatusCreated)
	sent := w.Post(t, s.Admin, s.Path+"/households/"+household+"/messages", nil).Want(t, http.StatusCreated)
	if !strings.Contains(told(sent), `"messages":1`) {
		t.Errorf("overview %s", sent)
	}
	messages := told(w.Get(t, s.Admin, s.Path+"/messages?household="+household).Want(t, http.StatusOK))
	if !strings.Contains(messages, `"again":true`) || !strings.Contains(messages, "superseded") || strings.Contains(messages, "ouder@") {
		t.Errorf("messages %s", messages)
	}
	w.Post(t, s.Admin, s.Path+"/messages/"+models.New[models.MessageID]().String()+"/again", nil).Want(t, http.StatusNotFound)
}

// reports stands in for the dispatcher.
type reports struct{ known bool }

func (r reports) SMSReport(_ context.Context, school, _, signature string, form url.Values) (bool, error) {
	return r.known && signature == "signed" && school != "" && form.Get("MessageStatus") == "delivered", nil
}

func (reports) Bounce(_ context.Context, raw []byte, recipients []string) (string, error) {
	if len(raw) == 0 || len(recipients) != 1 {
		return "ignored", nil
	}
	return "taken", nil
}

func TestReportsOfCarriersComeIn(t *testing.T) {
	t.Parallel()
	w := apitest.New(t, func(c *api.Config) { c.Reports = reports{known: true} })
	path := messages.SMSReports + "/" + models.New[models.SchoolID]().String() + "/" + models.New[models.MessageID]().String()
	call := func(signature, kind string) apitest.Call {
		return apitest.Call{Method: http.MethodPost, Path: path, Header: http.Header{"X-Twilio-Signature": {signature}, "Content-Type": {kind}}, Body: "MessageStatus=delivered"}
	}
	w.Do(t, call("signed", "application/x-www-form-urlencoded")).Want(t, http.StatusNoContent)
	w.Do(t, call("made up", "application/x-www-form-urlencoded")).Want(t, http.StatusForbidden)
	w.Do(t, call("signed", "application/json")).Want(t, http.StatusUnsupportedMediaType)
	bounce := apitest.Call{Method: http.MethodPost, Path: "/api/v1/bounces?recipient=a@b.example", Token: w.Operator, Header: http.Header{"Content-Type": {"message/rfc822"}}, Body: "From: x\r\n\r\n"}
	if answer := w.Do(t, bounce).Want(t, http.StatusOK); !strings.Contains(told(answer), "taken") {
		t.Errorf("bounce %s", answer)
	}
	bounce.Token = ""
	w.Do(t, bounce).Want(t, http.StatusUnauthorized)
}
