package importing

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/machine"
)

// WatchCommand takes the files that appear in a folder.
type WatchCommand struct {
	OfSchool `embed:""`
	Reading  `embed:""`
	Folder   string        `arg:"" type:"existingdir" help:"The folder into which the school's program writes its export. All files that lie there are one import."`
	Every    time.Duration `help:"How often it is looked." default:"1m"`
	Once     bool          `help:"Take what lies there now, and end; for a timer of the system."`
	Keep     bool          `help:"Keep files that were taken over, in the folder done. They are deleted otherwise: they are personal data, and the school has them."`
}

// Run takes what appears until it is ended. What nobody asks is done at once, what is asked is left as it is, and the office is told by mail.
func (c WatchCommand) Run(ctx context.Context, connect Connect, term console.Terminal) error {
	if c.Source == "" {
		c.Source = "watched folder"
	}
	w := &watcher{command: c, connect: connect, term: term, now: machine.Clock{}.Now}
	if c.Once {
		taken, err := w.take(ctx)
		if err == nil && !taken {
			fmt.Fprintln(term.Out, "Nothing lies there.")
		}
		return err
	}
	for {
		if err := w.look(ctx); err != nil && ctx.Err() == nil {
			fmt.Fprintln(term.Err, "ouderavond:", err)
		}
		if machine.Pause(ctx, c.Every) != nil {
			return nil
		}
	}
}

// Folders within the watched one.
const (
	takenFolder   = "taken"   // files that are on their way to the server
	doneFolder    = "done"    // files that were taken over, if they are kept
	refusedFolder = "refused" // files that could not be read, with the report
)

type watcher struct {
	command WatchCommand
	connect Connect
	term    console.Terminal
	now     func() time.Time
	before  string // what lay there at the last look
}

// look takes what lies there and is the same as at the last look: a file that is still being written grows.
func (w *watcher) look(ctx context.Context) error {
	files, err := w.appeared()
	if err != nil {
		return err
	}
	state := ""
	for _, file := range files {
		info, err := os.Stat(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		state += fmt.Sprintln(file, info.Size(), info.ModTime().UnixNano())
	}
	stands := state == w.before
	w.before = state
	if !stands {
		return nil
	}
	_, err = w.take(ctx)
	return err
}

// appeared lists the files of the folder, but for hidden ones and those that programs name so while they write them.
func (w *watcher) appeared() (files []string, err error) {
	entries, err := os.ReadDir(w.command.Folder)
	for _, entry := range entries {
		name := strings.ToLower(entry.Name())
		unfinished := slices.ContainsFunc([]string{".tmp", ".part", ".filepart", ".partial", ".crdownload"}, func(end string) bool { return strings.HasSuffix(name, end) })
		if entry.Type().IsRegular() && !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "~$") && !unfinished {
			files = append(files, filepath.Join(w.command.Folder, entry.Name()))
		}
	}
	return files, err
}

// take hands in what lies there, and what an earlier turn could not.
func (w *watcher) take(ctx context.Context) (taken bool, err error) {
	files, err := w.appeared()
	if err != nil {
		return false, err
	}
	root := filepath.Join(w.command.Folder, takenFolder)
	if len(files) > 0 {
		// In a folder of its own, so that another one who watches takes nothing twice.
		into := filepath.Join(root, w.now().UTC().Format("2006-01-02T15-04-05.000"))
		if err := os.MkdirAll(into, 0o700); err != nil {
			return false, err
		}
		for _, file := range files {
			if err := os.Rename(file, filepath.Join(into, filepath.Base(file))); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return false, err
			}
		}
	}
	turns, err := os.ReadDir(root)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil || len(turns) == 0 {
		return false, err
	}
	connection, err := w.connect(ctx)
	if err != nil {
		return false, err
	}
	defer connection.Close()
	for _, turn := range turns {
		if err := w.handIn(ctx, connection, turn.Name()); err != nil {
			return true, err
		}
	}
	return true, nil
}

// handIn hands in the files of one turn, and puts them away.
func (w *watcher) handIn(ctx context.Context, connection *client.Client, turn string) error {
	folder := filepath.Join(w.command.Folder, takenFolder, turn)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return os.Remove(folder)
	}
	var files []string
	for _, entry := range entries {
		files = append(files, filepath.Join(folder, entry.Name()))
	}
	fields, err := w.command.fields()
	if err != nil {
		return err
	}
	fields["apply"], fields["tell_office"] = "leave-questions", "true"
	it := session{connection: connection, path: w.command.path(), term: w.term}
	if err := it.handIn(ctx, files, fields); err != nil {
		return err // they lie in taken, and the next turn tries again
	}
	fmt.Fprintf(w.term.Out, "%s  %d files: %s %s\n", turn, len(files), it.State, it.summary())
	if it.State == "unreadable" || it.State == "failed" {
		return w.refuse(folder, turn, &it.view)
	}
	if !w.command.Keep {
		return os.RemoveAll(folder)
	}
	return w.move(folder, doneFolder, turn)
}

// refuse puts files away that could not be used, with the report: it names no value of them.
func (w *watcher) refuse(folder, turn string, it *view) error {
	var text strings.Builder
	if it.Report != nil {
		PrintReport(&text, it.Report)
	}
	if it.Problem != "" {
		fmt.Fprintln(&text, it.Problem)
	}
	if err := os.WriteFile(filepath.Join(folder, "report.txt"), []byte(text.String()), 0o600); err != nil {
		return err
	}
	return w.move(folder, refusedFolder, turn)
}

func (w *watcher) move(folder, to, turn string) error {
	if err := os.MkdirAll(filepath.Join(w.command.Folder, to), 0o700); err != nil {
		return err
	}
	return os.Rename(folder, filepath.Join(w.command.Folder, to, turn))
}
