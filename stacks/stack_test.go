package stacks

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"platform/config"
	"platform/tests/recorder"
)

func TestUnknownStackListsTheKnown(t *testing.T) {
	resources, err := recorder.Run("moon", Run)
	require.ErrorContains(t, err, `stack "moon": is not one of dev, k3s, k3s-local, local, prod, staging; select one of them`)
	assert.Empty(t, resources)
}

// The tools ask config which platform a stack deploys, without the program.
func TestConfigKnowsTheSameStacks(t *testing.T) {
	_, ours := recorder.Run("moon", Run)
	_, theirs := config.PlatformOf("moon")
	require.Error(t, ours)
	require.Error(t, theirs)
	assert.Contains(t, ours.Error(), theirs.Error())
	for _, stack := range config.Stacks() {
		_, err := config.PlatformOf(stack)
		require.NoError(t, err)
	}
}

// TestFaultsComeBeforeResources runs the program as the engine does, with its
// configuration in the environment.
func TestErrorsComeBeforeResources(t *testing.T) {
	t.Setenv(pulumi.EnvConfig, `{"platform:environment": "Prod", "platform:frontend": "{\"replicas\": 0}"}`)
	resources, err := recorder.Run("prod", Run)
	require.ErrorContains(t, err, "platform:environment (stack prod)")
	require.ErrorContains(t, err, "platform:frontend.replicas (stack prod)")
	assert.Empty(t, resources, "nothing is registered")
}

func TestNothingIsRegisteredWithoutSecrets(t *testing.T) {
	for _, name := range []string{config.InfisicalClientID, config.InfisicalClientSecret, config.InfisicalToken} {
		t.Setenv(name, "")
	}
	cfg, err := config.ParseFile[config.EPFL]("prod", "../Pulumi.prod.yaml")
	require.NoError(t, err)
	cfg.Render.Directory = t.TempDir()
	resources, err := recorder.Run("prod", func(ctx *pulumi.Context) error { return EPFL(ctx, cfg) })
	assert.Empty(t, resources, "nothing is registered")
	require.ErrorContains(t, err, "platform:secrets.infisical (stack prod)")
	require.ErrorContains(t, err, "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID")
}

// Whatever a stack's program asks its source for is declared, and nothing else
// is: Infisical would have to keep it for nobody.
func TestStacksAskForWhatTheyDeclare(t *testing.T) {
	for _, stack := range config.Stacks() {
		t.Run(stack, func(t *testing.T) {
			platform, err := config.ReadFile(stack, "../Pulumi."+stack+".yaml")
			require.NoError(t, err)
			platform.Shared().Secrets = config.Secrets{Source: config.SourceGenerated}
			platform.Shared().Render.Directory = t.TempDir()
			resources, err := recorder.Run(stack, func(ctx *pulumi.Context) error {
				switch cfg := platform.(type) {
				case *config.EPFL:
					return EPFL(ctx, cfg)
				case *config.EddCloud:
					return EddCloud(ctx, cfg)
				default:
					return fmt.Errorf("%T is no platform of this test", cfg)
				}
			})
			require.NoError(t, err)
			var asked, declared []string
			for _, r := range resources {
				if r.Type == "random:index/randomPassword:RandomPassword" {
					asked = append(asked, r.Name)
				}
			}
			for _, value := range platform.SecretValues() {
				declared = append(declared, value.Secret+"-"+value.Key)
			}
			assert.ElementsMatch(t, declared, asked)
		})
	}
}

// apiServer answers like a cluster whose kube-system has the UID, and returns
// a kubeconfig with the context "here" that leads to it.
func apiServer(t *testing.T, status int, body string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "/api/v1/namespaces/kube-system", r.URL.Path)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	kubeconfig := clientcmdapi.NewConfig()
	kubeconfig.Clusters["c"] = &clientcmdapi.Cluster{Server: server.URL}
	kubeconfig.AuthInfos["u"] = &clientcmdapi.AuthInfo{}
	kubeconfig.Contexts["here"] = &clientcmdapi.Context{Cluster: "c", AuthInfo: "u"}
	kubeconfig.Contexts["renamed"] = kubeconfig.Contexts["here"]
	kubeconfig.Contexts["elsewhere"] = &clientcmdapi.Context{Cluster: "gone", AuthInfo: "u"}
	path := filepath.Join(t.TempDir(), "kubeconfig")
	require.NoError(t, clientcmd.WriteToFile(*kubeconfig, path))
	return path
}

