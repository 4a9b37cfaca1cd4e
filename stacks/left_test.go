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

func TestFindLeft(t *testing.T) {
	const deployment, scaler = "/apis/apps/v1/namespaces/co2-calculator-dev/deployments/backend", "/apis/autoscaling/v2/namespaces/co2-calculator-dev/horizontalpodautoscalers/backend-hpa"
	const four = `{"spec": {"replicas": 4}}`
	const left = `{"metadata": {"annotations": {"platform/replicas-left": "4 in the place of 3"}}, "spec": {"replicas": 4}}`
	for name, tc := range map[string]struct {
		deployment, scaler string // "" means that there is none
		replicas           int    // of the stack file
		want               int
	}{
		"first deployment":          {"", "", 3, 0},
		"never scaled":              {four, "", 3, 0},
		"goes, with more pods":      {four, `{"spec": {"minReplicas": 3}}`, 3, 4},
		"goes, with as many":        {`{"spec": {"replicas": 3}}`, `{"spec": {"minReplicas": 3}}`, 3, 0},
		"goes, with a new number":   {four, `{"spec": {"minReplicas": 3}}`, 2, 0},
		"has gone":                  {left, "", 3, 4},
		"has gone, another number":  {left, "", 5, 0},
		"has gone and was scaled":   {`{"metadata": {"annotations": {"platform/replicas-left": "4 in the place of 3"}}, "spec": {"replicas": 9}}`, "", 3, 4},
		"somebody else's words":     {`{"metadata": {"annotations": {"platform/replicas-left": "some"}}, "spec": {"replicas": 4}}`, "", 3, 0},
		"has come and goes again":   {left, `{"spec": {"minReplicas": 3}}`, 3, 4},
		"scaler is forbidden":       {left, "forbidden", 3, 4},
		"interrupted while it goes": {`{"metadata": {"annotations": {"platform/replicas-left": "5 in the place of 3"}}, "spec": {"replicas": 4}}`, `{"spec": {"minReplicas": 3}}`, 3, 4},
	} {
		t.Run(name, func(t *testing.T) {
			left, err := foundLeft(t, map[string]string{deployment: tc.deployment, scaler: tc.scaler}, config.Backend{Replicas: tc.replicas})
			require.NoError(t, err)
			assert.Equal(t, tc.want, left)
		})
	}
	left3, err := foundLeft(t, nil, config.Backend{Replicas: 3, Autoscaling: config.Autoscaling{Enabled: true}})
	require.NoError(t, err)
	assert.Zero(t, left3, "nobody is asked")
	_, err = foundLeft(t, nil, config.Backend{Replicas: 3})
	require.ErrorContains(t, err, "platform:cluster.context (stack dev): the backend's pods cannot be counted: 403 Forbidden")
}

// foundLeft answers with objects; with none at all it forbids everything.
func foundLeft(t *testing.T, objects map[string]string, backend config.Backend) (int, error) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, known := objects[r.URL.Path]
		switch {
		case objects == nil, body == "forbidden":
			w.WriteHeader(http.StatusForbidden)
		case !known:
			assert.Fail(t, "asked for "+r.URL.Path)
		case body == "":
			w.WriteHeader(http.StatusNotFound)
		default:
			_, _ = w.Write([]byte(body))
		}
	}))
	defer server.Close()
	cfg := &config.EPFL{Backend: backend}
	cfg.Environment = "dev"
	left := 0
	err := findLeft(cfg, &left)("dev", &rest.Config{Host: server.URL})
	return left, err
}
