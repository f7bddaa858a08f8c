package notify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/language"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/notify/ical"
	"github.com/ouderavond/ouderavond/notify/sms"
	"github.com/ouderavond/ouderavond/notify/text"
)

// errNothingToSay tells that a message has become pointless: its contact or day is gone.
var errNothingToSay = errors.New("nothing to say any more")

// errNoEntry tells that a confirmation was queued without its calendar entry, which is a fault of ours.
var errNoEntry = errors.New("no calendar entry")

// letter is a message rendered, with what the channels need.
type letter struct {
	to       string
	message  text.Message
	calendar []byte
	method   string
	school   *models.School
	at       time.Time
	folder   bool   // it goes to the mailbox folder
	envelope string // where servers report that it could not be delivered; empty for the sender's own address
}

// compose renders a message from the state of this moment.
func (d *Dispatcher) compose(ctx context.Context, school models.SchoolID, message *models.Message) (composed *letter, err error) {
	err = d.scope(school).Read(ctx, func(tx *store.Tx) error {
		at, err := gather(tx, []*models.Message{message})
		if err != nil {
			return err
		}
		composed, err = d.composeIn(tx, message, at)
		return err
	})
	return composed, err
}

// composeIn is compose within a transaction that has gathered what the message tells of.
func (d *Dispatcher) composeIn(tx *store.Tx, message *models.Message, at *gathered) (*letter, error) {
	if tx.School().State != models.SchoolActive {
		return nil, errNothingToSay
	}
	work := &composing{tx: tx, config: &d.config, message: message, letter: &letter{school: tx.School(), at: tx.Now()}, from: at}
	work.letter.folder = d.inFolder(tx.School(), message.Channel)
	if message.Kind == models.MessageStaffLink { // a school that rehearses keeps what would go to families; its own people have to get in all the same
		work.letter.folder = d.config.Mail == nil
	}
	if message.Channel == models.ChannelMail && d.config.BounceDomain != "" {
		work.letter.envelope = bounceAddress(tx, message.ID, d.config.BounceDomain)
	}
	write, ok := writers[message.Kind]
	if !ok {
		return nil, fmt.Errorf("%w: %q", errUnknownKind, message.Kind)
	}
	if err := write(work); err != nil {
		return work.letter, err
	}
	work.letter.message.SMS = sms.Plain(work.letter.message.SMS)
	return work.letter, nil
}

// writers are what writes each kind of message. A kind that is not here is not sent.
var writers = map[models.MessageKind]func(*composing) error{
	models.MessageConfirmation: (*composing).confirmation,
	models.MessageTest:         (*composing).test,
	models.MessageCode:         (*composing).code,
	models.MessageNewDevice:    (*composing).newDevice,
	models.MessageImport:       (*composing).imported,
	models.MessageReturned:     (*composing).returned,
	models.MessageStaffLink:    (*composing).staffLink,
}

// errUnknownKind is a message of a kind that this program does not write: another program's, or a mistake.
var errUnknownKind = errors.New("a message of an unknown kind")

type composing struct {
	tx      *store.Tx
	config  *Config
	message *models.Message
	letter  *letter
	contact *models.Contact
	people  *directory.Directory
	plan    *programme.Programme
	day     *models.Day
	within  *programme.Conference
	from    *gathered
}

func (c *composing) language() string {
	school := c.tx.School()
	return language.Voice(cmp.Or(c.message.Language, school.Languages[0]), language.Kind(school.Kind))
}

func (c *composing) test() (err error) {
	school := c.tx.School()
	c.letter.to = c.message.Details.To
	c.letter.message, err = c.config.Renderer.Test(text.Test{
		Language: c.language(), SchoolName: school.Details.Name, Zone: school.Location(), At: c.message.CreatedAt, Rehearsal: school.Rehearsal, ConfirmURL: c.testURL(),
	})
	return err
}

func (c *composing) addressee() error {
	contact, ok := c.from.contacts[c.message.ContactID]
	if !ok {
		return errNothingToSay
	}
	if contact.HouseholdID != c.message.HouseholdID {
		return errNothingToSay // the person lives elsewhere by now, and what this household does is none of their business
	}
	if contact.SuppressedFor == models.SuppressedUninformed {
		return errNothingToSay
	}
	c.contact, c.letter.to = contact, contact.Details.Value
	return nil
}

func (c *composing) code() error {
	if err := c.addressee(); err != nil {
		return err
	}
	school, details := c.tx.School(), c.message.Details
	if c.message.UsefulUntil.Sub(c.tx.Now()) < time.Minute || details.Link == "" {
		return errNothingToSay
	}
	code := text.Code{
		Language: c.language(), SchoolName: school.Details.Name, Zone: school.Location(), Digits: details.Code, Until: details.CodeUntil,
		URL: c.config.BaseURL + "/" + school.Slug + "/c/" + details.Link, LinkUntil: c.message.UsefulUntil, Last: details.Last, Rehearsal: school.Rehearsal,
	}
	if details.CodeUntil.Sub(c.tx.Now()) < time.Minute {
		code.Digits = "" // they have ended while the message waited; the link has not
	}
	var err error
	c.letter.message, err = c.config.Renderer.Code(code)
	return err
}

