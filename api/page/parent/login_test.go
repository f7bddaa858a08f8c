package parent_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/managelink"
	"github.com/ouderavond/ouderavond/models/store"
)

func TestLoggingInFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		name, day, postcode string
		says                string
	}{
		"a name that nobody has":                     {"Piet Hein", "3", "1234 AB", "We konden u met deze gegevens niet binnenlaten"},
		"a name that somebody has, with a wrong day": {"Sanne de Vries", "9", "1234 AB", "We konden u met deze gegevens niet binnenlaten"},
		"the right name with a wrong postcode":       {"Sanne de Vries", "3", "9999 ZZ", "We konden u met deze gegevens niet binnenlaten"},
		"no name":                                    {"", "3", "1234 AB", "Vul de voornaam en achternaam van uw kind in"},
		"no day":                                     {"Sanne de Vries", "", "1234 AB", "Deze datum bestaat niet"},
		"a day of no calendar":                       {"Sanne de Vries", "32", "1234 AB", "Deze datum bestaat niet"},
		"no postcode":                                {"Sanne de Vries", "3", " ", "Vul uw postcode in"},
		"a postcode that is none":                    {"Sanne de Vries", "3", "12", "Dit is geen postcode"},
		"a wildcard":                                 {"%", "3", "1234 AB", "We konden u met deze gegevens niet binnenlaten"},
		"markup":                                     {"<img src=x onerror=alert(1)>", "3", "1234 AB", "We konden u met deze gegevens niet binnenlaten"},
		"a very long name":                           {strings.Repeat("a", 2000), "3", "1234 AB", "De naam is te lang"},
	}
	w := primary(t)
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			c := w.client()
			c.t = t
			c.get("/de-linde")
			c.answer(test.name, test.day, test.postcode).is(http.StatusUnprocessableEntity)
			c.wants(test.says, "Er is nog één ding nodig", "Stuur mij een code", "Ik heb een code", "Vraag het de school")
			if !strings.HasPrefix(text(c.nodes("title")[0]), "Let op: ") {
				t.Error("the title does not say that something is wrong")
			}
			if len(c.cookies) != 1 || c.cookies["try-de-linde"] == "" {
				t.Errorf("cookies after a failure: %v", c.cookies)
			}
		})
	}
}

func TestAWrongAnswerLooksLikeAnUnknownName(t *testing.T) {
	t.Parallel()
	w := primary(t)
	unknown, wrong := w.client(), w.client()
	unknown.get("/de-linde")
	wrong.get("/de-linde")
	unknown.answer("Anouk de Wit", "9", "1234 AB")
	wrong.answer("Sanne de Vries", "9", "1234 AB")
	token := regexp.MustCompile(`ot_[A-Za-z0-9_-]{22}`) // each browser has its own, of one length
	same := token.ReplaceAllString(strings.ReplaceAll(wrong.body, "Sanne de Vries\" ", "Anouk de Wit\" "), "ot")
	if unknown.status != wrong.status || token.ReplaceAllString(unknown.body, "ot") != same {
		t.Errorf("%d and %d:\n%s\n\n%s", unknown.status, wrong.status, unknown.body, same)
	}
	unknown.head.Del("Content-Length")
	wrong.head.Del("Content-Length")
	for name := range unknown.head {
		if token.ReplaceAllString(unknown.head.Get(name), "ot") != token.ReplaceAllString(wrong.head.Get(name), "ot") {
			t.Errorf("the header %s differs", name)
		}
	}
}

func TestWhatWasTypedIsKeptAfterAMistake(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.get("/de-linde")
	c.answer(`Sanne "de" Vries`, "3", "1234 ac")
	form := c.form("Inloggen")
	for label, want := range map[string]string{"Voornaam": `Sanne "de" Vries`, "Dag": "3", "Maand": "1", "Jaar": "2017", "Postcode": "1234 ac"} {
		if got := form.fields.Get(form.labelled(label)); got != want {
			t.Errorf("%s: %q", label, got)
		}
	}
}

