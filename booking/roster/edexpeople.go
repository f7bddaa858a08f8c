package roster

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models/names"
)

// settle turns what was read into pupils and teachers, now that all groups and the reference date are known.
func (e *edexReader) settle() {
	e.roster.ReferenceDate = e.options.ReferenceDate
	if !e.created.IsZero() {
		e.roster.ReferenceDate = e.created
	}
	if !e.stated.IsZero() {
		e.roster.ReferenceDate = e.stated
	}
	keys := make([]string, 0, len(e.pupils))
	for i := range e.pupils {
		keys = append(keys, e.pupils[i].key)
	}
	if looksCitizen(keys) {
		e.report.fail(Finding{File: e.source.name, Field: "leerling/@key", Reason: ReasonCitizenNumberAsKey,
			Message: "the keys of the pupils are citizen service numbers (BSN); these may not be used: let the administration export its own number"})
		return
	}
	if mayBeCitizen(keys) {
		e.report.warn(Finding{File: e.source.name, Field: "leerling/@key", Reason: ReasonPossibleCitizenNumber, Message: possibleCitizenMessage})
	}
	years := map[string]string{}
	for _, g := range e.roster.Groups {
		years[g.Key] = g.Year
	}
	seen := map[string]int{}
	for i := range e.pupils {
		e.pupil(&e.pupils[i], years, seen)
	}
	e.addTeachers()
	if len(e.pupils) > 0 {
		warnSimilarKeys(e.roster, e.source.name, e.report)
	}
}

// noteECK names the chain-wide identifier among the fields passed over, unless it has to serve as the key (UWLR 2.3 may leave the key out).
func (e *edexReader) noteECK(n *node) {
	if n.eckID != "" && n.key != "" {
		e.report.drop("eckid")
	}
}

func (e *edexReader) pupil(n *node, years map[string]string, seen map[string]int) {
	e.noteECK(n)
	p := Pupil{Line: n.line, Key: limit(firstFilled(n.key, n.eckID))}
	if p.Key == "" {
		p.Key = temporaryKey(len(e.roster.Pupils) + 1)
		e.warn(n.line, "leerling", ReasonMissingKey, "the pupil has no key and will be recognised again by name and birth date")
	}
	p.KeyIsTemporary = strings.HasPrefix(p.Key, "#")
	if !e.pupilName(n, &p) {
		return
	}
	e.pupilFacts(n, &p)
	e.pupilGroups(n, &p, years)
	if at, known := seen[p.Key]; known {
		first := &e.roster.Pupils[at]
		if !samePerson(first, &p) {
			e.report.fail(Finding{File: e.source.name, Line: n.line, Field: "leerling/@key", Reason: ReasonDuplicateKey,
				Message: fmt.Sprintf("this key already belongs to another pupil, on line %d", first.Line)})
			return
		}
		e.warn(n.line, "leerling", ReasonRepeatedRow, fmt.Sprintf("this pupil was already there, on line %d; the two were united", first.Line))
		unite(first, &p, e.source.name, e.report)
		return
	}
	seen[p.Key] = len(e.roster.Pupils)
	e.roster.Pupils = append(e.roster.Pupils, p)
}

// pupilName reads the name. EdeXML allows a surname without a given name as well as the reverse; a pupil without either is an error.
func (e *edexReader) pupilName(n *node, p *Pupil) bool {
	p.Given, p.Prefix, p.Surname = e.name(n, "roepnaam"), e.name(n, "voorvoegsel"), e.name(n, "achternaam")
	if p.Prefix == "" {
		p.Prefix, p.Surname = splitSurname(p.Surname, true)
	}
	given, surname := names.Key(p.Given) != "", names.Key(p.Surname) != ""
	switch {
	case len([]rune(p.Given)) > maxName || len([]rune(p.Surname)) > maxName || len([]rune(p.Prefix)) > maxName:
		e.report.fail(Finding{File: e.source.name, Line: n.line, Field: "leerling", Reason: ReasonValueTooLong, Message: fmt.Sprintf("a name is longer than %d characters", maxName)})
		return false
	case !given && !surname:
		e.report.fail(Finding{File: e.source.name, Line: n.line, Field: "leerling", Reason: ReasonMissingName, Message: "the pupil has neither roepnaam nor achternaam"})
		return false
	case !given:
		e.warn(n.line, "roepnaam", ReasonMissingGivenName, "the pupil has no roepnaam; a parent must type the surname alone")
	case !surname:
		e.warn(n.line, "achternaam", ReasonMissingSurname, "the pupil has no surname; a parent must type the given name alone")
	}
	if damaged(p.Given) || damaged(p.Surname) || damaged(p.Prefix) {
		e.warn(n.line, "leerling", ReasonDamagedLetters, "accented letters of this name look damaged")
	}
	return true
}

func (e *edexReader) pupilFacts(n *node, p *Pupil) {
	if text := n.child("geboortedatum"); text != "" {
		p.BirthDate = checkBirthDate(isoGuess(text), e.roster.ReferenceDate, e.options.Zone, Finding{File: e.source.name, Line: n.line, Field: "geboortedatum"}, e.report)
	}
	for _, field := range []string{"postcodenl", "postnummerbe", "postcodeoverig"} {
		text := cleanCell(n.child(field))
		if text == "" {
			continue
		}
		code, ok := names.Postcode(text)
		if !ok {
			e.warn(n.line, field, ReasonBadPostcode, "this is no postcode; it was left out")
		}
		if p.Postcode == "" {
			p.Postcode = code
		}
	}
	if text := n.child(elementLast4); text != "" {
		if digits := digitsOnly(text); len(digits) == 4 {
			p.CitizenLast4 = digits
		} else {
			e.warn(n.line, elementLast4, ReasonBadCitizenLast4, "these are not four digits; they were left out")
		}
	}
	if text := n.child("uitstroomdatum"); text != "" {
		date, ok := isoDate(text, e.options.Zone)
		if !ok {
			e.warn(n.line, "uitstroomdatum", ReasonBadDate, "this is no date that can be read; the pupil is taken to be at the school")
		}
		p.Leaver = ok && hasLeft(date, e.roster.ReferenceDate)
	}
}

