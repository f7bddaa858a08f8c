package store_test

import (
	"testing"

	"github.com/ouderavond/ouderavond/models/store/storetest"
)

func TestSQLiteConforms(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t testing.TB) *storetest.Database { return storetest.NewSQLite(t) })
}

func TestPostgreSQLConforms(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t testing.TB) *storetest.Database { return storetest.NewPostgreSQL(t) })
}
