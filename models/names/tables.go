package names

import "strings"

// spelling is how a letter is written without its accent, and how it is written where people spell it out (Müller, Mueller).
type spelling struct{ plain, wide string }

// letters holds what Unicode decomposition does not take apart, or what has a spelled-out form. Lower case only.
var letters = map[rune]spelling{
	'ä': {"a", "ae"}, 'ö': {"o", "oe"}, 'ü': {"u", "ue"}, 'å': {"a", "aa"}, 'ø': {"o", "oe"},
	'æ': {"ae", "ae"}, 'œ': {"oe", "oe"}, 'ß': {"ss", "ss"}, 'ð': {"d", "d"}, 'đ': {"d", "dj"}, 'þ': {"th", "th"},
	'ł': {"l", "l"}, 'ı': {"i", "i"}, 'ħ': {"h", "h"}, 'ŧ': {"t", "t"}, 'ŋ': {"n", "ng"}, 'ə': {"e", "e"}, 'ĸ': {"k", "k"},
	'ɛ': {"e", "e"}, 'ɔ': {"o", "o"}, 'ƙ': {"k", "k"}, 'ɓ': {"b", "b"}, 'ɗ': {"d", "d"}, 'ƴ': {"y", "y"},
}

// lookalikes maps letters of other scripts to the Latin letter that looks the same. Capitals have their own entries, because a capital and its small
// letter may resemble different Latin letters (Ν looks like N, ν like v).
var lookalikes = pairs(
	// Cyrillic
	"аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwѵvвbкkмmнhтtӏl"+
		"АaВbЕeІiЈjКkМmНhОoРpСcЅsТtУyХxҺhԚqԜwѴvӀi",
	// Greek
	"αaοoνvρpικυuχxκkτtγyϲcιi"+
		"ΑaΒbΕeΖzΗhΙiΚkΜmΝnΟoΡpΤtΥyΧxϹc",
)

// pairs reads a text of letter pairs into a table. A later pair wins.
func pairs(parts ...string) map[rune]rune {
	table := map[rune]rune{}
	all := []rune(strings.Join(parts, ""))
	for i := 0; i+1 < len(all); i += 2 {
		table[all[i]] = all[i+1]
	}
	return table
}

// prefixWords are the words of surname prefixes: Dutch ones and those of the neighbours, as they look after folding. Combinations are runs of them.
var prefixWords = set("van de den der het t ten ter te op in aan bij uit voor von el al da di du la le " +
	"vom zu zum zur des del della dello dei do dos das los las les auf am im onder over tot toe " +
	"vd vdn vant int opt aant uitt overt d l s v vh")

// looseWords are not split off a surname, but a surname may be given with or without them.
var looseWords = set("ben bin ibn ait ou abu abou ould af av dell dall nell sant")

// elided are the words that an apostrophe ties to the next one: d'Hondt, l'Ami, 's-Gravesande.
var elided = set("d l t s n dell dall nell all sant")

func set(words string) map[string]bool {
	table := map[string]bool{}
	for _, word := range strings.Fields(words) {
		table[word] = true
	}
	return table
}

// apostrophes are the characters people use for one. They are dropped.
const apostrophes = "'’‘‛`´ʼʹʻʽʾʿˈ′＇"

// typedMarks are the only punctuation marks that belong in a typed name. Anything else, and above all what other systems read as a wildcard, makes
// the typed name match nobody.
const typedMarks = apostrophes + " \u00a0\t\r\n-‐‑‒–—.,;/()\"“”„"
