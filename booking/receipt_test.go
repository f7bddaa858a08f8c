package booking_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ouderavond/ouderavond/booking"
)

// Each instance on one PostgreSQL database has a mailbox folder of its own, which the instance that wipes a school cannot reach.
func TestMessagesOfASchoolThatAnotherInstanceWipedGoToo(t *testing.T) {
	t.Parallel()
	w, _, around := surrounded(t)
	there := &outside{mailbox: t.TempDir(), receipts: map[string][]byte{}}
	other := booking.New(w.store, booking.Options{External: there})
	files := []string{filepath.Join(there.mailbox, w.school.String(), "sent.eml"), filepath.Join(there.mailbox, "another-school", "sent.eml")}
	write := func() {
		for _, file := range files {
			w.must(os.MkdirAll(filepath.Dir(file), 0o700))
			w.must(os.WriteFile(file, []byte("Ada Noord"), 0o600))
		}
	}
	look := func(when string) {
		t.Helper()
		if _, err := os.Stat(filepath.Dir(files[0])); !os.IsNotExist(err) {
			t.Errorf("%s: the school's messages are there still: %v", when, err)
		}
		if _, err := os.Stat(files[1]); err != nil {
			t.Errorf("%s: another school's messages are gone: %v", when, err)
		}
	}
	write()
	_, err := w.cancel("de-merel")
	w.must(err)
	if written, err := other.Erasures.KeepReceipts(w.ctx); written != 1 || err != nil || string(there.receipts[w.school.String()]) != string(around.receipts[w.school.String()]) {
		t.Errorf("%d receipts, %v", written, err)
	}
	look("when the wipe is heard of")
	write() // one that was on its way at that moment
	if written, err := other.Erasures.KeepReceipts(w.ctx); written != 0 || err != nil {
		t.Errorf("%d receipts, %v", written, err)
	}
	look("a minute later")
}
