package plan_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/plan"
	"github.com/ouderavond/ouderavond/booking/plan/judge"
)

// judgePlan hands a plan to the judge, as the documents that would be written.
func judgePlan(instance plan.Instance, made plan.Plan) judge.Verdict {
	var one, two bytes.Buffer
	if err := instance.Write(&one); err != nil {
		panic(err)
	}
	if err := made.Write(&two); err != nil {
		panic(err)
	}
	verdict, err := judge.Judge(one.Bytes(), two.Bytes())
	if err != nil {
		panic(err)
	}
	return verdict
}

func TestTheJudgeSeesEveryBrokenRule(t *testing.T) {
	t.Parallel()
	const instance = `{"format":1,"name":"x","days":2,"walk_minutes":[[0,5],[5,0]],
 "teachers":[{"id":"a","zone":0,"slots":[{"day":0,"start":0,"end":10},{"day":0,"start":10,"end":20},{"day":0,"start":15,"end":25},{"day":0,"start":30,"end":35}]},
  {"id":"b","zone":1,"slots":[{"day":0,"start":10,"end":20},{"day":0,"start":20,"end":30}]}],
 "parties":[{"id":"p","windows":[{"day":0,"from":0,"to":40}],"requests":[{"id":"p1","child":"c","teachers":["a"],"minutes":10,"weight":1},{"id":"p2","child":"c","teachers":["b"],"minutes":10,"weight":1}]},
  {"id":"q","windows":[{"day":0,"from":0,"to":20}],"requests":[{"id":"q1","child":"d","teachers":["a"],"minutes":10,"weight":2}]}],
 "breaks":[{"id":"r","teacher":"a","windows":[{"day":0,"from":0,"to":20}],"minutes":10,"weight":5}],
 "pinned":[],"apart":[]}`
	for name, c := range map[string]struct{ edit, plan, fault string }{
		"all is well":              {"", `{"assignments":[{"request":"p1","day":0,"start":0},{"request":"p2","day":0,"start":20}],"breaks":[{"break":"r","day":0,"start":10}]}`, ""},
		"no slot":                  {"", `{"assignments":[{"request":"p1","day":0,"start":5}]}`, "no slot"},
		"a slot that is too short": {"", `{"assignments":[{"request":"p1","day":0,"start":30}]}`, "too short"},
		"one slot for two":         {"", `{"assignments":[{"request":"p1","day":0,"start":0},{"request":"q1","day":0,"start":0}]}`, "overlap"},
		"slots that overlap":       {"", `{"assignments":[{"request":"p1","day":0,"start":15},{"request":"q1","day":0,"start":10}]}`, "overlap"},
		"outside the window":       {"", `{"assignments":[{"request":"q1","day":0,"start":15}]}`, "outside the windows"},
		"too far to walk":          {"", `{"assignments":[{"request":"p1","day":0,"start":0},{"request":"p2","day":0,"start":10}]}`, "short between"},
		"twice":                    {"", `{"assignments":[{"request":"p1","day":0,"start":0},{"request":"p1","day":0,"start":10}]}`, "assigned twice"},
		"of no request":            {"", `{"assignments":[{"request":"z","day":0,"start":0}]}`, "no request"},
		"a break at another time":  {"", `{"assignments":[],"breaks":[{"break":"r","day":0,"start":15}]}`, "outside its windows"},
		"a break of nobody":        {"", `{"assignments":[],"breaks":[{"break":"s","day":0,"start":0}]}`, "nobody's"},
		"a pin that moved":         {`"pinned":[{"request":"p1","day":0,"start":10}]`, `{"assignments":[{"request":"p1","day":0,"start":0}]}`, "pinned"},
		"two who must not meet":    {`"apart":[{"a":"p","b":"q","minutes":5}]`, `{"assignments":[{"request":"p1","day":0,"start":0},{"request":"q1","day":0,"start":10}]}`, "same time"},
		"a bound above the plan":   {"", `{"assignments":[],"bound":{"dropped_weight":9,"cost":9001}}`, "better than its bound"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := instance
			if key, _, ok := strings.Cut(c.edit, ":"); ok {
				text = strings.Replace(text, key+":[]", c.edit, 1)
			}
			v, err := judge.Judge([]byte(text), []byte(c.plan))
			if err != nil {
				t.Fatal(err)
			}
			if c.fault == "" && !v.Valid || c.fault != "" && (len(v.Faults) != 1 || !strings.Contains(v.Faults[0], c.fault)) {
				t.Errorf("faults %q, want %q", v.Faults, c.fault)
			}
		})
	}
}

func TestTheJudgeKnowsTheCostOfAPlanWorkedOutByHand(t *testing.T) {
	t.Parallel()
	instance, err := os.ReadFile("testdata/primary-1.json")
	if err != nil {
		t.Fatal(err)
	}
	v, err := judge.Judge(instance, []byte(`{"assignments":[]}`))
	// 297 wishes of weight 1, 20 of weight 3, 32 breaks of weight 5.
	if err != nil || v.Cost != 1000*(297+60+160) || v.Met != 0 || v.BreaksMissed != 32 || !v.Valid {
		t.Errorf("got %+v, %v", v, err)
	}
}