func TestTheSchoolsPolicyDecidesWhatIsAsked(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		policy models.Policy
		asks   []string
		lacks  []string
	}{
		"birth date and the digits of the postcode": {
			models.Policy{Factors: []models.Factor{models.FactorBirthDate, models.FactorPostcode}, PostcodePart: models.PostcodeDigits},
			[]string{"Geboortedatum", "Cijfers van uw postcode", "Bijvoorbeeld: 1234"}, []string{"Leerlingnummer", "BSN"},
		},
		"student number and the letters of the postcode": {
			models.Policy{Factors: []models.Factor{models.FactorStudentNumber, models.FactorPostcode}, PostcodePart: models.PostcodeLetters},
			[]string{"Leerlingnummer", "Letters van uw postcode", "Bijvoorbeeld: AB"}, []string{"Geboortedatum", "BSN"},
		},
		"the citizen number's last digits": {
			models.Policy{Factors: []models.Factor{models.FactorCitizenLast4, models.FactorBirthDate}, PostcodePart: models.PostcodeAll, LegalGround: "article"},
			[]string{"Laatste vier cijfers van het BSN", "Geboortedatum"}, []string{"Postcode", "article"},
		},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			w := primary(t)
			_, err := w.booking.Schools.Update(context.Background(), w.actor(), school.Patch{Policy: &test.policy, AcceptLockedOut: new(1000)})
			w.must(err)
			w.client().get("/de-linde").wants(test.asks...).lacks(test.lacks...)
		})
	}
}

func TestACitizenNumberIsNeverGivenBack(t *testing.T) {
	t.Parallel()
	w := primary(t)
	policy := models.Policy{Factors: []models.Factor{models.FactorCitizenLast4, models.FactorBirthDate}, PostcodePart: models.PostcodeAll, LegalGround: "article"}
	_, err := w.booking.Schools.Update(context.Background(), w.actor(), school.Patch{Policy: &policy, AcceptLockedOut: new(1000)})
	w.must(err)
	c := w.client()
	c.get("/de-linde").form("Inloggen").set("Voornaam", "Sanne de Vries").set("Dag", "3").set("Maand", "1").set("Jaar", "2017").
		set("Laatste vier", "111222333").press("Inloggen")
	c.is(http.StatusUnprocessableEntity).wants("Vul precies vier cijfers in").lacks("111222333")
}

func TestABrotherOrSisterIsAddedByTheSameQuestions(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.logIn().lacks("Noor")
	c.form("Broer of zus toevoegen").press("Broer of zus toevoegen").wants("Broer of zus toevoegen", "Wat u al heeft gekozen")
	c.answer("Noor Yilmaz", "5", "9999 ZZ").is(http.StatusUnprocessableEntity).wants("We konden u met deze gegevens niet binnenlaten")
	c.answer("Noor Yilmaz", "5", "1234 CD").is(http.StatusOK)
	c.wants("Kies uw tijden", "Sanne", "Tim", "Noor")
}

// lastCode gives the digits of the newest code in the outbox.
func (w *world) lastCode() string {
	w.t.Helper()
	var code string
	w.write(func(tx *store.Tx) error {
		messages, err := store.List[models.Message](tx, store.Eq("kind", models.MessageCode))
		for _, message := range messages {
			code = message.Details.Code
		}
		return err
	})
	return code
}

func TestACodeToTheContactOnFileConfirms(t *testing.T) {
	t.Parallel()
	w := primary(t)
	w.bookElsewhere("Sanne", "Rapportgesprek", "Juf Anna", "19:30")
	c := w.client()
	c.logIn().wants("Er is al iets geboekt voor Sanne").lacks("19:30</", "Afspraak op")
	c.follow("Bevestigen met een code").wants("Met een code bevestigt u dat u het bent")
	c.form("Stuur mij een code").press("Stuur mij een code").is(http.StatusOK).wants("is er een bericht onderweg", "tot 19:10 uur", "tot 19:30 uur").lacks("Voornaam")
	code := w.lastCode()
	c.form("Verder").set("Code", "00000000").press("Verder").is(http.StatusUnprocessableEntity).wants("Met deze code konden we u niet binnenlaten").lacks("00000000")
	c.form("Verder").set("Code", code[:4]+" "+code[4:]).press("Verder").is(http.StatusOK)
	c.wants("Afspraak op dinsdag 24 november 2026 om 19:30 met Juf Anna").lacks("Er is al iets geboekt")
	c.get("/de-linde/appointments").wants("19:30–19:40", "Lokaal 1").lacks("Ziet u niet alles?")
}

