package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// imageCheckout is a checkout with the stack file of k3s.
func imageCheckout(t *testing.T) (root string) {
	t.Helper()
	root = t.TempDir()
	text, err := os.ReadFile("../../Pulumi.k3s.yaml")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(root, "go.mod"), []byte("module platform\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(root, "Pulumi.k3s.yaml"), text, 0o600))
	return root
}

func TestImageTellsWhatItDid(t *testing.T) {
	f := &flags{root: imageCheckout(t), stack: "k3s"}
	for _, step := range []struct {
		args []string
		want string
	}{
		{[]string{"--tag", "20260215-062053"}, "auth-service: is at 20260215-062053 already\n"},
		{[]string{"--tag", "20260301-101500"}, "auth-service: 20260215-062053 → 20260301-101500\n"},
		{
			[]string{"--tag", "20260215-062053", "--allow-older", "log-ins fail"},
			"auth-service: 20260301-101500 → 20260215-062053\nauth-service: consents to the older 20260215-062053: log-ins fail\n",
		},
		{
			[]string{"--tag", "20260302-000000"},
			"auth-service: 20260215-062053 → 20260302-000000\nauth-service: its consent to 20260215-062053 is taken out\n",
		},
	} {
		out, err := printed(t, newImage(f), append([]string{"--service", "auth-service"}, step.args...)...)
		require.NoError(t, err)
		assert.Equal(t, step.want, out)
	}
	out, err := printed(t, newImage(f), "--service", "gateway", "--tag", "20260215-062053", "--allow-older", "deployed by hand")
	require.NoError(t, err)
	assert.Equal(t, "gateway: stays at 20260215-062053\ngateway: consents to the older 20260215-062053: deployed by hand\n", out)
}

func TestImageTellsMistakes(t *testing.T) {
	f := &flags{root: imageCheckout(t), stack: "k3s"}
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"nothing":         {nil, "name it with --service and --tag (make image SERVICE=name TAG=tag)"},
		"no tag":          {[]string{"--service", "gateway"}, "name it with --service and --tag"},
		"words":           {[]string{"gateway"}, `unknown command "gateway"`},
		"unknown service": {[]string{"--service", "moon", "--tag", "x"}, "use one of alerting-service, auth-service"},
		"older":           {[]string{"--service", "gateway", "--tag", "20250101-000000"}, "--allow-older REASON (make image … ALLOW_OLDER=REASON)"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := printed(t, newImage(f), tc.args...)
			assert.ErrorContains(t, err, tc.want)
		})
	}
	_, err := printed(t, newImage(&flags{root: t.TempDir(), stack: "k3s"}), "--service", "gateway", "--tag", "x")
	assert.ErrorContains(t, err, "run it inside the checkout")
}

// Makefile and command agree on names.
func TestMakeSetsImages(t *testing.T) {
	makefile, err := os.ReadFile("../../Makefile")
	require.NoError(t, err)
	assert.Regexp(t, `(?m)^image: ctl ## \S.*\n\t@\$\(CTL\) image --service "\$\(SERVICE\)" --tag "\$\(TAG\)" --allow-older "\$\(ALLOW_OLDER\)"$`, string(makefile))
}

var (
	calledLine = regexp.MustCompile(`bin/platformctl ((?:[a-z]+ )+)(.*)`)
	calledFlag = regexp.MustCompile(`(?:^| )--([a-z-]+)`)
)

// TestWorkflowsCallWhatThereIs looks up each command that the workflows call,
// with its flags.
func TestWorkflowsCallWhatThereIs(t *testing.T) {
	paths, err := filepath.Glob("../../.github/workflows/*.yml")
	require.NoError(t, err)
	called := map[string]bool{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, line := range calledLine.FindAllStringSubmatch(string(text), -1) {
			words := strings.Fields(line[1])
			root := newRoot(nil)
			command, rest, err := root.Find(words)
			if words[0] == "image" {
				command, rest, err = newImage(&flags{}), nil, nil
			}
			require.NoError(t, err, "%s: %s", path, line[0])
			assert.Empty(t, rest, "%s: %s", path, line[0])
			for _, flag := range calledFlag.FindAllStringSubmatch(line[2], -1) {
				known := command.Flags().Lookup(flag[1]) != nil || root.PersistentFlags().Lookup(flag[1]) != nil
				assert.True(t, known, "%s: %s has no flag %s", path, strings.Join(words, " "), flag[1])
			}
			called[strings.Join(words, " ")] = true
		}
	}
	for _, command := range []string{"review", "comment show", "comment post", "comment issue", "drift", "gitops", "image"} {
		assert.True(t, called[command], command)
	}
}
