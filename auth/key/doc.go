// Package key makes and reads API keys: a school's, with scopes, and the operator's.
package key
