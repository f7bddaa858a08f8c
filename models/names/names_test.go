package names_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/models/names"
)

func matches(p names.Person, typed string) bool {
	keys := names.Keys(p)
	return slices.ContainsFunc(names.TypedKeys(typed), func(k string) bool { return slices.Contains(keys, k) })
}

// waysToWrite lists people with what may be typed for them.
var waysToWrite = []struct {
	who   names.Person
	typed []string
}{
	{names.Person{Given: "Sanne", Prefix: "van den", Surname: "Berg"}, []string{"Sanne van den Berg", "sanne berg", "SANNE VAN DEN BERG", "Berg, Sanne van den", "van den Berg, Sanne", "Sanne v.d. Berg",
		"Sanne v/d Berg", "Sanne vd Berg", "  Sanne   van  den  Berg ", "Berg van den, Sanne", "Sanne Berg-Jansen", "Sanne Jansen-van den Berg",
		"Sanne Vandenberg", "Berg Sanne", "van den Berg Sanne", "Berg Sanne van den", "Sanne Berg, van den", "Sanne\u00a0van\u200bden\tBerg",
		"\u200fSanne van den Berg\u200e", "Sanne Maria van den Berg", "Berg,Sanne", "Sаnne vаn den Bеrg"}},
	{names.Person{Given: "Sanne", Surname: "van den Berg"}, []string{"Sanne van den Berg", "sanne berg", "Berg, Sanne van den"}},
	{names.Person{Given: "Sanne", Surname: "Vandenberg"}, []string{"Sanne van den Berg", "Sanne Vandenberg", "Sanne Van Den Berg"}},
	{names.Person{Given: "Sanne", Prefix: "van den", Surname: "Berg-Jansen"}, []string{"Sanne Berg-Jansen", "Sanne van den Berg", "Sanne Jansen",
		"Sanne van den Berg Jansen", "Sanne Jansen-Berg", "Berg-Jansen, Sanne van den", "Sanne van den Berg - Jansen"}},
	{names.Person{Given: "Bo", Prefix: "de", Surname: "Vries-van den Berg"}, []string{"Bo de Vries", "Bo van den Berg", "Bo de Vries van den Berg",
		"Bo Vries-Berg", "Bo Berg", "de Vries-van den Berg, Bo", "Vries-van den Berg, Bo de"}},
	{names.Person{Given: "Efe", Surname: "Özdemir-Smit"}, []string{"Efe Özdemir-Smit", "Efe Oezdemir", "Efe Ozdemir", "Efe Smit", "Efe Oezdemir-Smit", "Efe Ozdemir Smit", "Smit, Efe"}},
	{names.Person{Given: "Jürgen", Surname: "Müller"}, []string{"Jürgen Müller", "Juergen Mueller", "Jurgen Muller", "Jürgen Mueller", "Juergen Muller", "Müller, Jürgen", "JÜRGEN MÜLLER",
		"Ju\u0308rgen Mu\u0308ller"}},
	{names.Person{Given: "Jürgen", Surname: "Mueller"}, []string{"Jürgen Müller", "Jurgen Mueller"}},
	{names.Person{Given: "Anne-Marie", Surname: "Bos"}, []string{"Anne-Marie Bos", "Anne Marie Bos", "Annemarie Bos", "Anne Bos", "Bos, Anne Marie"}},
	{names.Person{Given: "Anna Maria Louise", Surname: "Bos"}, []string{"Anna Bos", "Anna Maria Bos", "Anna-Maria Bos", "Anna Maria Louise Bos"}},
	{names.Person{Given: "D'Angelo", Prefix: "van 't", Surname: "Hof"}, []string{"D'Angelo van 't Hof", "d’angelo hof", "D Angelo van t Hof",
		"DAngelo van het Hof", "D`Angelo van't Hof", "Hof, D'Angelo van 't"}},
	{names.Person{Given: "Yasmina", Prefix: "El", Surname: "Amrani"}, []string{"Yasmina El Amrani", "Yasmina Amrani", "Yasmina Elamrani", "El Amrani Yasmina"}},
	{names.Person{Given: "Kacper", Surname: "Łukasik"}, []string{"Kacper Lukasik", "kacper łukasik", "KACPER ŁUKASIK"}},
	{names.Person{Given: "Ayşe", Surname: "Güneş"}, []string{"Ayse Gunes", "Ayşe Güneş", "AYŞE GÜNEŞ", "Ayse Guenes"}},
	{names.Person{Given: "Søren", Surname: "Ågård"}, []string{"Soren Agard", "Soeren Aagaard", "Søren Ågård"}},
	{names.Person{Given: "Thijs", Surname: "Huijbrechts"}, []string{"Thys Huybrechts", "Thĳs Huijbrechts", "THIJS HUYBRECHTS", "thÿs huÿbrechts"}},
	{names.Person{Given: "Ana", Surname: "García López"}, []string{"Ana Garcia Lopez", "Ana Garcia", "Ana Lopez", "Ana García-López", "Garcia Lopez, Ana"}},
	{names.Person{Given: "Ana", Surname: "García"}, []string{"Ana Garcia Lopez", "Ana García-López", "Garcia Lopez, Ana"}},
	{names.Person{Given: "Wimpie", Prefix: "imp", Surname: "ie"}, []string{"Wimpie imp ie", "Wimpie ie", "ie, Wimpie imp", "imp ie, Wimpie"}},
	{names.Person{Given: "Louis", Surname: "d'Hondt"}, []string{"Louis d'Hondt", "Louis dHondt", "Louis D Hondt", "Louis Hondt"}},
	{names.Person{Given: "Louis", Prefix: "d'", Surname: "Hondt"}, []string{"Louis d’Hondt", "Louis Hondt", "Louis Dhondt"}},
	{names.Person{Given: "Els", Surname: "'s-Gravesande"}, []string{"Els 's-Gravesande", "Els Gravesande", "Els s Gravesande"}},
	{names.Person{Given: "Samir", Surname: "Ben Ali"}, []string{"Samir Ben Ali", "Samir Ali", "Samir Benali"}},
	{names.Person{Given: "Abd el Karim", Surname: "Bouzid"}, []string{"Abd el Karim Bouzid", "Abdelkarim Bouzid", "Bouzid, Abd el Karim"}},
	{names.Person{Given: "Straße", Surname: "Großmann"}, []string{"Strasse Grossmann"}},
	{names.Person{Given: "Jan", Surname: "Op"}, []string{"Jan Op", "Op, Jan"}},
	{names.Person{Given: "Li-Jun", Surname: "Wang"}, []string{"Li Jun Wang", "Lijun Wang", "Wang Li Jun", "Li-Jun Wang"}},
	{names.Person{Given: "Adinda"}, []string{"Adinda", "  adinda ", "ADINDA"}},
	{names.Person{Given: "Anne Marie"}, []string{"Anne Marie", "Anne-Marie", "Anne"}},
	{names.Person{Surname: "Assati"}, []string{"Assati", "assati"}},
	{names.Person{Given: "محمد", Surname: "الأمين"}, []string{"محمد الأمين", "محمد الامين"}},
}

func TestWholeNamesMatchHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, tt := range waysToWrite {
		for _, typed := range tt.typed {
			if !matches(tt.who, typed) {
				t.Errorf("%+v is not found by %q\nkeys  %q\ntyped %q", tt.who, typed, names.Keys(tt.who), names.TypedKeys(typed))
			}
		}
	}
}

func TestPartOfANameOrAnotherNameMatchesNobody(t *testing.T) {
	t.Parallel()
	berg := names.Person{Given: "Sanne", Prefix: "van den", Surname: "Berg"}
	tests := []struct {
		who   names.Person
		typed []string
	}{
		{berg, []string{"", " ", "Sanne", "Berg", "van den Berg", "van den", "S. van den Berg", "Sanne B", "Sanne van den", "Thijs van den Berg",
			"Sanne de Vries", "Sanne Bergman", "Sann Berg", "Berg, ", ", Sanne", "-", "...", "'", "1", "Sanne*", "Sanne van den Berg*", "% %", "Sanne %",
			"S_nne Berg", "_____ Berg", "Sanne B%", "Sanne Berg%", "Sanne van den Berg\x00", "Sanne \x00 Berg", "Sanne Berg 😀", "Sanne ? Berg", "Sanne|Berg",
			"sanne|berg", "Sanne=Berg", "<b>Sanne Berg</b>", "Sanne Berg' OR 1=1 --", "Sanne [a-z]erg", "\xff\xfe", "Sanne Be\xffrg", strings.Repeat("Sanne Berg ", 30)}},
		{names.Person{Given: "Jan", Surname: "Sen"}, []string{"Jansen", "Jan", "Sen"}},
		{names.Person{Given: "Adinda"}, []string{"Adinda Bos", "Bos Adinda", "Bos"}},
		{names.Person{Given: "Sanne", Surname: "Boer"}, []string{"Sanne Bor"}},
		{names.Person{Given: "Anne-Marie", Surname: "Bos"}, []string{"Marie Bos"}},
		{names.Person{}, []string{"", "Anne", " ", "-"}},
		{names.Person{Given: "-", Surname: "*"}, []string{"-", "*", "", "- *"}},
	}
	for _, tt := range tests {
		for _, typed := range tt.typed {
			if matches(tt.who, typed) {
				t.Errorf("%+v is found by %q", tt.who, typed)
			}
		}
	}
}

