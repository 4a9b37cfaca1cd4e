package components_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/postgres"
	"platform/components/redis"
	"platform/tests/recorder"
)

// Whatever goes into a Secret is kept encrypted in the state, whether the
// caller marked it or not.
func TestEverySecretIsSecret(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		for _, secret := range resources.of("Secret") {
			require.NotEmpty(t, decoded(t, secret))
			assert.Equal(t, recorder.Masked, secret.Inputs["data"], secret.Name)
			assert.NotContains(t, secret.Inputs, "stringData", "the API server never returns it, so each preview would show a change")
			assert.Subset(t, secret.SecretOutputs, []string{"data", "stringData"})
			assert.Equal(t, "Opaque", secret.Inputs["type"])
			assert.NotEmpty(t, dig(secret.Inputs, "metadata", "name"), "operators look for it by name")
		}
	})
}

// A pod that starts before its Secret is updated keeps the old password until
// somebody restarts it.
func TestPodsComeAfterTheSecretsTheyRead(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		secrets := map[any]string{}
		for _, secret := range resources.of("Secret") {
			secrets[dig(secret.Inputs, "metadata", "name")] = secret.Name
		}
		for kind := range podTemplate {
			for _, owner := range resources.of(kind) {
				for read := range readSecrets(dig(owner.Inputs, podTemplate[kind]...)) {
					if name, ours := secrets[read]; ours && kind != "CronJob" { // its next pod starts later
						assert.True(t, reaches(resources, owner, "Secret", name), "%s %s before %s", kind, owner.Name, name)
					}
				}
			}
		}
	})
}

// readSecrets are the names of the Secrets that a pod mounts or reads.
func readSecrets(pod any) map[any]bool {
	names := map[any]bool{}
	for _, volume := range list(pod, "spec", "volumes") {
		if name := dig(volume, "secret", "secretName"); name != nil {
			names[name] = true
		}
	}
	for _, container := range containers(pod) {
		for _, variable := range list(container, "env") {
			if name := dig(variable, "valueFrom", "secretKeyRef", "name"); name != nil {
				names[name] = true
			}
		}
	}
	return names
}

// reaches says whether a resource waits for another, if only by way of others.
func reaches(resources record, from recorder.Resource, kind, name string) bool {
	if dependsOn(from, kind, name) {
		return true
	}
	for _, other := range resources {
		next := other.Type[strings.LastIndex(other.Type, ":")+1:]
		if dependsOn(from, next, other.Name) && reaches(resources, other, kind, name) {
			return true
		}
	}
	return false
}

func TestSecretsHoldTheirValues(t *testing.T) {
	for name, tc := range map[string]struct {
		register program
		want     map[string]string
	}{
		"postgres-credentials": {
			registering("postgres", postgres.New, postgresArgs()),
			map[string]string{"admin-password": canary + "admin", "user-password": canary + "database"},
		},
		"postgres-connection": {
			registering("postgres", postgres.New, managedArgs()),
			map[string]string{
				"host": "db.epfl.ch", "port": "5432", "database": "co2calculator", "user": "co2calculator",
				"password": canary + "database",
				"url":      "postgresql://co2calculator:c4n4ry-p%40ss%2Fw%3Ard%3F%23%25database@db.epfl.ch:5432/co2calculator?sslmode=verify-full",
			},
		},
		"redis-auth": {
			registering("redis", redis.New, redisArgs()),
			map[string]string{"password": canary + "queue", "auth.conf": `requirepass "c4n4ry\x2dp\x40ss\x2fw\x3ard\x3f\x23\x25queue"` + "\n"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			held := run(t, tc.register).one(t, "Secret", name)
			assert.Equal(t, name, dig(held.Inputs, "metadata", "name"))
			assert.Equal(t, tc.want, decoded(t, held))
		})
	}
}
