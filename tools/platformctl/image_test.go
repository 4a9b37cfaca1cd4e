package main

import (
	"bytes"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// imageCheckout is a checkout with the stack file of k3s, whose images come
// from a registry.
func imageCheckout(t *testing.T, registry string) (root string) {
	t.Helper()
	root = t.TempDir()
	text, err := os.ReadFile("../../Pulumi.k3s.yaml")
	require.NoError(t, err)
	text = bytes.ReplaceAll(text, []byte(" eddisonso/"), []byte(" "+registry+"/eddisonso/"))
	require.NoError(t, os.WriteFile(filepath.Join(root, "go.mod"), []byte("module platform\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(root, "Pulumi.k3s.yaml"), text, 0o600))
	return root
}

// imageRegistry is a registry with tags of the services of k3s, built for a
// platform.
func imageRegistry(t *testing.T, platforms map[string][]string) (host string) {
	t.Helper()
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	host = server.Listener.Addr().String()
	for tag, built := range platforms {
		index := v1.ImageIndex(empty.Index)
		for _, text := range built {
			platform, err := v1.ParsePlatform(text)
			require.NoError(t, err)
			index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: empty.Image, Descriptor: v1.Descriptor{Platform: platform}})
		}
		for _, repository := range []string{"ecloud-auth", "ecloud-gateway"} {
			ref, err := name.NewTag(host + "/eddisonso/" + repository + ":" + tag)
			require.NoError(t, err)
			require.NoError(t, remote.WriteIndex(ref, index))
		}
	}
	return host
}

// TestImageAsksTheRegistry tells what of an image is there, and what is not
// known; only the answer of a registry stops it.
func TestImageAsksTheRegistry(t *testing.T) {
	const tag, before = "20260301-101500", "20260215-062053"
	host := imageRegistry(t, map[string][]string{tag: {"linux/arm64"}})
	f := &flags{root: imageCheckout(t, host), stack: "k3s"}
	out, err := printed(t, newImage(f), "--service", "auth-service", "--tag", tag)
	require.NoError(t, err)
	assert.Equal(t, "auth-service: "+before+" → "+tag+"\nauth-service: is not built for linux/amd64, and the stack file says so; take it out of platforms\n", out)
	for service, want := range map[string]string{"gateway": "its pods may run on s0 (amd64)", "auth-service": "the registry has no " + host + "/eddisonso/ecloud-auth:20260301-101501 (most like it: " + tag + ")"} {
		tag := map[string]string{"gateway": tag, "auth-service": "20260301-101501"}[service]
		_, err = printed(t, newImage(f), "--service", service, "--tag", tag)
		require.ErrorContains(t, err, want)
	}

	f = &flags{root: imageCheckout(t, "127.0.0.1:1"), stack: "k3s"}
	out, err = printed(t, newImage(f), "--service", "auth-service", "--tag", tag)
	require.NoError(t, err)
	assert.Equal(t, "auth-service: "+before+" → "+tag+"\n"+
		"auth-service: not checked: dial tcp 127.0.0.1:1: connect: connection refused; whether 127.0.0.1:1/eddisonso/ecloud-auth:"+tag+" exists shows when a node pulls it\n", out)
}

func TestImageTellsWhatItDid(t *testing.T) {
	both := []string{"linux/amd64", "linux/arm64"}
	host := imageRegistry(t, map[string][]string{"20260215-062053": both, "20260301-101500": both, "20260302-000000": both})
	f := &flags{root: imageCheckout(t, host), stack: "k3s"}
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
	f := &flags{root: imageCheckout(t, "127.0.0.1:1"), stack: "k3s"}
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