func (c *composing) confirmation() error {
	if err := c.addressee(); err != nil {
		return err
	}
	if err := c.findDay(); err != nil {
		return err
	}
	standing, past := c.appointments()
	school := c.tx.School()
	confirmation := text.Confirmation{
		Language: c.language(), SchoolName: school.Details.Name, Zone: school.Location(), ConferenceTitle: c.within.Details.Title,
		Appointments: c.talks(standing), Changes: c.changes(standing, past), Cancelled: len(standing) == 0, ManageURL: c.manageURL(), Why: c.whys(),
		Reasons:   c.reasons(),
		HideRooms: !c.contact.Source.Confirms(), LinkOnly: c.protected(standing, past), ReplyTo: school.Details.ReplyTo, Rehearsal: school.Rehearsal,
		HideNames: c.unproven(), RefuseURL: c.refuseURL(), Kind: text.AfterBooking, Over: c.within.Over(c.tx.Now()),
	}
	if c.message.Again {
		confirmation.Kind = text.Overview
	}
	if len(c.people.Members(c.contact.HouseholdID)) == 0 {
		confirmation.ManageURL = "" // it would open a family without children
	}
	if confirmation.Cancelled && len(confirmation.Changes.Cancelled)+len(confirmation.Changes.Moved)+len(confirmation.Changes.Left) == 0 {
		return errNothingToSay
	}
	var err error
	if c.letter.message, err = c.config.Renderer.Confirmation(confirmation); err != nil {
		return err
	}
	if c.message.Channel == models.ChannelSMS && len(confirmation.Reasons) > 0 && sms.Segments(sms.Plain(c.letter.message.SMS)) > smsParts {
		confirmation.Reasons = nil
		c.letter.message, err = c.config.Renderer.Confirmation(confirmation)
	}
	if err != nil || c.message.Channel == models.ChannelSMS || confirmation.LinkOnly {
		return err
	}
	return c.invite(confirmation, standing)
}

func (c *composing) findDay() error {
	var err error
	if c.people, err = c.tx.Directory(); err != nil {
		return err
	}
	if c.plan, err = c.tx.Programme(); err != nil {
		return err
	}
	for _, conference := range c.plan.Conferences() {
		if day, ok := conference.Day(c.message.DayID); ok {
			c.within, c.day = conference, day
			return nil
		}
	}
	return errNothingToSay
}

// appointments gives what the contact may know of: all of the household's for one on file, its own for a typed one. past are those that were cancelled or
// moved away; their names and times make up what is said of changes.
func (c *composing) appointments() (standing, past []models.Appointment) {
	onFile := c.contact.Source.Confirms()
	for _, row := range c.from.appointments[c.contact.HouseholdID] {
		switch {
		case row.ConferenceID != c.within.ID || !onFile && row.MakerID != c.contact.MakerID:
		case row.State == models.AppointmentBooked && row.DayID == c.message.DayID:
			standing = append(standing, row)
		default:
			past = append(past, row)
		}
	}
	return standing, past
}

// whyTexts are the reasons in the words of package text, which knows no rows.
var whyTexts = map[models.Why]text.Why{
	models.WhyPupilGone: text.PupilGone, models.WhyClassChanged: text.ClassChanged, models.WhyTeacherGone: text.TeacherGone, models.WhyFamilyChanged: text.FamilyChanged,
}

// whys are the reasons of what the family did not do itself.
func (c *composing) whys() []text.Why {
	var list []text.Why
	for _, change := range c.message.Details.Changes {
		if why, ok := whyTexts[change.Why]; ok && !slices.Contains(list, why) {
			list = append(list, why)
		}
	}
	return list
}

// smsParts is in how many parts an SMS goes at most with what the school wrote; a longer one goes without.
const smsParts = 3

// reasons are what the school wrote about what it cancelled, each once.
func (c *composing) reasons() (list []string) {
	for _, change := range c.message.Details.Changes {
		if change.Reason != "" && !slices.Contains(list, change.Reason) {
			list = append(list, change.Reason)
		}
	}
	return list
}

func (c *composing) protected(lists ...[]models.Appointment) bool {
	if slices.ContainsFunc(c.message.Details.Changes, func(change models.MessageChange) bool { return change.Secret }) {
		return true
	}
	for _, list := range lists {
		for _, row := range list {
			if pupil, ok := c.people.Pupil(row.PupilID); ok && pupil.Protected {
				return true
			}
		}
	}
	return false
}

func (c *composing) talks(rows []models.Appointment) []text.Appointment {
	talks := make([]text.Appointment, len(rows))
	for i := range rows {
		talks[i] = c.talk(&rows[i])
	}
	return talks
}

