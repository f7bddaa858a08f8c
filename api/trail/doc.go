// Package trail finds out whose data an answer shows, and has it written down before the answer goes out. For the REST interface it reads the ids that stand in an answer's
// types, so that no handler can forget it; for answers that show somebody without an id, and for pages, handlers say whom they show. It makes no answer and decides nothing
// about who may see what.
package trail
