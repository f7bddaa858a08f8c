package importing

import (
	"cmp"
	"context"
	"fmt"
	"net/http"

	"github.com/ouderavond/ouderavond/cmd/internal/console"
)

// FieldsCommand lists what a column can be.
type FieldsCommand struct {
	School string `required:"" help:"The school's slug." placeholder:"SLUG"`
}

// Run prints the fields, with an example and whether the school may keep them.
func (c FieldsCommand) Run(ctx context.Context, connect Connect, term console.Terminal) error {
	connection, err := connect(ctx)
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

// MappingsCommand lists what is remembered of lists, and forgets it.
type MappingsCommand struct {
	School string `required:"" help:"The school's slug." placeholder:"SLUG"`
	Forget string `help:"Forget what is remembered under this id." placeholder:"ID"`
}

// Run lists, or forgets.
func (c MappingsCommand) Run(ctx context.Context, connect Connect, term console.Terminal) error {
	connection, err := connect(ctx)
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
