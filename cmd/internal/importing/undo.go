package importing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
)

// UndoCommand takes an import back.
type UndoCommand struct {
	OfSchool     `embed:""`
	Import       string `arg:"" optional:"" help:"The import's id (ouderavond roster imports); the last one that was applied if left out."`
	Preview      bool   `help:"Only show what would change."`
	Digest       string `help:"The digest of a preview: do exactly that, without asking, or nothing." placeholder:"DIGEST"`
	Yes          bool   `help:"Do it without asking."`
	AllowRemoval bool   `help:"Let it take away more than a fifth of the pupils."`
}

// undoView is what the API says of taking an import back.
type undoView struct {
	view
	Import string
	Stays  []struct{ Key, Field string }
	Talks  []struct {
		Key      string
		Start    time.Time
		Teachers []string
		Obstacle string
	}
	Nothing bool
}

// obstacles are why the time of a talk is not offered to the family.
var obstacles = map[string]string{
	"past": "it is over", "closed": "parents cannot book now", "taken": "somebody else has the time", "not-offered": "the child is not offered it any more",
	"unreached": "the school has no way to write to the family",
}

// Run shows what would change, asks, and does exactly that.
func (c UndoCommand) Run(ctx context.Context, connect Connect, term console.Terminal) error {
	connection, err := connect(ctx)
	if err != nil {
		return err
	}
	defer connection.Close()
	if c.Import == "" {
		if c.Import, err = c.last(ctx, connection); err != nil {
			return err
		}
	}
	path := c.path() + "/" + c.Import + "/undo"
	body := map[string]any{"digest": c.Digest, "allow_removal": c.AllowRemoval}
	if c.Digest == "" || c.Preview {
		var preview undoView
		if err := connection.Call(ctx, http.MethodGet, path+"-preview", nil, &preview); err != nil {
			return err
		}
		fmt.Fprintf(term.Out, "import %s\n", c.Import)
		preview.printUndo(term.Out)
		if preview.Nothing || c.Preview {
			fmt.Fprintf(term.Out, "digest %s\n", preview.Digest)
			return nil
		}
		if !c.Yes && !console.Agreed(term, "Do this?") {
			fmt.Fprintln(term.Out, "Nothing was changed.")
			return console.ErrFailed
		}
		body["digest"] = preview.Digest
	}
	var done undoView
	if err := connection.Call(ctx, http.MethodPost, path, body, &done); err != nil {
		return err
	}
	if c.Digest != "" {
		done.printUndo(term.Out)
	}
	fmt.Fprintln(term.Out, "Done.")
	if done.Import != "" {
		fmt.Fprintf(term.Out, "This can be taken back in its turn: ouderavond roster undo --school %s %s\n", c.School, done.Import)
	}
	return nil
}

// last finds the import that was applied last.
func (c UndoCommand) last(ctx context.Context, connection *client.Client) (id string, err error) {
	at := ""
	for cursor := "?limit=500"; cursor != ""; {
		var page struct {
			Items []view
			Next  string
		}
		if err := connection.Call(ctx, http.MethodGet, c.path()+cursor, nil, &page); err != nil {
			return "", err
		}
		for _, one := range page.Items {
			if one.State == "applied" && one.At >= at {
				id, at = one.ID, one.At
			}
		}
		if cursor = ""; page.Next != "" {
			cursor = "?limit=500&cursor=" + page.Next
		}
	}
	if id == "" {
		return "", errors.New("no import was applied")
	}
	return id, nil
}

func (a *undoView) printUndo(out io.Writer) {
	if a.Nothing {
		fmt.Fprintln(out, "Nothing changes.")
	} else {
		a.print(out)
		for _, pupil := range a.Change.Added {
			fmt.Fprintf(out, "  back: %s %s\n", pupil.Key, pupil.Given)
		}
	}
	for _, stay := range a.Stays {
		fmt.Fprintf(out, "  changed since, and stays: %s %s\n", stay.Key, stay.Field)
	}
	for _, talk := range a.Talks {
		what := "is offered to the family"
		if talk.Obstacle != "" {
			what = "is for the school to see to: " + obstacles[talk.Obstacle]
		}
		fmt.Fprintf(out, "  former talk of %s, %s, %s: %s\n", talk.Key, talk.Start.Format("Mon 2 Jan 15:04"), strings.Join(talk.Teachers, " and "), what)
	}
}
