package roster_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models/civil"
)

func child(key, surname, postcode, number string, change ...func(*roster.Pupil)) roster.Pupil {
	p := roster.Pupil{Key: key, Given: "Kid", Surname: surname, Postcode: postcode, HouseNumber: number}
	for _, c := range change {
		c(&p)
	}
	return p
}

func born(iso string) func(*roster.Pupil) {
	return func(p *roster.Pupil) { p.BirthDate, _ = civil.Parse(iso) }
}

// parents gives a pupil guardians, each known by an e-mail address.
func parents(mails ...string) func(*roster.Pupil) {
	return func(p *roster.Pupil) {
		for _, mail := range mails {
			p.Guardians = append(p.Guardians, roster.Guardian{Email: mail})
		}
	}
}

// guardian gives a pupil one more guardian.
func guardian(name, mail, phone string) func(*roster.Pupil) {
	return func(p *roster.Pupil) {
		p.Guardians = append(p.Guardians, roster.Guardian{Name: name, Email: mail, PhoneE164: phone})
	}
}

func coded(code string) func(*roster.Pupil) { return func(p *roster.Pupil) { p.FamilyCode = code } }

// families writes what FamiliesOf says: certain families first, then proposed ones behind a question mark.
func families(pupils ...roster.Pupil) string {
	f := roster.FamiliesOf(&roster.Roster{Pupils: pupils})
	var texts []string
	for _, c := range f.Certain {
		texts = append(texts, strings.Join(c.PupilKeys, "")+":"+string(c.Reason))
		if c.Vetoes == nil || len(c.Vetoes) > 0 {
			texts = append(texts, "certain with a veto")
		}
	}
	for _, p := range f.Proposed {
		text := "?" + strings.Join(p.PupilKeys, "") + ":" + string(p.Reason)
		for _, veto := range p.Vetoes {
			text += " -" + string(veto)
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ", ")
}

// familyCases lists pupils with the families that they must give.
var familyCases = map[string]struct {
	pupils []roster.Pupil
	want   string
}{
	"one address and surname":              {[]roster.Pupil{child("a", "Bos", "1234AB", "7"), child("b", "van Bos", "1234AB", "7")}, "ab:same-address"},
	"ü and ue":                             {[]roster.Pupil{child("a", "Müller", "1234AB", "7"), child("b", "Mueller", "1234AB", "7")}, "ab:same-address"},
	"one address, other surname":           {[]roster.Pupil{child("a", "Bos", "1234AB", "7"), child("b", "Smit", "1234AB", "7")}, ""},
	"one address, half a surname":          {[]roster.Pupil{child("a", "Bos-Smit", "1234AB", "7"), child("b", "Smit", "1234AB", "7")}, "?ab:half-surname"},
	"one address, halves of two surnames":  {[]roster.Pupil{child("a", "Bos-Smit", "1234AB", "7"), child("b", "Smit-Vos", "1234AB", "7")}, "?ab:half-surname"},
	"half a surname, number unknown":       {[]roster.Pupil{child("a", "Bos-Smit", "1234AB", ""), child("b", "Smit", "1234AB", "")}, ""},
	"another house number":                 {[]roster.Pupil{child("a", "Bos", "1234AB", "7"), child("b", "Bos", "1234AB", "9")}, ""},
	"another addition":                     {[]roster.Pupil{child("a", "Bos", "1234AB", "7", addition("A")), child("b", "Bos", "1234AB", "7", addition("b"))}, ""},
	"the same addition, spelled otherwise": {[]roster.Pupil{child("a", "Bos", "1234AB", "7", addition("A")), child("b", "Bos", "1234AB", "7", addition("-a"))}, "ab:same-address"},
	"one addition missing":                 {[]roster.Pupil{child("a", "Bos", "1234AB", "7", addition("A")), child("b", "Bos", "1234AB", "7")}, "?ab:same-postcode"},
	"number unknown":                       {[]roster.Pupil{child("a", "Bos", "1234AB", ""), child("b", "Bos", "1234AB", "")}, "?ab:same-postcode"},
	"number of one unknown":                {[]roster.Pupil{child("a", "Bos", "1234AB", "7"), child("b", "Bos", "1234AB", "")}, "?ab:same-postcode"},
	"no postcode":                          {[]roster.Pupil{child("a", "Bos", "", "7"), child("b", "Bos", "", "7")}, ""},
	"a Belgian postcode is a town":         {[]roster.Pupil{child("a", "Bos", "2387", "7"), child("b", "Bos", "2387", "7")}, "?ab:same-postcode -coarse-postcode"},
	"twins":                                {[]roster.Pupil{child("a", "Bos", "1234AB", "7", born("2016-05-01")), child("b", "Bos", "1234AB", "7", born("2016-05-02"))}, "ab:same-address"},
	"three days apart":                     {[]roster.Pupil{child("a", "Bos", "1234AB", "7", born("2016-05-01")), child("b", "Bos", "1234AB", "7", born("2016-05-04"))}, "ab:same-address"},
	"four days apart":                      {[]roster.Pupil{child("a", "Bos", "1234AB", "7", born("2016-05-01")), child("b", "Bos", "1234AB", "7", born("2016-05-05"))}, "?ab:same-address -births-too-close"},
	"240 days apart":                       {[]roster.Pupil{child("b", "Bos", "1234AB", "7", born("2016-12-27")), child("a", "Bos", "1234AB", "7", born("2016-05-01"))}, "?ba:same-address -births-too-close"},
	"241 days apart":                       {[]roster.Pupil{child("a", "Bos", "1234AB", "7", born("2016-05-01")), child("b", "Bos", "1234AB", "7", born("2016-12-28"))}, "ab:same-address"},
	"a leaver takes no part":               {[]roster.Pupil{child("a", "Bos", "1234AB", "7"), child("b", "Bos", "1234AB", "7", left)}, ""},
	"a secret address takes no part":       {[]roster.Pupil{child("a", "Bos", "1234AB", "7"), child("b", "Bos", "1234AB", "7", secret)}, ""},
	"a secret address with a family code":  {[]roster.Pupil{child("a", "Bos", "", "", coded("F1")), child("b", "Bos", "", "", coded("F1"), secret)}, "?ab:family-code -protected"},
	"a family code":                        {[]roster.Pupil{child("a", "Bos", "", "", coded("F1")), child("b", "Smit", "", "", coded("f1 ")), child("c", "Vos", "", "", coded("F2"))}, "ab:family-code"},
	"one guardian":                         {[]roster.Pupil{child("a", "Bos", "", "", parents("m")), child("b", "Smit", "", "", parents("m"))}, "?ab:shared-guardian -surnames-differ"},
	"one guardian, one surname":            {[]roster.Pupil{child("a", "Bos", "", "", parents("m")), child("b", "Bos-Smit", "", "", parents("m"))}, "ab:shared-guardian"},
	"one guardian, known by name too":      {[]roster.Pupil{child("a", "Bos", "", "", guardian("M. Vos", "m", "")), child("b", "Smit", "", "", guardian("m vos", "m", ""))}, "ab:shared-guardian"},
	"one guardian, one house":              {[]roster.Pupil{child("a", "Bos", "1234AB", "7", parents("m")), child("b", "Smit", "1234AB", "7", parents("m"))}, "ab:shared-guardian"},
	"one guardian who moved":               {[]roster.Pupil{child("a", "Bos", "1234AB", "7", parents("m")), child("b", "Bos", "4321AB", "9", parents("m"))}, "ab:shared-guardian"},
	"a number, all else differs": {[]roster.Pupil{child("a", "Bos", "1234AB", "7", guardian("M. Bos", "m@x.example", "+31612345601")), child("b", "Smit", "4321AB", "9", guardian("S. Smit", "s@x.example", "+31612345601"))},
		"?ab:some-guardian -addresses-differ -guardians-differ"},
	"a number, another surname and house": {[]roster.Pupil{child("a", "Bos", "1234AB", "7", guardian("", "", "+31612345601")), child("b", "Smit", "4321AB", "9", guardian("", "", "+31612345601"))},
		"?ab:shared-guardian -addresses-differ -surnames-differ"},
	"a number, another house": {[]roster.Pupil{child("a", "Bos", "1234AB", "7", guardian("M. Bos", "", "+31612345601")), child("b", "Bos", "4321AB", "9", guardian("S. Bos", "", "+31612345601"))},
		"?ab:shared-guardian -addresses-differ"},
	"a number, one of two addresses unknown": {[]roster.Pupil{child("a", "Bos", "1234AB", "7", guardian("M. Bos", "m@x.example", "+31612345601")), child("b", "Smit", "4321AB", "9", guardian("S. Smit", "", "+31612345601"))},
		"?ab:shared-guardian -addresses-differ -surnames-differ"},
	"an office's address":                        {[]roster.Pupil{child("a", "Bos", "", "", parents("administratie@x.example")), child("b", "Bos", "", "", parents("administratie@x.example"))}, ""},
	"an office's address, brothers all the same": {[]roster.Pupil{child("a", "Bos", "1234AB", "7", parents("administratie@x.example")), child("b", "Bos", "1234AB", "7", parents("administratie@x.example"))}, "ab:same-address"},
	"an office's address beside parents' own":    {[]roster.Pupil{child("a", "Bos", "", "", parents("m", "secretariaat@x.example")), child("b", "Bos", "", "", parents("m", "secretariaat@x.example"))}, "ab:shared-guardian"},
	"a number of four surnames":                  {[]roster.Pupil{child("a", "Bos", "", "", guardian("", "", "+31612345601")), child("b", "Smit", "", "", guardian("", "", "+31612345601")), child("c", "Vos", "", "", guardian("", "", "+31612345601")), child("d", "Kok", "", "", guardian("", "", "+31612345601"))}, ""},

	"one has all guardians of the other":   {[]roster.Pupil{child("a", "Bos", "", "", parents("m", "f")), child("b", "Smit", "", "", parents("m"))}, "?ab:shared-guardian -surnames-differ"},
	"a second marriage":                    {[]roster.Pupil{child("a", "Bos", "", "", parents("m", "f")), child("b", "Smit", "", "", parents("m", "g"))}, "?ab:some-guardian -guardians-differ"},
	"a second marriage over a third child": {[]roster.Pupil{child("a", "Bos", "", "", parents("m", "f")), child("b", "Smit", "", "", parents("m")), child("c", "Vos", "", "", parents("m", "g"))}, "?abc:shared-guardian -guardians-differ -surnames-differ"},
	"one address, guardians not shared":    {[]roster.Pupil{child("a", "Bos", "1234AB", "7", parents("m")), child("b", "Bos", "1234AB", "7", parents("g"))}, "?ab:same-address -guardians-differ"},
	"six children":                         {manyKids(6, 1), "?abcdef:same-address -too-many-children"},
	"five children":                        {manyKids(5, 1), "abcde:same-address"},
	"an institution":                       {manyKids(8, 4), "?ae:same-address -institution, ?bf:same-address -institution, ?cg:same-address -institution, ?dh:same-address -institution"},
	"seven children of four families":      {manyKids(7, 4), "ae:same-address, bf:same-address, cg:same-address"},
	"a certain family and one more": {[]roster.Pupil{child("a", "Bos", "1234AB", "7"), child("b", "Bos", "1234AB", "7"), child("c", "Bos", "1234AB", "")},
		"ab:same-address, ?abc:same-address"},
	"two houses and a child between": {[]roster.Pupil{child("a", "Bos", "1234AB", "7"), child("b", "Bos", "1234AB", "9"), child("c", "Bos", "1234AB", "")},
		"?abc:same-postcode -addresses-differ"},
	"nobody": {nil, ""},
}

func TestFamiliesAreCertainProposedOrNone(t *testing.T) {
	t.Parallel()
	for name, tt := range familyCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := families(tt.pupils...); got != tt.want {
				t.Fatalf("families %q, want %q", got, tt.want)
			}
		})
	}
}

