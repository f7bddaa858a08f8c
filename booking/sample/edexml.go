package sample

import (
	"bytes"
	"crypto/sha512"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"strings"
)

// EdeXMLVersion is a version of the Dutch exchange format EDEXML (Edustandaard).
type EdeXMLVersion int

// The versions.
const (
	EdeXML21  EdeXMLVersion = iota // 2.1 (2017): the current one, with the ECK iD
	EdeXML20                       // 2.0 (2015): cross groups, roles, e-mail addresses of teachers
	EdeXML103                      // 1.03 (2006): none of these; a pupil has a group or a year, not both
)

// EdeXMLOptions says how the file is written.
type EdeXMLOptions struct {
	Version EdeXMLVersion // an unknown version is written as EdeXML21
	// Realworld writes what systems really deliver although the schema forbids it: byte order mark, CR LF, a supplier's block of an unknown type in the wrong
	// place with an element leerling of its own inside, empty prefixes.
	Realworld bool
}

// EdeXML writes the school as an EDEXML file. By its nature the file has neither house numbers nor guardians nor subjects.
//
// Files of school years after 2024-2025 break the published schemas in one point, the list of school years, as every file of today does. Version 1.03 knows
// no secondary years above the third; they are written all the same.
func (s *School) EdeXML(o EdeXMLOptions) []byte {
	if o.Version != EdeXML20 && o.Version != EdeXML103 {
		o.Version = EdeXML21
	}
	document := edexDocument{
		Schema: "http://www.w3.org/2001/XMLSchema-instance", Location: "EDEXML.structuur.xsd",
		School: s.edexSchool(o),
		Groups: s.edexGroups(o),
	}
	if o.Version != EdeXML103 {
		document.Sites = &[]edexSite{{Key: "V1", Name: "Hoofdlocatie"}}
	}
	for i := range s.Pupils {
		document.Pupils = append(document.Pupils, s.edexPupil(o, s.Pupils[i]))
	}
	for i, t := range s.Teachers {
		document.Teachers = append(document.Teachers, s.edexTeacher(o, i, t))
	}
	var out bytes.Buffer
	if o.Realworld {
		out.WriteString(byteOrderMark)
	}
	out.WriteString(xml.Header)
	encoder := xml.NewEncoder(&out)
	encoder.Indent("", "  ")
	// The document holds strings only and goes to memory: there is nothing that could fail.
	_ = encoder.Encode(document)
	out.WriteByte('\n')
	if o.Realworld {
		return bytes.ReplaceAll(out.Bytes(), []byte("\n"), []byte("\r\n"))
	}
	return out.Bytes()
}

func (s *School) edexSchool(o EdeXMLOptions) edexSchool {
	reported := reportDay(s.Spec).iso()
	header := edexSchool{
		Year: s.Spec.schoolYear(), BRIN: s.Spec.BRIN, Branch: "00", Key: s.Spec.Slug, Made: reported + "T09:30:00", Author: "Ouderavond sample",
		Version: map[EdeXMLVersion]string{EdeXML21: "2.1", EdeXML20: "2.0", EdeXML103: "1.03"}[o.Version], Remark: "Verzonnen gegevens, geen echte personen",
	}
	if o.Version != EdeXML103 {
		header.Reported = reported
	}
	return header
}

func (s *School) edexGroups(o EdeXMLOptions) edexGroups {
	var list edexGroups
	for _, g := range s.Groups {
		year := s.edexYear(g.Years[0])
		if len(g.Years) > 1 && o.Version != EdeXML103 {
			year = "C"
		}
		list.Home = append(list.Home, edexGroup{Key: g.Key, Name: g.Name, Year: year})
	}
	if o.Version != EdeXML103 {
		for _, g := range s.CrossGroups {
			list.Cross = append(list.Cross, edexGroup{Key: g.Key, Name: g.Name})
		}
	}
	return list
}

// edexYear is the code of a year: 1 to 8 for a primary school, 11 to 16 for a secondary school.
func (s *School) edexYear(year int) string {
	if s.Spec.Level == LevelSecondary {
		year += 10
	}
	return fmt.Sprint(year)
}

