package engine

import (
	"bytes"
	"io"
	"os"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/secret"
)

// logged is an event of the engine's log, in the form in which it writes it: a
// key of a Secret that was in clear before and is secret now, one the other
// way round, and one that is secret on both sides.
const logged = `{"sequence":1,"timestamp":1,"preludeEvent":{"config":{}}}
{"sequence":2,"timestamp":1,"resourcePreEvent":{"metadata":{"op":"update","urn":"urn:pulumi:local::platform::kubernetes:core/v1:Secret::api","type":"kubernetes:core/v1:Secret",
 "old":{"inputs":{"data":{"NOW_SECRET":"canary-before","SHORT":"ab","BOTH":"[secret]","WAS_SECRET":"[secret]","SAME":"plain"}},
        "outputs":{"data":{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","ciphertext":"[secret]"},"ports":[{"port":1}]}},
 "new":{"inputs":{"data":{"NOW_SECRET":"[secret]","SHORT":"[secret]","BOTH":"[secret]","WAS_SECRET":"canary-after\nsecond line","SAME":"plain"}},
        "outputs":{"data":{"KEY":"canary-output"},"ports":[{"port":"[secret]"}]}},
 "detailedDiff":{"data.NOW_SECRET":{"diffKind":"update","inputDiff":true},"data.WAS_SECRET":{"diffKind":"update","inputDiff":true},"metadata.labels.app":{"diffKind":"update","inputDiff":true}},"provider":""}}}
`

func logOf(t *testing.T, text string) *eventLog {
	t.Helper()
	log := &eventLog{t.TempDir()}
	require.NoError(t, os.WriteFile(log.path(), []byte(text), 0o600))
	return log
}

func maskOf(out io.Writer, log *eventLog) *mask {
	return &mask{out: out, events: log, known: &secret.Known{}, wait: func() {}}
}

func masked(t *testing.T, log *eventLog, text string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	m := maskOf(&out, log)
	for _, half := range []string{text[:len(text)/2], text[len(text)/2:]} {
		_, err := m.Write([]byte(half))
		require.NoError(t, err)
		assert.Empty(t, out.String(), "nothing shows before all is known")
	}
	return out.String(), m.Close()
}

func TestDiffIsMaskedWhenOneSideIsSecret(t *testing.T) {
	log := logOf(t, logged)
	var out bytes.Buffer
	m := maskOf(&out, log)
	_, _ = m.Write([]byte(`~ NOW_SECRET: "canary-before" => [secret]
~ SHORT: "ab" => [secret]
~ WAS_SECRET: [secret] => canary-after
    second line
~ KEY: [secret] => "canary-output"
~ port: "1" => [secret]
  SAME: "plain", absent
`))
	require.NoError(t, m.Close())
	assert.Equal(t, `~ NOW_SECRET: "[secret]" => [secret]
~ SHORT: "[secret]" => [secret]
~ WAS_SECRET: [secret] => [secret]
    [secret]
~ KEY: [secret] => "[secret]"
~ port: "[secret]" => [secret]
  SAME: "plain", absent
`, out.String(), "what is in clear on both sides stays, and so do words that a short value is part of")
}

func TestDiffIsHeldBackWithoutTheLog(t *testing.T) {
	out, err := masked(t, logOf(t, `{"sequence": no`), `password: "canary"`)
	assert.ErrorContains(t, err, "the diff is held back")
	assert.Empty(t, out)
}

func TestFailedCommandShowsWhatItSaid(t *testing.T) {
	var out bytes.Buffer
	m := maskOf(&out, &eventLog{t.TempDir()})
	_, _ = m.Write([]byte("error: it broke\n"))
	require.NoError(t, m.Close(), "it planned nothing")
	assert.Equal(t, "error: it broke\n", out.String())
}

func TestChangedSecretsAreNamed(t *testing.T) {
	steps, err := logOf(t, logged).steps()
	require.NoError(t, err)
	unknown := apitype.StepEventMetadata{Op: apitype.OpUpdate, Type: secretType, URN: "urn::made", DetailedDiff: map[string]apitype.PropertyDiff{
		"data.A": {Kind: apitype.DiffDelete}, `data[".dockerconfigjson"]`: {Kind: apitype.DiffDelete},
	}}
	more := []apitype.StepEventMetadata{
		unknown,
		{Op: apitype.OpUpdate, Type: secretType, URN: "urn::labels", DetailedDiff: map[string]apitype.PropertyDiff{"metadata.labels.app": {}}},
		{Op: apitype.OpSame, Type: secretType, URN: "urn::same"},
		{Op: apitype.OpCreate, Type: secretType, URN: "urn::new"},
		{Op: apitype.OpDelete, Type: secretType, URN: "urn::old"},
		{Op: apitype.OpUpdate, Type: "kubernetes:core/v1:ConfigMap", URN: "urn::config", DetailedDiff: map[string]apitype.PropertyDiff{"data.A": {}}},
	}
	var out bytes.Buffer
	tellSecrets(&out, append(steps, more...))
	assert.Equal(t, `Secrets that change:
  + 1 new
  - old: deleted
  ~ api: NOW_SECRET, WAS_SECRET
  ~ made: some of .dockerconfigjson, A
`, out.String())

	out.Reset()
	tellSecrets(&out, []apitype.StepEventMetadata{{Op: apitype.OpSame, Type: secretType, URN: "urn::same"}})
	assert.Empty(t, out.String(), "nothing changes")
}