func TestACodeCanBeAskedForBeforeLoggingIn(t *testing.T) {
	t.Parallel()
	w := primary(t)
	asked := map[string]*client{}
	for name, child := range map[string]string{"somebody of the school": "Sanne de Vries", "nobody": "Piet Hein"} {
		c := w.client()
		asked[name] = c
		c.get("/de-linde")
		c.form("Stuur mij een code").set("Voornaam", child).set("Dag", "3").set("Maand", "1").set("Jaar", "2017").set("Postcode", "1234 AB").press("Stuur mij een code")
		if c.status != http.StatusOK || !c.reads("is er een bericht onderweg") {
			t.Errorf("%s: %d", name, c.status)
		}
		if strings.Contains(c.path, "Sanne") {
			t.Error("the name stands in the address")
		}
	}
	c := w.client()
	c.get("/de-linde/code").form("Verder").set("Voornaam", "Tim de Vries").set("Code", w.lastCode()).press("Verder").is(http.StatusUnprocessableEntity) // another device
	c = asked["somebody of the school"]
	c.form("Verder").set("Code", w.lastCode()).press("Verder").is(http.StatusOK).wants("Kies uw tijden", "Sanne", "Tim")
	c.get("/de-linde").wants("Kies uw tijden")
	d := w.client()
	d.get("/de-linde").form("Stuur mij een code").press("Stuur mij een code").is(http.StatusUnprocessableEntity).wants("Vul de voornaam en achternaam")
}

// lastLink gives the address of the link in the newest message with a code.
func (w *world) lastLink() string {
	w.t.Helper()
	var link string
	w.write(func(tx *store.Tx) error {
		messages, err := store.List[models.Message](tx, store.Eq("kind", models.MessageCode))
		for _, message := range messages {
			link = "/de-linde/c/" + message.Details.Link
		}
		return err
	})
	return link
}

func TestTheLinkBesideACodeOpensOnceOnAnyDeviceWithItsButton(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.get("/de-linde/code").form("Stuur mij een code").set("Voornaam", "Sanne de Vries").set("mobiele nummer", "").press("Stuur mij een code").is(http.StatusUnprocessableEntity).wants("Vul uw e-mailadres of mobiele nummer in")
	c.form("Stuur mij een code").set("Voornaam", "Sanne de Vries").set("mobiele nummer", "ouder@vries.example").press("Stuur mij een code").is(http.StatusOK).wants("is er een bericht onderweg")
	phone := w.client()
	for range 2 {
		phone.get(w.lastLink()).is(http.StatusOK).wants("Uw afspraken bekijken")
	}
	phone.form("Open mijn afspraken").press("Open mijn afspraken").is(http.StatusOK).wants("Mijn afspraken")
	other := w.client()
	other.get(w.lastLink()).form("Open mijn afspraken").press("Open mijn afspraken").is(http.StatusForbidden).wants("Deze link werkt niet meer")
}

func TestADeviceOfSomebodyElseKeepsNoReceipt(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.get("/de-linde").form("Inloggen").set("Voornaam", "Sanne de Vries").set("Dag", "3").set("Maand", "1").set("Jaar", "2017").set("Postcode", "1234 AB").set("niet mijn eigen apparaat", "1").press("Inloggen").is(http.StatusOK)
	for name := range c.cookies {
		if strings.Contains(name, "device") {
			t.Errorf("the cookie %s is kept", name)
		}
	}
}

func TestTheFamilyCodeOfTheLetterConfirms(t *testing.T) {
	t.Parallel()
	w := primary(t)
	code, err := w.auth.Parents.FamilyCode(context.Background(), w.actor(), w.homes["De Vries"])
	w.must(err)
	c := w.client()
	c.get("/de-linde").form("Ik heb een code").press("Ik heb een code")
	c.form("Verder").set("Voornaam", "Sanne de Vries").set("Code", "").press("Verder").is(http.StatusUnprocessableEntity).wants("Vul de code in")
	c.form("Verder").set("Voornaam", "Noor Yilmaz").set("Code", code).press("Verder").is(http.StatusUnprocessableEntity).wants("Met deze code konden we u niet binnenlaten")
	c.form("Verder").set("Voornaam", "Sanne de Vries").set("Code", strings.ToLower(parent.SpacedFamilyCode(code))).press("Verder").is(http.StatusOK).wants("Kies uw tijden")
}

