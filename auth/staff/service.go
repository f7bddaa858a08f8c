package staff

import (
	"github.com/ouderavond/ouderavond/auth/account"
	"github.com/ouderavond/ouderavond/auth/credential"
	"github.com/ouderavond/ouderavond/models/store"
)

// Service lets the school's people in. It is safe for concurrent use.
type Service struct {
	store       *store.Store
	accounts    *account.Service
	credentials *credential.Service
}

// NewService makes the service.
func NewService(rows *store.Store, accounts *account.Service, credentials *credential.Service) *Service {
	return &Service{store: rows, accounts: accounts, credentials: credentials}
}
