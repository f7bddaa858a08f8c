package shape

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/factor"
)

// FactorNames are names of factors, as a policy lists them.
type FactorNames []string

// Schema implements huma.SchemaProvider: the names are those of the table.
func (FactorNames) Schema(huma.Registry) *huma.Schema {
	most := len(factor.All)
	items := &huma.Schema{Type: huma.TypeString}
	for _, one := range factor.All {
		items.Enum = append(items.Enum, string(one.Name))
	}
	return &huma.Schema{Type: huma.TypeArray, Items: items, MaxItems: &most}
}

// TypedFactors are what a parent types at log-in, a field for each factor (package factor), named like it.
type TypedFactors struct {
	Postcode      string `json:"postcode,omitempty" maxLength:"200" doc:"The fragment that the school asks for, or the whole." example:"1234 AB"`
	BirthDate     string `json:"birth_date,omitempty" maxLength:"200" doc:"The child's, as people write dates." example:"24-11-2015"`
	StudentNumber string `json:"student_number,omitempty" maxLength:"200" doc:"The school's number for the child." example:"104711"`
	CitizenLast4  string `json:"citizen_last4,omitempty" maxLength:"200" doc:"The last four digits of the child's citizen service number; never more of it." example:"0000"`
}

// EnteredFactors are what staff enter for log-in, a field for each factor, named like it. One that is left out stays as it is.
type EnteredFactors struct {
	Postcode      *string `json:"postcode,omitempty" maxLength:"20" doc:"For log-in, kept only if the school asks for it; the empty text takes it away. Never shown again." example:"1234 AB"`
	BirthDate     *string `json:"birth_date,omitempty" maxLength:"20" doc:"For log-in, kept only if the school asks for it; the empty text takes it away. Never shown again." example:"2015-11-24"`
	StudentNumber *string `json:"student_number,omitempty" maxLength:"60" doc:"For log-in, kept only if the school asks for it; the empty text takes it away. Never shown again." example:"104711"`
	CitizenLast4  *string `json:"citizen_last4,omitempty" maxLength:"4" doc:"For log-in: the last four digits of the citizen service number, kept only if the school asks for them. Never shown again." example:"0000"`
}

// Values returns what was typed, by factor; what is empty is left out.
func (f TypedFactors) Values() map[models.Factor]string {
	return factorsOf(reflect.ValueOf(f), func(field reflect.Value) (string, bool) { return field.String(), field.String() != "" })
}

// Values returns what was entered, by factor.
func (f EnteredFactors) Values() map[models.Factor]string {
	return factorsOf(reflect.ValueOf(f), func(field reflect.Value) (string, bool) {
		if field.IsNil() {
			return "", false
		}
		return field.Elem().String(), true
	})
}

func factorsOf(fields reflect.Value, read func(reflect.Value) (string, bool)) map[models.Factor]string {
	values := map[models.Factor]string{}
	for i := range fields.NumField() {
		name, _, _ := strings.Cut(fields.Type().Field(i).Tag.Get("json"), ",")
		if value, given := read(fields.Field(i)); given {
			values[models.Factor(name)] = value
		}
	}
	return values
}
