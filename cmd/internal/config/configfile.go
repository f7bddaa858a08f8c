package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
)

// File reads settings from a JSON file: an object whose names are those of the flags, with hyphens or underscores between words, and whose values are texts or numbers,
// or a list of texts where there may be several. Whatever would not be used is an error and not passed over: a typing error must not start a server with other settings
// than somebody wrote down.
func File(file io.Reader) (kong.Resolver, error) {
	name := "the configuration file"
	if named, ok := file.(interface{ Name() string }); ok {
		name = datafolder.Short(named.Name())
	}
	content, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	written, err := readObject(content)
	if err != nil {
		return nil, fmt.Errorf("%s is not JSON: %w", name, err)
	}
	several := settingNames()
	values := map[string]string{}
	var faults []error
	for _, one := range written {
		setting := strings.ReplaceAll(one.name, "_", "-")
		list, known := several[setting]
		_, twice := values[setting]
		text, err := settingText(one.value, list)
		switch {
		case setting == "config":
			faults = append(faults, fmt.Errorf("%s: %q names this file and is not for it", name, one.name))
		case !known:
			faults = append(faults, fmt.Errorf("%s: there is no setting %q", name, one.name))
		case twice:
			faults = append(faults, fmt.Errorf("%s: %q is there twice", name, setting))
		case err != nil:
			faults = append(faults, fmt.Errorf("%s: %q %w", name, one.name, err))
		default:
			values[setting] = text
		}
	}
	if len(faults) > 0 {
		slices.SortFunc(faults, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
		return nil, errors.Join(faults...)
	}
	return kong.ResolverFunc(func(_ *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
		text, ok := values[flag.Name]
		if !ok || parent.App == nil { // A flag of a command is said of one call, and is no setting.
			return nil, nil
		}
		// The library would let the file win, but what is nearer to the call goes first.
		if slices.ContainsFunc(flag.Envs, func(variable string) bool { _, given := os.LookupEnv(variable); return given }) {
			return nil, nil
		}
		return text, nil
	}), nil
}

// member is a name of a JSON object with its value.
type member struct {
	name  string
	value any
}

// readObject reads a JSON object with all of its members, also those whose name is there twice.
func readObject(content []byte) (members []member, err error) {
	decoder := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff"))))
	decoder.UseNumber()
	begin, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	if begin != json.Delim('{') {
		return nil, errors.New("an object is wanted, in curly brackets")
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		one := member{name: name.(string)}
		if err := decoder.Decode(&one.value); err != nil {
			return nil, err
		}
		members = append(members, one)
	}
	if _, err := decoder.Token(); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something stands after the object")
	}
	return members, nil
}

// settingText returns a value as the flag would have it.
func settingText(value any, several bool) (string, error) {
	switch value := value.(type) {
	case string:
		return value, nil
	case json.Number:
		return value.String(), nil
	case []any:
		texts := make([]string, len(value))
		for i, one := range value {
			text, ok := one.(string)
			if !ok || strings.Contains(text, ",") {
				return "", errors.New("must be a list of texts")
			}
			texts[i] = text
		}
		if several {
			return strings.Join(texts, ","), nil
		}
		return "", errors.New("takes one value")
	default:
		return "", errors.New("must be a text or a number")
	}
}

// SettingNames gives the names of all settings, as flags spell them.
func SettingNames() []string { return slices.Sorted(maps.Keys(settingNames())) }

// settingNames gives the names of all settings, and whether each takes several values.
func settingNames() map[string]bool {
	names := map[string]bool{}
	for i := range reflect.TypeFor[Settings]().NumField() {
		field := reflect.TypeFor[Settings]().Field(i)
		name := field.Tag.Get("name")
		if name == "" {
			name = flagName(field.Name)
		}
		names[name] = field.Type.Kind() == reflect.Slice
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
