package roster

import "slices"

// union appends the texts of more that list does not hold yet; empty ones are left out.
func union[T ~string](list, more []T) []T {
	for _, item := range more {
		if item != "" && !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	return list
}

// without returns a list without one item; nil if nothing is left.
func without(list []string, item string) []string {
	var kept []string
	for _, other := range list {
		if other != item {
			kept = append(kept, other)
		}
	}
	return kept
}
