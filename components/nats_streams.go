package components

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// NATSStreamsName is the Job that makes streams.
const NATSStreamsName = "nats-streams"

// streamsSeconds bounds the Job. Each stream takes a few milliseconds.
const streamsSeconds = 300

// streamRequest makes a stream in files that drops its oldest messages where it
// is full, in one line.
func streamRequest(s config.Stream) string {
	var request strings.Builder
	line := json.NewEncoder(&request)
	line.SetEscapeHTML(false)       // a subject may end in >
	_ = line.Encode(map[string]any{ // no value of it can fail
		"name": s.Name, "subjects": s.Subjects, "retention": "limits", "storage": "file", "discard": "old",
		"max_age": s.Retention.Nanoseconds(), "max_msgs": config.StreamMessages, "max_bytes": int64(s.ReservedMiB) << 20,
	})
	return strings.TrimSuffix(request.String(), "\n")
}

// streamsScript makes the streams that are missing, and leaves those alone that
// are there. The image of the server has no client, so it speaks NATS itself:
// requests and answers are lines of text. It reads NAME and CONFIGURATION from
// each line of its file.
//
// A conversation takes less than a second. One that has not ended after PATIENCE
// seconds, 20 by default, is given up, and the Job tries again in another pod:
// right after a rollout of the server, connections were seen that lead to the pod
// before, or stop halfway, and go on after four minutes.
//
//go:embed files/nats-streams.sh
var streamsScript string

// streamsFile is where the Job finds what to make.
const streamsFile = "/etc/nats-streams/streams"

// newStreams registers the Job, which ends once every stream is there. It runs
// again for another list, and for another kind of bus, which begins with none.
func (a NATSArgs) newStreams(ctx *pulumi.Context, child, after pulumi.ResourceOption) (pulumi.Resource, error) {
	var lines strings.Builder
	for _, stream := range a.Streams {
		fmt.Fprintf(&lines, "%s %s\n", stream.Name, streamRequest(stream))
	}
	configMap, err := newConfigMap(ctx, NATSStreamsName, a.App.unnamed(NATSStreamsName), map[string]string{"streams": lines.String()}, child)
	if err != nil {
		return nil, err
	}
	job, err := NewJob(ctx, NATSStreamsName, JobArgs{
		App: a.App, Component: NATSStreamsName, TimeoutSeconds: streamsSeconds,
		Pod:      Pod{Containers: []Container{a.streamsClient(configMap.Metadata.Name().Elem())}, User: natsUser},
		Triggers: map[string]string{"streams": lines.String(), "clustered": fmt.Sprint(a.clustered())},
	}, child, after)
	if err != nil {
		return nil, err
	}
	return job.Job, nil
}

func (a NATSArgs) streamsClient(configMap pulumi.StringInput) Container {
	return Container{
		Name: NATSStreamsName, Image: a.Image, Resources: config.NewResources("50m", "16Mi", "250m", "32Mi"),
		Command: []string{"sh", "-c", streamsScript},
		Env: []EnvVar{
			Literal("NATS_HOST", config.NATSName), Literal("NATS_PORT", fmt.Sprint(config.NATSPort)), Literal("STREAMS", streamsFile),
		},
		Mounts: []Mount{
			{Volume: ConfigFiles("streams", configMap), Path: "/etc/nats-streams", ReadOnly: true},
			{Volume: Scratch("tmp", 1), Path: "/tmp"},
		},
	}
}
