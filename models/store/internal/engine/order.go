package engine

import (
	"fmt"
	"slices"
	"strings"
)

// Reference is that rows of one table name rows of another.
type Reference struct{ Child, Parent string }

// ChildrenFirst puts tables in an order in which each can be emptied without a row left behind that refers to it.
func ChildrenFirst(tables []string, references []Reference) ([]string, error) {
	left := slices.Clone(tables)
	ordered := make([]string, 0, len(tables))
	for len(left) > 0 {
		free := slices.DeleteFunc(slices.Clone(left), func(table string) bool {
			return slices.ContainsFunc(references, func(r Reference) bool { return r.Parent == table && slices.Contains(left, r.Child) })
		})
		if len(free) == 0 {
			return nil, fmt.Errorf("tables refer to one another in a circle: %s", strings.Join(left, ", "))
		}
		ordered = append(ordered, free...)
		left = slices.DeleteFunc(left, func(table string) bool { return slices.Contains(free, table) })
	}
	return ordered, nil
}