func TestTypedKeysAreFewAndNeverEmptyTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.OneOf(rapid.String(), rapid.StringMatching(`[A-Za-zäöü',. \-]{0,210}`)).Draw(t, "typed")
		checkTyped(t, typed)
	})
}

func checkTyped(t interface{ Fatalf(string, ...any) }, typed string) {
	keys := names.TypedKeys(typed)
	if len(keys) > names.MaxTypedKeys || len(keys) > 32 {
		t.Fatalf("%q gives %d keys", typed, len(keys))
	}
	if utf8.RuneCountInString(typed) > 200 && keys != nil {
		t.Fatalf("a text of %d characters gives keys", utf8.RuneCountInString(typed))
	}
	for _, key := range keys {
		if key == "" || strings.ContainsAny(key, "*%_ ") || strings.HasPrefix(key, "|") || strings.HasSuffix(key, "|") || strings.Count(key, "|") > 1 {
			t.Fatalf("%q gives the key %q", typed, key)
		}
	}
}

func FuzzTypedKeys(f *testing.F) {
	for _, seed := range []string{"Sanne van den Berg", "Berg, Sanne van den", "Ö-ü ß", "\u200f\u0301", strings.Repeat("ﷺ", 200), ", , ,", "d'd'd' d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		checkTyped(t, typed)
		p := names.Person{Given: typed, Prefix: "van", Surname: typed}
		if keys := names.Keys(p); len(keys) > 100 {
			t.Fatalf("%d stored keys", len(keys))
		}
		prefix, surname := names.SplitPrefix(typed)
		if surname == "" && names.Clean(typed) != "" {
			t.Fatalf("the surname of %q vanished into %q", typed, prefix)
		}
	})
}

func namePart() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"Sanne", "Thijs", "Zoë", "Jürgen", "Ayşe", "Łukasz", "Anne-Marie", "D'Angelo", "Per", "Yasmina", "Noël", "Fatima Zahra", "Ij"})
}

func surnamePart() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"Berg", "Vries", "Özdemir-Smit", "Müller", "Hof", "Huijbrechts", "Amrani", "Peeters", "García López", "Jansen-Björk"})
}

