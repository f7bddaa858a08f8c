package roster

import (
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models/names"
)

// guardians reads the guardians of a row. A contact that is not valid is left out with a warning; a guardian of whom nothing is left is none.
func (t *table) guardiansOf(r row, report *Report) []Guardian {
	var found []Guardian
	for _, n := range t.guardians {
		g := Guardian{Name: t.guardianName(r, n)}
		more := t.guardianEmail(r, n, &g, report)
		more = append(more, t.guardianPhone(r, n, &g, report)...)
		if g != (Guardian{}) {
			found = append(found, g)
		}
		found = append(found, more...)
	}
	return found
}

func (c *csvReader) guardians(r row) []Guardian { return c.guardiansOf(r, c.report) }

func (t *table) guardianName(r row, n int) string {
	part := func(field Field) string {
		for _, i := range t.at[target{field, n}] {
			if name := cleanName(r.cells[i]); name != "" {
				return name
			}
		}
		return ""
	}
	name := part(FieldGuardianName)
	if name == "" {
		name = joinName(part(FieldGuardianGiven), part(FieldGuardianPrefix), part(FieldGuardianFamily))
	}
	if len([]rune(name)) > maxName || len(name) <= longestNothing && nothing[strings.ToLower(name)] {
		return ""
	}
	return name
}

// guardianEmail reads the e-mail addresses of a guardian. A second address in the cell is somebody's too: it becomes a guardian without a name.
func (t *table) guardianEmail(r row, n int, g *Guardian, report *Report) (more []Guardian) {
	for _, i := range t.at[target{FieldGuardianEmail, n}] {
		if cleanCell(r.cells[i]) == "" {
			continue
		}
		found, bad := emails(r.cells[i])
		if bad > 0 && len(found) == 0 {
			report.warn(Finding{File: t.file, Line: r.line, Field: t.columns[i].header, Reason: ReasonBadEmail, Message: "this is no e-mail address that can be written to; it was left out"})
		}
		for _, address := range found {
			if g.Email == "" {
				g.Email = address
			} else if address != g.Email && len(more) < maxGuardians {
				more = append(more, Guardian{Email: address})
			}
		}
	}
	return more
}

// guardianPhone reads the columns of a guardian's numbers and keeps the first mobile number, else the first valid one. A second mobile number of a cell is
// somebody's too: it becomes a guardian without a name. A second fixed
// line does not: it takes no messages.
func (t *table) guardianPhone(r row, n int, g *Guardian, report *Report) (more []Guardian) {
	for _, i := range t.at[target{FieldGuardianPhone, n}] {
		if cleanCell(r.cells[i]) == "" {
			continue
		}
		found, verdict := readPhones(r.cells[i])
		place := Finding{File: t.file, Line: r.line, Field: t.columns[i].header}
		switch {
		case verdict == phoneGood:
			if g.PhoneE164 == "" || (found[0].mobile && !g.PhoneMobile) {
				g.Phone, g.PhoneE164, g.PhoneMobile = found[0].raw, found[0].e164, found[0].mobile
			}
			for _, one := range found[1:] {
				if one.mobile && len(more) < maxGuardians {
					more = append(more, Guardian{Phone: one.raw, PhoneE164: one.e164, PhoneMobile: true})
				}
			}
		case verdict == phonePremium:
			place.Reason, place.Message = ReasonPremiumPhone, "this is a service number; it was left out"
			report.warn(place)
		case verdict == phoneBad:
			place.Reason, place.Message = ReasonBadPhone, "this is no valid telephone number; it was left out"
			report.warn(place)
		}
	}
	return more
}

// maxGuardiansOfPupil bounds what many rows about one pupil can add up to.
const maxGuardiansOfPupil = 12

// uniteGuardians adds guardians who are not in the list yet, and fills what is missing of those who are.
func uniteGuardians(list, more []Guardian) []Guardian {
	for _, g := range more {
		at := slices.IndexFunc(list, func(other Guardian) bool { return sameGuardian(other, g) })
		if at < 0 {
			if len(list) < maxGuardiansOfPupil {
				list = append(list, g)
			}
			continue
		}
		known := &list[at]
		known.Name, known.Email = firstFilled(known.Name, g.Name), firstFilled(known.Email, g.Email)
		if known.PhoneE164 == "" {
			known.Phone, known.PhoneE164, known.PhoneMobile = g.Phone, g.PhoneE164, g.PhoneMobile
		}
	}
	return list
}

// sameGuardian reports whether two entries are one person: by a shared contact that no other contact contradicts, or by the name.
func sameGuardian(a, b Guardian) bool {
	email, phone := a.Email != "" && a.Email == b.Email, a.PhoneE164 != "" && a.PhoneE164 == b.PhoneE164
	name := a.Name != "" && names.Key(a.Name) == names.Key(b.Name)
	if (email || phone) && (name || a.Name == "" || b.Name == "") {
		return true
	}
	return name && !differ(a.Email, b.Email) && !differ(a.PhoneE164, b.PhoneE164)
}
