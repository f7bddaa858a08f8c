package completion_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/ouderavond/ouderavond/cmd/internal/completion"
)

type grammar struct {
	Data   string             `help:"Folder."`
	Serve  struct{}           `cmd:""`
	Shell  completion.Command `cmd:"" name:"completion"`
	Roster struct {
		Import struct {
			School string
			Yes    bool
			How    string   `enum:"all,some" default:"all"`
			Files  []string `arg:""`
		} `cmd:""`
		Imports struct{} `cmd:""`
	} `cmd:""`
	Secret struct{} `cmd:"" hidden:""`
}

func TestWhatMayComeNextIsKnownFromTheGrammar(t *testing.T) {
	t.Parallel()
	parser, err := kong.New(&grammar{})
	if err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]string{
		"":                          "completion roster serve",
		"s":                         "serve",
		"roster ":                   "import imports",
		"roster import --":          "--data --help --how --school --yes",
		"roster import --how ":      "all some",
		"roster import --how all ":  "",
		"roster import --yes --ho":  "--how",
		"roster import --school x ": "",
		"completion ":               "bash fish zsh",
		"nonsense ":                 "completion roster serve",
		"--data x ro":               "roster",
	} {
		if got := strings.Join(completion.Words(parser.Model, strings.Split(typed, " ")), " "); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	if got := completion.Words(parser.Model, nil); len(got) != 3 {
		t.Errorf("nothing typed: %q", got)
	}
}

func TestBashTakesTheScript(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash here")
	}
	var script strings.Builder
	if err := (completion.Command{Shell: "bash"}).Run(&script); err != nil {
		t.Fatal(err)
	}
	// The program is a function here, which answers with what it was asked.
	text := `ouderavond() { printf '%s\n' "$@"; }` + "\n" + script.String() + "COMP_WORDS=(ouderavond roster im); COMP_CWORD=2; _ouderavond; printf '%s\\n' \"${COMPREPLY[@]}\""
	out, err := exec.Command(bash, "-c", text).CombinedOutput()
	if got := strings.Fields(string(out)); err != nil || !slices.Equal(got, []string{completion.Ask, "roster", "im"}) {
		t.Errorf("%v: %s", err, out)
	}
}