// pupilGroups follows the references to groups. The pupil's own year goes before that of the group.
func (e *edexReader) pupilGroups(n *node, p *Pupil, years map[string]string) {
	for _, ref := range e.atMost(n.all("groep")) {
		key := e.reference(ref)
		switch {
		case key == "":
		case p.GroupKey == "":
			p.GroupKey = key
		default:
			p.OtherGroupKeys = union(p.OtherGroupKeys, []string{key})
		}
	}
	refs := n.all("samengestelde_groep")
	for _, list := range n.all("samengestelde_groepen") {
		refs = append(refs, list.all("samengestelde_groep")...)
	}
	for _, ref := range e.atMost(refs) {
		p.OtherGroupKeys = union(p.OtherGroupKeys, []string{e.reference(ref)})
	}
	p.OtherGroupKeys = without(p.OtherGroupKeys, p.GroupKey)
	p.Year = cleanYear(cleanCell(n.child("jaargroep")))
	if p.Year == "" {
		p.Year = years[p.GroupKey]
	}
	p.Historic = strings.EqualFold(p.Year, "H")
	p.Leaver = p.Leaver || p.Historic
}

// atMost cuts a list of references that is longer than any school needs.
func (e *edexReader) atMost(refs []node) []node {
	if len(refs) <= maxGroups {
		return refs
	}
	e.warn(refs[maxGroups].line, refs[maxGroups].name, ReasonTooManyValues, fmt.Sprintf("more than %d references stand here; the others were left out", maxGroups))
	return refs[:maxGroups]
}

// reference returns the key of a group that the file has; for another, nothing and one warning.
func (e *edexReader) reference(ref node) string {
	key := firstFilled(ref.key, ref.text)
	if key == "" || e.groups[key] {
		return limit(key)
	}
	if !e.lost[key] {
		e.lost[key] = true
		e.warn(ref.line, ref.name+"/@key", ReasonUnresolvedReference, "the file has no group with this key; the reference was left out, here and wherever it returns")
	}
	return ""
}

func (e *edexReader) addTeachers() {
	seen := map[string]bool{}
	for i := range e.teachers {
		n := &e.teachers[i]
		e.noteECK(n)
		t := Teacher{Key: limit(firstFilled(n.key, n.eckID)), Given: e.name(n, "roepnaam"), Prefix: e.name(n, "voorvoegsel"), Surname: e.name(n, "achternaam")}
		t.DisplayName = limit(joinName(t.Given, t.Prefix, t.Surname))
		if t.Key == "" {
			t.Key, t.KeyFromName = TeacherNameKey(t.Given, t.Prefix, t.Surname), true
		}
		if t.Key == "" || t.DisplayName == "" || seen[t.Key] {
			e.warn(n.line, "leerkracht", ReasonRepeatedRow, "this teacher has no key or name, or was already there; the entry was left out")
			continue
		}
		seen[t.Key] = true
		if text := cleanCell(n.child(elementMail)); text != "" {
			address, ok := email(text)
			if !ok {
				e.warn(n.line, elementMail, ReasonBadEmail, "this is no e-mail address that can be written to; it was left out")
			}
			t.Email = address
		}
		t.Roles = roles(n)
		e.teacherGroups(n, &t)
		e.roster.Teachers = append(e.roster.Teachers, t)
	}
}

// roles reads the codes of an element; a description alone says nothing that a program can use.
func roles(n *node) []Role {
	var found []Role
	for _, r := range n.all("rol") {
		role := parseRole(r.text)
		found = union(found, []Role{role})
	}
	return found
}

// teacherGroups reads the groups of a teacher. A link without a role has the teacher's own as far as they say something about a group; where nothing
// does, it is that of a class teacher.
func (e *edexReader) teacherGroups(n *node, t *Teacher) {
	var refs []node
	for _, list := range n.all("groepen") {
		for _, ref := range list.children {
			if ref.name == "groep" || ref.name == "samengestelde_groep" {
				refs = append(refs, ref)
			}
		}
	}
	for _, ref := range e.atMost(refs) {
		key := e.reference(ref)
		if key == "" {
			continue
		}
		linked := roles(&ref)
		if len(linked) == 0 {
			linked = slices.DeleteFunc(slices.Clone(t.Roles), func(r Role) bool { return r == RoleOther || r == RoleHead })
		}
		if len(linked) == 0 {
			linked = []Role{RoleGroup}
		}
		e.link(t, Teaching{GroupKey: key, Roles: linked})
	}
}

func (e *edexReader) link(t *Teacher, teaching Teaching) {
	for i := range t.Groups {
		if t.Groups[i].GroupKey == teaching.GroupKey {
			t.Groups[i].Roles = union(t.Groups[i].Roles, teaching.Roles)
			return
		}
	}
	t.Groups = append(t.Groups, teaching)
}
