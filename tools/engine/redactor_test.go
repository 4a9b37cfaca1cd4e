package engine

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	"platform/policy/secret"
	"platform/tools/toolchain"
)

// What must not be printed: a value of the state, one of the environment, a half
// of a change, and what nobody knows and looks like a token.
const (
	ofState       = "correct-horse-battery-staple"
	ofEnvironment = "violet-umbra-lantern-orchard"
	ofChange      = "harbour-meadow-willow-thicket"
	unknown       = "ghp_Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1"
)

// said is what a double of pulumi writes, in parts that are no lines.
func said() string {
	encoded := base64.StdEncoding.EncodeToString([]byte("user:" + ofState))
	return "first line\nerror: " + ofState + "\nenvironment " + ofEnvironment + " after\nauth: " + encoded + "\nhalf " + ofChange + "\nurl " + unknown + "\nlast line"
}

// talking is a session whose pulumi says all of it to one of its outputs, 1 or
// 2, and ends with an exit code.
func talking(t *testing.T, output, code int) (*Session, *bytes.Buffer) {
	t.Helper()
	t.Setenv("A_PASSWORD", ofEnvironment)
	folder := t.TempDir()
	plain, err := json.Marshal(map[string]string{"password": base64.StdEncoding.EncodeToString([]byte(ofState))})
	require.NoError(t, err)
	state, err := json.Marshal(map[string]any{"deployment": map[string]any{"resources": []any{map[string]any{
		"urn": "urn", "type": secretType, "inputs": map[string]any{"data": map[string]any{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": string(plain)}},
	}}}})
	require.NoError(t, err)
	change := `{"resourcePreEvent":{"metadata":{"op":"update","urn":"a::b","type":"t","old":{"inputs":{"a":"` + ofChange + `"}},"new":{"inputs":{"a":"[secret]"}}}}}`
	for name, text := range map[string]string{
		"state": string(state), "said": said(), "events": change,
		"pulumi": fmt.Sprintf(`#!/bin/sh
cd %s
case "$*" in
*--show-secrets*) sleep 0.1; cat state; exit ;;
stack*) echo '{"deployment": {"resources": [{"urn": "a"}]}}'; exit ;;
esac
for log; do case "$log" in */events.json) cp events "$log" ;; esac; done
head -c 40 said >&%[2]d; tail -c +41 said >&%[2]d
exit %[3]d
`, folder, output, code),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o755))
	}
	var out bytes.Buffer
	s := prepared(t, Options{Stack: "prod", Out: &out})
	s.tools, s.cli = &toolchain.Toolchain{}, filepath.Join(folder, "pulumi")
	return s, &out
}

// At a Ctrl-C cat ends as well, and what the engine has begun goes on.
func TestWhatNobodyReadsEndsNothing(t *testing.T) {
	for name, tc := range map[string]struct {
		err  error
		fine bool
	}{
		"a pipe":      {&os.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}, true},
		"a terminal":  {&os.PathError{Op: "write", Path: "/dev/pts/1", Err: syscall.EIO}, true},
		"a full disk": {&os.PathError{Op: "write", Path: "log", Err: syscall.ENOSPC}, false},
	} {
		n, err := (redactor{failing{tc.err}, secret.NewKnown()}).Write([]byte("text"))
		assert.Equal(t, tc.fine, err == nil, name)
		assert.Equal(t, tc.fine, n == len("text"), name)
	}
}

// failing is where nothing can be written.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestAnEchoIsNoLine(t *testing.T) {
	var out bytes.Buffer
	l := &lines{out: &out, wait: func() {}}
	_, err := io.WriteString(l, "Diagnostics:\n    error: failed to run policy: context canceled\n    error: it does not fit\n")
	require.NoError(t, err)
	assert.Equal(t, "Diagnostics:\n    error: it does not fit\n", out.String())
}

