// Command evenings plays thousands of evenings of invented schools against the rules of the log-in's limiter, and prints the tables that docs/login.md has. It
// reads nothing and opens nothing; the same seed gives the same tables.
package main

import (
	"flag"
	"fmt"
	"math"
	"os"

	"github.com/ouderavond/ouderavond/auth/limiter/evening"
)

func main() {
	evenings := flag.Int("evenings", 2000, "quiet evenings per figure; attacked ones are a quarter of it")
	seed := flag.Uint64("seed", 1, "where chance begins")
	quick := flag.Bool("quick", false, "a fortieth of the evenings: to see that it works")
	flag.Parse()
	if *evenings < 4 || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "evenings: --evenings must be 4 at least, and nothing else is taken")
		os.Exit(2)
	}
	if *quick {
		*evenings = max(4, *evenings/40)
	}
	t := &tables{quiet: *evenings, attacked: *evenings / 4, seed: *seed}
	for _, print := range []func(){t.goals, t.strategies, t.rules, t.people, t.wide} {
		print()
	}
	fmt.Fprintln(os.Stderr)
}

// tables prints the tables, each figure for a primary and a secondary school.
type tables struct {
	quiet, attacked int
	seed            uint64
	played          int
}

// pair is what came of a kind of evening at both schools.
type pair [2]evening.Tally

var sizes = [2]evening.Size{evening.Primary, evening.Secondary}

func (t *tables) play(rules evening.Rules, people evening.People, attack evening.Strategy) (both pair) {
	count := t.quiet
	if attack.Name != "" {
		count = t.attacked
	}
	for i, size := range sizes {
		both[i] = evening.Many(evening.Evening{Size: size, Rules: rules, People: people, Attack: attack, Seed: t.seed}, count)
		t.played++
		fmt.Fprintf(os.Stderr, "\r%d kinds of evenings played", t.played)
	}
	return both
}

// each writes a figure of both schools.
func (p pair) each(format string, of func(evening.Tally) float64) string {
	return fmt.Sprintf(format+" / "+format, of(p[0]), of(p[1]))
}

// percent writes a share of both schools.
func (p pair) percent(of func(evening.Tally) float64) string {
	return p.each("%.2f", func(t evening.Tally) float64 { return 100 * of(t) }) + " %"
}

func (p pair) evaluated() string {
	return fmt.Sprintf("%.1f (%d) / %.1f (%d)", p[0].Evaluated(), p[0].Worst, p[1].Evaluated(), p[1].Worst)
}

func (p pair) noWay() string {
	return fmt.Sprintf("%.2f (%.2f) / %.2f (%.2f)", p[0].NoWay(), p[0].NoWayAfter(), p[1].NoWay(), p[1].NoWayAfter())
}

// openings writes how many children the guesses of an evening open, on average, where a policy is asked.
func (p pair) openings(policy evening.Policy) string {
	return fmt.Sprintf("%.1e / %.1e", p[0].Evaluated()*math.Exp2(-policy.Primary), p[1].Evaluated()*math.Exp2(-policy.Secondary))
}

func byLink(people evening.People) evening.People {
	people.ByLink = 0.8
	return people
}

