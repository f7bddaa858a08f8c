package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"

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

// upload describes what files a route takes.
type upload struct {
	types  []string // content types
	fields map[string]*huma.Schema
}

// rosterUpload is files of the school's administration, with what the reader should know of them.
var rosterUpload = &upload{
	types: []string{echo.MIMEMultipartForm},
	fields: map[string]*huma.Schema{
		"file": {
			Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeString, Format: "binary"},
			Description: "The files, each as a part called file: EdeXML, or CSV with further CSV files that add to it. 25 MB together.",
			Examples:    []any{[]any{"leerlingen.csv"}},
		},
		"mapping": {
			Type: huma.TypeString, Examples: []any{`{"Leerlingnr":"pupil_number","Kenmerk":"ignore"}`},
			Description: "What the columns of a CSV file mean, as JSON: header to field. Goes before the program's own choice.",
		},
		"digest": {
			Type: huma.TypeString, Examples: []any{"5f2d9c1e7a3b4c5d6e7f8091"},
			Description: "The digest of the preview that somebody agreed to. If the import would now do anything else, it does nothing (412).",
		},
		"allow_removal": {
			Type: huma.TypeString, Enum: []any{"true", "false"}, Examples: []any{"false"},
			Description: "Lets the import take away more than a fifth of the pupils.",
		},
	},
}

// teacherUpload is one table of groups and teachers, as a file or pasted.
var teacherUpload = &upload{
	types: []string{echo.MIMEMultipartForm, "text/csv", echo.MIMETextPlain},
	fields: map[string]*huma.Schema{
		"file": {
			Type: huma.TypeString, Format: "binary", Description: "The table: group, teacher and, if wanted, role, subject and e-mail address.",
			Examples: []any{"docenten.csv"},
		},
	},
}

// describe writes the request body into an operation; huma does not know of it, because uploads never touch a disk on their way in.
func (u *upload) describe(operation *huma.Operation) {
	if u == nil {
		return
	}
	content := map[string]*huma.MediaType{}
	for _, name := range u.types {
		if name == echo.MIMEMultipartForm {
			content[name] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeObject, Properties: u.fields, Required: []string{"file"}}}
			continue
		}
		content[name] = &huma.MediaType{Schema: &huma.Schema{
			Type: huma.TypeString, Description: "The table as text, with tabs, semicolons or commas between the columns.", Examples: []any{"groep;leerkracht\n3B;J. Visser\n"},
		}}
	}
	operation.RequestBody = &huma.RequestBody{Required: true, Content: content, Description: "The files."}
}

// form is an upload taken apart. It lives in memory only: a roster is personal data, and a temporary file would outlive the request.
type form struct {
	files  []roster.File
	fields map[string]string
}

// readForm takes the body of the visit apart.
func readForm(ctx context.Context, contentType string, known map[string]*huma.Schema) (*form, error) {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil || params["boundary"] == "" {
		return nil, wire(codeMediaType)
	}
	taken := &form{fields: map[string]string{}}
	parts := multipart.NewReader(bytes.NewReader(visitOf(ctx).body), params["boundary"])
	for range maxParts + 1 {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return taken, nil
		}
		if err != nil {
			return nil, wire(codeBadRequest)
		}
		if err := taken.take(part, known); err != nil {
			return nil, err
		}
	}
	return nil, errs.InvalidField("file", "too-many")
}

func (f *form) take(part *multipart.Part, known map[string]*huma.Schema) error {
	name := part.FormName()
	if _, ok := known[name]; !ok {
		if !isFieldName(name) {
			name = unnamed
		}
		return errs.InvalidField(name, "unknown-field")
	}
	content, err := io.ReadAll(part)
	if err != nil {
		return wire(codeBadRequest)
	}
	if name == "file" {
		f.files = append(f.files, roster.File{Name: part.FileName(), Data: content})
		return nil
	}
	if _, twice := f.fields[name]; twice {
		return errs.InvalidField(name, "twice")
	}
	if len(content) > maxFieldBytes {
		return errs.InvalidField(name, "too-long")
	}
	f.fields[name] = string(content)
	return nil
}

// mapping reads the field that says what columns mean.
func (f *form) mapping() (map[string]string, error) {
	text, ok := f.fields["mapping"]
	if !ok || text == "" {
		return nil, nil
	}
	var columns map[string]string
	if err := json.Unmarshal([]byte(text), &columns); err != nil {
		return nil, errs.InvalidField("mapping", "not-an-object")
	}
	if len(columns) > maxMapped {
		return nil, errs.InvalidField("mapping", "too-many")
	}
	return columns, nil
}

// yes reads a field that is true or false; false where it is left out.
func (f *form) yes(name string) (bool, error) {
	switch f.fields[name] {
	case "true":
		return true, nil
	case "", "false":
		return false, nil
	}
	return false, errs.InvalidField(name, "not-a-boolean")
}