func addition(text string) func(*roster.Pupil) {
	return func(p *roster.Pupil) { p.HouseNumberAddition = text }
}

func left(p *roster.Pupil) { p.Leaver = true }

func secret(p *roster.Pupil) { p.Protected = true }

// manyKids gives pupils at one address with a number of surnames in turn.
func manyKids(count, surnames int) []roster.Pupil {
	var all []roster.Pupil
	for i := range count {
		all = append(all, child(string(rune('a'+i)), fmt.Sprintf("Name%c", 'a'+i%surnames), "1234AB", "7"))
	}
	return all
}

func TestTheSchoolsOwnMailboxIsNoGuardian(t *testing.T) {
	t.Parallel()
	var all []roster.Pupil
	for i := range 30 {
		all = append(all, child(fmt.Sprint(i), fmt.Sprintf("Name%c", 'a'+i), "", "", parents("info@school.example")))
	}
	if got := families(all...); got != "" {
		t.Fatalf("families %q", got)
	}
}

func TestACrowdedPostcodeIsNoNeighbourhood(t *testing.T) {
	t.Parallel()
	var all []roster.Pupil
	for i := range 61 {
		all = append(all, child(fmt.Sprint(i, ","), fmt.Sprintf("Name%c%c", 'a'+i/2%26, 'a'+i/52), "1234AB", fmt.Sprint(i/2+1)))
	}
	f := roster.FamiliesOf(&roster.Roster{Pupils: all})
	if len(f.Certain) != 0 || len(f.Proposed) != 30 || !slices.Equal(f.Proposed[0].Vetoes, []roster.Veto{roster.VetoInstitution}) {
		t.Fatalf("%d certain, %d proposed", len(f.Certain), len(f.Proposed))
	}
	if f = roster.FamiliesOf(&roster.Roster{Pupils: all[:60]}); len(f.Certain) != 30 || len(f.Proposed) != 0 {
		t.Fatalf("one fewer: %d certain, %d proposed", len(f.Certain), len(f.Proposed))
	}
}