func TestAManageLinkOpensOnlyWithItsButton(t *testing.T) {
	t.Parallel()
	w := primary(t)
	booked := w.client()
	booked.book("Sanne: Rapportgesprek", "Juf Anna", "19:00")
	var token string
	w.write(func(tx *store.Tx) error {
		makers, err := store.List[models.Maker](tx)
		if err == nil {
			token = managelink.Link{Kind: managelink.Maker, Subject: makers[0].ID, Until: makers[0].ExpiresAt.Truncate(24 * time.Hour)}.Token(tx.Index)
		}
		return err
	})
	c := w.client()
	c.get("/de-linde/m/" + token).is(http.StatusOK).wants("Uw afspraken bekijken")
	if len(c.cookies) != 0 {
		t.Error("looking at the link opened it")
	}
	c.form("Open mijn afspraken").press("Open mijn afspraken").is(http.StatusOK).wants("Mijn afspraken", "19:00–19:10")
	d := w.client()
	d.get("/de-linde/m/" + token[:len(token)-2] + "AA").form("Open mijn afspraken").press("Open mijn afspraken").
		is(http.StatusForbidden).wants("Deze link werkt niet meer").lacks("19:00")
}

// book logs in and books one talk.
func (c *client) book(legend, teacher, time string) *client {
	c.t.Helper()
	c.logIn()
	c.form("Verder naar boeken").pick(legend, "", teacher, time).press("Verder naar boeken")
	return c.form("Boek dit gesprek").press("Boek dit gesprek").is(http.StatusOK).wants("Gelukt!")
}

func TestASessionThatEndedLosesNothing(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.logIn()
	form := c.form("Verder naar boeken").pick("Sanne: Rapportgesprek", "", "Juf Anna", "19:10").pick("Tim: Rapportgesprek", "", "", "19:30")
	w.db.Clock.Advance(31 * time.Minute)
	form.press("Verder naar boeken").is(http.StatusOK).wants("U was een tijdje weg", "is bewaard")
	c.answer("Sanne de Vries", "4", "1234 AB").wants("We konden u met deze gegevens niet binnenlaten")
	c.answer("Sanne de Vries", "3", "1234 AB").is(http.StatusOK).wants("Bekijk en boek", "19:10–19:20", "19:30–19:40")
	form = c.form("Boek deze")
	w.db.Clock.Advance(31 * time.Minute)
	form.press("Boek deze").wants("is bewaard")
	c.answer("Sanne de Vries", "3", "1234 AB").form("Boek deze").press("Boek deze").wants("Gelukt!", "19:10–19:20", "19:30–19:40")
}

func TestSomebodyElsesLogInGetsNoneOfTheChoices(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.logIn()
	form := c.form("Verder naar boeken").pick("Tim: Rapportgesprek", "", "", "19:30")
	c.cookies = map[string]string{}
	form.press("Verder naar boeken").is(http.StatusOK).wants("Wat u had gekozen, blijft bewaard")
	c.answer("Noor Yilmaz", "5", "1234 CD").is(http.StatusOK).wants("Niet al uw eerdere keuzes konden we bewaren", "Noor").lacks("Tim", "Juf Carla")
}

func TestWithoutASessionEveryPageAsksToLogIn(t *testing.T) {
	t.Parallel()
	w := primary(t)
	id := models.New[models.AppointmentID]().String()
	for _, path := range []string{"/choose", "/confirm", "/appointments", "/appointments.ics", "/appointments/" + id, "/appointments/" + id + "/cancel"} {
		w.client().get("/de-linde" + path).is(http.StatusOK).wants("Inloggen voor de oudergesprekken")
	}
	for _, path := range []string{"/choose", "/confirm", "/appointments/" + id, "/appointments/" + id + "/cancel", "/leave"} {
		w.client().send(http.MethodPost, "/de-linde"+path, url.Values{}).is(http.StatusOK).wants("Inloggen voor de oudergesprekken")
	}
}

