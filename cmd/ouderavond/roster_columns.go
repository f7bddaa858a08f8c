package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/ouderavond/ouderavond/booking/roster"
)

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
