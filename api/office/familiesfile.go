package office

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/api/table"
	"github.com/ouderavond/ouderavond/api/trail"
	"github.com/ouderavond/ouderavond/booking/office"
)

type familiesFileInput struct {
	shape.SchoolPath
	Search string `query:"search" maxLength:"200" doc:"As in search-families. Left out, all families." example:"3B"`
}

// familiesFile returns what answers the list of families as a table: a row for each. Addresses and numbers are not in it.
func (s *Chapter) familiesFile(format table.Format) func(context.Context, *familiesFileInput) (*table.File, error) {
	return func(ctx context.Context, in *familiesFileInput) (*table.File, error) {
		v := rest.CallOf(ctx)
		found, err := s.families.Search(ctx, v.Actor, office.Search{Typed: in.Search})
		if err != nil {
			return nil, err
		}
		trail.ShownIn(ctx, found.Families) // before the table is written, line by line
		heads := []string{"family", "pupils", "keys", "groups", "guardians", "note", "talks"}
		titles := shape.Mapped(heads, func(head string) string { return s.base.Texts.Say(v.Voice(), "column."+head, nil) })
		return table.New(format, "families", titles, func(yield func([]string) bool) {
			for _, family := range found.Families {
				var pupils, keys, groups []string
				for _, child := range family.Children {
					pupils, keys = append(pupils, child.Name), append(keys, child.Key)
					if child.Group != "" && !slices.Contains(groups, child.Group) {
						groups = append(groups, child.Group)
					}
				}
				guardians := shape.Mapped(family.Guardians, func(one office.Guardian) string { return one.Name })
				if !yield([]string{family.Name, listed(pupils), listed(keys), listed(groups), listed(guardians), family.Label, strconv.Itoa(family.Talks)}) {
					return
				}
			}
		}), nil
	}
}

func listed(texts []string) string { return strings.Join(texts, ", ") }
