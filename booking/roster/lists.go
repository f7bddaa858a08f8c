package roster

import (
	"slices"
	"strings"
)

// fieldsOf cuts a text at any of some signs. Most cells hold one thing, and are not cut.
func fieldsOf(text, signs string) []string {
	if !strings.ContainsAny(text, signs) {
		if text == "" {
			return nil
		}
		return []string{text}
	}
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(signs, r) })
}

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
