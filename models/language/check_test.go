package language_test

import (
	"strings"
	"testing"
)

func TestCheckAcceptsCataloguesThatAgree(t *testing.T) {
	t.Parallel()
	c := open(t, map[string]string{
		"nl": `{"a": "Hallo {{.Name}}", "b": {"one": "een gesprek van {{.Name}}", "other": "{{.Count}} van {{ .Name }}"}}`,
		"en": `{"a": "{{.Name}}, hello", "b": {"one": "{{.Count}} talk of {{.Name}}", "other": "{{.Count}} of {{.Name}}"}}`,
	})
	if err := c.Check(); err != nil {
		t.Errorf("Check: %v", err)
	}
}

func TestCheckFinds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ dutch, english, want string }{
		"an id that English lacks":         {`{"a": "x", "b": "y"}`, `{"a": "x"}`, "b: missing in en"},
		"an id that Dutch lacks":           {`{"a": "x"}`, `{"a": "x", "b": "y"}`, "b: missing in nl"},
		"another placeholder":              {`{"a": "{{.Name}}"}`, `{"a": "{{.Child}}"}`, `placeholders are "Child"`},
		"a placeholder too few":            {`{"a": "{{.Name}} {{.Date}}"}`, `{"a": "{{.Name}}"}`, `in nl "Date Name"`},
		"a missing plural form":            {`{"a": {"one": "x", "other": "y"}}`, `{"a": "y"}`, `a in en: no text for "one"`},
		"a missing plural form in Dutch":   {`{"a": "y"}`, `{"a": {"one": "x", "other": "y"}}`, `a in nl: no text for "one"`},
		"an empty sentence":                {`{"a": "x"}`, `{"a": " "}`, `a in en: no text for "other"`},
		"a template that cannot be read":   {`{"a": "x"}`, `{"a": "{{.Name"}`, "a in en: cannot be read"},
		"a Dutch one that cannot be read":  {`{"a": "{{"}`, `{"a": "x"}`, "a in nl: cannot be read"},
		"a condition":                      {`{"a": "x"}`, `{"a": "{{if .A}}x{{end}}"}`, "no plain placeholder"},
		"a function call":                  {`{"a": "x"}`, `{"a": "{{len .A}}"}`, "cannot be read"},
		"a value that hangs below another": {`{"a": "x"}`, `{"a": "{{.A.B}}"}`, "no plain placeholder"},
		"a literal in braces":              {`{"a": "x"}`, `{"a": "{{7}}"}`, "no plain placeholder"},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			err := open(t, map[string]string{"nl": test.dutch, "en": test.english}).Check()
			if err == nil {
				t.Fatal("the fault was not found")
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %q, want it to say %q", err, test.want)
			}
		})
	}
}

func TestCheckKnowsThePluralFormsOfOtherLanguages(t *testing.T) {
	t.Parallel()
	err := open(t, map[string]string{
		"nl": `{"a": {"one": "x", "other": "y"}}`,
		"pl": `{"a": {"one": "x", "other": "y"}}`,
	}).Check()
	if err == nil || !strings.Contains(err.Error(), `"few"`) || !strings.Contains(err.Error(), `"many"`) {
		t.Errorf("Polish needs few and many; got %v", err)
	}
}
