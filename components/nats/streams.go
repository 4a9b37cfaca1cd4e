package nats

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/components/pod"
	"platform/components/workload"
	"platform/config"
)

// StreamsName is the Job that makes streams.
const StreamsName = "nats-streams"

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
//go:embed streams.sh
var streamsScript string

// streamsFile is where the Job finds what to make.
const streamsFile = "/etc/nats-streams/streams"

// newStreams registers the Job, which ends once every stream is there. It runs
// again for another list, and for another kind of bus, which begins with none.
func (a Args) newStreams(ctx *pulumi.Context, child, after pulumi.ResourceOption) (pulumi.Resource, error) {
	var lines strings.Builder
	for _, stream := range a.Streams {
		fmt.Fprintf(&lines, "%s %s\n", stream.Name, streamRequest(stream))
	}
	configMap, err := object.NewConfigMap(ctx, StreamsName, a.App.Unnamed(StreamsName), map[string]string{"streams": lines.String()}, child)
	if err != nil {
		return nil, err
	}
	job, err := workload.NewJob(ctx, StreamsName, workload.JobArgs{
		App: a.App, Component: StreamsName, TimeoutSeconds: streamsSeconds,
		Pod:      pod.Pod{Containers: []pod.Container{a.streamsClient(configMap.Metadata.Name().Elem())}, User: userID},
		Triggers: map[string]string{"streams": lines.String(), "clustered": fmt.Sprint(a.clustered())},
	}, child, after)
	if err != nil {
		return nil, err
	}
	return job.Job, nil
}

func (a Args) streamsClient(configMap pulumi.StringInput) pod.Container {
	return pod.Container{
		Name: StreamsName, Image: a.Image, Resources: config.NewResources("50m", "16Mi", "250m", "32Mi"),
		Command: []string{"sh", "-c", streamsScript},
		Env: []pod.EnvVar{
			pod.Literal("NATS_HOST", config.NATSName), pod.Literal("NATS_PORT", fmt.Sprint(config.NATSPort)), pod.Literal("STREAMS", streamsFile),
		},
		Mounts: []pod.Mount{
			{Volume: pod.ConfigFiles("streams", configMap), Path: "/etc/nats-streams", ReadOnly: true},
			{Volume: pod.Scratch("tmp", 1), Path: "/tmp"},
		},
	}
}
