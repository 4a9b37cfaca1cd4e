package backend

import (
	_ "embed"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/components/pod"
	"platform/components/workload"
	"platform/config"
)

// shutdownSlack is what a stopping worker gets beyond its longest task, to
// acknowledge it and to leave the queue.
const shutdownSlack = 30 // seconds

// beatPath is the file that a live worker touches every two seconds.
const beatPath = "/tmp/worker-heartbeat"

// beatModule makes a worker send itself a command by the broker with each of
// its heartbeats, and touch a file when the command arrives. The file is fresh
// only while the main loop turns, the broker answers and the worker takes
// messages from it: after a broken connection Celery may go on sending
// heartbeats and take nothing (celery/celery#8030). The usual check, celery
// inspect ping, asks the same, but starts a Python process with the whole
// application at every probe.
//
//go:embed worker_heartbeat.py
var beatModule string

// Worker is the Celery workers.
type Worker struct {
	pulumi.ResourceState
}

// WorkerArgs shapes the workers.
type WorkerArgs struct {
	config.Worker
	App      object.App
	Settings Settings
}

// NewWorker registers the workers.
func NewWorker(ctx *pulumi.Context, name string, args WorkerArgs, opts ...pulumi.ResourceOption) (*Worker, error) {
	return object.Register(ctx, "Worker", name, &Worker{}, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		files := map[string]string{"worker_heartbeat.py": beatModule}
		beat, err := object.NewConfigMap(ctx, name+"-heartbeat", args.App.Unnamed(config.WorkerName), files, child)
		if err != nil {
			return nil, err
		}
		celery := args.workload(beat.Metadata.Name().Elem())
		celery.Pod.Revision = object.Revision(object.Merged(args.Settings.variables(), files), args.Settings.secrets())
		_, err = workload.New(ctx, name, celery, child)
		return nil, err
	})
}

func (a WorkerArgs) workload(heartbeat pulumi.StringInput) workload.Args {
	return workload.Args{
		App: a.App, Component: config.WorkerName, Replicas: a.Replicas,
		Pod: pod.Pod{
			Containers:   []pod.Container{a.celery(heartbeat)},
			User:         userID,
			NodeSelector: a.NodeSelector,
			GraceSeconds: a.LongestTaskSeconds + shutdownSlack,
		},
	}
}

// celery starts the workers by exec, so that SIGTERM reaches Celery, which
// then finishes its tasks and takes no new one. The heartbeat module is added
// to the image's own search path, not put in its place.
func (a WorkerArgs) celery(heartbeat pulumi.StringInput) pod.Container {
	const modules = "/etc/worker-heartbeat"
	start := fmt.Sprintf(`PYTHONPATH="%s${PYTHONPATH:+:$PYTHONPATH}" exec celery -A %s worker --include worker_heartbeat --concurrency %d --loglevel "$LOG_LEVEL" --hostname "celery@$HOSTNAME"`,
		modules, a.Module, a.Concurrency)
	alive := []string{"sh", "-c", `test -n "$(find ` + beatPath + ` -mmin -1 2>/dev/null)"`}
	return pod.Container{
		Name: config.WorkerName, Image: a.Settings.Image, Resources: a.Resources,
		Command: []string{"sh", "-c", start},
		Env:     a.Settings.environment(), EnvFrom: []string{ConfigMapName},
		Probes: pod.Probes{
			Startup:   &pod.Probe{Command: alive, PeriodSeconds: 2, FailureThreshold: 60},
			Readiness: &pod.Probe{Command: alive, PeriodSeconds: 30},
			Liveness:  &pod.Probe{Command: alive, PeriodSeconds: 30, FailureThreshold: 6}, // later than readiness: a busy node is no reason to kill
		},
		Mounts: append(a.Settings.mounts(512), pod.Mount{Volume: pod.ConfigFiles("heartbeat", heartbeat), Path: modules, ReadOnly: true}),
	}
}
