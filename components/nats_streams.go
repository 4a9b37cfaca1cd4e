package components

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// NATSStreamsName is the Job that makes streams.
const NATSStreamsName = "nats-streams"

// streamsSeconds bounds the Job. Each stream takes a few milliseconds.
const streamsSeconds = 300

// Stream is one stream of the bus, in files, that drops its oldest messages
// where it is full.
type Stream struct {
	Name     string
	Subjects []string
	Age      time.Duration // that a message is kept for
	Messages int           // that it holds at most
	MiB      int           // that it may fill, and that are reserved for it
}

func (s Stream) validate() error {
	faults := []error{required("name", s.Name)}
	if strings.ContainsAny(s.Name, " \t\r\n.*>") {
		faults = append(faults, fmt.Errorf("name: %q has a character that NATS has another use for; leave it out", s.Name))
	}
	if len(s.Subjects) == 0 {
		faults = append(faults, errors.New("subjects: there is none, and nothing would be kept; name one"))
	}
	if s.Age <= 0 || s.Messages < 1 || s.MiB < 1 {
		faults = append(faults, fmt.Errorf("bounds: %s, %d messages and %d MiB have to be above zero", s.Age, s.Messages, s.MiB))
	}
	return errors.Join(faults...)
}

// config is the request that makes it, in one line.
func (s Stream) config() string {
	var request strings.Builder
	line := json.NewEncoder(&request)
	line.SetEscapeHTML(false)       // a subject may end in >
	_ = line.Encode(map[string]any{ // no value of it can fail
		"name": s.Name, "subjects": s.Subjects, "retention": "limits", "storage": "file", "discard": "old",
		"max_age": s.Age.Nanoseconds(), "max_msgs": s.Messages, "max_bytes": int64(s.MiB) << 20,
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
const streamsScript = `set -eu
cd "${TMPDIR:-/tmp}"
rm -f said heard
mkfifo said heard
timeout "${PATIENCE:-20}" nc "$NATS_HOST" "$NATS_PORT" <said >heard &
exec 3>said 4<heard
refuse() {
	echo "$1" >&2
	exit 1
}
ask() {
	printf 'PUB %s _INBOX.nats-streams %d\r\n%s\r\n' "$1" "${#2}" "$2" >&3
	while IFS= read -r line <&4; do
		case $line in
		MSG*)
			IFS= read -r answer <&4
			return 0
			;;
		PING*) printf 'PONG\r\n' >&3 ;;
		-ERR*) refuse "the server refuses: $line" ;;
		esac
	done
	refuse "the server has closed the connection, or did not answer in time"
}
printf 'CONNECT {"verbose":false,"pedantic":false,"name":"nats-streams"}\r\nSUB _INBOX.nats-streams 1\r\n' >&3
while IFS=' ' read -r stream config; do
	ask "\$JS.API.STREAM.INFO.$stream" ""
	case $answer in
	*'"err_code":10059'*) ;;
	*'"error":{'*) refuse "stream $stream: $answer" ;;
	*)
		echo "stream $stream is there"
		continue
		;;
	esac
	ask "\$JS.API.STREAM.CREATE.$stream" "$config"
	case $answer in
	*'"error":{'*) refuse "stream $stream: $answer" ;;
	esac
	echo "stream $stream is made"
done <"$STREAMS"
`

// streamsFile is where the Job finds what to make.
const streamsFile = "/etc/nats-streams/streams"

// newStreams registers the Job, which ends once every stream is there. It runs
// again for another list, and for another kind of bus, which begins with none.
func (a NATSArgs) newStreams(ctx *pulumi.Context, after []pulumi.Resource, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	var lines strings.Builder
	for _, stream := range a.Streams {
		fmt.Fprintf(&lines, "%s %s\n", stream.Name, stream.config())
	}
	config, err := corev1.NewConfigMap(ctx, NATSStreamsName, &corev1.ConfigMapArgs{
		Metadata: a.App.unnamed(NATSStreamsName), Data: pulumi.StringMap{"streams": pulumi.String(lines.String())},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("config map %q: %w", NATSStreamsName, err)
	}
	job, err := NewJob(ctx, NATSStreamsName, JobArgs{
		App: a.App, Component: NATSStreamsName, TimeoutSeconds: streamsSeconds,
		Pod:      Pod{Containers: []Container{a.streamsClient(config.Metadata.Name().Elem())}, User: natsUser},
		Triggers: map[string]string{"streams": lines.String(), "clustered": fmt.Sprint(a.clustered())},
	}, after, opts...)
	if err != nil {
		return nil, err
	}
	return job.Job, nil
}

func (a NATSArgs) streamsClient(config pulumi.StringInput) Container {
	return Container{
		Name: NATSStreamsName, Image: a.Image, Resources: NewResources("50m", "16Mi", "250m", "32Mi"),
		Command: []string{"sh", "-c", streamsScript},
		Env: []EnvVar{
			Literal("NATS_HOST", NATSName), Literal("NATS_PORT", fmt.Sprint(NATSPort)), Literal("STREAMS", streamsFile),
		},
		Mounts: []Mount{
			{Volume: ConfigFiles("streams", config), Path: "/etc/nats-streams", ReadOnly: true},
			{Volume: Scratch("tmp", 1), Path: "/tmp"},
		},
	}
}

// validateStreams refuses streams that share a name, and more than fit.
func (a NATSArgs) validateStreams() error {
	var faults []error
	var names []string
	total := 0
	for i, stream := range a.Streams {
		if err := stream.validate(); err != nil {
			faults = append(faults, fmt.Errorf("streams[%d]: %w", i, err))
		}
		if slices.Contains(names, stream.Name) {
			faults = append(faults, fmt.Errorf("streams[%d]: another is %q; rename one", i, stream.Name))
		}
		names = append(names, stream.Name)
		total += stream.MiB
	}
	if a.FileMiB < 1 || a.FileMiB < total {
		faults = append(faults, fmt.Errorf("fileMiB: %d is less than the %d MiB that the streams reserve; raise it", a.FileMiB, total))
	}
	return errors.Join(faults...)
}
