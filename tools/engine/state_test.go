package engine

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// interrupted is the state that a killed run leaves, in the form in which the
// engine exports it.
const interrupted = `{
  "version": 3,
  "deployment": {
    "manifest": {"version": "v3.259.0"},
    "secrets_providers": {"type": "passphrase", "state": {"salt": "v1:abc"}},
    "resources": [
      {"urn": "urn:stack", "custom": false, "type": "pulumi:pulumi:Stack"},
      {"urn": "urn:claim", "custom": true, "type": "kubernetes:core/v1:PersistentVolumeClaim", "id": "ns/data", "protect": true}
    ],
    "pending_operations": [
      {"resource": {"urn": "urn:made", "custom": true, "type": "kubernetes:v1:Secret", "parent": "urn:stack", "protect": true,
        "inputs": {"kind": "Secret", "data": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:xyz"}}}, "type": "creating"},
      {"resource": {"urn": "urn:lost", "custom": true, "type": "kubernetes:v1:ConfigMap", "inputs": {}}, "type": "creating"},
      {"resource": {"urn": "urn:claim", "custom": true, "type": "kubernetes:core/v1:PersistentVolumeClaim"}, "type": "updating"}
    ]
  }
}`

func TestStateTellsWhatIsProtectedAndBegun(t *testing.T) {
	s := parse(t, interrupted)
	assert.Equal(t, []string{"urn:claim"}, s.protected())
	var begun []string
	for _, resource := range s.creating() {
		begun = append(begun, resource.URN)
	}
	assert.Equal(t, []string{"urn:made", "urn:lost"}, begun, "an update is no creation")
}

func TestSettledTakesInWhatWasFound(t *testing.T) {
	text, err := parse(t, interrupted).settled(map[string]string{"urn:made": "ns/made"})
	require.NoError(t, err)
	assert.JSONEq(t, `{
  "version": 3,
  "deployment": {
    "manifest": {"version": "v3.259.0"},
    "secrets_providers": {"type": "passphrase", "state": {"salt": "v1:abc"}},
    "resources": [
      {"urn": "urn:stack", "custom": false, "type": "pulumi:pulumi:Stack"},
      {"urn": "urn:claim", "custom": true, "type": "kubernetes:core/v1:PersistentVolumeClaim", "id": "ns/data", "protect": true},
      {"urn": "urn:made", "custom": true, "type": "kubernetes:v1:Secret", "parent": "urn:stack", "protect": true, "id": "ns/made",
        "inputs": {"kind": "Secret", "data": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:xyz"}}}
    ],
    "pending_operations": [
      {"resource": {"urn": "urn:claim", "custom": true, "type": "kubernetes:core/v1:PersistentVolumeClaim"}, "type": "updating"}
    ]
  }
}`, string(text), "inputs stay encrypted, other operations and settings as they are")
}

// A Job that is replaced has another name. What depends on it stays behind it.
func TestSettledReplacement(t *testing.T) {
	job := func(more string) string {
		return `{"urn": "urn:job", "type": "kubernetes:batch/v1:Job"` + more + `}`
	}
	const web = `{"urn": "urn:web", "dependencies": ["urn:job"]}`
	for name, tc := range map[string]struct{ before, want string }{
		"the old one is there":          {job(`, "id": "ns/old"`), job(`, "id": "ns/new"`) + "," + job(`, "id": "ns/old", "delete": true`)},
		"the old one is gone":           {job(`, "id": "ns/old", "pendingReplacement": true`), job(`, "id": "ns/new"`)},
		"so is one of an earlier run":   {job(`, "id": "ns/old", "pendingReplacement": true`) + "," + job(`, "id": "ns/older", "delete": true`), job(`, "id": "ns/new"`) + "," + job(`, "id": "ns/older", "delete": true`)},
		"one of an earlier run is left": {job(`, "id": "ns/older", "delete": true`), job(`, "id": "ns/new"`) + "," + job(`, "id": "ns/older", "delete": true`)},
	} {
		t.Run(name, func(t *testing.T) {
			before := parse(t, `{"deployment": {"resources": [{"urn": "urn:stack"},`+tc.before+`,`+web+`], "pending_operations": [{"type": "creating", "resource": `+job("")+`}]}}`)
			text, err := before.settled(map[string]string{"urn:job": "ns/new"})
			require.NoError(t, err)
			assert.JSONEq(t, `{"deployment": {"resources": [{"urn": "urn:stack"},`+tc.want+`,`+web+`], "pending_operations": null}}`, string(text))
		})
	}
}

func TestSettledForgetsWhatIsStuck(t *testing.T) {
	const stack = `{"urn":"urn:stack","inputs":{"number":12345678901234567890}}`
	before := parse(t, `{"deployment": {"resources": [`+stack+`, {"urn": "urn:job", "delete": true, "pendingReplacement": true}]}}`)
	text, err := before.settled(nil)
	require.NoError(t, err)
	assert.JSONEq(t, `{"deployment": {"resources": [`+stack+`]}}`, string(text))
	assert.Contains(t, string(text), "12345678901234567890", "a number stays as it is written")
}

func TestStuckResourcesAreThoseThatTheEngineNeverRemoves(t *testing.T) {
	for more, want := range map[string]int{
		`"delete": true, "pendingReplacement": true`: 1,
		`"delete": true`:             0,
		`"pendingReplacement": true`: 0,
		`"id": "ns/job"`:             0,
	} {
		assert.Equal(t, want, parse(t, `{"deployment": {"resources": [{"urn": "urn:job", `+more+`}]}}`).stuck(), more)
	}
}

func TestSettledRefusesWhatIsNoState(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":          `{`,
		"no deployment":    `{"version": 3}`,
		"no resource list": `{"deployment": {"resources": {}, "pending_operations": []}}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := (&state{raw: []byte(text)}).settled(nil)
			assert.Error(t, err)
		})
	}
}

func TestOwnStatesAreEmptyUntilSomethingIsMade(t *testing.T) {
	s := &Session{Stack: "local", own: true, home: t.TempDir()}
	empty, err := s.empty(context.Background())
	require.NoError(t, err)
	assert.True(t, empty, "there is no file yet")
	for name, c := range map[string]struct {
		text string
		want bool
	}{
		"initialized": {`{"version": 3, "checkpoint": {"stack": "organization/platform/local", "latest": null}}`, true},
		"deleted":     {`{"version": 3, "checkpoint": {"latest": {"manifest": {}}}}`, true},
		"deployed":    {`{"version": 3, "checkpoint": {"latest": {"resources": [{"urn": "urn:stack"}]}}}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, os.MkdirAll(filepath.Dir(s.checkpoint()), 0o700))
			require.NoError(t, os.WriteFile(s.checkpoint(), []byte(c.text), 0o600))
			empty, err := s.empty(context.Background())
			require.NoError(t, err)
			assert.Equal(t, c.want, empty)
		})
	}
	require.NoError(t, os.WriteFile(s.checkpoint(), []byte("{"), 0o600))
	_, err = s.empty(context.Background())
	assert.ErrorContains(t, err, "state of stack local")
}
