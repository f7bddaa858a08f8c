package sample

import "fmt"

// PhonePrefix begins every number that the package makes up, in national notation: 06-890xxxxx.
//
// The Netherlands reserve no numbers for fiction. The usual 06-12345678 belongs to somebody. What begins with 06-89 has the form of a mobile number, which the
// product must accept, but the table of operators that Google's libphonenumber keeps names no operator for it (nor for 06-88). That is no
// promise for the future: a school of samples must still never be joined to a real SMS carrier.
const PhonePrefix = "06-890"

// phoneCount is how many numbers follow the prefix.
const phoneCount = 100_000

// contactBook hands out e-mail addresses and numbers, each to one person or household only.
type contactBook struct {
	taken  map[string]bool
	phones int
}

func newContactBook() *contactBook { return &contactBook{taken: map[string]bool{}} }

// phone gives the next number. They do not follow one another, so that a wrong digit rarely hits another family.
func (c *contactBook) phone() string {
	c.phones++
	return fmt.Sprintf("%s%05d", PhonePrefix, int64(c.phones)*61_703%phoneCount)
}

// email gives an address that nobody else has: the name at the domain, with a number behind it if need be.
func (c *contactBook) email(name, domain string) string {
	address := name + "@" + domain
	for n := 2; c.taken[address]; n++ {
		address = fmt.Sprintf("%s%d@%s", name, n, domain)
	}
	c.taken[address] = true
	return address
}

// parentEmail writes an address as parents choose them.
func (c *contactBook) parentEmail(d dice, g Guardian) string {
	family := mailName(g.Prefix + g.Surname)
	first := mailName(g.Initials)
	if len(first) > 1 {
		first = first[:1]
	}
	if first == "" || family == "" {
		first, family = "ouder", "thuis"
	}
	name := first + "." + family
	switch n := d.IntN(100); {
	case n < 12:
		name = family + "." + first
	case n < 22:
		name = fmt.Sprintf("%s%s%d", first, family, d.between(70, 99))
	case n < 28:
		name = first + "_" + family
	}
	return c.email(name, []string{"example.com", "example.net"}[d.weighted([]int{7, 3})])
}

// sharedEmail is one address for both parents.
func (c *contactBook) sharedEmail(g Guardian) string {
	return c.email("familie."+mailName(g.Prefix+g.Surname), "example.com")
}

// workEmail is a teacher's address at the school.
func (c *contactBook) workEmail(t Teacher) string {
	first := mailName(t.Given)
	if first != "" {
		first = first[:1] + "."
	}
	return c.email(first+mailName(t.Prefix+t.Surname), "example.org")
}