func (c *composing) talk(row *models.Appointment) text.Appointment {
	talk := text.Appointment{Start: row.StartTick.Time(), End: row.EndTick.Time()}
	if pupil, ok := c.people.Pupil(row.PupilID); ok {
		talk.Child = cmp.Or(pupil.Details.Given, pupil.Details.Surname)
	}
	for _, id := range row.StaffIDs {
		if staff, ok := c.people.Staff(id); ok {
			talk.Teachers = append(talk.Teachers, staff.Details.DisplayName)
		}
	}
	slices.Sort(talk.Teachers)
	if kind, ok := c.within.TalkKind(row.TalkKindID); ok {
		talk.Kind = kind.Details.Title
	}
	if room, ok := c.plan.Room(row.RoomID); ok && c.contact.Source.Confirms() {
		talk.Room = room.Details.Name
	}
	return talk
}

// changes tells what the act did, as far as the rows that are left can tell it.
func (c *composing) changes(standing, past []models.Appointment) text.Changes {
	byID := map[models.AppointmentID]*models.Appointment{}
	for _, list := range [][]models.Appointment{standing, past} {
		for i := range list {
			byID[list[i].ID] = &list[i]
		}
	}
	var changes text.Changes
	for _, change := range c.message.Details.Changes {
		row, ok := byID[change.Appointment]
		if !ok {
			// The pupil was erased, and the appointment with the pupil, or both are another family's. It must be told all the same, without a name.
			start := change.Previous.Time()
			nameless := text.Appointment{Child: c.within.Details.Title, Start: start, End: start.Add(models.TickLength)}
			if change.Act == models.ActCancel {
				changes.Cancelled = append(changes.Cancelled, nameless)
			} else if change.Act == models.ActLeave {
				changes.Left = append(changes.Left, nameless)
			}
			continue
		}
		talk := c.talk(row)
		switch {
		case change.Act == models.ActCancel || row.State == models.AppointmentCancelled:
			changes.Cancelled = append(changes.Cancelled, talk)
		case change.Act == models.ActKeep || change.Act == models.ActLeave:
			// It stands; the reason says what is new about it.
		case change.Act == models.ActMove:
			changes.Moved = append(changes.Moved, text.Move{Appointment: talk, Previous: change.Previous.Time()})
		default:
			changes.Made = append(changes.Made, talk)
		}
	}
	return changes
}

// invite makes the calendar entry: one for the household and day, from the first start to the last end, with its own UID for life. An empty one withdraws.
func (c *composing) invite(confirmation text.Confirmation, standing []models.Appointment) error {
	entry, ok := c.from.entries[entryKey{c.contact.HouseholdID, c.message.DayID, c.contact.ID}]
	if !ok {
		return errNoEntry
	}
	texts, err := c.config.Renderer.Calendar(confirmation)
	if err != nil {
		return err
	}
	if len(standing) == 0 {
		start, end := c.formerBounds()
		return c.encode(entry, texts, start, end, true)
	}
	start, end := standing[0].StartTick, standing[0].EndTick
	for _, row := range standing {
		start, end = min(start, row.StartTick), max(end, row.EndTick)
	}
	return c.encode(entry, texts, start.Time(), end.Time(), false)
}

// formerBounds gives a withdrawn entry a time: when the first of what was cancelled or moved away used to start. Clients go by the UID.
func (c *composing) formerBounds() (start, end time.Time) {
	var first models.Tick
	for _, change := range c.message.Details.Changes {
		if change.Previous != 0 && (first == 0 || change.Previous < first) {
			first = change.Previous
		}
	}
	start = first.Time()
	if first == 0 {
		start = time.Date(c.day.Date.Year, time.Month(c.day.Date.Month), c.day.Date.Day, 12, 0, 0, 0, time.UTC)
	}
	return start, start.Add(2 * models.TickLength)
}

func (c *composing) encode(entry *models.Invitation, texts text.CalendarText, start, end time.Time, cancelled bool) error {
	event := ical.Event{
		UID: entry.UID.String() + "@" + domainOf(c.config.From), Sequence: entry.Sequence, Stamp: c.tx.Now(), Start: start, End: end,
		Summary: texts.Summary, Description: texts.Description, Location: texts.Location,
		Organizer: ical.Person{Name: senderName(c.tx.School()), Address: c.config.From}, Attendee: ical.Person{Address: c.contact.Details.Value}, Cancelled: cancelled,
	}
	var err error
	c.letter.calendar, err = ical.Encode(event)
	c.letter.method = event.Method()
	return err
}

func senderName(school *models.School) string {
	return cmp.Or(school.Details.SenderName, school.Details.Name)
}

func domainOf(address string) string {
	if _, domain, ok := strings.Cut(address, "@"); ok && domain != "" {
		return domain
	}
	return "localhost"
}
