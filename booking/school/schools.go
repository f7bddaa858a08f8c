package school

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ouderavond/ouderavond/booking/policy"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/colour"
	"github.com/ouderavond/ouderavond/models/contactpoint"
	"github.com/ouderavond/ouderavond/models/eraser"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/typed"
)

// slugForm is what a school's part of an address may look like.
var slugForm = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$`)

// reservedSlugs are parts of addresses that the program itself uses.
var reservedSlugs = []string{"api", "assets", "demo", "healthz", "readyz", "metrics", "mailbox", "components", "static", "admin", "docs", "setup", "staff"}

// DefaultPolicy is what a school asks where it chose nothing: birth date and the whole postcode.
func DefaultPolicy() models.Policy {
	return models.Policy{Factors: []models.Factor{models.FactorBirthDate, models.FactorPostcode}, PostcodePart: models.PostcodeAll}
}

// NewSchool is a school to be made. Empty fields take the product's defaults: Europe/Amsterdam, Dutch and English, DefaultPolicy, mail on, SMS off.
type NewSchool struct {
	Slug      string
	Details   models.SchoolDetails
	Kind      models.SchoolKind // secondary where it is empty
	Colour    string
	Zone      string
	Languages []string
	Policy    *models.Policy
	Channels  *models.Channels
	Rehearsal bool
}

// Create makes a school. Only the operator may; a slug that is taken is errs.Conflict.
func (s *Service) Create(ctx context.Context, actor models.Actor, wanted NewSchool) (*models.School, error) {
	school := &models.School{
		ID: models.New[models.SchoolID](), Slug: strings.ToLower(strings.TrimSpace(wanted.Slug)), State: models.SchoolActive, Kind: cmp.Or(wanted.Kind, models.SecondarySchool), Colour: wanted.Colour, Zone: wanted.Zone,
		Languages: wanted.Languages, Policy: DefaultPolicy(), Channels: models.Channels{Mail: true}, Rehearsal: wanted.Rehearsal, UndoDays: models.UndoDays, Details: wanted.Details,
	}
	if school.Zone == "" {
		school.Zone = "Europe/Amsterdam"
	}
	if len(school.Languages) == 0 {
		school.Languages = []string{"nl", "en"}
	}
	if wanted.Policy != nil {
		school.Policy = *wanted.Policy
	}
	if wanted.Channels != nil {
		school.Channels = *wanted.Channels
	}
	if err := checkSchool(school); err != nil {
		return nil, err
	}
	return school, s.store.Installation(actor).CreateSchool(ctx, school)
}

// List lists the schools, for the operator.
func (s *Service) List(ctx context.Context, actor models.Actor) ([]models.School, error) {
	return s.store.Installation(actor).Schools(ctx)
}

// Get gives the actor's school.
func (s *Service) Get(ctx context.Context, actor models.Actor) (*models.School, error) {
	var school *models.School
	err := s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		school = tx.School()
		return nil
	})
	return school, err
}

// Pending gives the policy that is to come; nil if there is none.
func (s *Service) Pending(ctx context.Context, actor models.Actor) (pending *policy.Pending, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		pending, err = policy.Of(tx)
		return err
	})
	return pending, err
}

// Patch is what may be changed of a school; nil leaves a field as it is.
type Patch struct {
	Details *models.SchoolDetails
	// Kind is the kind of school, which decides the words of every text.
	Kind *models.SchoolKind
	// Colour is the school's one colour, six hexadecimal digits with or without # before them; empty takes the product's own.
	Colour    *string
	Zone      *string
	Languages []string
	// Policy is what is asked at log-in from now on. Where that locks parents out it is noted as to come; see package policy.
	Policy *models.Policy
	// AcceptLockedOut brings the policy, or the one that is to come, into force although so many pupils' parents are locked out by it.
	AcceptLockedOut *int
	Channels        *models.Channels
	Rehearsal       *bool
	Guessing        *models.Guessing
	// UndoDays is for how many days an import can be taken back. What is kept for longer than that goes at once.
	UndoDays *int
}

// Update changes a school's own settings.
func (s *Service) Update(ctx context.Context, actor models.Actor, patch Patch) (*models.School, error) {
	var school *models.School
	err := s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		school = tx.School()
		if err := patch.apply(tx, school); err != nil {
			return err
		}
		if err := checkSchool(school); err != nil {
			return err
		}
		if patch.Channels != nil || patch.Rehearsal != nil {
			if err := s.mayWriteToParents(tx, school); err != nil {
				return err
			}
		}
		if patch.Policy != nil || patch.AcceptLockedOut != nil {
			if err := policy.Change(tx, patch.Policy, patch.AcceptLockedOut); err != nil {
				return err
			}
		}
		if err := tx.UpdateSchool("kind", "colour", "zone", "languages", "policy", "channels", "rehearsal", "guessing", "undo_days", "details"); err != nil {
			return err
		}
		return tx.Audited("school", school.ID, nil)
	})
	return school, err
}

func (p Patch) apply(tx *store.Tx, school *models.School) error {
	if p.Details != nil {
		school.Details = *p.Details
	}
	if p.Zone != nil && *p.Zone != school.Zone {
		// Windows are instants: in another zone they would show at other times of the day.
		if windows, err := store.Count[models.Availability](tx); err != nil || windows > 0 {
			if err != nil {
				return err
			}
			return errs.New(errs.Conflict, "school.zone-in-use")
		}
		school.Zone = *p.Zone
	}
	if p.Languages != nil {
		school.Languages = p.Languages
	}
	if p.Kind != nil {
		school.Kind = *p.Kind
	}
	if p.Colour != nil {
		school.Colour = *p.Colour
	}
	if p.Policy != nil {
		p.Policy.Next = nil
		p.Policy.PostcodePart = cmp.Or(p.Policy.PostcodePart, models.PostcodeAll)
		if err := policy.Check(*p.Policy); err != nil {
			return err
		}
	}
	if p.Channels != nil {
		school.Channels = *p.Channels
	}
	if p.Rehearsal != nil {
		school.Rehearsal = *p.Rehearsal
	}
	if p.Guessing != nil {
		school.Guessing = *p.Guessing
	}
	if p.UndoDays != nil {
		school.UndoDays = *p.UndoDays
		_, err := eraser.ForgetImports(tx, school.UndoDays)
		return err
	}
	return nil
}

func checkSchool(school *models.School) error {
	details := &school.Details
	for _, line := range []*string{&details.Name, &details.Place, &details.SenderName, &details.ReplyTo, &details.ContactPerson, &details.Phone} {
		*line = typed.OneLine(*line)
	}
	if school.Colour = strings.TrimSpace(school.Colour); school.Colour != "" {
		read, ok := colour.Parse(school.Colour)
		if !ok {
			return errs.InvalidField("colour", "not-a-colour")
		}
		school.Colour = read.String()
	}
	switch {
	case !slices.Contains(models.AllSchoolKinds(), school.Kind):
		return errs.InvalidField("kind", errs.CodeUnknown)
	case !slices.Contains(models.AllGuessing(), school.Guessing):
		return errs.InvalidField("guessing", errs.CodeUnknown)
	case school.UndoDays < 0 || school.UndoDays > models.MaxUndoDays:
		return errs.InvalidField("undo_days", "out-of-range")
	case !slugForm.MatchString(school.Slug) || slices.Contains(reservedSlugs, school.Slug):
		return errs.InvalidField("slug", "not-a-slug")
	case !typed.Readable(details.Name):
		return errs.InvalidField("name", errs.CodeRequired)
	case details.SenderName != "" && !typed.Readable(details.SenderName):
		return errs.InvalidField("sender_name", errs.CodeRequired)
	case utf8.RuneCountInString(school.Details.Name) > 200:
		return errs.InvalidField("name", "too-long")
	}
	if _, err := time.LoadLocation(school.Zone); err != nil || school.Zone == "Local" || school.Zone == "" {
		return errs.InvalidField("zone", errs.CodeUnknown)
	}
	for _, language := range school.Languages {
		if language != "nl" && language != "en" {
			return errs.InvalidField("languages", errs.CodeUnknown)
		}
	}
	if len(school.Languages) == 0 {
		return errs.InvalidField("languages", errs.CodeRequired)
	}
	if school.Channels.None && (school.Channels.Mail || school.Channels.SMS) {
		return errs.InvalidField("channels.none", "exactly-one")
	}
	if reply := school.Details.ReplyTo; reply != "" {
		if _, ok := contactpoint.Email(reply); !ok {
			return errs.InvalidField("reply_to", "not-an-email-address")
		}
	}
	if school.Policy.PostcodePart == "" {
		school.Policy.PostcodePart = models.PostcodeAll
	}
	return policy.Check(school.Policy)
}