// Each way on which text of the engine or of the cluster gets out.
func TestNothingThatIsPrintedHoldsASecret(t *testing.T) {
	pulumi := func(args ...string) func(*Session, context.Context) (string, error) {
		return func(s *Session, ctx context.Context) (string, error) { return "", s.Pulumi(ctx, args...) }
	}
	for name, tc := range map[string]struct {
		run    func(*Session, context.Context) (string, error)
		change bool // it knows the half of the change
	}{
		"preview":           {pulumi("preview"), false},
		"preview, a diff":   {pulumi("preview", "--diff"), true},
		"preview, for jq":   {pulumi("preview", "--json"), true},
		"up":                {pulumi("up", "--yes"), false},
		"up, a diff":        {pulumi("up", "--yes", "--diff"), true},
		"refresh":           {pulumi("refresh", "--yes"), false},
		"destroy that asks": {pulumi("destroy"), false},
		"the gate": {func(s *Session, ctx context.Context) (string, error) {
			return "", s.gate(ctx) // it shows a preview that failed
		}, false},
		"a recording": {func(s *Session, ctx context.Context) (string, error) {
			r, err := s.record(ctx, []string{"preview"})
			if err != nil {
				return "", err
			}
			defer r.Close()
			return r.Failure, nil
		}, false},
		"a recording of drift": {func(s *Session, ctx context.Context) (string, error) {
			r, err := s.RecordDrift(ctx)
			if err != nil {
				return "", err
			}
			defer r.Close()
			return r.Failure, nil
		}, false},
		"what runs": {func(s *Session, ctx context.Context) (string, error) {
			if err := s.learn(ctx)(); err != nil {
				return "", err
			}
			message := strings.ReplaceAll(said(), "\n", " ")
			s.printSummary(map[string]*summaryLine{"job": {total: 1, pods: []corev1.Pod{{Status: corev1.PodStatus{Reason: "Evicted", Message: message[:150]}}}}})
			return "first line " + "last line", nil
		}, false},
	} {
		for _, output := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s, output %d", name, output), func(t *testing.T) {
				code := 0
				if strings.HasPrefix(name, "the gate") || strings.HasPrefix(name, "a recording") {
					code = 1
				}
				s, out := talking(t, output, code)
				text, err := tc.run(s, t.Context())
				if err != nil {
					require.ErrorContains(t, err, "exit status 1")
				}
				text += out.String()
				assert.Contains(t, text, "first line")
				assert.Contains(t, text, "last line")
				assert.Contains(t, text, secret.Shown)
				for _, planted := range []string{ofState, ofEnvironment, unknown, "dXNlcjpjb3JyZWN0LWhvcnNlLWJhdHRlcnktc3RhcGxl"} {
					assert.NotContains(t, text, planted)
				}
				if tc.change && output == 1 {
					assert.NotContains(t, text, ofChange)
				}
			})
		}
	}
}

// A recording that nobody can scan is none: its section would be shown.
func TestRecordingsNeedTheValuesOfTheState(t *testing.T) {
	s, _ := talking(t, 1, 0)
	require.NoError(t, os.Remove(filepath.Join(filepath.Dir(s.cli), "state")))
	_, err := s.record(t.Context(), []string{"preview"})
	require.ErrorContains(t, err, "the secret values of the state of stack prod, which nothing may show, cannot be read")
}

// Values that the run reads again come from the policy pack.
func TestACommandIsHeardOf(t *testing.T) {
	s, _ := talking(t, 1, 0)
	environment, done, err := s.receiveSecrets()
	require.NoError(t, err)
	defer done()
	_, path, _ := strings.Cut(environment[0], "=")
	pack, err := net.Dial("unix", path)
	require.NoError(t, err)
	_, err = pack.Write([]byte(`["orchard-Meadow-1"]`))
	require.NoError(t, err)
	_, err = pack.Read(make([]byte, 1))
	require.NoError(t, err)
	assert.True(t, s.known.Holds("orchard-Meadow-1"))
	require.NoError(t, pack.Close())
	folder, err := os.Stat(filepath.Dir(path))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), folder.Mode().Perm())
}

func TestLinesArePassedOnWhole(t *testing.T) {
	var out bytes.Buffer
	waited := 0
	l := &lines{out: redactor{&out, secret.NewKnown(ofState)}, wait: func() { waited++ }}
	for i := range len(ofState) {
		_, err := l.Write([]byte(ofState[i : i+1]))
		require.NoError(t, err)
	}
	assert.Empty(t, out.String())
	_, err := l.Write([]byte("\nhalf"))
	require.NoError(t, err)
	assert.Equal(t, "[secret]\n", out.String())
	require.NoError(t, l.Close())
	assert.Equal(t, "[secret]\nhalf", out.String())
	assert.Equal(t, 2, waited)
	assert.Error(t, (&lines{out: full{}, wait: func() {}, half: []byte("a")}).Close())
	_, err = redactor{full{}, nil}.Write([]byte("text"))
	assert.Error(t, err)
}
