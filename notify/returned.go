package notify

import (
	"cmp"
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/notify/text"
)

// returned tells a family whose child is at the school again which of the former times of its talks are free at this moment.
func (c *composing) returned() (err error) {
	if err := c.addressee(); err != nil {
		return err
	}
	if c.people, err = c.tx.Directory(); err != nil {
		return err
	}
	if c.plan, err = c.tx.Programme(); err != nil {
		return err
	}
	school := c.tx.School()
	told := text.Returned{
		Language: c.language(), SchoolName: school.Details.Name, Zone: school.Location(), BookURL: c.config.BaseURL + "/" + school.Slug, ReplyTo: school.Details.ReplyTo,
		Rehearsal: school.Rehearsal,
	}
	for _, former := range c.message.Details.Former {
		pupil, there := c.people.Pupil(former.Pupil)
		free, err := c.free(former)
		if err != nil {
			return err
		}
		if !there || !free {
			continue
		}
		told.HideNames = told.HideNames || pupil.Protected
		told.Times = append(told.Times, c.formerTalk(pupil, former))
	}
	if len(told.Times) == 0 {
		return errNothingToSay
	}
	c.letter.message, err = c.config.Renderer.Returned(told)
	return err
}

// free reports whether a former time can still be booked with everybody who was in the talk.
func (c *composing) free(former models.FormerTalk) (bool, error) {
	if !former.Start.Time().After(c.tx.Now()) {
		return false, nil
	}
	holders := make([]models.HolderID, len(former.Staff))
	for i, id := range former.Staff {
		holders[i] = models.HolderID(id)
	}
	busy, err := c.tx.Busy(holders, former.Start, former.End, nil)
	return !slices.ContainsFunc(holders, func(holder models.HolderID) bool { return len(busy[holder].Between(former.Start, former.End)) > 0 }), err
}

func (c *composing) formerTalk(pupil *models.Pupil, former models.FormerTalk) text.Appointment {
	talk := text.Appointment{Child: cmp.Or(pupil.Details.Given, pupil.Details.Surname), Start: former.Start.Time(), End: former.End.Time()}
	for _, id := range former.Staff {
		if staff, ok := c.people.Staff(id); ok {
			talk.Teachers = append(talk.Teachers, staff.Details.DisplayName)
		}
	}
	slices.Sort(talk.Teachers)
	return talk
}