func TestEveryStoredNameIsFoundByItsUsualSpellings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := names.Person{Given: namePart().Draw(t, "given"), Surname: surnamePart().Draw(t, "surname"),
			Prefix: rapid.SampledFrom([]string{"", "de", "van den", "van 't", "El", "von der"}).Draw(t, "prefix")}
		full := names.Clean(p.Given + " " + p.Prefix + " " + p.Surname)
		for _, typed := range []string{full, strings.ToUpper(full), strings.ToLower(full), p.Given + " " + p.Surname,
			p.Surname + ", " + p.Given + " " + p.Prefix, names.Clean(p.Prefix + " " + p.Surname + ", " + p.Given), strings.ReplaceAll(full, "-", " ")} {
			if !matches(p, typed) {
				t.Fatalf("%+v is not found by %q", p, typed)
			}
		}
		for _, typed := range []string{p.Given, p.Surname, names.Clean(p.Prefix + " " + p.Surname)} {
			if matches(p, typed) {
				t.Fatalf("%+v is found by %q alone", p, typed)
			}
		}
	})
}

func TestSurnameKeysDoNotDependOnThePrefix(t *testing.T) {
	t.Parallel()
	groups := map[string][][2]string{
		"a Dutch prefix wherever it stands": {{"van den", "Berg"}, {"", "van den Berg"}, {"", "Berg"}, {"", "Van den Berg"}, {"v.d.", "Berg"}, {"", "Berg, van den"}, {"", "BERG"}},
		"an Arabic prefix":                  {{"El", "Amrani"}, {"el", "Amrani"}, {"", "El Amrani"}, {"", "Amrani"}},
		"a double name":                     {{"", "Özdemir-Smit"}, {"", "Özdemir Smit"}, {"", "OZDEMIR - SMIT"}},
		"ij and y":                          {{"van", "Dijk"}, {"", "van Dyk"}, {"", "DIJK"}},
	}
	seen := map[string]string{}
	for name, group := range groups {
		want := names.Surname(group[0][0], group[0][1])
		for _, pair := range group {
			if got := names.Surname(pair[0], pair[1]); got != want || got == "" {
				t.Errorf("%s: %v gives %q, want %q", name, pair, got, want)
			}
		}
		if other, taken := seen[want]; taken {
			t.Errorf("%s and %s share a key", name, other)
		}
		seen[want] = name
	}
	if a, b := names.SurnameKeys("", "Müller"), names.SurnameKeys("", "Mueller"); !slices.Contains(a, b[0]) {
		t.Errorf("Müller %q and Mueller %q share nothing", a, b)
	}
	if names.Surname("", "Boer") == names.Surname("", "Bor") {
		t.Error("Boer and Bor are one family")
	}
	if got := names.SurnameHalves("", "Özdemir-Smit"); !slices.Equal(got, []string{"ozdemir", "oezdemir", "smit"}) {
		t.Errorf("halves %q", got)
	}
	if got := names.SurnameHalves("van den", "Berg"); got != nil {
		t.Errorf("a single name has halves %q", got)
	}
	if got := names.SurnameHalves("", "Vries-van den Berg"); !slices.Equal(got, []string{"vries", "berg"}) {
		t.Errorf("halves %q", got)
	}
}

func TestSplitPrefixKnowsWherePrefixesStand(t *testing.T) {
	t.Parallel()
	tests := map[string][2]string{
		"van den Berg":            {"van den", "Berg"},
		"Van den Berg":            {"Van den", "Berg"},
		"VAN DEN BERG":            {"VAN DEN", "BERG"},
		"Berg":                    {"", "Berg"},
		"Berg, van den":           {"van den", "Berg"},
		"Berg van den":            {"van den", "Berg"},
		"v.d. Berg":               {"v.d.", "Berg"},
		"v/d Berg":                {"v/d", "Berg"},
		"in 't Veld":              {"in 't", "Veld"},
		"van 't Hof":              {"van 't", "Hof"},
		"van ’t Hof":              {"van ’t", "Hof"},
		"'t Hart":                 {"'t", "Hart"},
		"'T HART":                 {"'T", "HART"},
		"de Vries-van den Berg":   {"de", "Vries-van den Berg"},
		"El Amrani":               {"El", "Amrani"},
		"von der Leyen":           {"von der", "Leyen"},
		"La":                      {"", "La"},
		"de la":                   {"de", "la"},
		"D. Jansen":               {"", "D. Jansen"},
		"Smit":                    {"", "Smit"},
		"Garcia Lopez":            {"", "Garcia Lopez"},
		"":                        {"", ""},
		"  op  de   Weegh ":       {"op de", "Weegh"},
		"Smit, Jan":               {"", "Smit, Jan"},
		"Vandenberg":              {"", "Vandenberg"},
		"d'Hondt":                 {"", "d'Hondt"},
		"Onder de Linden":         {"Onder de", "Linden"},
		"van der Meer van Wijk":   {"van der", "Meer van Wijk"},
		"Hassan El":               {"", "Hassan El"},
		"\u200evan\u00a0den Berg": {"van den", "Berg"},
	}
	for text, want := range tests {
		if prefix, surname := names.SplitPrefix(text); prefix != want[0] || surname != want[1] {
			t.Errorf("SplitPrefix(%q) = %q, %q; want %q, %q", text, prefix, surname, want[0], want[1])
		}
	}
}