func TestLoggingInFromTheAppointmentsLeadsBackThere(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.get("/de-linde/appointments").wants("Inloggen")
	c.answer("Sanne de Vries", "3", "1234 AB").is(http.StatusOK).wants("Mijn afspraken", "U heeft nog geen afspraken")
}

func TestLoggingOutEndsTheSession(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.logIn()
	kept := map[string]string{}
	for name, value := range c.cookies {
		kept[name] = value
	}
	c.form("Uitloggen").press("Uitloggen").is(http.StatusOK).wants("U bent uitgelogd")
	if c.cookies["session-de-linde"] != "" {
		t.Error("the browser still has the session")
	}
	c.cookies = kept
	c.get("/de-linde/choose").wants("U was een tijdje weg")
}

func TestTheDeviceFindsItsAppointmentsAgain(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.book("Sanne: Rapportgesprek", "Juf Anna", "19:00")
	c.form("Uitloggen").press("Uitloggen")
	c.logIn().wants("Afspraak op dinsdag 24 november 2026 om 19:00")
	other := w.client()
	other.logIn().wants("Er is al iets geboekt voor Sanne").lacks("Afspraak op")
}

func TestSchoolsKeepTheirSessionsApart(t *testing.T) {
	t.Parallel()
	w := primary(t)
	other, err := w.booking.Schools.Create(context.Background(), models.Actor{Kind: models.ActorOperator}, school.NewSchool{Slug: "de-eik", Details: models.SchoolDetails{Name: "De Eik"}})
	w.must(err)
	c := w.client()
	c.logIn()
	c.cookies["session-de-eik"] = c.cookies["session-de-linde"]
	c.get("/de-eik/choose").is(http.StatusOK).wants("Inloggen", "De Eik").lacks("Sanne: ", "De Linde")
	c.get("/" + other.ID.String()).is(http.StatusOK).wants("De Eik")
}

func TestEverythingThatIsWrongIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.get("/de-linde").form("Inloggen").press("Inloggen").is(http.StatusUnprocessableEntity)
	c.wants("Er zijn nog 3 dingen nodig", "Vul de voornaam en achternaam van uw kind in", "Vul de geboortedatum van uw kind in", "Vul uw postcode in")
	c.answer("Sanne de Vries", "32", "12").is(http.StatusUnprocessableEntity).wants("Deze datum bestaat niet", "Dit is geen postcode").lacks("Vul de voornaam")
	c = w.confirm("19:00", "19:30")
	c.form("Boek deze").set("E-mailadres", "ouder@").set("Mobiel", "010 1234567").press("Boek deze").is(http.StatusUnprocessableEntity)
	c.wants("Er zijn nog 2 dingen nodig", "Dit e-mailadres klopt niet", "Dit is geen mobiel nummer")
}

func TestACrowdCostsNobodyWhatWasTyped(t *testing.T) {
	t.Parallel()
	c := primary(t).client()
	c.address = "203.0.113.9:443"
	c.get("/de-linde")
	for range 50 { // the clock stands still, so all are of one second
		c.answer("Sanne de Vries", "4", "1234 AB")
	}
	c.is(http.StatusTooManyRequests).wants("Heel veel mensen willen nu tegelijk inloggen")
	if c.head.Get("Retry-After") == "" {
		t.Error("does not say when to come back")
	}
	form := c.form("Inloggen")
	for label, want := range map[string]string{"Voornaam": "Sanne de Vries", "Dag": "4", "Maand": "1", "Jaar": "2017", "Postcode": "1234 AB"} {
		if got := form.fields.Get(form.labelled(label)); got != want {
			t.Errorf("%s: %q", label, got)
		}
	}
}

func TestAWholeDateInTheFirstFieldIsTaken(t *testing.T) {
	t.Parallel()
	w := primary(t)
	for _, typed := range []string{"3-1-2017", "03012017", "3 januari 2017", "2017-01-03", "3-1-17"} {
		c := w.client()
		c.get("/de-linde").form("Inloggen").set("Voornaam en achternaam", "Sanne de Vries").set("Dag", typed).set("Postcode", "1234 AB").press("Inloggen").wants("Kies uw tijden")
	}
}
