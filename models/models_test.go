package models_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/models"
)

func TestAnIDSurvivesTextJSONAndColumn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		id := models.PupilID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "bytes"))
		back, err := models.Parse[models.PupilID](id.String())
		if err != nil || back != id {
			t.Fatalf("%v became %v, %v", id, back, err)
		}
		type holder struct {
			ID models.PupilID          `json:"id"`
			By map[models.PupilID]bool `json:"by"`
		}
		raw, err := json.Marshal(holder{id, map[models.PupilID]bool{id: true}})
		if err != nil {
			t.Fatal(err)
		}
		var read holder
		if err := json.Unmarshal(raw, &read); err != nil || read.ID != id || !read.By[id] {
			t.Fatalf("%s became %v, %v", raw, read, err)
		}
		value, err := id.Value()
		if err != nil || id.IsZero() != (value == nil) {
			t.Fatalf("value %v, %v", value, err)
		}
		for _, column := range []any{value, id.String(), []byte(id.String()), [16]byte(id)} {
			var scanned models.PupilID
			var school models.SchoolID
			if err := errors.Join(scanned.Scan(column), school.Scan(column)); err != nil || scanned != id || school != models.SchoolID(id) {
				t.Fatalf("column %v became %v, %v", column, scanned, err)
			}
		}
	})
}

func TestWhatIsNoIDIsRefusedWithoutBeingRepeated(t *testing.T) {
	t.Parallel()
	good := models.New[models.PupilID]().String()
	for name, text := range map[string]string{
		"nothing": "", "a word": "Sanne", "one character short": good[1:], "one too many": good + "0", "braces": "{" + good + "}", "a prefix": "urn:uuid:" + good,
		"no hyphens": strings.ReplaceAll(good, "-", ""), "a letter that is no digit": "g" + good[1:], "spaces around": " " + good + " ",
	} {
		_, err := models.Parse[models.PupilID](text)
		if !errors.Is(err, models.ErrBadID) || text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	var id models.PupilID
	var school models.SchoolID
	for name, column := range map[string]any{"a number": int64(7), "a short blob": []byte{1, 2, 3}, "a word": "Sanne"} {
		if err := id.Scan(column); !errors.Is(err, models.ErrBadID) || strings.Contains(err.Error(), "Sanne") {
			t.Errorf("%s: %v", name, err)
		}
		if err := school.Scan(column); !errors.Is(err, models.ErrBadID) {
			t.Errorf("%s of a school: %v", name, err)
		}
	}
	if err := id.UnmarshalText(nil); err != nil || !id.IsZero() {
		t.Errorf("no text: %v, %v", id, err)
	}
	if err := school.UnmarshalText([]byte("Sanne")); !errors.Is(err, models.ErrBadID) {
		t.Errorf("a school: %v", err)
	}
}

func TestIDsMadeLaterSortLater(t *testing.T) {
	t.Parallel()
	ids := make([]models.RowID, 2000)
	for i := range ids {
		ids[i] = models.New[models.RowID]()
	}
	if !slices.IsSortedFunc(ids, models.RowID.Compare) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Error("ids are out of order or double")
	}
}

func TestTicksAreFiveMinutes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		instant := time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(t, "second"), rapid.Int64Range(0, 999_999_999).Draw(t, "nano"))
		tick, exact := models.TickAt(instant)
		since := instant.Sub(tick.Time())
		if since < 0 || since >= models.TickLength || exact != (since == 0) {
			t.Fatalf("%v is %v after its tick, exact %v", instant, since, exact)
		}
		if tick.Time().Location() != time.UTC {
			t.Fatal("a tick starts in another zone")
		}
		if again, exact := models.TickAt(tick.Time()); again != tick || !exact {
			t.Fatalf("the start of %d is in %d", tick, again)
		}
	})
	if models.Ticks(10) != 2 || models.Ticks(14) != 2 || models.Tick(3).Minutes() != 15 {
		t.Error("minutes and ticks disagree")
	}
}

