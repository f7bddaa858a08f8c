// Package layout is what every kind of page shares: the frame around a page's content, sentences in every language, forms that were read and checked, cookies,
// the style sheet, the headers of an answer, and the page of something that went wrong. It knows no service and nobody who is logged in: pages wrap its Visit
// with who is there.
package layout
