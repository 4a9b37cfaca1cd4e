package components_test

import (
	"fmt"
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/backend"
	"platform/config"
)

// backendRevision is what the backend's pods carry under these settings.
func backendRevision(t *testing.T, mutate func(*backend.Settings)) string {
	t.Helper()
	args := backendArgs()
	mutate(&args.Settings)
	pod := run(t, registering("backend", backend.New, args)).pod(t, "Deployment")
	return dig(pod, "metadata", "annotations", "platform/revision").(string)
}

func TestRevisionFollowsWhatThePodReads(t *testing.T) {
	type s = backend.Settings
	before := backendRevision(t, func(*s) {})
	assert.Equal(t, before, backendRevision(t, func(*s) {}), "nothing changed, so no pod restarts")
	for name, mutate := range map[string]func(*s){
		"setting":  func(a *s) { a.LogLevel = "DEBUG" },
		"secret":   func(a *s) { a.SecretKey = secretValue("other") },
		"password": func(a *s) { a.Database.Password = secretValue("other") },
		"host":     func(a *s) { a.Queue.Host = "other" },
		"swapped values": func(a *s) {
			a.LogLevel, a.LogFormat = config.LogLevel(a.LogFormat), config.LogFormat(a.LogLevel)
		},
		"swapped secrets": func(a *s) {
			a.SecretKey, a.OIDCClientSecret = a.OIDCClientSecret, a.SecretKey
		},
	} {
		t.Run(name, func(t *testing.T) { assert.NotEqual(t, before, backendRevision(t, mutate)) })
	}
}

// A revision that is a secret would hide the whole pod template in each diff.
func TestRevisionIsNoSecret(t *testing.T) {
	hidden := func(a *backend.Settings) {
		a.SecretKey = pulumi.ToSecret(a.SecretKey).(pulumi.StringOutput)
		a.Database.Password = pulumi.ToSecret(a.Database.Password).(pulumi.StringOutput)
	}
	revision := backendRevision(t, hidden)
	assert.Regexp(t, "^[0-9a-f]{16}$", revision)
	assert.Equal(t, backendRevision(t, func(*backend.Settings) {}), revision, "whoever marks it, the value is the same")
}

// No two maps may have the same revision, wherever the bounds between keys
// and values lie.
func TestRevisionTellsMapsApart(t *testing.T) {
	distinct := []map[string]string{
		{},
		{"": ""},
		{"ab": "c"},
		{"a": "bc"},
		{"abc": ""},
		{"": "abc"},
		{"a": "", "bc": ""},
		{"a": "", "b": "c"},
		{"a": "b", "c": "d"},
		{"a": "d", "c": "b"},
		{"c": "b", "a": "\x00d"},
		{"a": "b\x00c\x00d"},
		{"a\x00b": "c\x00d"},
		{"a": "b\x00", "c": "d"},
		{"a": "1:c", "c": "d"},
		{"a": "b c:d"},
		{"a": `b" "c":"d`},
	}
	seen := map[string]string{}
	for _, one := range distinct {
		for where, name := range map[string]string{
			"triggers": jobName(t, one, nil),
			"secrets":  jobName(t, nil, one),
		} {
			if len(one) == 0 {
				where = "none"
			}
			what := where + ": " + fmt.Sprintf("%q", one)
			if other, ok := seen[name]; ok && other != what {
				assert.Failf(t, "same revision", "%s and %s", other, what)
			}
			seen[name] = what
		}
	}
	require.Len(t, seen, 2*len(distinct)-1)
}

func jobName(t *testing.T, triggers, secrets map[string]string) string {
	t.Helper()
	args := jobArgs()
	args.Triggers, args.TriggerSecrets = maps.Clone(triggers), pulumi.ToStringMap(secrets)
	resources := run(t, func(ctx *pulumi.Context) error { return registerJob(ctx, args) })
	return dig(resources.one(t, "Job").Inputs, "metadata", "name").(string)
}
