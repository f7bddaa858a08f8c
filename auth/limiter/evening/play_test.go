package evening_test

import (
	"testing"

	"github.com/ouderavond/ouderavond/auth/limiter/evening"
)

func TestAnEveningIsAFunctionOfItsSeed(t *testing.T) {
	t.Parallel()
	kind := evening.Evening{Size: evening.Primary, Rules: evening.Specified(), People: evening.Usual(), Attack: evening.Everything(), Seed: 7}
	if one, again := evening.Play(kind), evening.Play(kind); one != again {
		t.Errorf("%+v and %+v", one, again)
	}
	if one, again := evening.Many(kind, 9), evening.Many(kind, 9); one != again {
		t.Errorf("%+v and %+v", one, again)
	}
	told := 0
	kind.Tell = func(evening.Act) { told++ }
	if evening.Play(kind); told < 206 {
		t.Errorf("%d acts were told", told)
	}
}

// What is promised of evenings, on fewer of them than docs/login.md has.
func TestWhatIsPromisedOfEvenings(t *testing.T) {
	t.Parallel()
	linked := evening.Usual()
	linked.ByLink = 0.8
	for _, size := range []evening.Size{evening.Primary, evening.Secondary} {
		many := func(rules evening.Rules, people evening.People, attack evening.Strategy, evenings int) evening.Tally {
			return evening.Many(evening.Evening{Size: size, Rules: rules, People: people, Attack: attack, Seed: 3}, evenings)
		}
		quiet := many(evening.Specified(), evening.Usual(), evening.Strategy{}, 200)
		if quiet.Asked() > 0.015 || quiet.NoWay() > 0.5 {
			t.Errorf("%s: on quiet evenings %.4f are asked for more, %.2f in 1,000 have no way in", size.Name, quiet.Asked(), quiet.NoWay())
		}
		never := evening.Specified()
		never.TakeBack = evening.TakeBackNever
		if without := many(never, evening.Usual(), evening.Strategy{}, 50); without.Asked() < 10*quiet.Asked() {
			t.Errorf("%s: without taking back only %.4f are asked for more", size.Name, without.Asked())
		}
		total := float64(evening.Specified().Total(size.Pupils))
		for _, strategy := range evening.Strategies() {
			attacked := many(evening.Specified(), linked, strategy, 8)
			switch {
			case attacked.LinkedOut() > 0:
				t.Errorf("%s, %s: %.4f of who came by the link did not get in", size.Name, strategy.Name, attacked.LinkedOut())
			case attacked.Evaluated() > 1.15*total && !strategy.Near || attacked.Worst > 4*int(total)-3:
				t.Errorf("%s, %s: %.1f guesses are evaluated, %d at worst", size.Name, strategy.Name, attacked.Evaluated(), attacked.Worst)
			case strategy.Unknown && (attacked.Evaluated() > 0 || attacked.Asked() > 0.015):
				t.Errorf("%s, %s: %.4f are asked for more", size.Name, strategy.Name, attacked.Asked())
			}
		}
	}
}
