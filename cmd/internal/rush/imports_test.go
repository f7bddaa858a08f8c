package rush_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheLoadToolKnowsOfTheProductWhatAnyClientKnows: what it shared with the server, it could not find fault with.
func TestTheLoadToolKnowsOfTheProductWhatAnyClientKnows(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("*.go")
	if err != nil || len(paths) < 10 {
		t.Fatalf("%v, %v", paths, err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imported := range tree.Imports {
			name := strings.Trim(imported.Path.Value, `"`)
			if strings.Contains(strings.Split(name, "/")[0], ".") && name != "github.com/ouderavond/ouderavond/booking/sample" && name != "golang.org/x/net/html" {
				t.Errorf("%s imports %s", path, name)
			}
		}
	}
}
