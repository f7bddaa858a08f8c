package flood

import (
	"context"
	cryptorand "crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Child is what a parent types for a child.
type Child struct{ Name, BirthDate, Postcode string }

// TimingOptions say which failures are timed.
type TimingOptions struct {
	// Target is the server, over HTTP without TLS, on this machine: the tries come from addresses of the loopback network. School is the slug of a school that was made for it.
	Target *url.URL
	School string
	// Children are the school's, each of another family; sixty at least.
	Children []Child
	// Tries is how many failures of each kind are timed.
	Tries int
	// Progress takes a line for each situation. Nil shows nothing.
	Progress io.Writer
}

// Timed is what the time of a kind of failures tells beside that of the others of its situation.
type Timed struct {
	Situation string `json:"situation"`
	Kind      string `json:"kind"`
	Against   string `json:"against"`
	Tries     int    `json:"tries"`
	// Area is the area under the curve: the chance that of two failures, one of each kind, the later answered is of the kind. Half is knowing nothing.
	Area float64 `json:"auc"`
}

// Timings is what was measured.
type Timings struct {
	Kinds []Timed `json:"kinds"`
	// Dates is how many birth dates were tried for each of five children while the form was shut, after their families had typed the right ones in vain; Ranks are the
	// places of the right ones, the one that was answered fastest being 1.
	Dates int   `json:"dates"`
	Ranks []int `json:"ranks"`
}

// Found is how many of the right dates are among the first or last hundredth; none where there are fewer than a hundred dates.
func (t *Timings) Found() (found int) {
	for _, rank := range t.Ranks {
		if edge := t.Dates / 100; rank <= edge || rank > t.Dates-edge {
			found++
		}
	}
	return found
}

// Worst is the greatest distance of an area from one half, added to one half.
func (t *Timings) Worst() (worst float64) {
	for _, one := range t.Kinds {
		worst = max(worst, one.Area, 1-one.Area)
	}
	return worst
}

// pool is how many children take part in a situation: all kinds use the same ones, because looking up a name takes as long as the name, which whoever types it knows.
const pool = 10

// timing is a measurement under way.
type timing struct {
	TimingOptions
	ctx     context.Context
	callers []*caller
	fresh   int
	dice    *rand.Rand
}

// kind is a kind of failures: what is typed in the n-th try, and from which of the callers.
type kind struct {
	name string
	body func(n int) map[string]string
	from func(n int) *caller
}

// Time measures. The school's form is open at first, then shut by guesses.
func Time(ctx context.Context, options TimingOptions) (*Timings, error) {
	t := &timing{TimingOptions: options, ctx: ctx, dice: rand.New(rand.NewPCG(1, 2))}
	switch {
	case options.Target.Scheme != "http":
		return nil, errors.New("failures are timed over HTTP without TLS")
	case options.Tries < 1:
		return nil, errors.New("there must be a try of each kind at least")
	case len(options.Children) < 6*pool:
		return nil, fmt.Errorf("%d families are needed", 6*pool)
	}
	// Children of names of about one length stand beside one another, so that every second one is like the others.
	t.Children = slices.Clone(t.Children)
	slices.SortStableFunc(t.Children, func(a, b Child) int { return len(a.Name) - len(b.Name) })
	for range 8 {
		t.callers = append(t.callers, t.elsewhere())
	}
	defer func() {
		for _, one := range t.callers {
			one.close()
		}
	}()
	all := &Timings{}
	for _, situation := range []func() ([]Timed, error){t.codes, t.spentChild, t.spentAddress, t.shut} {
		timed, err := situation()
		if err != nil {
			return nil, err
		}
		all.Kinds = append(all.Kinds, timed...)
		for _, one := range timed {
			if t.Progress != nil {
				fmt.Fprintf(t.Progress, "%s: %s against %s: %.3f of %d tries\n", one.Situation, one.Kind, one.Against, one.Area, one.Tries)
			}
		}
	}
	return all, t.scan(all)
}

// elsewhere is a caller from an address of its own.
func (t *timing) elsewhere() *caller {
	t.fresh++
	return newCaller(t.Target, &net.TCPAddr{IP: net.IPv4(127, 1, byte(t.fresh>>8), byte(t.fresh))})
}

func (t *timing) some(n int) *caller { return t.callers[n%len(t.callers)] }

// try sends one, and returns the status and how long the answer took.
func (t *timing) try(one *caller, path string, body map[string]string) (status int, took time.Duration, err error) {
	sent, err := request(t.Target, t.School, path, body)
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	status, _, err = one.do(sent)
	return status, time.Since(began), err
}

// misses guesses at a child from an address, and fails unless that is refused.
func (t *timing) misses(one *caller, body map[string]string) error {
	status, _, err := t.try(one, "family/session", body)
	if err == nil && status != http.StatusUnauthorized {
		err = fmt.Errorf("a try that must fail is answered with %d", status)
	}
	return err
}

// measure times failures of several kinds in random order, and compares each kind with the first.
func (t *timing) measure(situation string, kinds ...kind) ([]Timed, error) {
	order := make([]int, 0, len(kinds)*t.Tries)
	for i := range kinds {
		order = append(order, slices.Repeat([]int{i}, t.Tries)...)
	}
	t.dice.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for n := range 2 * len(t.callers) { // connections are opened before
		if err := t.misses(kinds[0].from(n), kinds[0].body(n)); err != nil {
			return nil, fmt.Errorf("%s: %w", situation, err)
		}
	}
	took := make([][]time.Duration, len(kinds))
	for n, at := range order {
		if t.ctx.Err() != nil {
			return nil, t.ctx.Err()
		}
		body := kinds[at].body(n)
		if body["try"] == "" { // each comes from another browser
			body["try"] = tryToken()
		}
		status, length, err := t.try(kinds[at].from(n), "family/session", body)
		if err == nil && status != http.StatusUnauthorized {
			err = fmt.Errorf("status %d", status)
		}
		if err != nil {
			return nil, fmt.Errorf("%s, %s: %w", situation, kinds[at].name, err)
		}
		took[at] = append(took[at], length)
	}
	var all []Timed
	for i, one := range kinds[1:] {
		all = append(all, Timed{situation, one.name, kinds[0].name, t.Tries, area(took[i+1], took[0])})
	}
	return all, nil
}

// codes: whether a child's family has a code pending, somewhere else.
func (t *timing) codes() ([]Timed, error) {
	const of = 2 * pool
	asking := t.elsewhere()
	defer asking.close()
	for n := 0; n < of; n += 2 {
		if status, _, err := t.try(asking, "family/codes", t.Children[n].right()); err != nil || status != http.StatusAccepted {
			return nil, fmt.Errorf("a code is asked for: status %d: %w", status, err)
		}
	}
	wrong := func(name string, n int) map[string]string {
		return map[string]string{"name": name, "code": fmt.Sprintf("%08d", 1+n%1000)}
	}
	return t.measure("wrong codes",
		kind{"none is pending", func(n int) map[string]string { return wrong(t.Children[n%pool*2+1].Name, n) }, t.some},
		kind{"one is pending elsewhere", func(n int) map[string]string { return wrong(t.Children[n%pool*2].Name, n) }, t.some},
		kind{"a name of nobody", func(n int) map[string]string { return wrong(nobody(t.Children[n%pool*2+1].Name), n) }, t.some},
	)
}

// spentChild: a child at whom three wrong answers were given.
func (t *timing) spentChild() ([]Timed, error) {
	child := t.Children[2*pool]
	for n := range 3 {
		one := t.elsewhere()
		if err := t.misses(one, child.far(n)); err != nil {
			return nil, err
		}
		one.close()
	}
	return t.measure("a child's answers are spent",
		kind{"right", func(int) map[string]string { return child.right() }, t.some},
		kind{"near", func(n int) map[string]string { return child.near(n) }, t.some},
		kind{"far", func(n int) map[string]string { return child.far(n) }, t.some},
		kind{"given before", func(n int) map[string]string { return child.far(n % 3) }, t.some},
	)
}

// spentAddress: an address from which three wrong answers came, and nobody got in.
func (t *timing) spentAddress() ([]Timed, error) {
	from := t.elsewhere()
	defer from.close()
	here := func(int) *caller { return from }
	for n := range 3 {
		if err := t.misses(from, t.Children[2*pool+1+n].far(n)); err != nil {
			return nil, err
		}
	}
	return t.measure("an address's answers are spent", t.kinds(3*pool, here)...)
}

// shut: the form asks everybody for a second proof.
func (t *timing) shut() ([]Timed, error) {
	// A school of this size has no greater total than a tenth of its families and a few; each comes from a new address and at a new child.
	for n := 4 * pool; n < len(t.Children); n++ {
		one := t.elsewhere()
		if err := t.misses(one, t.Children[n].far(n)); err != nil {
			return nil, err
		}
		one.close()
	}
	return t.measure("the form is shut", t.kinds(3*pool, t.some)...)
}

// scan tries many dates for a child each, while the form is shut: six years, or fewer if few failures are timed.
func (t *timing) scan(into *Timings) error {
	into.Dates = min(2190, t.Tries)
	for _, child := range t.Children[3*pool : 3*pool+5] {
		family := t.elsewhere()
		for range 2 {
			if err := t.misses(family, child.right()); err != nil {
				return err
			}
		}
		family.close()
		born, err := time.Parse(time.DateOnly, child.BirthDate)
		if err != nil {
			return err
		}
		place, rank := t.dice.IntN(into.Dates), 1
		took := make([]time.Duration, into.Dates)
		for n := range took {
			body := child.right()
			body["birth_date"], body["try"] = born.AddDate(0, 0, n-place).Format(time.DateOnly), tryToken()
			status, length, err := t.try(t.some(n), "family/session", body)
			if err == nil && status != http.StatusUnauthorized {
				err = fmt.Errorf("status %d", status)
			}
			if err != nil {
				return fmt.Errorf("a scan: %w", err)
			}
			took[n] = length
		}
		for n, length := range took {
			if length < took[place] || length == took[place] && n < place {
				rank++
			}
		}
		into.Ranks = append(into.Ranks, rank)
		if t.ctx.Err() != nil {
			return t.ctx.Err()
		}
	}
	return nil
}

// kinds are what is typed where nothing is compared to any effect.
func (t *timing) kinds(first int, from func(int) *caller) []kind {
	child := func(n int) Child { return t.Children[first+n%pool] }
	same := tryToken()
	return []kind{
		{"right", func(n int) map[string]string { return child(n).right() }, from},
		{"a name of nobody", func(n int) map[string]string {
			body := child(n).right()
			body["name"] = nobody(body["name"])
			return body
		}, from},
		{"near", func(n int) map[string]string { return child(n).near(n) }, from},
		{"far", func(n int) map[string]string { return child(n).far(n) }, from},
		{"given before", func(n int) map[string]string { return child(n).far(0) }, from},
		{"given before by the same browser", func(n int) map[string]string {
			body := child(n).far(1)
			body["try"] = same
			return body
		}, from},
	}
}

func (c Child) right() map[string]string {
	return map[string]string{"name": c.Name, "birth_date": c.BirthDate, "postcode": c.Postcode}
}

// near is one letter from the truth, and no combination that no postcode has (SA, SD, SS).
func (c Child) near(n int) map[string]string {
	body, letters := c.right(), "BCEGHJKLMNPRTVWXZ"
	last := len(c.Postcode) - 1
	other := letters[n%len(letters)]
	if other == c.Postcode[last] {
		other = letters[(n+1)%len(letters)]
	}
	body["postcode"] = c.Postcode[:last] + string(other)
	return body
}

// far is another date and another postcode.
func (c Child) far(n int) map[string]string {
	body := c.right()
	body["birth_date"] = time.Date(1999, 12, 28, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n%1500).Format(time.DateOnly)
	body["postcode"] = fmt.Sprintf("%d%s", 9999-n%7, "ZZ")
	return body
}

// tryToken makes what the server gives a browser that opens the form.
func tryToken() string {
	token := make([]byte, 16)
	_, _ = cryptorand.Read(token) // never fails: the program would have stopped
	return "ot_" + base64.RawURLEncoding.EncodeToString(token)
}

// nobody is a name of the same form that nobody has.
func nobody(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return 'a' + (r-'a'+11)%26
		case r >= 'A' && r <= 'Z':
			return 'A' + (r-'A'+11)%26
		}
		return r
	}, name)
}

// area returns the chance that a value of the first list is greater than one of the second, ties counting half.
func area(first, second []time.Duration) float64 {
	sorted := slices.Sorted(slices.Values(second))
	sum := 0
	for _, value := range first {
		below, _ := slices.BinarySearch(sorted, value)
		above, _ := slices.BinarySearch(sorted, value+1)
		sum += below + above
	}
	return float64(sum) / 2 / float64(len(first)) / float64(len(second))
}

// Most is the greatest area that so many tries of each kind let pass: 0.53, and three times what chance may do where they are few (the standard error of an area of
// two lists of n is 1 / sqrt(6 n)).
func Most(tries int) float64 {
	if tries >= 10_000 {
		return 0.53
	}
	return 0.53 + 3/math.Sqrt(6*float64(tries))
}
