package credential

import (
	"context"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	sessions "github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// Service lets the owners of accounts look after their credentials. It is safe for concurrent use.
type Service struct {
	store *store.Store
	// workers bound how many passwords are checked at once.
	workers chan struct{}
}

// NewService makes the service.
func NewService(rows *store.Store) *Service {
	return &Service{store: rows, workers: make(chan struct{}, passwordWorkers)}
}

// Enrolment is a TOTP that is about to be set up.
type Enrolment struct {
	// URL is what the program on the telephone reads, as a picture mostly: the scheme otpauth.
	URL string
	// Key is the same secret for who types it: base 32.
	Key string
}

// pendingFor is how long a secret is shown again that nobody has confirmed: who reloads the page has scanned the picture already.
const pendingFor = 30 * time.Minute

// BeginTOTP makes a secret for the actor's own account; it counts from ConfirmTOTP on. One that was begun within half an hour is returned again, an older one is
// forgotten. Who has a second factor already must have given it in this session. Errors: errs.Forbidden if they have not.
func (s *Service) BeginTOTP(ctx context.Context, actor models.Actor) (Enrolment, error) {
	var made Enrolment
	err := s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		account, err := store.Get[models.Account](tx, actor.Account)
		if err != nil {
			return err
		}
		if err := mayEnrol(tx, actor); err != nil {
			return err
		}
		begun, err := totpOf(tx, account.ID, true)
		if err != nil {
			return err
		}
		how := totp.GenerateOpts{Issuer: issuer(tx.School()), AccountName: account.Details.Login, SecretSize: secretSize}
		if begun != nil && tx.Now().Sub(begun.CreatedAt) < pendingFor {
			how.Secret = begun.Secret.Key
		}
		key, err := totp.Generate(how)
		if err != nil {
			return err
		}
		made = Enrolment{URL: key.URL(), Key: key.Secret()}
		if how.Secret != nil {
			return nil
		}
		if _, err := store.Delete[models.Credential](tx, store.Eq("account_id", account.ID), store.Eq("kind", models.CredentialTOTP), store.Eq("pending", true)); err != nil {
			return err
		}
		secret, err := decodeKey(made.Key)
		if err != nil {
			return err
		}
		return store.Insert(tx, &models.Credential{
			ID: models.New[models.RowID](), AccountID: account.ID, Kind: models.CredentialTOTP, Pending: true, CreatedAt: tx.Now(), Secret: models.CredentialSecret{Key: secret},
		})
	})
	return made, err
}

// issuer is what the program on the telephone shows above the digits. A colon would end it there.
func issuer(school *models.School) string {
	return strings.ReplaceAll(school.Details.Name, ":", " ")
}

// ConfirmTOTP puts the TOTP into force that was begun last, by digits that its program shows, and returns new recovery codes, shown this once. The session has given its
// second factor from now on. Errors: errs.Invalid for wrong digits, errs.Conflict where none was begun.
func (s *Service) ConfirmTOTP(ctx context.Context, actor models.Actor, digits string) (codes []string, err error) {
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		if err := mayEnrol(tx, actor); err != nil {
			return err
		}
		begun, err := totpOf(tx, actor.Account, true)
		if err != nil {
			return err
		}
		if begun == nil {
			return errs.New(errs.Conflict, "totp.not-begun")
		}
		step, right := stepOf(begun, digits, tx.Now())
		if !right {
			return errs.InvalidField("digits", "wrong")
		}
		if _, err := store.Delete[models.Credential](tx, store.Eq("account_id", actor.Account), store.Eq("kind", models.CredentialTOTP), store.Eq("pending", false)); err != nil {
			return err
		}
		begun.Pending, begun.Counter = false, step
		if err := store.Update(tx, begun, "pending", "counter"); err != nil {
			return err
		}
		if codes, err = newRecoveryCodes(tx, actor.Account); err != nil {
			return err
		}
		if _, err := sessions.Prove(tx, actor, models.ProvedByTOTP); err != nil {
			return err
		}
		return tx.Audited("account-second-factor", actor.Account, nil)
	})
	return codes, err
}

// NewRecoveryCodes replaces the recovery codes of the actor's own account. Errors: errs.Forbidden unless the second factor was given in this session.
func (s *Service) NewRecoveryCodes(ctx context.Context, actor models.Actor) (codes []string, err error) {
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		if err := mayEnrol(tx, actor); err != nil {
			return err
		}
		if has, err := Has(tx, actor.Account); err != nil || !has.Second {
			return errs.Because(errs.Conflict, "totp.not-begun", err)
		}
		if codes, err = newRecoveryCodes(tx, actor.Account); err != nil {
			return err
		}
		return tx.Audited("account-recovery-codes", actor.Account, nil)
	})
	return codes, err
}

// ChangePassword gives the actor's own account another password; the present one is needed where there is one. Other sessions of the account end. Errors: errs.Invalid
// for a new one that is too easy, errs.Unauthenticated if the present one is wrong.
func (s *Service) ChangePassword(ctx context.Context, actor models.Actor, present, wanted string) error {
	var account *models.Account
	var stored *models.Credential
	school := ""
	err := s.store.For(actor).Read(ctx, func(tx *store.Tx) (err error) {
		school = tx.School().Details.Name
		if account, err = store.Get[models.Account](tx, actor.Account); err != nil {
			return err
		}
		stored, err = PasswordOf(tx, actor.Account)
		return err
	})
	if err != nil {
		return err
	}
	if err := CheckPassword(wanted, school, account.Details.Login, account.Details.Name); err != nil {
		return err
	}
	if stored != nil {
		right, err := s.VerifyPassword(ctx, present, HashOf(stored))
		if err != nil {
			return errs.Because(errs.Unavailable, "cancelled", err)
		}
		if !right {
			return errs.New(errs.Unauthenticated, "login.staff")
		}
	}
	hash := HashPassword(wanted)
	return s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		if err := SetPassword(tx, actor.Account, hash); err != nil {
			return err
		}
		if err := sessions.EndOf(tx, actor.Account, models.SessionID(actor.ID)); err != nil {
			return err
		}
		return tx.Audited("account-password", actor.Account, nil)
	})
}

// mayEnrol returns nil if the session may change the account's second factor: it has none yet, or the session has given it.
func mayEnrol(tx *store.Tx, actor models.Actor) error {
	has, err := Has(tx, actor.Account)
	if err != nil {
		return err
	}
	session, err := store.Get[models.Session](tx, models.SessionID(actor.ID))
	if err != nil {
		return err
	}
	if has.Second && !sessions.SecondGiven(session) {
		return errs.New(errs.Forbidden, "login.second-factor")
	}
	return nil
}
