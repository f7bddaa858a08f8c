package roster_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/roster"
)

// withContacts reads pupils of as many surnames as there are contacts; each is an e-mail address and a number, divided by a bar.
func withContacts(t *testing.T, options roster.Options, contacts ...string) (*roster.Roster, *roster.Report) {
	t.Helper()
	lines := []string{"Leerlingnummer;Roepnaam;Achternaam;Geboortedatum;Klas;E-mail ouder 1;Mobiel ouder 1"}
	for i, contact := range contacts {
		address, number, _ := strings.Cut(contact, "|")
		lines = append(lines, fmt.Sprintf("%d;Kind;Naam%c;%d-3-2014;1A;%s;%s", 100+i, 'a'+i, 1+i, address, number))
	}
	return read(t, options, csvFile(lines...))
}

func TestWhatOnlyFillsTheCellIsNoContact(t *testing.T) {
	t.Parallel()
	for _, contact := range []string{
		"geen@geen.nl", "Geen@example.com", "geen.email@example.com", "onbekend@example.nl", "n.v.t@example.com", "test@example.com", "xx@xx.nl", "noreply@example.com", "jan@onbekend.nl",
		"|0600000000", "|06-11111111", "|+31 6 99999999", "|0031600000000",
	} {
		r, report := withContacts(t, options(), contact, contact)
		if len(r.Pupils[0].Guardians) > 0 || len(r.Households.Certain)+len(r.Households.Proposed) > 0 || report.WarningCount != 2 {
			t.Errorf("%s: %s, %s, %d warnings", contact, asJSON(r.Pupils[0].Guardians), asJSON(r.Households), report.WarningCount)
		}
	}
	for _, contact := range []string{"geene@example.com", "info@bosbouw.nl", "jan@geenens.nl", "testa.ment@example.com", "|0612345678", "|0611111112"} {
		if r, _ := withContacts(t, options(), contact); len(r.Pupils[0].Guardians) != 1 {
			t.Errorf("%s is no contact", contact)
		}
	}
}

func TestTheSchoolsOwnAddressesJoinNobodyAndGetNoCodes(t *testing.T) {
	t.Parallel()
	own := options()
	own.OwnAddresses = []string{"post@devlinder.nl", "j.bos@devlinder.nl", "juf@gmail.com"}
	shared := func(g roster.Guardian) bool { return g.EmailShared || g.PhoneShared }
	for contact, want := range map[string]bool{
		"balie@devlinder.nl": true, "1234@leerling.devlinder.nl": true, "administratie@elders.nl": true, "post@devlinder.nl": true, "j.bos@devlinder.nl": true,
		"ouder@gmail.com": false, "juf@gmail.com": true, "ouder@vlinder.nl": false,
	} {
		r, report := withContacts(t, own, contact, contact)
		if len(r.Households.Certain) > 0 || shared(r.Pupils[0].Guardians[0]) != want || warned(report, roster.ReasonSharedContact, 2) != want {
			t.Errorf("%s: %s, %s", contact, asJSON(r.Pupils[0].Guardians), asJSON(r.Households))
		}
	}
	// One who teaches here is a parent like others, as long as the address stands at one family.
	if r, _ := withContacts(t, own, "j.bos@devlinder.nl"); shared(r.Pupils[0].Guardians[0]) {
		t.Error("a teacher gets no codes for the own child")
	}
	many := make([]string, 12)
	for i := range many {
		many[i] = fmt.Sprintf("ouder%d@devlinder.nl", i)
	}
	if r, _ := withContacts(t, own, many...); slices.ContainsFunc(r.Pupils, func(p roster.Pupil) bool { return shared(p.Guardians[0]) }) {
		t.Error("where many parents have their address is not the school")
	}
	if r, _ := withContacts(t, own, "|0612345601", "|0612345601", "|0612345601", "|0612345601"); !shared(r.Pupils[3].Guardians[0]) || len(r.Households.Proposed) > 0 {
		t.Error("a number of four surnames joins somebody or gets codes")
	}
}
