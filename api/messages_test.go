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
	if body := told(listed); !strings.Contains(body, "ou•••r@example.com") || strings.Contains(body, "ouder@") || !strings.Contains(body, "no-such-address") || !strings.Contains(body, contact.String()) {
		t.Errorf("bounced %s", body)
	}
	w.Post(t, s.Admin, s.Path+"/households/"+household+"/contacts/"+contact.String()+"/restore", nil).Want(t, http.StatusNoContent)
	if body := told(w.Get(t, s.Admin, s.Path+"/contacts/bounced").Want(t, http.StatusOK)); strings.Contains(body, contact.String()) {
		t.Errorf("still %s", body)
	}
	if problem := w.Post(t, s.Admin, s.Path+"/households/"+household+"/messages", nil).Want(t, http.StatusConflict); problem.Text("code") != "message.nothing-booked" {
		t.Errorf("nothing is booked: %v", problem)
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

func TestMessagesComeInPagesAndNobodyIsWrittenToInVain(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 3})
	for i := range 3 {
		body := s.Book(i+2, i)
		body["contact"] = map[string]string{"email": "ouder@example.com"}
		w.Post(t, s.LogIn(t, i+2), s.Path+"/family/bookings", body).Want(t, http.StatusCreated)
	}
	// What somebody typed at a booking is no contact on file.
	path := s.Path + "/households/" + s.Families[2].Household.String() + "/messages"
	if problem := w.Post(t, s.Admin, path, nil).Want(t, http.StatusConflict); problem.Text("code") != "message.nobody-reached" {
		t.Errorf("problem %v", problem)
	}
	all := w.Get(t, s.Admin, s.Path+"/messages").Want(t, http.StatusOK).List("items")
	seen := []string{}
	for cursor := "?limit=2"; ; {
		page := w.Get(t, s.Admin, s.Path+"/messages"+cursor).Want(t, http.StatusOK)
		for _, item := range page.List("items") {
			seen = append(seen, item.Text("id"))
		}
		if page.Text("next") == "" {
			break
		}
		cursor = "?limit=2&cursor=" + page.Text("next")
	}
	if len(all) < 3 || len(seen) != len(all) {
		t.Errorf("%d in pages, %d in all", len(seen), len(all))
	}
	for i, item := range all {
		if seen[i] != item.Text("id") {
			t.Errorf("page by page another order: %v", seen)
		}
	}
	w.Get(t, s.Admin, s.Path+"/messages?cursor=nonsense").Want(t, http.StatusUnprocessableEntity)
}
