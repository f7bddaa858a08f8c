package roster

// teacherMails remembers what became of the teachers' e-mail addresses beside pupils.
type teacherMails struct {
	used   bool // an address was given to a teacher
	unsure int  // first line with an address of which nobody knows whose it is; zero if none
}

// teacherMail gives the e-mail address of a row to its teacher, if there is only one: an address cannot be that of several.
func (c *csvReader) teacherMail(r row, named []string) {
	if !c.has(FieldTeacherEmail) || c.text(r, FieldTeacherEmail) == "" {
		return
	}
	if len(named) != 1 {
		if c.mails.unsure == 0 {
			c.mails.unsure = r.line
		}
		return
	}
	address := c.teacherEmail(r, c.report)
	if address == "" {
		return
	}
	c.mails.used = true
	if at, ok := c.people.byKey[named[0]]; ok && c.roster.Teachers[at].Email == "" {
		c.roster.Teachers[at].Email = address
	}
}

// settleTeacherEmails says which addresses were left out. A column of which none was used counts as ignored.
func (c *csvReader) settleTeacherEmails() {
	header := c.headerOf(FieldTeacherEmail)
	if c.mails.unsure > 0 {
		c.report.warn(Finding{File: c.file, Line: c.mails.unsure, Field: header, Reason: ReasonTooManyValues,
			Message: "the line does not name exactly one teacher, so the e-mail address belongs to nobody for certain; it was left out, here and on all lines like this"})
	}
	if c.mails.used {
		return
	}
	for i := range c.columns {
		if column := &c.columns[i]; column.target.field == FieldTeacherEmail {
			column.release(ColumnIgnored)
		}
	}
}
