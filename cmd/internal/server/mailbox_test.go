package server

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/notify/mail"
	"github.com/ouderavond/ouderavond/notify/sms"
)

func TestTheMailboxShowsASchoolsMessagesTheNewestFirst(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	here, there := models.New[models.PupilID](), models.New[models.PupilID]()
	school, other := models.SchoolID(here), models.SchoolID(there)
	mails, err := mail.NewFolder(path)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := sms.NewFolder(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 2, 18, 0, 0, 0, time.UTC)
	write := func(of models.SchoolID, subject string, after time.Duration) {
		_, err := mails.Send(t.Context(), mail.Message{
			School: of.String(), From: "afspraak@example.com", To: "ouder@example.com", Subject: subject, Text: "Tekst van " + subject + "\n", MessageID: subject + "@example.com", Date: at.Add(after),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	write(school, "eerste", 0)
	write(school, "derde", 2*time.Minute)
	write(other, "elders", 3*time.Minute)
	if _, err := texts.Send(t.Context(), sms.Message{School: school.String(), To: "+31612345678", Body: "tweede", Reference: "1", Date: at.Add(time.Minute)}); err != nil {
		t.Fatal(err)
	}
	read := mailboxOf(path)
	list, err := read(t.Context(), school, 10)
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, one := range list {
		seen = append(seen, string(one.Channel)+" "+one.Subject+" "+strings.TrimSpace(one.Text))
	}
	if got, want := strings.Join(seen, "; "), "mail derde Tekst van derde; sms  tweede; mail eerste Tekst van eerste"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if list, err := read(t.Context(), school, 2); err != nil || len(list) != 2 || list[0].Subject != "derde" {
		t.Errorf("two of them: %v, %v", list, err)
	}
	if list, err := read(t.Context(), models.SchoolID(models.New[models.PupilID]()), 2); err != nil || len(list) != 0 {
		t.Errorf("of a school without messages: %v, %v", list, err)
	}
	// A file that is damaged is shown as a message without content, and keeps nobody from the others.
	if err := os.WriteFile(filepath.Join(path, school.String(), list[0].ID), []byte("\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	if list, err := read(t.Context(), school, 10); err != nil || len(list) != 3 {
		t.Errorf("with a damaged file: %v, %v", list, err)
	}
}
