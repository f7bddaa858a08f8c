package demo

import (
	"context"
	"fmt"
	"slices"

	"github.com/pquerna/otp/totp"

	"github.com/ouderavond/ouderavond/auth/account"
	"github.com/ouderavond/ouderavond/auth/staff"
	"github.com/ouderavond/ouderavond/models"
)

// staff makes ready what lets a visitor in as the office and as a teacher, at each start anew: recovery codes were shown once, and are used up one by one. A
// school whose administrator is gone, or has another password by now, keeps what it has.
func (s *seeder) staff(ctx context.Context, school models.SchoolID, notes *SchoolNotes) error {
	actor := models.Actor{Kind: models.ActorOperator, School: school}
	accounts, err := s.app.Auth.Accounts.List(ctx, actor)
	if err != nil {
		return err
	}
	for _, one := range accounts {
		if one.Login == adminLogin {
			notes.Codes = s.secondStep(ctx, actor, one.ID)
		}
		if slices.Equal(one.Roles, []models.Role{models.RoleTeacher}) && one.State == models.AccountActive && !one.Left {
			notes.Teacher = one.Login
		}
	}
	if notes.Teacher == "" {
		notes.Teacher, err = s.teacher(ctx, actor, accounts)
	}
	return err
}

// secondStep sets an administrator's second factor up, and returns the recovery codes; none where that cannot be done.
func (s *seeder) secondStep(ctx context.Context, actor models.Actor, id models.AccountID) []string {
	if _, err := s.app.Auth.Accounts.Update(ctx, actor, id, account.Patch{NoSecond: true}); err != nil {
		return nil
	}
	opened, err := s.app.Auth.Staff.LogIn(ctx, actor.School, adminLogin, demoPassword, "", staff.Origin{})
	if err != nil {
		return nil
	}
	begun, err := s.app.Auth.Credentials.BeginTOTP(ctx, opened.Actor)
	if err != nil {
		return nil
	}
	digits, err := totp.GenerateCode(begun.Key, s.app.Clock.Now())
	if err != nil {
		return nil
	}
	codes, err := s.app.Auth.Credentials.ConfirmTOTP(ctx, opened.Actor, digits)
	if err != nil {
		return nil
	}
	_ = s.app.Auth.Sessions.Leave(ctx, opened.Actor)
	return codes
}

// teacher makes an account for the first teacher who has an address, and returns that.
func (s *seeder) teacher(ctx context.Context, actor models.Actor, accounts []account.View) (string, error) {
	people, err := s.app.Booking.People.Staff(ctx, actor)
	if err != nil {
		return "", err
	}
	for _, one := range people.AllStaff() {
		taken := slices.ContainsFunc(accounts, func(view account.View) bool { return view.Staff == one.ID })
		if one.Details.Email == "" || taken || one.State != models.PersonActive {
			continue
		}
		made, err := s.app.Auth.Accounts.Create(ctx, actor, account.New{
			Login: one.Details.Email, Name: one.Details.DisplayName, Roles: []models.Role{models.RoleTeacher}, Staff: one.ID, Untold: true,
		})
		if err != nil {
			return "", fmt.Errorf("an account for a teacher: %w", err)
		}
		opened, err := s.app.Auth.Staff.UseLink(ctx, actor.School, staff.Use{Token: made.Token}, staff.Origin{})
		if err != nil {
			return "", fmt.Errorf("an invitation accepted: %w", err)
		}
		return account.Fold(one.Details.Email), s.app.Auth.Sessions.Leave(ctx, opened.Actor)
	}
	return "", nil
}
