package auth

import (
	"context"
	"crypto/rand"
	"strings"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/names"
	"github.com/ouderavond/ouderavond/models/store"
)

// codeAlphabet is Crockford's base 32: no I, L, O or U, so that a letter read aloud or from paper is not mistaken.
const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// familyCodeLength is the number of random characters: forty bits. One character to check the others follows.
const familyCodeLength = 8

// newFamilyCode makes a family code with its check character.
func newFamilyCode() string {
	raw := make([]byte, familyCodeLength)
	_, _ = rand.Read(raw) // crypto/rand never fails: the program would have stopped
	code := make([]byte, familyCodeLength)
	for i, value := range raw {
		code[i] = codeAlphabet[int(value)%len(codeAlphabet)]
	}
	return string(code) + string(checkCharacter(string(code)))
}

// checkCharacter finds one wrong character and two swapped ones: a weighted sum modulo 31, a prime.
func checkCharacter(code string) byte {
	sum := 0
	for i, character := range code {
		sum += (i + 2) * strings.IndexRune(codeAlphabet, character)
	}
	return codeAlphabet[sum%31]
}

// ReadFamilyCode normalises what somebody typed from a letter: case, spaces and hyphens do not matter, O is 0, I and L are 1. ok is false if the check
// character is wrong.
func ReadFamilyCode(typed string) (code string, ok bool) {
	folded := strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(names.Digits(typed)))
	code = strings.Map(only(codeAlphabet), folded)
	if len(code) != familyCodeLength+1 || checkCharacter(code[:familyCodeLength]) != code[familyCodeLength] {
		return "", false
	}
	return code, true
}

// FamilyCode issues a new family code to a household, for the letter; an earlier one is dead from then on. It can be shown as XXXX-XXXX-X.
func (s *Service) FamilyCode(ctx context.Context, actor models.Actor, household models.HouseholdID) (string, error) {
	var code string
	err := s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		row, err := store.Get[models.Household](tx, household)
		if err != nil {
			return err
		}
		code = newFamilyCode()
		row.Details.FamilyCode = code
		row.FamilyCodeIndex = tx.Index("family code", code)
		if err := store.Update(tx, row, "details", "family_code_index"); err != nil {
			return err
		}
		return tx.Audited("family-code", household, nil)
	})
	return code, err
}

// SpacedFamilyCode is a family code as a letter shows it.
func SpacedFamilyCode(code string) string {
	if len(code) != familyCodeLength+1 {
		return code
	}
	return code[:4] + "-" + code[4:8] + "-" + code[8:]
}
