//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// superuser is a server's, with where its password is.
type superuser struct {
	role, pod string
	key       string // in the Secret postgres-credentials
}

// changesSuperuser follows the three steps of docs/operations.md, "The
// superuser's password".
func (r *real) changesSuperuser(t *testing.T, su superuser) {
	before := r.superuserPassword(t, su)
	urn := fmt.Sprintf("urn:pulumi:%s::platform::random:index/randomPassword:RandomPassword::postgres-credentials-%s", r.stack, su.key)
	r.make("up", "ARGS=--target-replace "+urn+" --target **Secret::postgres-credentials")
	after := r.superuserPassword(t, su)
	require.NotEqual(t, before, after)
	out, err := r.feedKubectl(fmt.Sprintf("SET log_statement = 'none';\nALTER ROLE %s PASSWORD '%s';\n", su.role, strings.ReplaceAll(after, "'", "''")),
		"exec", "-i", su.pod, "--", "psql", "-U", su.role, "-d", "postgres", "-v", "ON_ERROR_STOP=1")
	require.NoError(t, err, out)
	r.make("up")
	assert.NoError(t, r.logsIn(su, after), "with the new one")
	assert.Error(t, r.logsIn(su, before), "with the old one")
}

// logsIn asks the server over the network, where it wants the password.
func (r *real) logsIn(su superuser, password string) error {
	out, err := r.feedKubectl(password, "exec", "-i", su.pod, "--", "sh", "-c",
		`PGPASSWORD=$(cat) psql -h "$(hostname -i)" -U `+su.role+` -d postgres -Atc "SELECT 1"`)
	if err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

func (r *real) superuserPassword(t *testing.T, su superuser) string {
	t.Helper()
	secret, err := r.live.typed.CoreV1().Secrets(r.live.namespace).Get(context.Background(), "postgres-credentials", metav1.GetOptions{})
	require.NoError(t, err)
	require.NotEmpty(t, secret.Data[su.key])
	return string(secret.Data[su.key])
}
