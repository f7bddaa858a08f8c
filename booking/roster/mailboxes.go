package roster

import (
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models/names"
)

// An address or a number that stands beside pupils need not be a parent's: offices put in their own, or something that only fills the cell, and one typing error gives
// two families one number. What is nobody's is not read at all; what may be many people's is kept, but it joins nobody and no log-in codes go there.

// nobody are words before the @ of addresses that fill a cell.
var nobody = words("geen geenmail geenemail geenmailadres geenemailadres geenadres geenopgave geenouder onbekend nietbekend unknown niet nvt none nomail noemail noaddress noreply donotreply test testtest tester dummy fake leeg xxx xxxx xx")

// nowhere are names of domains that nobody's address is at.
var nowhere = words("geen geenmail geenemail geenemailadres geenadres onbekend nietbekend unknown nomail noemail nvt")

// isNobodys tells an address that fills a cell: geen@geen.nl, onbekend@example.nl, n.v.t@school.nl, xx@xx.nl.
func isNobodys(address string) bool {
	local, domain, _ := strings.Cut(strings.ToLower(address), "@")
	bare := func(text string) string {
		if !strings.ContainsAny(text, "-_.") {
			return text
		}
		return strings.Map(func(r rune) rune {
			if strings.ContainsRune("-_.", r) {
				return -1
			}
			return r
		}, text)
	}
	label, _, _ := strings.Cut(domain, ".")
	return nobody[bare(local)] || nowhere[bare(label)] || local == label && len(local) <= 3
}

// sameDigits is how many equal digits at the end make a number one that fills a cell: 06-00000000, 06 11111111.
const sameDigits = 7

func isNobodysNumber(e164 string) bool {
	if len(e164) < sameDigits {
		return false
	}
	tail := e164[len(e164)-sameDigits:]
	return strings.Count(tail, tail[:1]) == sameDigits
}

// offices are words before the @ of addresses that many people read.
var offices = words("administratie leerlingadministratie leerlingenadministratie admin secretariaat receptie directie schoolleiding school basisschool leerlingzaken leerlingenzaken concierge zorg mentor office reception")

// anybodys are domains at which everybody may have an address. example.com and its like are for examples (RFC 2606).
var anybodys = words("gmail.com googlemail.com hotmail.com hotmail.nl hotmail.be outlook.com outlook.nl outlook.be live.nl live.com live.be msn.com icloud.com me.com mac.com yahoo.com yahoo.nl proton.me protonmail.com pm.me " +
	"gmx.de gmx.net gmx.com web.de t-online.de freenet.de ziggo.nl kpnmail.nl kpnplanet.nl planet.nl hetnet.nl home.nl xs4all.nl upcmail.nl casema.nl chello.nl quicknet.nl telfort.nl tele2.nl solcon.nl zeelandnet.nl " +
	"zonnet.nl online.nl freeler.nl caiway.nl caiway.net wxs.nl tiscali.nl filternet.nl multiweb.nl skynet.be telenet.be proximus.be scarlet.be example.com example.org example.net")

func domainOf(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return domain
}

// contactBook knows which contacts of a roster join nobody.
type contactBook struct {
	own      map[string]bool // domains of the school
	teachers map[string]bool // addresses of its people
	holders  []bucket        // the pupils beside whom each contact stands
	at       map[string]int  // contact -> place in holders
	nobodys  map[string]bool // what joinsNobody found
	roster   *Roster
}

// newContactBook reads the contacts of a roster. addresses are further ones of the school itself.
func newContactBook(r *Roster, addresses []string) *contactBook {
	b := &contactBook{own: map[string]bool{}, teachers: map[string]bool{}, at: make(map[string]int, 2*len(r.Pupils)), nobodys: make(map[string]bool, 2*len(r.Pupils)), roster: r}
	for _, teacher := range r.Teachers {
		addresses = append(addresses, teacher.Email)
	}
	for _, address := range addresses {
		if address = strings.ToLower(address); address != "" {
			b.own[domainOf(address)] = true
			b.teachers[address] = true
		}
	}
	elsewhere := map[string]int{} // parents' addresses by domain
	for i := range r.Pupils {
		if !r.Pupils[i].Active() {
			continue
		}
		for _, g := range r.Pupils[i].Guardians {
			if b.hold(g.Email, g.EmailShared, i) && !b.teachers[g.Email] {
				elsewhere[domainOf(g.Email)]++
			}
			b.hold(g.PhoneE164, g.PhoneShared, i)
		}
	}
	for domain := range b.own {
		// Teachers who have an address where everybody has one do not make it the school's.
		if anybodys[domain] || elsewhere[domain] > max(ownParents, len(r.Pupils)/ownShare) {
			delete(b.own, domain)
		}
	}
	return b
}

