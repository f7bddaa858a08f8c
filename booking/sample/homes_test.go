package sample_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"github.com/ouderavond/ouderavond/booking/sample"
)

var (
	dutchPostcode = regexp.MustCompile(`^123[2-9][A-Z]{2}$`)
	parentMail    = regexp.MustCompile(`^[a-z0-9._]+@example\.(com|net)$`)
	workMail      = regexp.MustCompile(`^[a-z0-9.]+@example\.org$`)
)

func TestPostcodesAreSharedByStrangersAndAddressesAreNot(t *testing.T) {
	t.Parallel()
	eachSchool(t, func(t *testing.T, s sample.School) {
		homes, perPostcode := map[sample.Address]bool{}, map[string]int{}
		for _, h := range s.Households {
			if homes[h.Address] {
				t.Errorf("household %s lives at an address that is taken", h.Code)
			}
			homes[h.Address] = true
			if h.Address.Country == "NL" {
				perPostcode[h.Address.Postcode]++
				if !dutchPostcode.MatchString(h.Address.Postcode) || strings.Contains("SA SD SS", h.Address.Postcode[4:]) {
					t.Errorf("household %s has an impossible postcode", h.Code)
				}
			}
		}
		shared := 0
		for _, n := range perPostcode {
			if n > 1 {
				shared += n
			}
			between(t, "households in a postcode", n, 1, 20)
		}
		between(t, "per cent of households that share a postcode", shared*100/len(s.Households), 50, 95)
		neighbours := map[string]int{}
		for _, h := range s.Households {
			if !h.Separated {
				p := s.Pupils[h.Pupils[0]]
				neighbours[h.Address.Postcode+p.Prefix+p.Surname]++
			}
		}
		same := 0
		for _, n := range neighbours {
			if n > 1 {
				same++
			}
		}
		between(t, "postcodes with two families of one surname", same, 1, len(s.Pupils)/20)
	})
}

func TestContactsReachNobodyReal(t *testing.T) {
	t.Parallel()
	eachSchool(t, func(t *testing.T, s sample.School) {
		phones := map[string]bool{}
		for _, h := range s.Households {
			for _, g := range h.Guardians {
				if g.Email != "" && !parentMail.MatchString(g.Email) && !(g.TeacherCode != "" && workMail.MatchString(g.Email)) {
					t.Errorf("household %s has an e-mail address outside the example domains", h.Code)
				}
				if g.Phone != "" && phones[g.Phone] {
					t.Errorf("household %s has a number that is taken", h.Code)
				}
				phones[g.Phone] = true
				checkPhone(t, g.Phone)
			}
		}
		for _, teacher := range s.Teachers {
			if !workMail.MatchString(teacher.Email) {
				t.Errorf("teacher %s has an e-mail address outside the example domain", teacher.Code)
			}
		}
	})
}

// checkPhone wants a number that passes for a Dutch mobile one and that the table of operators gives to nobody.
func checkPhone(t *testing.T, number string) {
	t.Helper()
	if number == "" {
		return
	}
	parsed, err := phonenumbers.Parse(number, "NL")
	if err != nil || !phonenumbers.IsValidNumber(parsed) || phonenumbers.GetNumberType(parsed) != phonenumbers.MOBILE {
		t.Errorf("a number is not taken for a Dutch mobile number: %v", err)
		return
	}
	if operator, err := phonenumbers.GetCarrierForNumber(parsed, "en"); err != nil || operator != "" {
		t.Errorf("numbers with %s belong to operator %q (%v)", sample.PhonePrefix, operator, err)
	}
}

func TestSomeGuardiansLackOneContactAndSilentFamiliesAll(t *testing.T) {
	t.Parallel()
	eachSchool(t, func(t *testing.T, s sample.School) {
		guardians, noMail, noPhone := 0, 0, 0
		for _, p := range s.Pupils {
			for _, g := range p.Guardians {
				if p.Traits.NoContact != (g.Email == "" && g.Phone == "") {
					t.Errorf("pupil %s: the trait and the contacts disagree", p.Number)
				}
				guardians++
				if g.Email == "" {
					noMail++
				}
				if g.Phone == "" {
					noPhone++
				}
			}
		}
		between(t, "per cent without e-mail", noMail*100/guardians, 3, 15)
		between(t, "per cent without number", noPhone*100/guardians, 5, 20)
	})
}
