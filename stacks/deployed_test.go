package stacks

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/rest"

	"platform/config"
)

// authAt is a configuration that deploys auth-service with a tag.
func authAt(tag string, rollback map[string]string) *config.EddCloud {
	return &config.EddCloud{
		Services: map[string]config.CoreService{"auth-service": {Build: config.Build{Image: "eddisonso/ecloud-auth:" + tag}}},
		Rollback: rollback,
	}
}

// lists answers as an API server with one Deployment and one DaemonSet.
func lists(t *testing.T, deployment, daemonSet string) *rest.Config {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, known := map[string]string{
			"/apis/apps/v1/namespaces/core/deployments": deployment,
			"/apis/apps/v1/namespaces/core/daemonsets":  daemonSet,
		}[r.URL.Path]
		if !known || body == "" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return &rest.Config{Host: server.URL}
}

const nothing = `{"items": []}`

func runs(name, image string) string {
	return `{"items": [{"metadata": {"name": "` + name + `"}, "spec": {"template": {"spec": {"containers": [{"image": "` + image + `"}]}}}}]}`
}

func TestOlderImageNeedsConsent(t *testing.T) {
	const older, newer = "20260215-062053", "20260301-120000"
	for name, tc := range map[string]struct {
		cfg     *config.EddCloud
		running string
		want    string // "" means accepted
	}{
		"first deployment":         {authAt(older, nil), nothing, ""},
		"the same":                 {authAt(newer, nil), runs("auth-service", "eddisonso/ecloud-auth:"+newer), ""},
		"newer":                    {authAt(newer, nil), runs("auth-service", "docker.io/eddisonso/ecloud-auth:"+older), ""},
		"older":                    {authAt(older, nil), runs("auth-service", "eddisonso/ecloud-auth:"+newer), `eddisonso/ecloud-auth`},
		"older with consent":       {authAt(older, map[string]string{"auth-service": older}), runs("auth-service", "eddisonso/ecloud-auth:"+newer), ""},
		"consent to another tag":   {authAt(older, map[string]string{"auth-service": "20260101-000000"}), runs("auth-service", "eddisonso/ecloud-auth:"+newer), older},
		"consent of another":       {authAt(older, map[string]string{"gateway": older}), runs("auth-service", "eddisonso/ecloud-auth:"+newer), older},
		"what runs has no time":    {authAt(older, nil), runs("auth-service", "eddisonso/ecloud-auth:latest"), ""},
		"another component":        {authAt(older, nil), runs("log-service", "eddisonso/ecloud-logging:"+newer), ""},
		"a Deployment of no image": {authAt(older, nil), `{"items": [{"metadata": {"name": "auth-service"}}]}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := newerThanDeployed(tc.cfg)("k3s", lists(t, tc.running, nothing))
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, "platform:rollback[auth-service] (stack k3s)")
			require.ErrorContains(t, err, "auth-service is tagged "+older+", and "+newer+" runs, which is newer")
			require.ErrorContains(t, err, `consent to going back: platform:rollback: {auth-service: "`+older+`"}`)
		})
	}
}

func TestDaemonSetsAreLookedAtToo(t *testing.T) {
	cfg := &config.EddCloud{}
	cfg.GFS.Chunkserver.Image = "eddisonso/ecloud-gfs:20260215-062053"
	err := newerThanDeployed(cfg)("k3s", lists(t, nothing, runs("gfs-chunkserver", "eddisonso/ecloud-gfs:20260301-120000")))
	require.ErrorContains(t, err, "platform:rollback[gfs-chunkserver] (stack k3s)")
}

func TestWhoMayNotListIsTold(t *testing.T) {
	err := newerThanDeployed(authAt("20260215-062053", nil))("k3s", lists(t, "", nothing))
	require.ErrorContains(t, err, "the deployments of namespace core cannot be read: 403 Forbidden")
	var problem config.Error
	require.ErrorAs(t, err, &problem)
	assert.Equal(t, "cluster.context", problem.Key)
}
