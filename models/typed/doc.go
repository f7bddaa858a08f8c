// Package typed checks and cleans what people type into a line of a form or of a request: names, titles, keys. It keeps nothing and knows no rule of the
// product but one: a number that may be somebody's citizen service number does not belong into a name. Contacts are checked by package contactpoint, names
// of people are compared by package names.
package typed
