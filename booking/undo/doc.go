// Package undo takes roster imports back: the inverse change, by the same preview, guards and consequences, as an import of its own that can be taken back in its
// turn. It works with what the store recorded of an import (models.UndoRow), table by table and field by field, and knows no importer. What was changed since stays,
// and is listed. Talks do not come back by themselves: their former times are offered.
package undo
