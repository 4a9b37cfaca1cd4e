package components_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/postgres"
	"platform/components/redis"
)

// opened is the value of an output, and whether it is marked secret.
func opened(t *testing.T, url func() pulumi.StringOutput) (string, bool) {
	t.Helper()
	var value string
	var hidden bool
	run(t, func(*pulumi.Context) error {
		output := url()
		hidden = pulumi.IsSecret(output)
		done := make(chan struct{})
		output.ApplyT(func(v string) string {
			value = v
			close(done)
			return v
		})
		<-done
		return nil
	})
	return value, hidden
}

func TestDatabaseURL(t *testing.T) {
	for name, tc := range map[string]struct{ password, mode, want string }{
		"plain":              {"secret", "", "postgresql://co2:secret@postgres-service:5432/co2calculator"},
		"special characters": {"p@ss/w:rd?#%", "", "postgresql://co2:p%40ss%2Fw%3Ard%3F%23%25@postgres-service:5432/co2calculator"},
		"over TLS":           {"secret", "verify-full", "postgresql://co2:secret@postgres-service:5432/co2calculator?sslmode=verify-full"},
		"every printable":    {" !\"#$%&'()*+,-./0:;<=>?@A[\\]^_`a{|}~é", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			url, hidden := opened(t, postgres.Database{
				Host: "postgres-service", Port: 5432, Name: "co2calculator", User: "co2",
				Password: pulumi.String(tc.password), SSLMode: tc.mode,
			}.URL)
			assert.True(t, hidden)
			if tc.want != "" {
				assert.Equal(t, tc.want, url)
			}
			parsed, err := pgx.ParseConfig(url)
			require.NoError(t, err)
			assert.Equal(t, tc.password, parsed.Password)
			assert.Equal(t, "postgres-service", parsed.Host)
			assert.Equal(t, "co2calculator", parsed.Database)
		})
	}
}

func TestQueueURL(t *testing.T) {
	url, hidden := opened(t, redis.Queue{Host: "redis-service", Port: 6379, Password: pulumi.String("p@ss/w:rd?#%")}.URL)
	assert.True(t, hidden)
	assert.Equal(t, "redis://:p%40ss%2Fw%3Ard%3F%23%25@redis-service:6379/0", url)
}
