package undo

import (
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/booking/consequences"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/outbox"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// Obstacle is why the former time of a talk is not offered to the family; empty if it is.
type Obstacle string

// The obstacles.
const (
	Past       Obstacle = "past"        // it is over
	Closed     Obstacle = "closed"      // parents cannot book now, or the conference is gone
	Taken      Obstacle = "taken"       // the teacher is busy then, or not there any more
	NotOffered Obstacle = "not-offered" // the child is not offered that talk any more
	Unreached  Obstacle = "unreached"   // there is nobody whom the school writes to
)

// Former is a talk that a pupil had who comes back.
type Former struct {
	Talk     models.FormerTalk
	Key      string   // of the pupil
	Teachers []string // as parents see them
	Obstacle Obstacle
}

// former says of each talk of those who come back whether its time is still free.
func (p *plan) former(after *directory.Directory) ([]Former, error) {
	plans, err := p.tx.Programme()
	if err != nil {
		return nil, err
	}
	var list []Former
	for _, talk := range p.of.talks {
		if p.adds[place{"pupils", string(talk.Pupil[:])}] == nil {
			continue
		}
		one := Former{Talk: talk}
		for _, id := range talk.Staff {
			if staff, ok := after.Staff(id); ok {
				one.Teachers = append(one.Teachers, staff.Details.DisplayName)
			}
		}
		slices.Sort(one.Teachers)
		pupil, _ := after.Pupil(talk.Pupil)
		one.Key = pupil.Details.Key
		if one.Obstacle, err = p.obstacle(plans, after, pupil, talk); err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b Former) int {
		if a.Talk.Start != b.Talk.Start {
			return int(a.Talk.Start - b.Talk.Start)
		}
		return strings.Compare(a.Key, b.Key)
	})
	return list, nil
}

func (p *plan) obstacle(plans *programme.Programme, after *directory.Directory, pupil *models.Pupil, talk models.FormerTalk) (Obstacle, error) {
	if !talk.Start.Time().After(p.tx.Now()) {
		return Past, nil
	}
	conference, ok := plans.Conference(talk.Conference)
	if !ok || !rules.OpenAt(conference, p.tx.Now()) {
		return Closed, nil
	}
	row := &models.Appointment{ConferenceID: talk.Conference, TalkKindID: talk.Kind, PupilID: talk.Pupil, HouseholdID: talk.Household, StaffIDs: talk.Staff}
	if !consequences.Offered(consequences.Roster{People: after, Programme: plans}, pupil, row) {
		return NotOffered, nil
	}
	holders := make([]models.HolderID, len(talk.Staff))
	for i, id := range talk.Staff {
		holders[i] = models.HolderID(id)
		open := slices.ContainsFunc(rules.FreeSpans(conference, id, talk.Day), func(span rules.Span) bool { return span.Start <= talk.Start && span.End >= talk.End })
		if !open {
			return Taken, nil
		}
	}
	busy, err := p.tx.BusyInRows(holders, talk.Start, talk.End, nil)
	for _, holder := range holders {
		if len(busy[holder].Between(talk.Start, talk.End)) > 0 {
			return Taken, err
		}
	}
	return "", err
}

// tell tells the families of those who come back, and which of their former times are free. It marks the talks of whom nobody can be told.
func (p *plan) tell(list []Former) error {
	plans, err := p.tx.Programme()
	if err != nil {
		return err
	}
	homes := map[models.HouseholdID][]models.FormerTalk{}
	for _, one := range list {
		if one.Obstacle == "" {
			homes[one.Talk.Household] = append(homes[one.Talk.Household], one.Talk)
		}
	}
	for i, one := range list {
		talks := homes[one.Talk.Household]
		if one.Obstacle != "" || len(talks) == 0 {
			continue
		}
		told, err := p.tellHome(plans, one.Talk.Household, talks)
		if err != nil {
			return err
		}
		delete(homes, one.Talk.Household)
		for n := i; n < len(list) && !told; n++ {
			if list[n].Talk.Household == one.Talk.Household && list[n].Obstacle == "" {
				list[n].Obstacle = Unreached
			}
		}
	}
	return nil
}

// tellHome queues the message for each address of a household that the school writes to, once.
func (p *plan) tellHome(plans *programme.Programme, home models.HouseholdID, talks []models.FormerTalk) (told bool, err error) {
	contacts, err := store.List[models.Contact](p.tx, store.Eq("household_id", home))
	if err != nil {
		return false, err
	}
	written := map[string]bool{}
	for i := range contacts {
		contact := &contacts[i]
		address := strings.ToLower(contact.Details.Value)
		if !contact.Source.Confirms() || !outbox.Reaches(p.tx.School(), contact) || written[address] {
			continue
		}
		written[address] = true
		last := talks[len(talks)-1]
		conference, ok := plans.Conference(last.Conference)
		if !ok {
			continue
		}
		_, err := outbox.Queue(p.tx, outbox.Message{Kind: models.MessageReturned, Contact: contact, Until: conference.ClosesAt, Details: models.MessageDetails{Former: talks}})
		if err != nil {
			return told, err
		}
		told = true
	}
	return told, nil
}
