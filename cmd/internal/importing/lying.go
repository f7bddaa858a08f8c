package importing

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/ouderavond/ouderavond/cmd/internal/console"
)

// ListCommand lists imports.
type ListCommand struct {
	OfSchool `embed:""`
	Open     bool `help:"Only those that lie there, or that ask something."`
	JSON     bool `name:"json" help:"Print the list as JSON."`
}

// Run prints the list, the latest last.
func (c ListCommand) Run(ctx context.Context, connect Connect, term console.Terminal) error {
	connection, err := connect(ctx)
	if err != nil {
		return err
	}
	defer connection.Close()
	all := []view{}
	for cursor := "?limit=500"; cursor != ""; {
		var page struct {
			Items []view
			Next  string
		}
		if err := connection.Call(ctx, http.MethodGet, c.path()+cursor+fmt.Sprintf("&open=%t", c.Open), nil, &page); err != nil {
			return err
		}
		all, cursor = append(all, page.Items...), ""
		if page.Next != "" {
			cursor = "?limit=500&cursor=" + page.Next
		}
	}
	if c.JSON {
		return console.PrintJSON(term, all)
	}
	for _, one := range all {
		fmt.Fprintf(term.Out, "%s  %-10s  %s  %s\n", one.ID, one.State, one.At, strings.TrimSpace(one.summary()+"  "+one.Source))
	}
	return nil
}

// OfImport names one import; without it the only one that lies there is meant.
type OfImport struct {
	OfSchool `embed:""`
	Import   string `arg:"" optional:"" help:"The import's id; the only one that lies there if left out."`
}

// open finds the import that is meant.
func (o OfImport) open(ctx context.Context, connect Connect, term console.Terminal) (*session, error) {
	connection, err := connect(ctx)
	if err != nil {
		return nil, err
	}
	s := &session{connection: connection, path: o.path(), term: term, asking: asking{bufio.NewReader(term.In), term.Out}}
	if s.ID = o.Import; s.ID == "" {
		var page struct{ Items []view }
		if err := connection.Call(ctx, http.MethodGet, o.path()+"?open=true&limit=500", nil, &page); err != nil {
			connection.Close()
			return nil, err
		}
		if len(page.Items) != 1 {
			connection.Close()
			return nil, fmt.Errorf("%d imports lie there: say which (ouderavond roster imports --open)", len(page.Items))
		}
		s.ID = page.Items[0].ID
	}
	if err := s.call(ctx, http.MethodGet, "", nil); err != nil {
		connection.Close()
		return nil, err
	}
	return s, nil
}

// ShowCommand shows an import.
type ShowCommand struct {
	OfImport `embed:""`
	JSON     bool `name:"json" help:"Print it as JSON."`
}

// Run prints what was found, what would be done, and what is asked.
func (c ShowCommand) Run(ctx context.Context, connect Connect, term console.Terminal) error {
	s, err := c.open(ctx, connect, term)
	if err != nil {
		return err
	}
	defer s.connection.Close()
	if c.JSON {
		return console.PrintJSON(term, s.view)
	}
	if s.Report != nil {
		PrintReport(term.Out, s.Report)
	}
	if s.Digest != "" {
		s.print(term.Out)
	}
	for _, q := range s.Asked {
		said := q.Answer
		if said == "" {
			said = "? " + strings.Join(q.Options, ", ")
		}
		fmt.Fprintf(term.Out, "%s\n    %s = %s\n", q.words(), q.ID, said)
	}
	fmt.Fprintf(term.Out, "%s: %s %s\n", s.ID, s.State, s.summary())
	return nil
}

// AnswerCommand answers questions, those given or all at the terminal.
type AnswerCommand struct {
	OfSchool `embed:""`
	Import   string   `arg:"" help:"The import's id."`
	Answers  []string `arg:"" optional:"" name:"question=answer" help:"As the questions are shown: who:204711=104711, pupils=no. Everything open is asked here if left out."`
}

// Run answers, and shows what the import would do then.
func (c AnswerCommand) Run(ctx context.Context, connect Connect, term console.Terminal) error {
	s, err := OfImport{c.OfSchool, c.Import}.open(ctx, connect, term)
	if err != nil {
		return err
	}
	defer s.connection.Close()
	var answers []answer
	for _, text := range c.Answers {
		question, said, ok := strings.Cut(text, "=")
		if !ok {
			return fmt.Errorf("%q is no answer, such as pupils=no", text)
		}
		answers = append(answers, answer{question, said})
	}
	if len(c.Answers) == 0 {
		answers, _ = s.asking.all(s.Asked)
	}
	if err := s.call(ctx, http.MethodPatch, "", map[string]any{"answers": answers}); err != nil {
		return err
	}
	s.print(term.Out)
	fmt.Fprintf(term.Out, "Questions that are open: %d. Nothing was changed yet: ouderavond roster commit --school %s %s\n", s.Questions, c.School, s.ID)
	return nil
}

// CommitCommand does what an import would do.
type CommitCommand struct {
	OfImport       `embed:""`
	LeaveQuestions bool `help:"Leave what is asked as it is."`
	Yes            bool `help:"Do it without showing and asking."`
}

// Run shows, asks and does it.
func (c CommitCommand) Run(ctx context.Context, connect Connect, term console.Terminal) error {
	s, err := c.open(ctx, connect, term)
	if err != nil {
		return err
	}
	defer s.connection.Close()
	if !c.Yes {
		s.print(term.Out)
		if !s.asking.agreed("Do this?") {
			fmt.Fprintln(term.Out, "Nothing was changed.")
			return console.ErrFailed
		}
	}
	if err := s.commit(ctx, c.LeaveQuestions); err != nil {
		return err
	}
	fmt.Fprintln(term.Out, "Done.", s.summary())
	return nil
}

// WithdrawCommand withdraws an import.
type WithdrawCommand struct {
	OfImport `embed:""`
}

// Run withdraws it.
func (c WithdrawCommand) Run(ctx context.Context, connect Connect, term console.Terminal) error {
	s, err := c.open(ctx, connect, term)
	if err != nil {
		return err
	}
	defer s.connection.Close()
	if err := s.call(ctx, http.MethodDelete, "", nil); err != nil {
		return err
	}
	fmt.Fprintln(term.Out, "Withdrawn; the files are deleted.")
	return nil
}
