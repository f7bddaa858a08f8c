package booking

import (
	"context"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/availability"
	"github.com/ouderavond/ouderavond/booking/byhand"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/erasure"
	"github.com/ouderavond/ouderavond/booking/evening"
	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/imports"
	"github.com/ouderavond/ouderavond/booking/mapping"
	"github.com/ouderavond/ouderavond/booking/messages"
	"github.com/ouderavond/ouderavond/booking/office"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/booking/teaching"
	"github.com/ouderavond/ouderavond/booking/undo"
	"github.com/ouderavond/ouderavond/models/store"
)

// Services are the services of the rooms, on one store. Each is safe for concurrent use.
type Services struct {
	Appointments *appointment.Service
	Availability *availability.Service
	ByHand       *byhand.Service
	Conferences  *conference.Service
	Erasures     *erasure.Service
	Evenings     *evening.Service
	Families     *family.Service
	Decisions    *people.Decisions
	Households   *household.Service
	Imports      *imports.Service
	Mappings     *mapping.Service
	Messages     *messages.Service
	Office       *office.Service
	Parts        *conference.Parts
	People       *people.Service
	Schools      *school.Service
	Teachings    *teaching.Service
	Undo         *undo.Service
}

// Options are what services need of the program around them. The zero value is a program without carriers and without anything outside its database.
type Options struct {
	// Wake is called after each commit that queued a message. Nil: nobody waits for it.
	Wake func()
	// Carriers name who takes the messages of each channel; what is not named goes to the mailbox folder.
	Carriers rules.Carriers
	// External is what is kept of schools outside the database; nil where there is nothing.
	External erasure.ExternalData
}

// New makes the services.
func New(rows *store.Store, options Options) *Services {
	wake := options.Wake
	if wake == nil {
		wake = func() {}
	}
	erasures := erasure.NewService(rows, options.External)
	// What fails outside the database is tried again by a job, and told there.
	reach := func(ctx context.Context) { _ = erasures.Reach(ctx, nil) }
	roster := people.NewService(rows, wake, reach)
	return &Services{
		Appointments: appointment.NewService(rows, wake),
		Availability: availability.NewService(rows),
		ByHand:       byhand.NewService(rows),
		Conferences:  conference.NewService(rows, options.Carriers),
		Decisions:    people.NewDecisions(rows, wake),
		Erasures:     erasures,
		Evenings:     evening.NewService(rows),
		Families:     family.NewService(rows),
		Households:   household.NewService(rows, wake, reach),
		Imports:      imports.NewService(rows, roster, wake),
		Mappings:     mapping.NewService(rows),
		Messages:     messages.NewService(rows, wake),
		Office:       office.NewService(rows),
		Parts:        conference.NewParts(rows),
		People:       roster,
		Schools:      school.NewService(rows, wake, options.Carriers),
		Teachings:    teaching.NewService(rows),
		Undo:         undo.NewService(rows, wake, reach),
	}
}
