// Package text writes the messages that families and schools get: as mail
// (plain and HTML) and as SMS, in Dutch and English. It is the only place that
// says how they read; the sentences are in locale/, one file per language.
//
// It is handed plain data and gives back text. It never looks anything up, so
// what is not handed in cannot leak: no surname, birth date, class or reason is
// among its inputs. Whatever is handed in may hold anything a person typed and
// is written so that it stays what it is: one line of text.
package text
