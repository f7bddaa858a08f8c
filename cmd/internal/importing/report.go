package importing

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/ouderavond/ouderavond/booking/roster"
)

// PrintReport writes what reading files found. It names no value of them but the words by which somebody sees whether the letters are right.
func PrintReport(out io.Writer, report *roster.Report) {
	line := func(name string, value any) { fmt.Fprintf(out, "%-22s %v\n", name, value) }
	for _, file := range report.Files {
		printUnread(out, file)
	}
	for _, file := range report.Files {
		printSheets(out, file)
		printColumns(out, file)
	}
	line("format", strings.TrimSpace(cmp.Or(report.Format, "unknown")+" "+report.FormatVersion))
	if report.Encoding != "" {
		line("encoding", report.Encoding)
	}
	if len(report.Letters) > 0 {
		line("letters look right?", strings.Join(report.Letters, ", "))
	}
	line("pupils", report.Pupils)
	line("  of whom leavers", report.Leavers)
	line("groups", report.Groups)
	line("teachers", report.Teachers)
	line("households, certain", report.Households.Certain)
	line("households, proposed", report.Households.Proposed)
	if report.MissingPostcode > 0 {
		line("without postcode", report.MissingPostcode)
	}
	if report.MissingBirthDate > 0 {
		line("without birth date", report.MissingBirthDate)
	}
	if len(report.Dropped) > 0 {
		line("not read, on purpose", strings.Join(report.Dropped, ", "))
	}
	PrintFindings(out, "warning", report.Warnings, report.WarningCount)
	PrintFindings(out, "error", report.Errors, report.ErrorCount)
}

// PrintFindings writes what was found, with how many more there are.
func PrintFindings(out io.Writer, kind string, findings []roster.Finding, all int) {
	for _, finding := range findings {
		place := finding.File
		if finding.Sheet != "" {
			place += " " + finding.Sheet
		}
		if finding.Line > 0 {
			place += fmt.Sprintf(":%d", finding.Line)
		}
		if finding.Field != "" {
			place += " " + finding.Field
		}
		fmt.Fprintf(out, "%s: %s: %s (%s)\n", kind, place, finding.Message, finding.Reason)
	}
	if all > len(findings) {
		fmt.Fprintf(out, "%s: and %d more\n", kind, all-len(findings))
	}
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
