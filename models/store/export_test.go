package store

// TakesClaims gives the tables from which a deletion takes claims along, as memory knows them.
func TakesClaims() []string { return takesClaims }

// RecordedTakes gives, for each table that is recorded for an undo, the tables whose rows are noted with a row of it, each with the column that names it.
func RecordedTakes() map[string][]string {
	takes := map[string][]string{}
	for name, table := range newRecordedTables().named {
		takes[name] = []string{}
		for _, with := range table.takes {
			takes[name] = append(takes[name], with.table+"."+with.column)
		}
	}
	return takes
}
