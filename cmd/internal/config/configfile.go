package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
)

// File reads settings from a JSON file. What is not the name of a setting is an error and not passed over: a typing error must not start a server
// with other settings than somebody wrote down.
func File(file io.Reader) (kong.Resolver, error) {
	name := "the configuration file"
	if named, ok := file.(interface{ Name() string }); ok {
		name = datafolder.Short(named.Name())
	}
	content, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var values map[string]any
	if err := json.Unmarshal(content, &values); err != nil {
		return nil, fmt.Errorf("%s is not JSON: %w", name, err)
	}
	known := SettingNames()
	var faults []error
	for key := range values {
		if !slices.Contains(known, strings.ReplaceAll(key, "_", "-")) {
			faults = append(faults, fmt.Errorf("%s: there is no setting %q", name, key))
		}
	}
	if len(faults) > 0 {
		slices.SortFunc(faults, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
		return nil, errors.Join(faults...)
	}
	return kong.JSON(bytes.NewReader(content))
}

// SettingNames gives the names of all settings, as flags spell them.
func SettingNames() []string {
	var names []string
	for i := range reflect.TypeFor[Settings]().NumField() {
		field := reflect.TypeFor[Settings]().Field(i)
		name := field.Tag.Get("name")
		if name == "" {
			name = flagName(field.Name)
		}
		names = append(names, name)
	}
	return names
}

// flagName spells a field's name as kong does: words in lower case with hyphens, runs of capitals as one word.
func flagName(field string) string {
	var name strings.Builder
	for i, r := range field {
		upper := r >= 'A' && r <= 'Z'
		if upper && i > 0 {
			before, after := field[i-1], byte('A')
			if i+1 < len(field) {
				after = field[i+1]
			}
			if before >= 'a' && before <= 'z' || after >= 'a' && after <= 'z' {
				name.WriteByte('-')
			}
		}
		name.WriteString(strings.ToLower(string(r)))
	}
	return name.String()
}
