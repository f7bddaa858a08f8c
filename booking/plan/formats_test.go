package plan_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/plan"
)

func TestAnInstanceComesBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"primary-1", "secondary-1"} {
		instance := sample(t, name)
		var b bytes.Buffer
		if err := instance.Write(&b); err != nil {
			t.Fatal(err)
		}
		again, err := plan.ReadInstance(&b)
		if err != nil || !reflect.DeepEqual(instance, again) {
			t.Errorf("%s: differs, %v", name, err)
		}
	}
}

func TestAPlanComesBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	made, _ := solved(t, sample(t, "primary-1"), plan.Options{Steps: 10, BoundSteps: 1})
	var b bytes.Buffer
	if err := made.Write(&b); err != nil {
		t.Fatal(err)
	}
	again, err := plan.ReadPlan(&b)
	if err != nil || !reflect.DeepEqual(made, again) {
		t.Errorf("differs, %v", err)
	}
}

const tinyInstance = `{"format":1,"name":"tiny","days":1,"walk_minutes":[[0,5],[5,0]],
 "teachers":[{"id":"t0","zone":0,"slots":[{"day":0,"start":0,"end":10},{"day":0,"start":10,"end":20}]}],
 "parties":[{"id":"p0","kind":"family","windows":[{"day":0,"from":0,"to":20}],
  "requests":[{"id":"q0","child":"c0","teachers":["t0"],"minutes":10,"weight":1}]}],
 "breaks":[{"id":"b0","teacher":"t0","windows":[{"day":0,"from":0,"to":20}],"minutes":10,"weight":5}]}`

func TestAnInvalidInstanceIsRefusedWithThePlaceOfItsFault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, place string }{
		"another format":             {`"format":1`, `"format":2`, "format"},
		"no days":                    {`"days":1`, `"days":0`, "days"},
		"a table that is not square": {`[[0,5],[5,0]]`, `[[0,5],[5]]`, "walk_minutes[1]"},
		"a zone out of the table":    {`"zone":0`, `"zone":2`, "teachers[0].zone"},
		"a slot without length":      {`"start":10,"end":20`, `"start":10,"end":10`, "teachers[0].slots[1]"},
		"two slots at once":          {`"start":10,"end":20`, `"start":0,"end":20`, "teachers[0].slots[1]"},
		"a slot on no day":           {`{"day":0,"start":10`, `{"day":1,"start":10`, "teachers[0].slots[1].day"},
		"an unknown kind":            {`"kind":"family"`, `"kind":"club"`, "parties[0].kind"},
		"an unknown teacher":         {`"teachers":["t0"]`, `"teachers":["t9"]`, "parties[0].requests[0].teachers"},
		"no teacher":                 {`"teachers":["t0"]`, `"teachers":[]`, "parties[0].requests[0].teachers"},
		"a weight below zero":        {`"weight":1`, `"weight":-1`, "parties[0].requests[0].weight"},
		"a talk without length":      {`"minutes":10,"weight":1`, `"minutes":0,"weight":1`, "parties[0].requests[0].minutes"},
		"a window that ends too soon": {`"from":0,"to":20}],
  "requests"`, `"from":10,"to":0}],
  "requests"`, "parties[0].windows[0]"},
		"a break for nobody": {`"teacher":"t0"`, `"teacher":"t9"`, "breaks[0].teacher"},
		"an empty name":      {`"id":"b0"`, `"id":""`, "breaks[0].id"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(tinyInstance, c.old, c.new, 1)
			if text == tinyInstance {
				t.Fatal("nothing was spoiled")
			}
			_, err := plan.ReadInstance(strings.NewReader(text))
			if !errors.Is(err, plan.ErrInvalid) || !strings.Contains(err.Error(), c.place+":") && !strings.Contains(err.Error(), c.place+" ") {
				t.Errorf("got %v, want a fault at %s", err, c.place)
			}
		})
	}
}

func TestATextThatIsNotOneDocumentIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{", "[]", tinyInstance + tinyInstance, `{"format":"secret"}`} {
		_, err := plan.ReadInstance(strings.NewReader(text))
		if !errors.Is(err, plan.ErrSyntax) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

func FuzzInstance(f *testing.F) {
	f.Add([]byte(tinyInstance))
	f.Add([]byte(strings.Replace(tinyInstance, `"start":10,"end":20`, `"start":5,"end":20`, 1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		instance, err := plan.ReadInstance(bytes.NewReader(data))
		if err != nil || len(data) > 4000 {
			return
		}
		made, bound, err := plan.Solve(instance, plan.Options{Steps: 20, BoundSteps: 5})
		if err != nil {
			return
		}
		if v := judgePlan(instance, made); len(v.Faults) > 0 {
			t.Fatalf("%v, bound %+v", v.Faults, bound)
		}
	})
}

func TestMeasureRefusesAPlanThatBreaksARule(t *testing.T) {
	t.Parallel()
	instance, err := plan.ReadInstance(strings.NewReader(tinyInstance))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"an unknown request": `{"assignments":[{"request":"q7","day":0,"start":0}]}`,
		"a time twice":       `{"assignments":[{"request":"q0","day":0,"start":0},{"request":"q0","day":0,"start":10}]}`,
		"no such slot":       `{"assignments":[{"request":"q0","day":0,"start":5}]}`,
		"a slot for two":     `{"assignments":[{"request":"q0","day":0,"start":0}],"breaks":[{"break":"b0","day":0,"start":0}]}`,
	} {
		var made plan.Plan
		if err := json.Unmarshal([]byte(text), &made); err != nil {
			t.Fatal(err)
		}
		if _, err := plan.Measure(instance, made, plan.Interchange()); !errors.Is(err, plan.ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
