package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models/errs"
)

const (
	// maxParts is how many files and fields one upload may have.
	maxParts = 20
	// maxFieldBytes is the greatest size of a field that is no file.
	maxFieldBytes = 64 << 10
	// maxMapped is how many columns a mapping may name.
	maxMapped = 200
)

// MIMESpreadsheet is the type of a workbook of Office Open XML (.xlsx).
const MIMESpreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// Upload describes what files a route takes.
type Upload struct {
	Types  []string // content types
	Fields map[string]*huma.Schema
}

// Describe writes the request body into an operation; huma does not know of it, because uploads never touch a disk on their way in.
func (u *Upload) Describe(operation *huma.Operation) {
	if u == nil {
		return
	}
	content := map[string]*huma.MediaType{}
	for _, name := range u.Types {
		if name == echo.MIMEMultipartForm {
			content[name] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeObject, Properties: u.Fields, Required: []string{"file"}}}
			continue
		}
		if name == MIMESpreadsheet {
			content[name] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary", Description: "The table as a spreadsheet.", Examples: []any{"docenten.xlsx"}}}
			continue
		}
		if strings.HasPrefix(name, "image/") || name == echo.MIMEOctetStream {
			content[name] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary", Description: "The picture.", Examples: []any{"logo.png"}}}
			continue
		}
		content[name] = &huma.MediaType{Schema: &huma.Schema{
			Type: huma.TypeString, Description: "The table as text, with tabs, semicolons or commas between the columns.", Examples: []any{"groep;leerkracht\n3B;J. Visser\n"},
		}}
	}
	operation.RequestBody = &huma.RequestBody{Required: true, Content: content, Description: "The files."}
}

// MultipartForm is an upload taken apart. It lives in memory only: a roster is personal data, and a temporary file would outlive the request.
type MultipartForm struct {
	Files  []roster.File
	Fields map[string]string
}

// ReadForm takes the body of the visit apart.
func ReadForm(ctx context.Context, contentType string, known map[string]*huma.Schema) (*MultipartForm, error) {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil || params["boundary"] == "" {
		return nil, WireFault(CodeMediaType)
	}
	taken := &MultipartForm{Fields: map[string]string{}}
	parts := multipart.NewReader(bytes.NewReader(CallOf(ctx).Body), params["boundary"])
	for range maxParts + 1 {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return taken, nil
		}
		if err != nil {
			return nil, WireFault(CodeBadRequest)
		}
		if err := taken.take(part, known); err != nil {
			return nil, err
		}
	}
	return nil, errs.InvalidField("file", errs.CodeTooMany)
}

func (f *MultipartForm) take(part *multipart.Part, known map[string]*huma.Schema) error {
	name := part.FormName()
	if _, ok := known[name]; !ok {
		if !isFieldName(name) {
			name = unnamed
		}
		return errs.InvalidField(name, "unknown-field")
	}
	content, err := io.ReadAll(part)
	if err != nil {
		return WireFault(CodeBadRequest)
	}
	if name == "file" {
		f.Files = append(f.Files, roster.File{Name: part.FileName(), Data: content})
		return nil
	}
	if _, twice := f.Fields[name]; twice {
		return errs.InvalidField(name, "twice")
	}
	if len(content) > maxFieldBytes {
		return errs.InvalidField(name, "too-long")
	}
	f.Fields[name] = string(content)
	return nil
}

// Mapping reads the field that says what columns mean.
func (f *MultipartForm) Mapping() (map[string]string, error) {
	text, ok := f.Fields["mapping"]
	if !ok || text == "" {
		return nil, nil
	}
	var columns map[string]string
	if err := json.Unmarshal([]byte(text), &columns); err != nil {
		return nil, errs.InvalidField("mapping", "not-an-object")
	}
	if len(columns) > maxMapped {
		return nil, errs.InvalidField("mapping", errs.CodeTooMany)
	}
	return columns, nil
}

// Yes reads a field that is true or false; false where it is left out.
func (f *MultipartForm) Yes(name string) (bool, error) {
	switch f.Fields[name] {
	case "true":
		return true, nil
	case "", "false":
		return false, nil
	}
	return false, errs.InvalidField(name, "not-a-boolean")
}
