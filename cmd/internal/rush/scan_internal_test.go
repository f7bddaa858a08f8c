package rush

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// everything reads any value through the scanner, strings by encoding/json, so that it can be compared.
func everything(s *scanner) any {
	switch s.next() {
	case '{':
		object := map[string]any{}
		s.object(func(name []byte) {
			var key string
			_ = json.Unmarshal(append(append([]byte{'"'}, name...), '"'), &key)
			object[key] = everything(s)
		})
		return object
	case '[':
		array := []any{}
		s.array(func() { array = append(array, everything(s)) })
		return array
	}
	var value any
	_ = json.Unmarshal(s.skip(), &value)
	return value
}

func anyJSON(depth int) *rapid.Generator[any] {
	simple := []*rapid.Generator[any]{
		rapid.Just[any](nil), rapid.Map(rapid.Bool(), func(b bool) any { return b }), rapid.Map(rapid.String(), func(s string) any { return s }),
		rapid.Map(rapid.SampledFrom([]string{`"`, `\`, `\\"`, `{"`, `]`, `a\`}), func(s string) any { return s }), rapid.Map(rapid.Int32(), func(i int32) any { return float64(i) }),
	}
	if depth > 0 {
		simple = append(simple, rapid.Map(rapid.SliceOfN(anyJSON(depth-1), 0, 4), func(list []any) any { return list }),
			rapid.Map(rapid.MapOfN(rapid.String(), anyJSON(depth-1), 0, 4), func(object map[string]any) any { return object }))
	}
	return rapid.OneOf(simple...)
}

func TestTheScannerReadsWhatTheStandardLibraryReads(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := anyJSON(3).Draw(t, "value")
		text, err := json.Marshal(value)
		if rapid.Bool().Draw(t, "indented") {
			text, err = json.MarshalIndent(value, " ", "\t")
		}
		if err != nil {
			t.Fatal(err)
		}
		var want any
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		s := scanner{data: text}
		if got := everything(&s); s.bad || !reflect.DeepEqual(got, want) {
			t.Fatalf("%s: got %v, bad %v", text, got, s.bad)
		}
		skipped := scanner{data: text}
		if raw := skipped.skip(); string(raw) != string(text) {
			t.Fatalf("%s: skipped %s", text, raw)
		}
	})
}

func FuzzTheReadersStopAtAnything(f *testing.F) {
	for _, text := range []string{`{"children":[{"id":"a","talks":[{"left":1,"options":[{"staff":[{"id":"x"}],"free":[{"start":"2026-11-24T18:10:00Z"}]}]}]}]}`, `{"items":[{"ref":"0","alternatives":[]}]}`, `{`, `[1,`, `"\`, `{"a"`, `{"a":}`, `[,]`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(_ *testing.T, text []byte) {
		seen, _ := readScreen(text)
		for _, c := range seen.children {
			for _, kind := range c.talks {
				for _, o := range kind.options {
					o.starts(func(int64) {})
				}
			}
		}
		readOutcome(text)
		readRefusal(text)
		readSession(text)
		s := scanner{data: text}
		everything(&s)
	})
}

func TestInstantsAreReadAsTheCalendarHasThem(t *testing.T) {
	t.Parallel()
	for day := time.Date(1999, 12, 1, 18, 5, 0, 0, time.UTC); day.Year() < 2101; day = day.AddDate(0, 0, 1).Add(time.Minute) {
		if minute, ok := readMinute([]byte(day.Format(time.RFC3339))); !ok || !instant(minute).Equal(day.Truncate(time.Minute)) {
			t.Fatalf("%s: %s", day, instant(minute))
		}
	}
	for _, text := range []string{"", "2026-11-24", "2026-11-24T18:10:00+01:00", "2026-11-24 18:10:00Z"} {
		if _, ok := readMinute([]byte(text)); ok {
			t.Errorf("%q was read", text)
		}
	}
}

func TestAScreenIsReadAsTheAPIWritesIt(t *testing.T) {
	t.Parallel()
	seen, ok := readScreen([]byte(`{"zone":"Europe/Amsterdam","children":[{"id":"c1","given":"Zo\u00eb \"Z\"","talks":[
		{"conference":"f","talk_kind":"k1","title":"T","minutes":20,"obligation":"expected","pupil_attends":false,"left":1,"options":[
			{"staff":[{"id":"s1","name":"mw. J"},{"id":"s2","name":"dhr. K"}],"subject":"","free":[{"day":"d","start":"2026-11-24T18:10:00Z","local":"2026-11-24T19:10"}]},
			{"staff":[{"id":"s3","name":"L"}],"subject":"Wiskunde","free":[]}]},
		{"talk_kind":"k2","minutes":10,"obligation":"optional","options":[]}]}],
		"appointments":[{"id":"a1","pupil":"c1","talk_kind":"k2","household":"h","party":2,"staff":[{"id":"s3","name":"L"}],"start":"2026-11-24T18:10:00Z","end":"2026-11-24T18:20:00Z"}]}`))
	if !ok || len(seen.children) != 1 || len(seen.children[0].talks) != 2 || len(seen.booked) != 1 {
		t.Fatalf("%+v", seen)
	}
	first, second := seen.children[0].talks[0], seen.children[0].talks[1]
	if !first.expected || first.left != 1 || first.minutes != 20 || second.expected || second.left != noLimit || len(first.options[0].staff) != 2 || !first.options[1].none() {
		t.Errorf("%+v, %+v", first, second)
	}
	first.options[0].starts(func(minute int64) {
		if got := instant(minute).Format(time.RFC3339); got != "2026-11-24T18:10:00Z" {
			t.Error(got)
		}
	})
	if a := seen.booked[0]; a.Party != 2 || a.Staff[0] != "s3" || a.End.Sub(a.Start) != 10*time.Minute {
		t.Errorf("%+v", a)
	}
}