// TestListsThatTheProgramClosesAreWhole compares each list with the constants of its type in the source.
func TestListsThatTheProgramClosesAreWhole(t *testing.T) {
	t.Parallel()
	lists := map[string][]string{
		"MessageKind": words(models.AllMessageKinds()), "Channel": words(models.AllChannels()), "Role": words(models.AllRoles()), "AccountState": words(models.AllAccountStates()),
	}
	declared := map[string][]string{}
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		source, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(source, func(node ast.Node) bool {
			value, ok := node.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if of, ok := value.Type.(*ast.Ident); ok && lists[of.Name] != nil {
				for _, expression := range value.Values {
					declared[of.Name] = append(declared[of.Name], strings.Trim(expression.(*ast.BasicLit).Value, `"`))
				}
			}
			return true
		})
	}
	for name, list := range lists {
		if !slices.Equal(list, declared[name]) {
			t.Errorf("%s: the list has %q, the source %q", name, list, declared[name])
		}
	}
}

func words[T ~string](list []T) (texts []string) {
	for _, word := range list {
		texts = append(texts, string(word))
	}
	return texts
}

func TestPartiesOfAHouseholdAreDifferentHolders(t *testing.T) {
	t.Parallel()
	one, two := models.New[models.HouseholdID](), models.New[models.HouseholdID]()
	if models.PartyHolder(one, 0) != models.HolderID(one) || models.PartyHolder(one, 1) != models.HolderID(one) {
		t.Error("the first party is not the household")
	}
	holders := []models.HolderID{models.PartyHolder(one, 1), models.PartyHolder(one, 2), models.PartyHolder(one, 3), models.PartyHolder(two, 1), models.PartyHolder(two, 2)}
	slices.SortFunc(holders, models.HolderID.Compare)
	if len(slices.Compact(holders)) != 5 {
		t.Error("two parties are one holder")
	}
	if again := models.PartyHolder(one, 2); again != models.PartyHolder(one, 2) {
		t.Error("a party has two holders")
	}
}

func TestAnActorHasItsGrantsAndMakersOnly(t *testing.T) {
	t.Parallel()
	household, maker := models.New[models.HouseholdID](), models.New[models.MakerID]()
	actor := models.Actor{Grants: []models.Grant{{Household: household, Confirmed: true}}, Makers: []models.MakerID{maker, {}}}
	if grant, ok := actor.Grant(household); !ok || !grant.Confirmed {
		t.Errorf("grant %v, %v", grant, ok)
	}
	if _, ok := actor.Grant(models.New[models.HouseholdID]()); ok {
		t.Error("a grant for another household")
	}
	if !actor.HasMaker(maker) || actor.HasMaker(models.New[models.MakerID]()) {
		t.Error("another maker")
	}
	if actor.HasMaker(models.MakerID{}) {
		t.Error("no maker is a maker of everybody")
	}
	system := models.System(models.SchoolID{1}, "wipe")
	if system.Kind != models.ActorSystem || system.School != (models.SchoolID{1}) || system.Reason != "wipe" {
		t.Errorf("system actor %+v", system)
	}
}

func TestOnlyContactsOfTheSchoolConfirm(t *testing.T) {
	t.Parallel()
	for source, confirms := range map[models.ContactSource]bool{models.SourceFile: true, models.SourceStaff: true, models.SourceTyped: false, "": false, "other": false} {
		if source.Confirms() != confirms {
			t.Errorf("%q confirms: %v", source, !confirms)
		}
	}
}

func TestASchoolKnowsItsZoneAndPolicy(t *testing.T) {
	t.Parallel()
	school := models.School{Zone: "Europe/Amsterdam", Policy: models.Policy{Factors: []models.Factor{models.FactorBirthDate}}}
	if school.Location().String() != "Europe/Amsterdam" {
		t.Errorf("zone %v", school.Location())
	}
	school.Zone = "Europe/Nowhere"
	if school.Location() != time.UTC {
		t.Errorf("unknown zone %v", school.Location())
	}
	if !school.Policy.Asks(models.FactorBirthDate) || school.Policy.Asks(models.FactorPostcode) || (models.Policy{}).Asks("") {
		t.Error("the policy asks something else")
	}
	scopes := models.AllScopes()
	slices.Sort(scopes)
	if len(slices.Compact(scopes)) != 8 {
		t.Errorf("scopes %v", scopes)
	}
}
