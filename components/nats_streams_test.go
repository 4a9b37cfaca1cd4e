package components_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/nats"
)

func TestNATSStreamsAreMadeOnceTheBusIsUp(t *testing.T) {
	for kind, args := range map[string]nats.Args{"Deployment": natsArgs(), "StatefulSet": natsClusterArgs()} {
		resources := run(t, registering("nats", nats.New, args))
		job := resources.one(t, "Job")
		assert.True(t, dependsOn(job, kind, "nats"), kind)
		client := containers(resources.pod(t, "Job"))["nats-streams"]
		assert.Equal(t, args.Image, dig(client, "image"), "it is on the node already")
		assert.Subset(t, environment(client), map[string]any{"NATS_HOST": "nats", "NATS_PORT": "4222"})
	}
	args := natsArgs()
	args.Streams = nil
	assert.Empty(t, run(t, registering("nats", nats.New, args)).of("Job"))
}

// Each line is a name and what JetStream is asked to make.
func TestNATSStreamsOfTheJob(t *testing.T) {
	resources := run(t, registering("nats", nats.New, natsArgs()))
	lines := strings.Split(strings.TrimSuffix(dig(resources.one(t, "ConfigMap", "nats-streams").Inputs, "data", "streams").(string), "\n"), "\n")
	require.Len(t, lines, 1)
	name, request, _ := strings.Cut(lines[0], " ")
	assert.Equal(t, "AUTH", name)
	var asked map[string]any
	require.NoError(t, json.Unmarshal([]byte(request), &asked))
	assert.Equal(t, map[string]any{
		"name": "AUTH", "subjects": []any{"auth.>"}, "retention": "limits", "storage": "file", "discard": "old",
		"max_age": 3600e9, "max_msgs": 1e6, "max_bytes": float64(1 << 30),
	}, asked)
}

// The Job runs again for other streams, and on a bus that begins with none.
func TestNATSStreamsAreMadeAgainFor(t *testing.T) {
	name := func(args nats.Args) any {
		return dig(run(t, registering("nats", nats.New, args)).one(t, "Job").Inputs, "metadata", "name")
	}
	more, larger := natsArgs(), natsArgs()
	more.Streams[0].ReservedMiB = 512
	larger.FileMiB = 8192
	assert.NotEqual(t, name(natsArgs()), name(more))
	assert.NotEqual(t, name(natsArgs()), name(natsClusterArgs()))
	assert.Equal(t, name(natsArgs()), name(larger))
}
