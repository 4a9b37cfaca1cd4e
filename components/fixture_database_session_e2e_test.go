//go:build e2e

package components_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"platform/components/postgres"
)

// connect logs in at an address.
func (d *coreDatabase) connect(t *testing.T, address string, port int, role, password, database string) (*pgx.Conn, error) {
	t.Helper()
	url, _ := opened(t, postgres.Database{
		Host: address, Port: port, Name: database, User: role, Password: pulumi.String(password), SSLMode: "disable",
	}.URL)
	return pgx.Connect(t.Context(), url)
}

// ask runs a statement as the superuser and returns its only value.
func (d *coreDatabase) ask(t *testing.T, server, statement string) any {
	t.Helper()
	session, err := d.connect(t, addresses["server "+server], d.port, "eddcloud", d.secrets()["postgres-credentials"]["POSTGRES_PASSWORD"], "postgres")
	require.NoError(t, err)
	defer session.Close(context.Background())
	var value any
	err = session.QueryRow(t.Context(), statement).Scan(&value)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	require.NoError(t, err)
	return value
}