// hold notes that a contact stands beside a pupil, and tells whether it is a new one.
func (b *contactBook) hold(contact string, shared bool, i int) bool {
	if contact == "" {
		return false
	}
	if shared {
		b.nobodys[contact] = true
	}
	if at, known := b.at[contact]; known {
		b.holders[at].add(i)
		return false
	}
	b.at[contact] = len(b.holders)
	b.holders = append(b.holders, bucket{key: contact, first: i})
	return true
}

// Above so many parents' addresses, and above one for so many pupils, a domain is not the school's own.
const (
	ownParents = 3
	ownShare   = 20
)

func (b *contactBook) isOwn(address string) bool {
	for domain := domainOf(address); domain != ""; _, domain, _ = strings.Cut(domain, ".") {
		if b.own[domain] {
			return true
		}
	}
	return false
}

// joinsNobody reports whether a contact is that of an office or stands beside children of too many surnames: whoever reads it may be nobody's parent.
func (b *contactBook) joinsNobody(contact string) bool {
	if contact == "" {
		return true
	}
	found, known := b.nobodys[contact]
	if !known {
		found = b.isNobodys(contact)
		b.nobodys[contact] = found
	}
	return found
}

func (b *contactBook) isNobodys(contact string) bool {
	local, _, isAddress := strings.Cut(contact, "@")
	switch {
	case isAddress && offices[local]:
		return true
	case isAddress && b.teachers[contact]:
		return b.surnames(contact, 2) > 1 // teachers are parents too
	case isAddress && b.isOwn(contact):
		return true
	}
	return b.surnames(contact, crowdedSurnames) >= crowdedSurnames
}

// surnames counts the different surnames of the children beside whom a contact stands, as far as there may be enough of them.
func (b *contactBook) surnames(contact string, enough int) int {
	at, known := b.at[contact]
	if !known {
		return 0
	}
	members := b.holders[at].members
	if len(members) < enough {
		return max(1, len(members)) // most stand beside brothers and sisters, and nobody needs to look at their names
	}
	var first []*Pupil // of each surname
	for _, i := range members {
		p := &b.roster.Pupils[i]
		if len(first) < enough && !slices.ContainsFunc(first, func(other *Pupil) bool { return shareSurname(p, other) }) {
			first = append(first, p)
		}
	}
	return len(first)
}

// shareSurname reports whether two pupils have one surname, or one half of a double one.
func shareSurname(a, b *Pupil) bool {
	return a.Prefix == b.Prefix && a.Surname == b.Surname && names.Surname(a.Prefix, a.Surname) != "" || overlap(anySurname(a), anySurname(b))
}

// anySurname returns what a pupil's surname may be written as, and the halves of a double one.
func anySurname(p *Pupil) []string {
	return append(names.SurnameKeys(p.Prefix, p.Surname), names.SurnameHalves(p.Prefix, p.Surname)...)
}

func overlap(one, other []string) bool {
	return slices.ContainsFunc(one, func(key string) bool { return key != "" && slices.Contains(other, key) })
}

// settle marks what joins nobody, and says on which line the first of each stands.
func (b *contactBook) settle(file string, report *Report) {
	told := map[string]bool{}
	mark := func(p *Pupil, contact string) bool {
		if contact == "" || !b.joinsNobody(contact) {
			return false
		}
		if p.Active() && !told[contact] {
			told[contact] = true
			report.warn(Finding{File: file, Line: p.Line, Reason: ReasonSharedContact,
				Message: "this address or number is the school's own or an office's, or stands at children of many surnames: it makes nobody a family, and no log-in codes go there"})
		}
		return true
	}
	for i := range b.roster.Pupils {
		p := &b.roster.Pupils[i]
		for j := range p.Guardians {
			g := &p.Guardians[j]
			g.EmailShared, g.PhoneShared = mark(p, g.Email), mark(p, g.PhoneE164)
		}
	}
}

// parentsOf returns the guardians of a pupil without the contacts that join nobody, with names as they are compared.
func (b *contactBook) parentsOf(p *Pupil) []Guardian {
	if len(p.Guardians) == 0 {
		return nil
	}
	parents := make([]Guardian, 0, len(p.Guardians))
	for _, g := range p.Guardians {
		if b.joinsNobody(g.Email) {
			g.Email = ""
		}
		if b.joinsNobody(g.PhoneE164) {
			g.PhoneE164 = ""
		}
		if g.Name != "" || g.Email != "" || g.PhoneE164 != "" {
			parents = append(parents, Guardian{Name: names.Key(g.Name), Email: g.Email, PhoneE164: g.PhoneE164})
		}
	}
	return parents
}