func TestCertainFamiliesNeverOverlapAndHoldNoVeto(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var all []roster.Pupil
		for i := range rapid.IntRange(0, 12).Draw(t, "pupils") {
			pick := func(label string, values ...string) string { return rapid.SampledFrom(values).Draw(t, label) }
			p := child(fmt.Sprint(i), pick("surname", "Bos", "Smit", "Bos-Smit", "de Bos"), pick("postcode", "1234AB", "1235AB", "2387", ""), pick("number", "7", "8", ""),
				born(pick("born", "2016-05-01", "2016-07-01", "2012-01-01", "")), coded(pick("code", "", "", "", "F")))
			if mail := pick("mail", "", "m", "f"); mail != "" {
				parents(mail)(&p)
			}
			p.Leaver = rapid.IntRange(0, 9).Draw(t, "leaver") == 0
			all = append(all, p)
		}
		r := &roster.Roster{Pupils: all}
		f := roster.FamiliesOf(r)
		seen := map[string]bool{}
		for _, c := range f.Certain {
			if len(c.PupilKeys) < 2 || len(c.PupilKeys) > 5 || len(c.Vetoes) > 0 || c.Reason == "" {
				t.Fatalf("certain %s", asJSON(c))
			}
			for _, key := range c.PupilKeys {
				if seen[key] {
					t.Fatalf("%s is in two certain families", key)
				}
				seen[key] = true
			}
		}
		for _, p := range f.Proposed {
			if len(p.PupilKeys) < 2 || p.Reason == "" || p.Vetoes == nil {
				t.Fatalf("proposed %s", asJSON(p))
			}
		}
		if again := asJSON(roster.FamiliesOf(r)); again != asJSON(f) {
			t.Fatalf("twice differs: %s", again)
		}
		text := asJSON(f)
		for _, p := range all {
			if !p.Active() && strings.Contains(text, `"`+p.Key+`"`) {
				t.Fatalf("the leaver %s takes part", p.Key)
			}
		}
	})
}
