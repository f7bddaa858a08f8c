package roster

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// weakNumbers mean the pupil's number only where nothing better does.
var weakNumbers = words("nummer nr id code externid externeid externeidentificatie number key sourcedid userid")

// notKept are columns that hold more than appointments need. The user may map one of them to a field; nobody else binds them.
var notKept = words("geslacht sexe mv gender sex geslachtleerling voornamen allevoornamen doopnamen voorletters initialen voorletter nationaliteit nationaliteiten " +
	"geboorteplaats geboorteland land landvader landmoeder herkomst etniciteit cultureleachtergrond gewicht gewichtnieuw leerlinggewicht foto fotourl pasfoto photo " +
	"email emailadres mail mailadres emailleerling leerlingemail emailadresleerling leerlingemailadres schoolemail schoolmail emailschool epost " +
	"telefoon mobiel telefoonnummer gsm mobielnummer telefoonleerling mobielleerling leerlingmobiel leerlingtelefoon " +
	"gebruikersnaam loginaccountnaam loginnaam username inlognaam wachtwoord password eckid startondwjgr3 religie geloof geloofsovertuiging kerkgenootschap godsdienst " +
	"medisch medischegegevens medicatie medicijnen allergie allergieen dieet huisarts zorgverzekeraar polisnummer diagnose indicatie zorgniveau schooladvies toetsadvies advies " +
	"iban rekeningnummer opmerking opmerkingen bijzonderheden notitie notities gewichtenregeling nnca thuistaal opleidingouders asielstatus verblijfsstatus")

// citizenWords are found in headers of citizen service numbers, wherever in the header.
var citizenWords = []string{"bsn", "burgerservice", "sofinummer", "sofinr", "onderwijsnummer", "onderwijsnr", "persoonsgebonden", "rijksregister", "nationalnumber"}

// citizenExact are such headers that would be found within others.
var citizenExact = words("pgn pgnnummer insz inszn ondwnr sofi rrn rijksregnr niss")

// lastDigits are headers of its last four digits that do not name it.
var lastDigits = words("laatste4 laatste4cijfers laatstevier laatsteviercijfers last4 last4digits lastfour")

func words(list string) map[string]bool {
	table := map[string]bool{}
	for _, word := range strings.Fields(list) {
		table[word] = true
	}
	return table
}

func invert(lists map[Field]string) map[string]Field {
	table := map[string]Field{}
	for field, list := range lists {
		for word := range words(list) {
			table[word] = field
		}
	}
	return table
}

// foldHeader keeps the letters and digits of a header, lower case and without accents.
func foldHeader(header string) string {
	if !strings.ContainsFunc(header, func(r rune) bool { return r > unicode.MaxASCII }) {
		return lettersAndDigits(header)
	}
	return lettersAndDigits(norm.NFKD.String(header))
}

func lettersAndDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// isCitizenNumber reports whether a header names a citizen service number, whole or its last four digits.
func isCitizenNumber(key string) (whole, last4 bool) {
	named := citizenExact[key]
	for _, word := range citizenWords {
		named = named || strings.Contains(key, word)
	}
	if !named {
		return false, lastDigits[key]
	}
	last4 = strings.Contains(key, "4") || strings.Contains(key, "vier") || strings.Contains(key, "four")
	return !last4, last4
}

// Words that say whose a guardian column is; the longer ones stand first.
var guardianWords = []struct {
	word   string
	number int
}{
	{"ouderofverzorger", 1}, {"ouderverzorger", 1}, {"oudersverzorgers", 1}, {"verzorgers", 1}, {"verzorger", 1}, {"ouders", 1}, {"ouder", 1},
	{"contactpersoon", 1}, {"guardian", 1}, {"parents", 1}, {"parent", 1}, {"voogd", 1}, {"moeder", 1}, {"vader", 2}, {"mother", 1}, {"father", 2},
	{"erziehungsberechtigter", 1}, {"mutter", 1}, {"vater", 2}, {"elternteil", 1}, {"contact", 1},
}

var guardianFields = invert(map[Field]string{
	FieldGuardianEmail: "email emailadres mail mailadres emailadressen emails emailprive priveemail epost",
	FieldGuardianPhone: "mobiel mobielnummer mobielenummer mobieltelefoonnummer mobieletelefoon mobieletelefoonnummer telefoon telefoonnummer telefoonmobiel telefoonnummermobiel telmobiel mobieltelefoon tel telnr telnummer gsm gsmnummer " +
		"mobile phone mobilenumber phonenumber mobilephone telefoonprive mobielprive telefoonthuis handy sms",
	FieldGuardianName:   "naam name volledigenaam namen fullname",
	FieldGuardianGiven:  "voornaam roepnaam firstname givenname vorname voorletters initialen",
	FieldGuardianPrefix: "tussenvoegsel tussenvoegsels voorvoegsel",
	FieldGuardianFamily: "achternaam familienaam surname lastname nachname",
	FieldPostcode:       "postcode",
	FieldHouseNumber:    "huisnummer huisnr",
	FieldHouseAddition:  "toevoeging huisnummertoevoeging huisnrtoevoeging",
})

// ordinal is a number before the word that says whose a column is: "1e verzorger", "2de ouder".
var ordinal = regexp.MustCompile(`([1-4])(?:e|de|ste|st|nd)$`)

// guardianTarget reads headers such as "Verzorger 1 e-mail", "E-mail ouder 2", "Mobiel moeder", "Lid mailadres ouder/verzorger 1".
func guardianTarget(key string) (target, bool) {
	for _, g := range guardianWords {
		before, after, found := strings.Cut(key, g.word)
		if !found {
			continue
		}
		number := g.number
		switch {
		case after != "" && after[0] >= '1' && after[0] <= '0'+maxGuardians:
			number, after = int(after[0]-'0'), after[1:]
		case ordinal.MatchString(before):
			m := ordinal.FindStringSubmatch(before)
			number, before = int(m[1][0]-'0'), strings.TrimSuffix(before, m[0])
		case strings.Trim(before, "1234") != before:
			number, before = int(before[strings.IndexAny(before, "1234")]-'0'), strings.Trim(before, "1234")
		}
		// What is left may count numbers of one guardian: telefoonnummer 2.
		rest := strings.TrimPrefix(strings.TrimRight(strings.TrimSuffix(before, "van")+after, "0123456789"), "lid")
		if rest == "" {
			return target{FieldGuardianName, number}, true
		}
		field, ok := guardianFields[rest]
		if !ok {
			return target{}, false
		}
		if !strings.HasPrefix(string(field), "guardian") {
			return target{field: field}, number == 1
		}
		return target{field, number}, true
	}
	return target{}, false
}
