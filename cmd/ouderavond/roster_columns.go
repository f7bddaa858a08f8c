package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
)

// rosterFieldsCommand lists what a column can be.
type rosterFieldsCommand struct {
	School string `required:"" help:"The school's slug." placeholder:"SLUG"`
}

// Run prints the fields, with an example and whether the school may keep them.
func (c rosterFieldsCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	connection, err := connect(ctx, s, term.Err)
	if err != nil {
		return err
	}
	defer connection.Close()
	var list struct {
		Items []struct {
			Field, Meaning, Example string
			Kept                    bool
		}
	}
	if err := connection.Call(ctx, http.MethodGet, "/api/v1/schools/"+c.School+"/roster/fields", nil, &list); err != nil {
		return err
	}
	for _, one := range list.Items {
		kept := "not kept"
		if one.Kept {
			kept = "kept"
		}
		fmt.Fprintf(term.Out, "%-22s %-9s %-24s %s\n", one.Field, kept, one.Example, one.Meaning)
	}
	fmt.Fprintln(term.Out, "Fields of guardians have a number, 1 to 4: guardian1_email, guardian2_email.")
	return nil
}

// rosterMappingsCommand lists what is remembered of lists, and forgets it.
type rosterMappingsCommand struct {
	School string `required:"" help:"The school's slug." placeholder:"SLUG"`
	Forget string `help:"Forget what is remembered under this id." placeholder:"ID"`
}

// Run lists, or forgets.
func (c rosterMappingsCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	connection, err := connect(ctx, s, term.Err)
	if err != nil {
		return err
	}
	defer connection.Close()
	path := "/api/v1/schools/" + c.School + "/roster/mappings"
	if c.Forget != "" {
		return connection.Call(ctx, http.MethodDelete, path+"/"+c.Forget, nil, nil)
	}
	var list struct {
		Items []struct {
			ID, Source, Encoding, Sheet string
			UsedAt                      string `json:"used_at"`
			Columns                     []struct{ Header, Field string }
		}
	}
	if err := connection.Call(ctx, http.MethodGet, path, nil, &list); err != nil {
		return err
	}
	if len(list.Items) == 0 {
		fmt.Fprintln(term.Out, "Nothing is remembered.")
	}
	for _, one := range list.Items {
		fmt.Fprintf(term.Out, "%s  %s, used %s\n", one.ID, cmp.Or(one.Source, "known by its column names"), one.UsedAt)
		for _, column := range one.Columns {
			fmt.Fprintf(term.Out, "  %s = %s\n", column.Header, column.Field)
		}
		if one.Encoding != "" {
			fmt.Fprintf(term.Out, "  encoding %s\n", one.Encoding)
		}
		if one.Sheet != "" {
			fmt.Fprintf(term.Out, "  sheet %s\n", one.Sheet)
		}
	}
	return nil
}

// printUnread names the columns of which nothing was understood, and what their values look like; what is left out on purpose is named elsewhere.
func printUnread(out io.Writer, file roster.FileReport) {
	if len(file.Unread) == 0 {
		return
	}
	fmt.Fprintf(out, "NOT READ of %s: %s\n", file.Name, strings.Join(file.Unread, ", "))
	for _, column := range file.Columns {
		if column.State == roster.ColumnSuggested {
			name := cmp.Or(column.Header, "["+column.Letter+"]")
			fmt.Fprintf(out, "  %s looks like %s: --map '%s=%s'\n", name, column.Suggested, name, column.Suggested)
		}
	}
}

// printColumns says what each column was read as, and why.
func printColumns(out io.Writer, file roster.FileReport) {
	for _, column := range file.Columns {
		if column.State != roster.ColumnBound {
			continue
		}
		because := strings.ReplaceAll(column.Because, "-", " ")
		if column.Suggested != "" {
			because += "; its values look like " + column.Suggested
		}
		fmt.Fprintf(out, "  %-3s %-24s %-22s (%s)\n", column.Letter, cmp.Or(column.Header, "["+column.Letter+"]"), column.Field, because)
	}
}

// printSheets says which sheet of a spreadsheet was read, and which were not.
func printSheets(out io.Writer, file roster.FileReport) {
	read, others := "", []string{}
	for _, sheet := range file.Sheets {
		name := sheet.Name
		if sheet.Hidden {
			name += " (hidden)"
		}
		if sheet.Read {
			read = name
		} else {
			others = append(others, name)
		}
	}
	switch {
	case read != "" && len(others) > 0:
		fmt.Fprintf(out, "READ of %s: sheet %s; NOT READ: %s (another one by --sheet)\n", file.Name, read, strings.Join(others, ", "))
	case read != "":
		fmt.Fprintf(out, "READ of %s: sheet %s\n", file.Name, read)
	}
}
