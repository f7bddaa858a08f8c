package booking_test

import (
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/managelink"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

func TestAConferenceOpensOnceATestMessageHasArrived(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.booking = booking.New(w.store, booking.Options{Carriers: rules.Carriers{models.ChannelMail: "smtp", models.ChannelSMS: "twilio"}})
	blocker := func() string {
		t.Helper()
		_, err := w.booking.Conferences.Open(w.ctx, w.operator, w.evening.ID)
		failed, _ := errs.As(err)
		if failed == nil {
			return ""
		}
		return failed.Params["blocker"]
	}
	if got := blocker(); got != "untested-mail" {
		t.Errorf("blocker %q", got)
	}
	ids, err := w.booking.Schools.SendTest(w.ctx, w.operator, school.TestMessage{Email: "school@example.com", Phone: "0612345678"})
	if err != nil || len(ids) != 2 {
		t.Fatalf("%d messages, %v", len(ids), err)
	}
	token := func(id models.MessageID, kind managelink.Kind) (text string) {
		w.must(w.store.For(storetest.As(w.school)).Read(w.ctx, func(tx *store.Tx) error {
			text = managelink.Link{Kind: kind, Subject: id, Until: tx.Now().Add(48 * time.Hour).Truncate(24 * time.Hour)}.Token(tx.Index)
			return nil
		}))
		return text
	}
	for what, wrong := range map[string]string{"another kind of link": token(ids[0], managelink.Contact), "no message": token(models.New[models.MessageID](), managelink.Test), "nonsense": "x"} {
		if err := w.booking.Schools.ConfirmTest(w.ctx, w.school, wrong); errs.KindOf(err) != errs.NotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
	for range 2 { // the button is pressed twice
		w.must(w.booking.Schools.ConfirmTest(w.ctx, w.school, token(ids[0], managelink.Test)))
	}
	if got := blocker(); got != "untested-sms" {
		t.Errorf("blocker %q", got)
	}
	_, err = w.booking.Schools.Update(w.ctx, w.operator, school.Patch{Channels: &models.Channels{Mail: true}})
	w.must(err)
	if got := blocker(); got != "" {
		t.Errorf("blocker %q", got)
	}
	// It is open now: a channel that was not tried out cannot be switched on.
	_, err = w.booking.Schools.Update(w.ctx, w.operator, school.Patch{Channels: &models.Channels{Mail: true, SMS: true}})
	if errs.CodeOf(err) != "school.channels-untested" {
		t.Errorf("got %v", err)
	}
	// Another carrier has to be tried again.
	w.booking = booking.New(w.store, booking.Options{Carriers: rules.Carriers{models.ChannelMail: "another"}})
	states, err := w.booking.Schools.ChannelStates(w.ctx, w.operator)
	if err != nil || states[0].Arrived || !states[0].On || states[1].Carrier != models.Mailbox || !states[1].Arrived {
		t.Errorf("%+v, %v", states, err)
	}
}

func TestASchoolThatWantsNoMessagesSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	silent := func(channels models.Channels) error {
		_, err := w.booking.Schools.Update(w.ctx, w.operator, school.Patch{Channels: &channels})
		return err
	}
	if err := silent(models.Channels{Mail: true, None: true}); errs.KindOf(err) != errs.Invalid {
		t.Errorf("got %v", err)
	}
	if err := silent(models.Channels{None: true}); err != nil {
		t.Error(err)
	}
	if _, err := w.booking.Conferences.Open(w.ctx, w.operator, w.evening.ID); err != nil {
		t.Error(err)
	}
}
