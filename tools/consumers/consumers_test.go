package consumers

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
)

// whole is what a server says that has every stream and every consumer of the
// platform, a request of each waiting.
const whole = `{"account_details": [{"stream_detail": [
	{"name": "AUTH", "state": {"bytes": 1024}, "consumer_detail": [{"name": "edd-compute", "num_waiting": 1}, {"name": "sfs-backend", "push_bound": true}]},
	{"name": "CLUSTER", "consumer_detail": [{"name": "alerting-metrics", "num_waiting": 1}, {"name": "alerting-pods", "num_waiting": 1}]},
	{"name": "LOGS", "consumer_detail": [{"name": "alerting-logs", "num_waiting": 1}]},
	{"name": "NOTIFICATIONS", "consumer_detail": [{"name": "notification-service", "num_waiting": 2}]}
]}]}`

func platform(t *testing.T) *config.EddCloud {
	t.Helper()
	cfg, err := config.ParseFile[config.EddCloud]("k3s", "../../Pulumi.k3s.yaml")
	require.NoError(t, err)
	return cfg
}

// check runs a short check on servers that answer one after the other, the
// last forever.
func check(t *testing.T, cfg *config.EddCloud, answers ...string) ([]Finding, error) {
	t.Helper()
	asked := 0
	return Check{Attempts: 3, Pause: time.Nanosecond}.Run(t.Context(), func(_ context.Context, _, path string) ([]byte, error) {
		assert.Equal(t, jszPath, path)
		text := answers[min(asked, len(answers)-1)]
		asked++
		return []byte(text), nil
	}, cfg)
}

func TestCheckFinds(t *testing.T) {
	const restarting = "; kubectl rollout restart deployment/"
	for name, tc := range map[string]struct {
		answers []string
		want    []string
	}{
		"nothing": {[]string{whole}, nil},
		"a deaf one": {
			[]string{strings.ReplaceAll(whole, "edd-compute", "other")},
			[]string{"edd-compute: does not consume AUTH as edd-compute" + restarting + "edd-compute -n core"},
		},
		"a durable of before that nobody asks": {
			[]string{strings.Replace(whole, `"alerting-logs", "num_waiting": 1`, `"alerting-logs", "num_waiting": 0`, 1)},
			[]string{"alerting-service: does not consume LOGS as alerting-logs" + restarting + "alerting-service -n core"},
		},
		"one that comes later": {[]string{strings.ReplaceAll(whole, "sfs-backend", "other"), whole}, nil},
		"one between two requests": {
			[]string{whole, strings.ReplaceAll(whole, `"num_waiting": 1`, `"num_waiting": 0`)}, nil,
		},
		"a stream that is gone": {
			[]string{strings.Replace(whole, `"LOGS"`, `"OTHER"`, 1)},
			[]string{
				"alerting-service: does not consume LOGS as alerting-logs" + restarting + "alerting-service -n core",
				"stream LOGS: is gone, or did not fit; look at platform:nats.fileMiB, then kubectl rollout restart deployment/log-service -n core, and then those that consume it",
			},
		},
		"a full volume": {
			[]string{strings.Replace(whole, "1024", "4294967297", 1)},
			[]string{"nats: its streams hold 4096 MiB of a claim of 5120 MiB; purge one of them, or move them to a larger claim: a full volume stops every stream"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := check(t, platform(t), tc.answers...)
			require.NoError(t, err)
			var got []string
			for _, one := range found {
				got = append(got, one.String())
			}
			assert.Equal(t, tc.want, got)
		})
	}
}

// A service whose consumers have no known names has to have one at least.
func TestCheckTakesAnyConsumerOfAServiceThatNamesNone(t *testing.T) {
	cfg := platform(t)
	service := cfg.Services["alerting-service"]
	service.Needs.Streams = []config.StreamReader{{Stream: "LOGS"}}
	cfg.Services["alerting-service"] = service
	found, err := check(t, cfg, strings.ReplaceAll(whole, "alerting-logs", "x7fQ"))
	require.NoError(t, err)
	assert.Empty(t, found)
	found, err = check(t, cfg, strings.Replace(whole, `{"name": "alerting-logs", "num_waiting": 1}`, "", 1))
	require.NoError(t, err)
	require.Len(t, found, 1)
	assert.Equal(t, "does not consume LOGS", found[0].Why)
}

// Of a cluster every server is asked, since each knows its own streams alone.
func TestCheckAsksEveryServerOfACluster(t *testing.T) {
	cfg := platform(t)
	assert.Equal(t, []string{"services/nats:8222"}, Servers(cfg))
	cfg.NATS.Replicas = 3
	assert.Equal(t, []string{"pods/nats-0:8222", "pods/nats-1:8222", "pods/nats-2:8222"}, Servers(cfg))
	found, err := Check{Attempts: 1}.Run(t.Context(), func(_ context.Context, server, _ string) ([]byte, error) {
		if server == "pods/nats-1:8222" {
			return []byte(whole), nil
		}
		return []byte(`{}`), nil
	}, cfg)
	require.NoError(t, err)
	assert.Empty(t, found)
}

func TestCheckNeedsAnAnswer(t *testing.T) {
	_, err := check(t, platform(t), "<html>")
	require.ErrorContains(t, err, "monitor of services/nats:8222: it answers no JSON")
	_, err = Check{}.Run(t.Context(), func(context.Context, string, string) ([]byte, error) { return nil, errors.New("no route") }, platform(t))
	assert.EqualError(t, err, "monitor of services/nats:8222: no route")
}
