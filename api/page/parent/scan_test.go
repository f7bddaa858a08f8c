package parent_test

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// TestAScanOfAllDaysDoesNotFindTheRightOne shuts the form by guesses, lets the family type its right data in vain, and then tries every day for its child, each from another
// browser: all pages are alike but for the day that was typed.
func TestAScanOfAllDaysDoesNotFindTheRightOne(t *testing.T) {
	t.Parallel()
	w := primary(t)
	w.write(func(tx *store.Tx) error {
		tx.School().Guessing = models.GuessingNarrow
		return tx.UpdateSchool("guessing")
	})
	for n, name := range []string{"Noor Yilmaz", "Noor Yilmaz", "Tim de Vries"} {
		c := w.client()
		c.address = fmt.Sprintf("203.0.113.%d:9", n+1)
		c.get("/de-linde").answer(name, fmt.Sprint(29+n), "9999 ZZ").is(http.StatusUnprocessableEntity)
	}
	differs := regexp.MustCompile(`ot_[A-Za-z0-9_-]{22}|(name="birth_day"[^>]* value)="[0-9]{2}"`)
	try := func(n int, day string) (string, string) {
		c := w.client()
		c.address = fmt.Sprintf("198.51.100.%d:9", n+1)
		c.get("/de-linde").answer("Sanne de Vries", day, "1234 AB").is(http.StatusUnprocessableEntity)
		c.head.Del("Set-Cookie") // the try token
		return differs.ReplaceAllString(c.body, ""), fmt.Sprint(c.head)
	}
	body, head := try(100, "03")
	for day := 1; day <= 31; day++ {
		if other, also := try(day, fmt.Sprintf("%02d", day)); other != body || also != head {
			t.Fatalf("day %d: %s\n%s\nand\n%s\n%s", day, also, other, head, body)
		}
	}
	w.db.Clock.Advance(12 * time.Hour)
	w.client().get("/de-linde").answer("Sanne de Vries", "03", "1234 AB").is(http.StatusOK).wants("Sanne")
}