func TestInspect(t *testing.T) {
	const uid, other = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
	const answer = `{"metadata": {"uid": "` + uid + `"}}`
	for name, tc := range map[string]struct {
		status  int
		body    string
		cluster config.Cluster
		want    string // "" means accepted
	}{
		"context alone":   {200, answer, config.Cluster{Context: "here"}, ""},
		"context and UID": {200, answer, config.Cluster{Context: "here", UID: uid}, ""},
		"other cluster":   {200, answer, config.Cluster{Context: "here", UID: other}, `platform:cluster.uid (stack prod): context "here" leads to cluster ` + uid + `, not to ` + other},
		"unknown context": {200, answer, config.Cluster{Context: "there"}, `platform:cluster.context (stack prod): the kubeconfig has no context "there"; it has: elsewhere, here, renamed`},
		"broken context":  {200, answer, config.Cluster{Context: "elsewhere"}, `platform:cluster.context (stack prod): context "elsewhere" cannot be used`},
		"forbidden":       {403, `{}`, config.Cluster{Context: "here"}, `the cluster of context "here" does not answer: reading namespace kube-system: 403 Forbidden`},
		"login page":      {200, `<html>`, config.Cluster{Context: "here"}, `does not answer: reading namespace kube-system`},
	} {
		t.Run(name, func(t *testing.T) {
			tc.cluster.Kubeconfig = apiServer(t, tc.status, tc.body)
			err := inspect("prod", tc.cluster, nil)
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func TestInspectWithoutKubeconfig(t *testing.T) {
	t.Setenv("KUBECONFIG", filepath.Join(t.TempDir(), "none"))
	err := inspect("prod", config.Cluster{Context: "here"}, nil)
	require.ErrorContains(t, err, `has no context "here"; it has: none`)
	err = inspect("prod", config.Cluster{Context: "here", Kubeconfig: filepath.Join(t.TempDir(), "none")}, nil)
	require.ErrorContains(t, err, "platform:cluster.kubeconfig (stack prod): the kubeconfig cannot be read")
	broken := filepath.Join(t.TempDir(), "broken")
	require.NoError(t, os.WriteFile(broken, []byte("{"), 0o600))
	require.Error(t, inspect("prod", config.Cluster{Context: "here", Kubeconfig: broken}, nil))
}

// A path of one machine in the state would look like a change on another, and a
// consent to one run would hold for all.
func TestVariablesStayOutOfTheState(t *testing.T) {
	path := apiServer(t, 200, `{"metadata": {"uid": "u"}}`)
	t.Setenv("KUBECONFIG", path)
	t.Setenv("PULUMI_K8S_ENABLE_PATCH_FORCE", "true")
	provider := providerOf(t, config.Cluster{Context: "here"})
	assert.Equal(t, "here", provider.Inputs["context"])
	assert.NotContains(t, provider.Inputs, "kubeconfig")
	assert.NotContains(t, provider.Inputs, "enablePatchForce")
	assert.Equal(t, path, os.Getenv("KUBECONFIG"), "what else runs in this process still finds it")
	assert.Equal(t, "true", os.Getenv("PULUMI_K8S_ENABLE_PATCH_FORCE"))
}

// What is another cluster to the provider has every resource replaced.
func TestIdentifierIsTheStacks(t *testing.T) {
	for name, cluster := range map[string]config.Cluster{
		"context":         {Context: "here"},
		"UID":             {Context: "here", UID: "u"},
		"another context": {Context: "renamed"},
	} {
		t.Run(name, func(t *testing.T) {
			cluster.Kubeconfig = apiServer(t, 200, `{"metadata": {"uid": "u"}}`)
			provider := providerOf(t, cluster)
			assert.Equal(t, "platform-local", provider.Inputs["clusterIdentifier"])
			assert.Equal(t, []string{"clusterIdentifier"}, provider.Ignored, "a stack that has another one keeps it")
		})
	}
}

// providerOf is the provider of the stack local on a cluster.
func providerOf(t *testing.T, cluster config.Cluster) recorder.Resource {
	t.Helper()
	cfg, err := config.ParseFile[config.EPFL]("local", "../Pulumi.local.yaml")
	require.NoError(t, err)
	cfg.Cluster, cfg.Secrets.Source = cluster, config.SourceFixed
	resources, err := recorder.Run("local", func(ctx *pulumi.Context) error { return EPFL(ctx, cfg) })
	require.NoError(t, err)
	for _, r := range resources {
		if r.Type == "pulumi:providers:kubernetes" {
			return r
		}
	}
	require.Fail(t, "there is no provider")
	return recorder.Resource{}
}
