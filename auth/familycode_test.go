package auth_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// alphabet is what family codes are made of.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXY"

func (w *world) familyCode(letter string) string {
	w.Helper()
	code, err := w.service.Parents.FamilyCode(w.Context(), models.Actor{Kind: models.ActorStaff, School: w.school, Roles: []models.Role{models.RoleAdministrator}, Proof: models.ProofRecent}, household(letter))
	if err != nil {
		w.Fatal(err)
	}
	return code
}

// whole gives eight characters their check character, by trying.
func whole(t rapid.TB, eight string) string {
	t.Helper()
	found := ""
	for _, check := range alphabet {
		if _, ok := parent.ReadFamilyCode(eight + string(check)); ok {
			if found != "" {
				t.Fatalf("%s has two check characters", eight)
			}
			found = eight + string(check)
		}
	}
	if found == "" {
		t.Fatalf("%s has no check character", eight)
	}
	return found
}

func TestAFamilyCodeConfirmsHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code := w.familyCode("A")
	spaced := parent.SpacedFamilyCode(code)
	if len(code) != 9 || spaced != code[:4]+"-"+code[4:8]+"-"+code[8:] || strings.Trim(code, alphabet) != "" {
		t.Fatalf("code %q, %q", code, spaced)
	}
	alike := strings.NewReplacer("0", "O", "1", "I", "2", "Z")
	lookalikes := alike.Replace(code)
	all := whole(t, "01202101") // the code that was issued may have none of the three
	for _, typed := range []string{alike.Replace(all), strings.ToLower(alike.Replace(all)), strings.ReplaceAll(all, "1", "L")} {
		if read, ok := parent.ReadFamilyCode(typed); !ok || read != all {
			t.Errorf("%s is read as %q", typed, read)
		}
	}
	for name, typed := range map[string]string{
		"as it is": code, "as the letter has it": spaced, "in small letters": strings.ToLower(spaced), "with spaces": " " + strings.ReplaceAll(spaced, "-", " ") + " ",
		"with O for 0, I for 1 and Z for 2": lookalikes, "the same in small letters": strings.ToLower(lookalikes), "with L for 1": strings.ReplaceAll(code, "1", "l"),
		"with dots": strings.Join(strings.Split(code, ""), "."),
	} {
		opened, err := w.recognise(parent.Answers{Name: "Daan de Jong", FamilyCode: typed}, w.elsewhere())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		wantGrant(t, opened, "A", true, "sanne", "daan")
	}
	w.out("with another child's name", parent.Answers{Name: "Emma Bakker", FamilyCode: code}, w.elsewhere())
	w.out("with nobody's name", parent.Answers{Name: "Piet Puk", FamilyCode: code}, w.elsewhere())
	for at := range code {
		for _, character := range alphabet {
			if changed := code[:at] + string(character) + code[at+1:]; changed != code {
				if _, ok := parent.ReadFamilyCode(changed); ok {
					t.Errorf("%s for %s is not noticed", changed, code)
				}
			}
		}
	}
}

func TestAFamilyCodeChoosesBetweenTwoHomesAndLetsAProtectedFamilyIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wantGrant(t, w.in(parent.Answers{Name: "Finn Smit", FamilyCode: w.familyCode("G")}, w.elsewhere()), "G", true, "finn")
	wantGrant(t, w.in(parent.Answers{Name: "Zoë Mulder", FamilyCode: w.familyCode("I")}, w.elsewhere()), "I", true, "zoe")
	w.out("of a child who has left", parent.Answers{Name: "Mila Vos", FamilyCode: w.familyCode("J")}, w.elsewhere())
}

func TestANewFamilyCodeEndsTheOldOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := w.familyCode("A")
	present := w.familyCode("A")
	w.out("the old one", parent.Answers{Name: "Sanne de Jong", FamilyCode: old}, w.elsewhere())
	w.in(parent.Answers{Name: "Sanne de Jong", FamilyCode: present}, w.elsewhere())
	w.in(parent.Answers{Name: "Sanne de Jong", FamilyCode: present}, w.elsewhere()) // it is no one-time code
	row := rows[models.Household](w, store.Eq("id", household("A")))[0]
	if row.Details.FamilyCode != present {
		t.Errorf("kept for the letter: %q", row.Details.FamilyCode)
	}
	if audits := rows[models.Audit](w, store.Eq("action", "family-code")); len(audits) != 2 {
		t.Errorf("audit %+v", audits)
	}
	code, err := w.service.Parents.FamilyCode(t.Context(), models.Actor{Kind: models.ActorStaff, School: w.other}, household("A"))
	if code != "" || errs.KindOf(err) != errs.NotFound {
		t.Errorf("from another school: %q, %v", code, err)
	}
}

func TestTheCheckCharacterFindsSlips(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code := whole(t, rapid.StringMatching("["+alphabet+"]{8}").Draw(t, "code"))
		if read, ok := parent.ReadFamilyCode(parent.SpacedFamilyCode(code)); !ok || read != code {
			t.Fatalf("%s became %q, %v", code, read, ok)
		}
		at := rapid.IntRange(0, 8).Draw(t, "at")
		wrong := code[:at] + rapid.StringMatching("["+alphabet+"]").Draw(t, "character") + code[at+1:]
		if _, ok := parent.ReadFamilyCode(wrong); ok && wrong != code {
			t.Fatalf("%s for %s is not noticed", wrong, code)
		}
		next := rapid.IntRange(0, 6).Draw(t, "next")
		swapped := code[:next] + code[next+1:next+2] + code[next:next+1] + code[next+2:]
		if _, ok := parent.ReadFamilyCode(swapped); ok && swapped != code {
			t.Fatalf("%s for %s is not noticed", swapped, code)
		}
	})
}

func TestFamilyCodesDiffer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seen, characters := map[string]bool{}, map[rune]bool{}
	for range 60 {
		code := w.familyCode("A")
		seen[code] = true
		for _, character := range code[:8] {
			characters[character] = true
		}
	}
	if len(seen) != 60 || len(characters) < 25 {
		t.Errorf("%d codes of %d characters", len(seen), len(characters))
	}
}

func FuzzReadFamilyCode(f *testing.F) {
	for _, seed := range []string{"0000-0000-0", "", "OOOO OOOO O", "abcd-efgh-j", "٠٠٠٠٠٠٠٠٠", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		code, ok := parent.ReadFamilyCode(typed)
		if ok != (len(code) == 9) || strings.Trim(code, alphabet) != "" {
			t.Fatalf("%q became %q, %v", typed, code, ok)
		}
		if again, same := parent.ReadFamilyCode(code); ok && (!same || again != code) {
			t.Fatalf("%q became %q", code, again)
		}
	})
}
