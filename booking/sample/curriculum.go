package sample

import "strings"

// lesson is a subject and how many lessons a week a class has in it.
type lesson struct {
	subject string
	hours   int
}

// lessonTables give the subjects of a class by year and track, about ten each, as a Dutch secondary school teaches them to whole classes.
var lessonTables = map[string][]lesson{
	"1": {{"Nederlands", 4}, {"Engels", 3}, {"wiskunde", 4}, {"Frans", 3}, {"geschiedenis", 2}, {"aardrijkskunde", 2}, {"biologie", 2},
		{"lichamelijke opvoeding", 3}, {"tekenen", 2}, {"muziek", 1}},
	"2": {{"Nederlands", 4}, {"Engels", 3}, {"wiskunde", 4}, {"Frans", 2}, {"Duits", 3}, {"geschiedenis", 2}, {"aardrijkskunde", 2}, {"natuurkunde", 2},
		{"lichamelijke opvoeding", 3}, {"tekenen", 2}},
	"3": {{"Nederlands", 3}, {"Engels", 3}, {"wiskunde", 3}, {"Frans", 2}, {"Duits", 3}, {"geschiedenis", 2}, {"natuurkunde", 2}, {"scheikunde", 2},
		{"economie", 2}, {"lichamelijke opvoeding", 2}},
	"M": {{"Nederlands", 4}, {"Engels", 4}, {"wiskunde", 4}, {"Duits", 3}, {"economie", 3}, {"biologie", 3}, {"natuurkunde", 3}, {"geschiedenis", 3},
		{"maatschappijleer", 2}, {"lichamelijke opvoeding", 2}},
	"H": {{"Nederlands", 3}, {"Engels", 3}, {"wiskunde", 3}, {"economie", 3}, {"geschiedenis", 3}, {"biologie", 3}, {"scheikunde", 3}, {"natuurkunde", 3},
		{"maatschappijleer", 2}, {"lichamelijke opvoeding", 2}},
	"V": {{"Nederlands", 3}, {"Engels", 3}, {"wiskunde", 4}, {"Frans", 3}, {"economie", 3}, {"geschiedenis", 2}, {"biologie", 3}, {"scheikunde", 3},
		{"natuurkunde", 3}, {"filosofie", 2}, {"lichamelijke opvoeding", 2}},
}

// curriculum gives a class its lessons: years 1 to 3 by year, later by track.
func curriculum(g Group) []lesson {
	if table, ok := lessonTables[g.Name[:1]]; ok {
		return table
	}
	for _, t := range tracks {
		if strings.HasPrefix(g.Name[1:], t.letter) {
			return lessonTables[t.letter]
		}
	}
	return nil
}
