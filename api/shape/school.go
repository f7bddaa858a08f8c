package shape

import (
	"cmp"
	"time"

	"github.com/ouderavond/ouderavond/models"
)

// PolicyBody is what a school asks of parents at log-in.
type PolicyBody struct {
	Factors      FactorNames `json:"factors" minItems:"1" doc:"What is asked beside the child's name. Two at least, unless accept_weak is set." example:"[\"birth_date\",\"postcode\"]"`
	PostcodePart string      `json:"postcode_part,omitempty" enum:"digits,letters,all" doc:"The fragment of the postcode that is asked for; all where left out." example:"all"`
	LegalGround  string      `json:"legal_ground,omitempty" maxLength:"500" doc:"The stated ground for asking the last digits of the citizen service number; that factor is refused without one." example:"art. 8 WPO"`
	AcceptWeak   bool        `json:"accept_weak,omitempty" doc:"Says that somebody saw what a single factor is worth and takes it." example:"false"`
	// A family's link confirms where nothing is said.
	LinkRecognises bool `json:"link_recognises,omitempty" doc:"A family's personal link recognises only and does not confirm: what was booked otherwise is not shown." example:"false"`
}

// Model returns the policy that the body says, unchecked.
func (p PolicyBody) Model() models.Policy {
	factors := Mapped(p.Factors, func(name string) models.Factor { return models.Factor(name) })
	part := cmp.Or(models.PostcodePart(p.PostcodePart), models.PostcodeAll)
	return models.Policy{Factors: factors, PostcodePart: part, LegalGround: p.LegalGround, AcceptWeak: p.AcceptWeak, LinkRecognises: p.LinkRecognises}
}

// PolicyOf returns a school's policy as the API writes it.
func PolicyOf(policy models.Policy) PolicyBody {
	factors := Mapped(policy.Factors, func(factor models.Factor) string { return string(factor) })
	return PolicyBody{Factors: factors, PostcodePart: string(policy.PostcodePart), LegalGround: policy.LegalGround, AcceptWeak: policy.AcceptWeak, LinkRecognises: policy.LinkRecognises}
}

// PendingBody is a policy that is to come.
type PendingBody struct {
	Policy    PolicyBody `json:"policy" doc:"What will be asked of parents at log-in."`
	LockedOut int        `json:"locked_out" doc:"Pupils whose parents can log in now and could not by it. It comes into force when there are none, or when the school accepts that many." example:"184"`
}

// ChannelsBody is the ways in which a school's messages go out.
type ChannelsBody struct {
	Mail bool `json:"mail" doc:"By e-mail." example:"true"`
	SMS  bool `json:"sms" doc:"By text message." example:"false"`
	None bool `json:"none,omitempty" doc:"The school wants no messages at all, and knows that parents then get no confirmation. Goes with neither of the two." example:"false"`
}

// SchoolBody is a school.
type SchoolBody struct {
	ID            Ref[models.SchoolID] `json:"id" doc:"The school's id."`
	Slug          string               `json:"slug" doc:"The school's part of addresses." example:"de-linde"`
	Name          string               `json:"name" doc:"What the school is called." example:"Basisschool De Linde"`
	Place         string               `json:"place" doc:"Where it is." example:"Voorbeelddorp"`
	SenderName    string               `json:"sender_name" doc:"Who messages are from; the school's name where empty." example:"De Linde"`
	ReplyTo       string               `json:"reply_to" doc:"Where parents' questions go." example:"info@delinde.example.com"`
	ContactPerson string               `json:"contact_person" doc:"Whom the operator calls." example:"Administratie"`
	Phone         string               `json:"phone" doc:"The school's telephone number." example:"+31201234567"`
	Kind          string               `json:"kind" enum:"primary,secondary,vocational" doc:"What kind of school it is. It decides the words of every text: teacher, class, pupil." example:"secondary"`
	Colour        string               `json:"colour" doc:"The school's one colour, as #rrggbb; empty for the product's own." example:"#0b5d66"`
	Logo          *LogoBody            `json:"logo,omitempty" doc:"The school's logo, as pages show it; left out where it has none."`
	Zone          string               `json:"zone" doc:"Time zone (IANA): decides every time that a person of this school sees." example:"Europe/Amsterdam"`
	Languages     []string             `json:"languages" doc:"Languages that parents are offered, the default first." example:"[\"nl\",\"en\"]"`
	Policy        PolicyBody           `json:"policy" doc:"What is asked of parents at log-in now."`
	Pending       *PendingBody         `json:"pending_policy,omitempty" doc:"What is to be asked in its place, as soon as an import has brought what it needs. Only where one school is shown."`
	Channels      ChannelsBody         `json:"channels" doc:"The ways in which messages go out."`
	Rehearsal     bool                 `json:"rehearsal" doc:"Every message goes to the mailbox folder instead of to people." example:"false"`
	Guessing      string               `json:"guessing" enum:"links,narrow,wide" doc:"How many wrong answers the school bears with before its log-in form asks everybody for a second proof. See the school's log-ins." example:"links"`
	UndoDays      int                  `json:"undo_days" doc:"For how many days an import can be taken back; until then who left by it is kept, sealed and unseen. With 0 nothing is kept." example:"7"`
	CreatedAt     time.Time            `json:"created_at" doc:"When the school was made." example:"2026-09-01T08:00:00Z"`
}

// LogoBody is what is known of a logo.
type LogoBody struct {
	ID     string `json:"id" doc:"Another one whenever the logo changes." example:"01995a3e-7a8b-7c11-9d55-2f6d1c0b9a84"`
	Width  int    `json:"width" doc:"In pixels, 360 at most." example:"320"`
	Height int    `json:"height" doc:"In pixels, 120 at most." example:"110"`
}

// LogoOf returns a logo as the API writes it; nil if there is none.
func LogoOf(mark models.LogoMark) *LogoBody {
	if mark.ID == "" {
		return nil
	}
	return &LogoBody{mark.ID, mark.Width, mark.Height}
}

// SchoolOf returns a school as the API writes it, without anything that is secret.
func SchoolOf(row *models.School) SchoolBody {
	return SchoolBody{
		ID: RefTo(row.ID), Slug: row.Slug, Name: row.Details.Name, Place: row.Details.Place, SenderName: row.Details.SenderName, ReplyTo: row.Details.ReplyTo,
		ContactPerson: row.Details.ContactPerson, Phone: row.Details.Phone, Kind: string(row.Kind), Colour: row.Colour, Logo: LogoOf(row.Logo), Zone: row.Zone, Languages: append([]string{}, row.Languages...),
		Policy: PolicyOf(row.Policy), Channels: ChannelsBody(row.Channels), Rehearsal: row.Rehearsal, Guessing: GuessingOf(row.Guessing), UndoDays: row.UndoDays, CreatedAt: row.CreatedAt.UTC(),
	}
}

// byLinks is the word for a school that chose neither.
const byLinks = "links"

// GuessingOf returns the word for what a school chose about guesses.
func GuessingOf(chosen models.Guessing) string { return cmp.Or(string(chosen), byLinks) }

// GuessingFrom returns what a word means.
func GuessingFrom(word string) models.Guessing {
	if word == byLinks {
		return models.GuessingByLinks
	}
	return models.Guessing(word)
}

// SchoolOutput is the answer with a school.
type SchoolOutput struct{ Body SchoolBody }
