package roster

import (
	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models/errs"
)

func (s *Chapter) reportOf(v *rest.Call, report *roster.Report) *shape.RosterReport {
	finding := func(found roster.Finding) shape.FindingBody {
		return shape.FindingBody{
			File: found.File, Sheet: found.Sheet, Line: found.Line, Field: found.Field, Reason: string(found.Reason), Message: found.Message,
			Detail: s.base.Texts.Say(v.Voice(), "finding."+string(found.Reason), nil),
		}
	}
	return &shape.RosterReport{
		Readable: report.Readable(), Format: report.Format, FormatVersion: report.FormatVersion, Encoding: report.Encoding,
		Letters: append([]string{}, report.Letters...), Separator: report.Separator,
		Pupils: report.Pupils, Leavers: report.Leavers, Groups: report.Groups, Teachers: report.Teachers,
		Households: shape.HouseholdCounts{Certain: report.Households.Certain, Proposed: report.Households.Proposed}, MissingPostcode: report.MissingPostcode,
		MissingBirthDate: report.MissingBirthDate, TemporaryKeys: report.TemporaryKeys, Protected: report.Protected,
		Dropped: append([]string{}, report.Dropped...), Errors: shape.Mapped(report.Errors, finding), Warnings: shape.Mapped(report.Warnings, finding),
		ErrorCount: report.ErrorCount, WarningCount: report.WarningCount, Files: shape.Mapped(report.Files, fileOf),
	}
}

func fileOf(file roster.FileReport) shape.FileBody {
	return shape.FileBody{
		Name: file.Name, Kind: file.Kind, Format: file.Format, FormatVersion: file.FormatVersion, Encoding: file.Encoding, Separator: file.Separator,
		Rows: file.Rows, Sheets: sheetsOf(file.Sheets), Unread: append([]string{}, file.Unread...), Columns: shape.Mapped(file.Columns, func(column roster.ColumnReport) shape.ColumnBody { return shape.ColumnBody(column) }),
	}
}

// sheetsOf is nil for a file that is no spreadsheet.
func sheetsOf(sheets []roster.SheetReport) (bodies []shape.SheetBody) {
	for _, one := range sheets {
		bodies = append(bodies, shape.SheetBody(one))
	}
	return bodies
}

// unreadable is the problem of files that an import could not read: nothing was changed, and the report says what to correct.
func (s *Chapter) unreadable(v *rest.Call, report *roster.Report) *rest.Problem {
	told := &rest.Problem{Code: rest.CodeUnreadable, Status: rest.Statuses[errs.Invalid], Type: rest.ProblemType(rest.CodeUnreadable), Report: s.reportOf(v, report)}
	told.Title, told.Detail = s.base.Texts.Problem(v.Voice(), rest.CodeUnreadable, errs.Invalid, nil)
	v.Problem = told.Code
	return told.Finish(v.Language)
}
