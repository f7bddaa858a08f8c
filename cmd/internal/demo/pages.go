package demo

import (
	"context"

	"github.com/ouderavond/ouderavond/api/page/parent"
	"github.com/ouderavond/ouderavond/booking/sample"
	"github.com/ouderavond/ouderavond/models"
)

// Pages gives the start page the demonstration's families.
func (n *Notes) Pages(context.Context) ([]parent.DemoSchool, error) {
	schools := make([]parent.DemoSchool, 0, len(n.Schools))
	for _, school := range n.Schools {
		shown := parent.DemoSchool{Slug: school.Slug, Name: school.Name}
		for _, login := range school.Logins {
			shown.Families = append(shown.Families, parent.DemoFamily{
				About: Expectations[login.Case], Child: login.Name,
				Answers: map[models.Factor]string{models.FactorBirthDate: login.BirthDate, models.FactorPostcode: login.Postcode},
			})
		}
		schools = append(schools, shown)
	}
	return schools, nil
}

// Expectations says, by language, what to see with each of the demonstration's families.
var Expectations = map[sample.LoginCase]map[string]string{
	sample.CaseThreeChildren:   {"nl": "Drie kinderen, in één keer te boeken.", "en": "Three children, booked in one go."},
	sample.CaseTwins:           {"nl": "Een tweeling: wie met de een inlogt, ziet ook de ander.", "en": "Twins: log in with one and see both."},
	sample.CaseSeparatedFirst:  {"nl": "Gescheiden ouders: dit huishouden ziet van het andere niets.", "en": "Separated parents: this household sees nothing of the other."},
	sample.CaseSeparatedSecond: {"nl": "Hetzelfde kind, met de postcode van het andere huishouden.", "en": "The same child, with the other household's postcode."},
	sample.CaseBlended:         {"nl": "Een samengesteld gezin: twee achternamen op één adres.", "en": "A blended family: two surnames at one address."},
	sample.CaseStaff:           {"nl": "Deze ouder geeft ook les op school, en kan niet op twee plaatsen tegelijk zijn.", "en": "This parent teaches here too, and cannot be in two places."},
	sample.CaseAdult:           {"nl": "Een leerling van achttien jaar.", "en": "A pupil of eighteen."},
	sample.CaseNamesake:        {"nl": "Twee leerlingen heten precies zo; de gegevens wijzen de juiste aan.", "en": "Two pupils have this very name; the data choose the right one."},
	sample.CaseNoPostcode:      {"nl": "De school kent de postcode niet: inloggen kan met een code.", "en": "The school has no postcode: log in with a code."},
	sample.CaseNoContact:       {"nl": "De school heeft geen adres of nummer van dit gezin; boeken kan gewoon.", "en": "No address or number on file; booking works all the same."},
	sample.CaseOrdinary:        {"nl": "Een gezin met één kind.", "en": "A family with one child."},
}
