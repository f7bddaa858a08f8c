// Package language holds what the product needs to speak to people in their
// own language: catalogues of sentences, the choice of a language from what a
// browser asks for, and dates and times the way people write them.
//
// It knows no sentence itself. Each package that speaks to people brings its
// own catalogue files and opens them with [New]; a further language is a
// further file. It knows nothing of schools, requests or messages either, and
// never escapes anything: whoever puts a sentence into HTML, a header or a
// calendar file escapes it there.
package language
