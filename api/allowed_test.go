package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/api/apitest"
)

// A misspelt word is refused with those that there are: for programs as a list, for people in a sentence, and never with the word itself.
func TestAWordThatIsNotOnTheListIsToldTheList(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1, Draft: true})
	conference := s.Path + "/conferences/" + s.Conference.String()
	kind := func(field string) string {
		words := map[string]string{"staffing": "mentor", "pairing": "both", "obligation": "expected"}
		words[field] = canary
		return `{"title":"x","minutes":10,"staffing":"` + words["staffing"] + `","pairing":"` + words["pairing"] + `","obligation":"` + words["obligation"] + `"}`
	}
	staffing := []string{"mentor", "group", "subject", "care", "offer"}
	tests := map[string]struct {
		method, path, body, field string
		words                     []string
	}{
		"staffing":                 {"POST", conference + "/talk-kinds", kind("staffing"), "staffing", staffing},
		"pairing":                  {"POST", conference + "/talk-kinds", kind("pairing"), "pairing", []string{"either", "together", "both"}},
		"obligation":               {"POST", conference + "/talk-kinds", kind("obligation"), "obligation", []string{"optional", "expected", "required"}},
		"staffing in a conference": {"POST", s.Path + "/conferences", `{"title":"x","opens_at":"2026-11-01T00:00:00Z","closes_at":"2026-12-01T00:00:00Z","talk_kinds":[` + kind("") + `,` + kind("staffing") + `]}`, "talk_kinds[1].staffing", staffing},
		"a field that may be left": {"PATCH", s.Path + "/pupils/" + s.Families[0].Children[0].ID.String(), `{"arrangement":"` + canary + `"}`, "arrangement", []string{"each", "together", "one"}},
		"a word among several":     {"PATCH", s.Path, `{"policy":{"factors":["postcode","` + canary + `"]}}`, "policy.factors[1]", []string{"postcode", "birth_date", "student_number", "citizen_last4"}},
		"what is no text":          {"POST", conference + "/talk-kinds", `{"title":"x","minutes":10,"staffing":{"` + canary + `":1}}`, "staffing", nil},
	}
	for title, test := range tests {
		for language, sentence := range map[string]string{"nl": "Dit moet een van deze zijn: ", "en": "This must be one of: "} {
			call := apitest.Call{Method: test.method, Path: test.path, Token: s.Admin, Body: test.body, Header: http.Header{"Accept-Language": {language}}}
			answer := w.Do(t, call)
			faults := answer.Want(t, http.StatusUnprocessableEntity).List("errors")
			if strings.Contains(string(answer.Body), canary) || len(faults) != 1 || faults[0].Text("field") != test.field {
				t.Fatalf("%s: %s", title, answer.Body)
			}
			var words []string
			listed, _ := faults[0]["allowed"].([]any)
			for _, word := range listed {
				words = append(words, word.(string))
			}
			if !slices.Equal(words, test.words) {
				t.Errorf("%s: allowed %q", title, words)
			}
			if told := sentence + strings.Join(test.words, ", ") + "."; len(words) > 0 && (faults[0].Text("detail") != told || faults[0].Text("code") != "unknown") {
				t.Errorf("%s: %v, not %q", title, faults[0], told)
			}
		}
	}
}
