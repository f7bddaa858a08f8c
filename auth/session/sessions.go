package session

import (
	"context"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	programmes "github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// lifetime is how long a session lasts at most, and how long without use.
type lifetime struct{ Total, idle time.Duration }

var (
	recognisedLife = lifetime{2 * time.Hour, 30 * time.Minute}
	confirmedLife  = lifetime{12 * time.Hour, 2 * time.Hour}
	staffLife      = lifetime{presentFor, 2 * time.Hour}
	rememberedLife = lifetime{30 * 24 * time.Hour, 30 * 24 * time.Hour}
)

// seenStep is how often a session's last use is written at most.
const seenStep = time.Minute

// Opened is a session that was opened: the token for the browser or client, shown this once, and the device's receipt.
type Opened struct {
	Token     string
	Device    string // the device receipt: opens later what this device made; empty on a shared device
	ExpiresAt time.Time
	Actor     models.Actor
	Children  []OpenedChild // of a parent's session
}

// OpenedChild is a child of a session that was opened.
type OpenedChild struct {
	ID        models.PupilID
	Given     string // first name only
	Confirmed bool   // the household was confirmed
}

func lifeOf(session *models.Session) lifetime {
	switch {
	case session.Kind == models.SessionStaff && session.Data.Remembered:
		return rememberedLife
	case session.Kind == models.SessionStaff:
		return staffLife
	case slices.ContainsFunc(session.Data.Grants, func(g models.Grant) bool { return g.Confirmed }):
		return confirmedLife
	default:
		return recognisedLife
	}
}

func alive(session *models.Session, now time.Time) bool {
	return now.Before(session.ExpiresAt) && now.Before(session.SeenAt.Add(lifeOf(session).idle))
}

// Actor finds the session of a token.
func (s *Service) Actor(ctx context.Context, school models.SchoolID, token string) (models.Actor, error) {
	var actor models.Actor
	now := s.store.Now()
	session, err := s.store.Session(ctx, school, token, func(tx *store.Tx, session *models.Session) (err error) {
		actor, err = ActorOf(tx, session)
		return err
	})
	if err != nil {
		return actor, err
	}
	if !alive(session, now) {
		return models.Actor{}, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	if session.Kind == models.SessionParent {
		actor = parentOf(session)
	}
	if now.Sub(session.SeenAt) < seenStep {
		return actor, nil
	}
	err = s.store.For(models.System(school, "session")).WriteConcurrent(ctx, func(tx *store.Tx) error {
		session, err := findSession(tx, session.ID)
		if err != nil {
			return err
		}
		session.SeenAt = tx.Now()
		return store.Update(tx, session, "seen_at")
	})
	return actor, err
}

func findSession(tx *store.Tx, id models.SessionID) (*models.Session, error) {
	if tx.School().State != models.SchoolActive {
		return nil, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	session, err := store.Get[models.Session](tx, id)
	if err != nil {
		return nil, err
	}
	if !alive(session, tx.Now()) {
		return nil, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	return session, nil
}

// parentOf gives the actor of a parent's session, which says everything itself.
func parentOf(session *models.Session) models.Actor {
	return models.Actor{
		School: session.SchoolID, ID: session.ID, Kind: models.ActorParent, Grants: session.Data.Grants, Makers: session.Data.Makers,
	}
}

// ActorOf returns whom a session stands for, as the school is at this moment. Errors: errs.NotFound if its account is gone.
func ActorOf(tx *store.Tx, session *models.Session) (models.Actor, error) {
	if session.Kind == models.SessionParent {
		return parentOf(session), nil
	}
	return staffOf(tx, session)
}

// Leave ends a session; one that is not there is no error.
func (s *Service) Leave(ctx context.Context, actor models.Actor) error {
	return s.store.For(actor).WriteConcurrent(ctx, func(tx *store.Tx) error {
		_, err := store.Delete[models.Session](tx, store.Eq("id", models.SessionID(actor.ID)))
		return err
	})
}

// Opening is a parent's session being opened or widened within a transaction.
type Opening struct {
	Tx       *store.Tx
	Present  *models.Session // the session that asks, if it has one
	Device   string
	Shared   bool // the device is somebody else's too: it gets no receipt
	Language string
	Tell     bool // the contacts are told of a new device also if it is recognised only
}

// Open gives grants to a new session, or adds them to the present one. A session that becomes confirmed gets a new token.
func (o *Opening) Open(grants []models.Grant, makers []models.MakerID) (*Opened, error) {
	// A receipt that this program cannot have made is not taken over: somebody may have planted it.
	fresh := o.Shared || !IsDevice(o.Device)
	if fresh {
		o.Device = NewToken(DevicePrefix)
	}
	deviceIndex := o.Tx.Index("device", o.Device)
	var known []models.MakerID // a device that is new has booked nothing
	if !fresh {
		var err error
		if known, err = KnownMakers(o.Tx, deviceIndex, grants); err != nil {
			return nil, err
		}
	}
	if err := o.tellOfDevice(deviceIndex, grants); err != nil {
		return nil, err
	}
	session := &models.Session{ID: models.New[models.SessionID](), Kind: models.SessionParent, DeviceIndex: deviceIndex, Language: o.Language, CreatedAt: o.Tx.Now()}
	if o.Present != nil {
		session.Data = o.Present.Data
		if _, err := store.Delete[models.Session](o.Tx, store.Eq("id", o.Present.ID)); err != nil {
			return nil, err
		}
	}
	for _, grant := range grants {
		session.Data.Grants = addGrant(session.Data.Grants, grant)
	}
	for _, maker := range append(known, makers...) {
		if !slices.Contains(session.Data.Makers, maker) {
			session.Data.Makers = append(session.Data.Makers, maker)
		}
	}
	token := NewToken(SessionPrefix)
	session.TokenIndex = o.Tx.Index("session", token)
	session.SeenAt, session.ExpiresAt = o.Tx.Now(), o.Tx.Now().Add(lifeOf(session).Total)
	if err := store.Insert(o.Tx, session); err != nil {
		return nil, err
	}
	if err := noteLogin(o.Tx, session.Data.Grants); err != nil {
		return nil, err
	}
	if o.Shared {
		o.Device = ""
	}
	actor := parentOf(session)
	children, err := openedChildren(o.Tx, actor.Grants)
	return &Opened{Token: token, Device: o.Device, ExpiresAt: session.ExpiresAt, Actor: actor, Children: children}, err
}

// noteLogin keeps when the households of a session logged in, if a conference is open. In one order, so that two who log in at once do not wait for one another.
func noteLogin(tx *store.Tx, grants []models.Grant) error {
	programme, err := tx.Programme()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(programme.Conferences(), func(c *programmes.Conference) bool { return c.State == models.ConferenceOpen }) {
		return nil
	}
	rows := make([]*models.HouseholdLogin, len(grants))
	for i, grant := range grants {
		rows[i] = &models.HouseholdLogin{HouseholdID: grant.Household, At: tx.Now()}
	}
	slices.SortFunc(rows, func(a, b *models.HouseholdLogin) int { return a.HouseholdID.Compare(b.HouseholdID) })
	return store.PutLater(tx, rows...)
}

func openedChildren(tx *store.Tx, grants []models.Grant) ([]OpenedChild, error) {
	people, err := tx.Directory()
	if err != nil {
		return nil, err
	}
	var children []OpenedChild
	for _, grant := range grants {
		for _, id := range grant.Pupils {
			if pupil, ok := people.Pupil(id); ok {
				children = append(children, OpenedChild{id, pupil.Details.Given, grant.Confirmed})
			}
		}
	}
	return children, nil
}

// addGrant widens what a session has: children are added, and confirmed stays confirmed.
func addGrant(grants []models.Grant, added models.Grant) []models.Grant {
	grants = slices.Clone(grants)
	for i := range grants {
		if grants[i].Household != added.Household {
			continue
		}
		for _, pupil := range added.Pupils {
			if !slices.Contains(grants[i].Pupils, pupil) {
				grants[i].Pupils = append(slices.Clone(grants[i].Pupils), pupil)
			}
		}
		grants[i].Confirmed = grants[i].Confirmed || added.Confirmed
		return grants
	}
	return append(grants, added)
}

// KnownMakers gives the makers of a device for the households of the grants: what this device booked before.
func KnownMakers(tx *store.Tx, device []byte, grants []models.Grant) ([]models.MakerID, error) {
	rows, err := store.List[models.Maker](tx, store.Eq("device_index", device))
	if err != nil {
		return nil, err
	}
	var makers []models.MakerID
	for _, row := range rows {
		granted := slices.ContainsFunc(grants, func(g models.Grant) bool { return g.Household == row.HouseholdID })
		if granted && tx.Now().Before(row.ExpiresAt) {
			makers = append(makers, row.ID)
		}
	}
	return makers, nil
}

// PresentSession finds the session that an actor came with, to widen it.
func PresentSession(tx *store.Tx, actor models.Actor) (*models.Session, error) {
	if actor.Kind != models.ActorParent {
		return nil, nil //nolint:nilnil // who comes without a session is not at fault
	}
	session, err := tx.SessionToWrite(models.SessionID(actor.ID))
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return nil, errs.Because(errs.Unauthenticated, errs.CodeNotLoggedIn, err) // it ended in this very moment
	}
	return session, err
}
