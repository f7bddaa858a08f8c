package sample

import (
	"hash/fnv"
	"strings"
)

// column is a column of a pupils' file.
type column struct {
	head  string
	value func(cell) string
}

// cell is what a column needs to know to write one row.
type cell struct {
	school *School
	pupil  *Pupil
	staff  map[string]groupStaff
	habit  habit
}

var (
	numberColumn    = column{"Leerlingnummer", func(c cell) string { return c.pupil.Number }}
	givenColumn     = column{"Roepnaam", func(c cell) string { return c.pupil.Given }}
	prefixColumn    = column{"Tussenvoegsel", func(c cell) string { return c.pupil.Prefix }}
	surnameColumn   = column{"Achternaam", func(c cell) string { return c.pupil.Surname }}
	birthDateColumn = column{"Geboortedatum", func(c cell) string { return c.habit.date(c.pupil.BirthDate) }}
	postcodeColumn  = column{"Postcode", func(c cell) string { return c.habit.postcode(c.pupil.Address) }}
	houseColumn     = column{"Huisnummer", func(c cell) string { return c.pupil.Address.HouseNumber }}
	additionColumn  = column{"Toevoeging", func(c cell) string { return c.pupil.Address.Addition }}
	townColumn      = column{"Woonplaats", func(c cell) string { return c.pupil.Address.Town }}
)

// layoutColumns are the columns of each layout before what the dialect adds.
var layoutColumns = map[Layout][]column{
	LayoutParnasSys: {
		numberColumn, givenColumn, prefixColumn, surnameColumn, birthDateColumn,
		{"Geslacht", func(c cell) string { return map[Sex]string{Boy: "M", Girl: "V"}[c.pupil.Sex] }},
		postcodeColumn, houseColumn, additionColumn, townColumn,
		{"Groep", func(c cell) string { return c.staff[c.pupil.Groups[0]].name }},
		{"Leerkracht", func(c cell) string { return strings.Join(c.staff[c.pupil.Groups[0]].listed, "; ") }},
	},
	LayoutMagister: {
		{"Stamnummer", numberColumn.value}, givenColumn, prefixColumn, surnameColumn,
		{"Klas", func(c cell) string { return c.staff[c.pupil.Groups[0]].name }},
		{"Klassenmentor 1", func(c cell) string { return firstOf(c.staff[c.pupil.Groups[0]].spoken) }},
	},
	LayoutSupplement: {numberColumn, postcodeColumn, houseColumn},
	LayoutContacts:   {numberColumn, birthDateColumn, postcodeColumn, houseColumn, additionColumn, townColumn},
}

// columnsOf gives the columns of a file.
func columnsOf(d Dialect) []column {
	columns, known := layoutColumns[d.Layout]
	if !known {
		d.Layout, columns = LayoutParnasSys, layoutColumns[LayoutParnasSys]
	}
	columns = append([]column(nil), columns...)
	if d.Layout != LayoutParnasSys && d.Layout != LayoutContacts {
		return columns
	}
	for n, title := range []string{"Verzorger 1 ", "Verzorger 2 "} {
		columns = append(columns,
			column{title + "naam", func(c cell) string { return c.guardian(n).Name }},
			column{title + "e-mail", func(c cell) string { return c.habit.email(c.guardian(n).Email) }},
			column{title + "mobiel", func(c cell) string { return c.habit.phone(c.guardian(n).Phone) }},
		)
		if d.GuardianAddresses {
			columns = append(columns,
				column{title + "postcode", func(c cell) string { return c.habit.postcode(c.home(n)) }},
				column{title + "huisnummer", func(c cell) string { return c.home(n).HouseNumber }},
				column{title + "toevoeging", func(c cell) string { return c.home(n).Addition }},
			)
		}
	}
	if d.FamilyCodes {
		columns = append(columns, column{"Gezinscode", func(c cell) string { return c.pupil.FamilyCode }})
	}
	return columns
}

func (c cell) guardian(n int) Guardian {
	if n < len(c.pupil.Guardians) {
		return c.pupil.Guardians[n]
	}
	return Guardian{}
}

// home is where a guardian lives, as far as the file may know: where the pupil's own address is missing, the guardians' are too.
func (c cell) home(n int) Address {
	if n >= len(c.pupil.Guardians) || c.pupil.Traits.NoPostcode {
		return Address{}
	}
	return c.school.Households[c.pupil.Guardians[n].Household].Address
}

// groupStaff is what files say of a group: its name and the teachers who are responsible for it.
type groupStaff struct {
	name   string
	listed []string // "Hof, Chloë van 't"
	spoken []string // "Chloë van 't Hof"
}

func staffByGroup(s *School) map[string]groupStaff {
	staff := map[string]groupStaff{}
	for _, g := range s.Groups {
		staff[g.Key] = groupStaff{name: g.Name}
	}
	for _, t := range s.Teachers {
		for _, a := range t.Groups {
			if entry, home := staff[a.Group]; home && (a.Role == RoleGroup || a.Role == RoleMentor) {
				entry.listed, entry.spoken = append(entry.listed, t.ListName()), append(entry.spoken, t.FullName())
				staff[a.Group] = entry
			}
		}
	}
	return staff
}

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// habit is how one row spells things; zero is the tidy way.
type habit uint32

// habitOf draws a row's habits from the student number, so that a file reads the same whenever it is written.
func habitOf(d Dialect, number string) habit {
	if !d.Quirks {
		return 0
	}
	h := fnv.New32a()
	// Writing to a hash cannot fail.
	_, _ = h.Write([]byte(number))
	return habit(h.Sum32() | 1)
}

// pick chooses among count ways; each question takes other bits of the number, and a tidy row always chooses the first way.
func (h habit) pick(question, count int) int {
	if h == 0 {
		return 0
	}
	return int(h>>(question*5)&31) % count
}

// date writes 2018-11-03 as 03-11-2018 or 3-11-2018.
func (h habit) date(iso string) string {
	if len(iso) != len("2018-11-03") {
		return iso
	}
	year, month, dayOfMonth := iso[:4], iso[5:7], iso[8:]
	if h.pick(1, 4) == 1 {
		month, dayOfMonth = strings.TrimPrefix(month, "0"), strings.TrimPrefix(dayOfMonth, "0")
	}
	return dayOfMonth + "-" + month + "-" + year
}

func (h habit) postcode(a Address) string {
	if a.Country != "NL" || len(a.Postcode) != 6 {
		return a.Postcode
	}
	digits, letters := a.Postcode[:4], a.Postcode[4:]
	switch h.pick(2, 5) {
	case 1:
		return digits + letters
	case 2:
		return digits + strings.ToLower(letters)
	case 3:
		return digits + " " + strings.ToLower(letters)
	default:
		return digits + " " + letters
	}
}

// phone writes 06-89012345 in the ways that the same number is written; one of them is what a spreadsheet makes of it.
func (h habit) phone(number string) string {
	digits := strings.TrimPrefix(strings.ReplaceAll(number, "-", ""), "0")
	if digits == "" {
		return ""
	}
	switch h.pick(3, 7) {
	case 1:
		return "0" + digits
	case 2:
		return "+31" + digits
	case 3:
		return "+31(0)" + digits
	case 4:
		return "0031 6 " + digits[1:5] + " " + digits[5:]
	case 5:
		return digits
	default:
		return number
	}
}

func (h habit) email(address string) string {
	switch {
	case address == "":
		return ""
	case h.pick(4, 12) == 1:
		return address + " "
	case h.pick(4, 12) == 2:
		return strings.ToUpper(address[:1]) + address[1:]
	default:
		return address
	}
}