func (s *School) edexPupil(o EdeXMLOptions, p Pupil) edexPupil {
	x := edexPupil{
		Key: p.Number, Surname: p.Surname, Prefix: o.prefix(p.Prefix), Initials: p.Initials, Given: p.Given, BirthDate: p.BirthDate, Sex: int(p.Sex),
		Home: edexRef{Key: p.Groups[0]}, Enrolled: p.Enrolled,
	}
	switch {
	case p.Address.Country == "NL":
		x.PostcodeNL = p.Address.Postcode
	case p.Address.Country == "BE" && o.Version != EdeXML103:
		x.PostcodeBE = p.Address.Postcode
	default:
		x.PostcodeOther = p.Address.Postcode
	}
	if o.Version != EdeXML103 {
		x.Year = s.edexYear(p.Year)
		x.Site = &edexRef{Key: "V1"}
		if len(p.Groups) > 1 {
			x.Cross = &edexCross{}
			for _, key := range p.Groups[1:] {
				x.Cross.Groups = append(x.Cross.Groups, edexRef{Key: key})
			}
		}
	}
	if o.Version == EdeXML21 {
		x.ECK = s.eckID("L", p.Number)
	}
	if o.Realworld {
		x.Changed = reportDay(s.Spec).iso() + "T08:00:00"
		x.Block = &edexBlock{Type: "LeverancierGegevensType", Code: "leverancier", Inner: edexInner{ID: p.FamilyCode}}
	}
	return x
}

func (s *School) edexTeacher(o EdeXMLOptions, at int, t Teacher) edexTeacher {
	x := edexTeacher{Key: fmt.Sprintf("LK%02d", at+1), Surname: t.Surname, Prefix: o.prefix(t.Prefix), Given: t.Given}
	if o.Version == EdeXML21 {
		x.ECK = s.eckID("M", t.Code)
	}
	if o.Version != EdeXML103 {
		x.Email = t.Email
	}
	var home, cross []edexAssignment
	for _, a := range t.Groups {
		switch {
		case !s.isCross(a.Group):
			home = o.assign(home, a)
		case o.Version != EdeXML103:
			cross = o.assign(cross, a)
		}
	}
	if len(home)+len(cross) > 0 {
		x.Groups = &edexAssignments{Home: home, Cross: cross}
	}
	return x
}

func (s *School) isCross(key string) bool {
	for _, g := range s.CrossGroups {
		if g.Key == key {
			return true
		}
	}
	return false
}

// edexRoles are the codes of the roles: class teacher, subject teacher, care coordinator. A mentor has the code of a class teacher.
var edexRoles = map[Role]string{RoleMentor: "LRK", RoleGroup: "LRK", RoleSubject: "VAK", RoleCare: "IB"}

// assign adds a role in a group; a group stands there once, with all roles.
func (o EdeXMLOptions) assign(list []edexAssignment, a Assignment) []edexAssignment {
	at := -1
	for i := range list {
		if list[i].Key == a.Group {
			at = i
		}
	}
	if at < 0 {
		list, at = append(list, edexAssignment{Key: a.Group}), len(list)
	}
	if code := edexRoles[a.Role]; o.Version != EdeXML103 && !strings.Contains(strings.Join(list[at].Roles, " "), code) {
		list[at].Roles = append(list[at].Roles, code)
	}
	return list
}

// prefix leaves out an empty prefix, or in the real world writes the empty element.
func (o EdeXMLOptions) prefix(p string) *string {
	if p == "" && !o.Realworld {
		return nil
	}
	return &p
}

// eckID makes an identifier of the form that the ECK iD has. It belongs to nobody.
func (s *School) eckID(kind, key string) string {
	sum := sha512.Sum512(fmt.Appendf(nil, "%d/%s/%s/%s", s.Spec.Seed, s.Spec.BRIN, kind, key))
	return "https://ketenid.nl/201703/" + hex.EncodeToString(sum[:])
}
