// Package colour makes a school's one colour into the shades that pages are drawn with, so that text can be read on all of them whatever the school chose. It knows
// colours only, and nothing of pages, style sheets or schools.
package colour