func (t *tables) goals() {
	usual, linked, rules := evening.Usual(), byLink(evening.Usual()), evening.Specified()
	quiet, quietLinked := t.play(rules, usual, evening.Strategy{}), t.play(rules, linked, evening.Strategy{})
	guessed, guessedLinked := t.play(rules, usual, evening.AllEvening()), t.play(rules, linked, evening.AllEvening())
	all, allLinked := t.play(rules, usual, evening.Everything()), t.play(rules, linked, evening.Everything())
	known := usual
	known.Known = 0.4
	knowing := t.play(rules, known, evening.AllEvening())
	fmt.Printf("Quiet: %d evenings each, attacked: %d. All figures are primary / secondary.\n\n", t.quiet, t.attacked)
	fmt.Println("| what | nobody by the link | 80 % by the link |\n|---|---|---|")
	row := func(what, alone, links string) { fmt.Printf("| %s | %s | %s |\n", what, alone, links) }
	row("quiet: families of the public form asked for a second proof", quiet.percent(evening.Tally.Asked), quietLinked.percent(evening.Tally.Asked))
	row("quiet: no way in before (after) the desk, of 1,000", quiet.noWay(), quietLinked.noWay())
	row("quiet: families whose data the file has wrong, left to the desk", quiet.percent(evening.Tally.WrongLeft), quietLinked.percent(evening.Tally.WrongLeft))
	row("guesses all evening: evaluated (worst evening)", guessed.evaluated(), guessedLinked.evaluated())
	row("the same: public form asked for a second proof", guessed.percent(evening.Tally.Asked), guessedLinked.percent(evening.Tally.Asked))
	row("the same, 40 % on a device that is known", knowing.percent(evening.Tally.Asked), "")
	row("the same: no way in before (after) the desk, of 1,000", guessed.noWay(), guessedLinked.noWay())
	row("everything at once: no way in before (after) the desk, of 1,000", all.noWay(), allLinked.noWay())
	row("everything at once: families by the link who did not get in", "", allLinked.percent(evening.Tally.LinkedOut))
	for _, policy := range evening.Policies() {
		row("openings an evening, "+policy.Name, guessed.openings(policy), guessedLinked.openings(policy))
	}
	fmt.Println()
}

func (t *tables) strategies() {
	fmt.Println("| somebody with a class list, 80 % by the link | evaluated (worst) | asked, of the public form | no way in before (after) the desk, of 1,000 |\n|---|---|---|---|")
	for _, strategy := range evening.Strategies() {
		both := t.play(evening.Specified(), byLink(evening.Usual()), strategy)
		fmt.Printf("| %s | %s | %s | %s |\n", strategy.Name, both.evaluated(), both.percent(evening.Tally.Asked), both.noWay())
	}
	spends := evening.Strategies()[12]
	rules := evening.Specified()
	without := rules
	without.LastMessageLives = false
	fmt.Printf("| spends the messages, nobody by the link | | | %s |\n", t.play(rules, evening.Usual(), spends).noWay())
	fmt.Printf("| the same, were the twelfth message's link like the others | | | %s |\n\n", t.play(without, evening.Usual(), spends).noWay())
}

func (t *tables) rules() {
	fmt.Println("| rules, quiet evening, nobody by the link | asked |\n|---|---|")
	for _, v := range evening.RuleVariants() {
		fmt.Printf("| %s | %s |\n", v.Name, t.play(v.Rules, v.People, evening.Strategy{}).percent(evening.Tally.Asked))
	}
	fmt.Println()
}

func (t *tables) people() {
	fmt.Println("| assumptions, quiet evening | asked, nobody by the link | asked, of the public form, 80 % by the link |\n|---|---|---|")
	for _, v := range evening.PeopleVariants() {
		alone, links := t.play(v.Rules, v.People, evening.Strategy{}), t.play(v.Rules, byLink(v.People), evening.Strategy{})
		fmt.Printf("| %s | %s | %s |\n", v.Name, alone.percent(evening.Tally.Asked), links.percent(evening.Tally.Asked))
	}
	fmt.Println()
}

func (t *tables) wide() {
	fmt.Println("| total | evaluated (worst) | openings, default policy | quiet: asked, nobody by the link | with 3 % wrong data | with 20 % slips |\n|---|---|---|---|---|---|")
	standard := evening.Policies()[3]
	wrong, slips := evening.Usual(), evening.Usual()
	wrong.WrongData, slips.Slip = 0.03, 0.20
	for _, of := range []struct {
		name  string
		rules evening.Rules
	}{{"3 and 2 of 100 pupils (narrow)", evening.Specified()}, {"3 and 6 of 100 pupils (wide)", evening.Wide()}} {
		guessed := t.play(of.rules, evening.Usual(), evening.AllEvening())
		quiet := func(people evening.People) string {
			return t.play(of.rules, people, evening.Strategy{}).percent(evening.Tally.Asked)
		}
		fmt.Printf("| %s | %s | %s | %s | %s | %s |\n", of.name, guessed.evaluated(), guessed.openings(standard), quiet(evening.Usual()), quiet(wrong), quiet(slips))
	}
}