func TestKeyFoldsCaseAccentsAndScripts(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"Zoë": "zoe", "Noël": "noel", "Renée": "renee", "Łukasz": "lukasz", "Ayşe": "ayse", "İpek": "ipek", "Ilgın": "ilgin", "Ðorđe": "dorde",
		"Æsa": "aesa", "Œuvre": "oeuvre", "Groß": "gross", "Þór": "thor", "Thĳs": "thys", "Ｊａｎ": "jan", "ﬁona": "fiona", "Anne-Marie": "annemarie",
		"D'Angelo": "dangelo", "O’Brien": "obrien", "٣A": "3a", "Nguyễn": "nguyen", "Ǿ": "o", "Ανα": "ava", "": "", " - ": "", "Sanne\u200d": "sanne",
	}
	for text, want := range tests {
		if got := names.Key(text); got != want {
			t.Errorf("Key(%q) = %q, want %q", text, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zA-Zéëöç' -]{0,30}`).Draw(t, "text")
		key := names.Key(text)
		if names.Key(strings.ToUpper(text)) != key || names.Key(key) != key {
			t.Fatalf("Key(%q) = %q is not stable", text, key)
		}
	})
}

func TestDigitsOfOtherScriptsBecomeLatin(t *testing.T) {
	t.Parallel()
	if got := names.Digits("٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ ०९ ０９ 𝟎𝟗 x²"); got != "0123456789 0123456789 09 09 09 x²" {
		t.Fatalf("Digits = %q", got)
	}
}

func TestCleanKeepsTheNameAndDropsWhatCannotBeSeen(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"  van\u00a0 den\r\nBerg ": "van den Berg", "Zoe\u0308": "Zoë", "\ufeffJan\u200b": "Jan", "a\x00b": "a b", "": "", "\t": "", "D’Angelo": "D’Angelo",
	}
	for text, want := range tests {
		if got := names.Clean(text); got != want {
			t.Errorf("Clean(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestDistanceCountsSlips(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"berg", "berg", 0}, {"berg", "", 4}, {"berg", "begr", 1}, {"berg", "erg", 1}, {"berg", "bergh", 1}, {"berg", "borg", 1},
		{"ca", "abc", 2}, {"1234AB", "1243AB", 1}, {"kitten", "sitting", 3}, {"zoë", "zoe", 1},
		{strings.Repeat("a", 300), strings.Repeat("a", 300), 0}, {strings.Repeat("a", 300), "", 300}, {strings.Repeat("a", 300), strings.Repeat("a", 200), 100},
	}
	for _, tt := range tests {
		if got := names.Distance(tt.a, tt.b); got != tt.want {
			t.Errorf("Distance(%.10q, %.10q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestDistanceIsAMetric(t *testing.T) {
	t.Parallel()
	short := rapid.StringMatching(`[abc]{0,7}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := short.Draw(t, "a"), short.Draw(t, "b"), short.Draw(t, "c")
		ab, ba := names.Distance(a, b), names.Distance(b, a)
		if ab != ba || (ab == 0) != (a == b) || ab > names.Distance(a, c)+names.Distance(c, b) || ab > max(len(a), len(b)) {
			t.Fatalf("%q %q %q: %d %d", a, b, c, ab, ba)
		}
	})
}
