package components

import (
	"errors"
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typeWorker = "platform:components:Worker" // the state remembers it: change it only with an alias

// WorkerName is the Deployment of the workers, as the seed's kubectl commands
// name it.
const WorkerName = "celery-worker"

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
const beatModule = `"""Touches a file for each message that the worker sends itself by the broker."""
from pathlib import Path

from celery.signals import heartbeat_sent, worker_shutdown
from celery.worker.control import control_command

HEARTBEAT = Path("` + beatPath + `")


@heartbeat_sent.connect
def ask(sender, **_):
    eventer = sender.eventer
    eventer.app.control.broadcast("touch_heartbeat", destination=[eventer.hostname])


@control_command()
def touch_heartbeat(state):
    HEARTBEAT.touch()


@worker_shutdown.connect
def remove(**_):
    HEARTBEAT.unlink(missing_ok=True)
`

// Worker is the Celery workers.
type Worker struct {
	pulumi.ResourceState
}

// WorkerArgs shapes the workers. Only NodeSelector may be empty.
type WorkerArgs struct {
	App                App
	Image              string // the backend's
	Replicas           int
	Resources          Resources
	NodeSelector       map[string]string
	Module             string // of the Celery application, such as app.worker
	Concurrency        int    // processes a pod
	LongestTaskSeconds int    // a stopping pod gets this to finish, and 30 s more
	Settings           BackendSettings
	After              []pulumi.Resource // the backend's configuration and migration
}

// Validate returns every fault at once.
func (a WorkerArgs) Validate() error {
	faults := []error{a.workload(pulumi.String("")).Validate(), a.Settings.Validate(), required("module", a.Module)}
	if a.Settings.Queue == nil {
		faults = append(faults, errors.New("settings.queue: is missing, and Celery takes its tasks from it; give one, or use a Poller"))
	}
	if a.Concurrency < 1 {
		faults = append(faults, fmt.Errorf("concurrency: %d would run nothing; set 1 or more", a.Concurrency))
	}
	if a.LongestTaskSeconds < 1 {
		faults = append(faults, fmt.Errorf("longestTaskSeconds: %d leaves no time to finish a task; set 1 or more", a.LongestTaskSeconds))
	}
	return errors.Join(faults...)
}

// NewWorker registers the workers.
func NewWorker(ctx *pulumi.Context, name string, args WorkerArgs, opts ...pulumi.ResourceOption) (*Worker, error) {
	if err := join("worker", name, args.Validate()); err != nil {
		return nil, err
	}
	w := &Worker{}
	if err := ctx.RegisterComponentResource(typeWorker, name, w, opts...); err != nil {
		return nil, fmt.Errorf("register worker %q: %w", name, err)
	}
	files := map[string]string{"worker_heartbeat.py": beatModule}
	beat, err := corev1.NewConfigMap(ctx, name+"-heartbeat", &corev1.ConfigMapArgs{
		Metadata: args.App.unnamed(WorkerName), Data: pulumi.ToStringMap(files),
	}, pulumi.Parent(w))
	if err != nil {
		return nil, fmt.Errorf("worker %q heartbeat: %w", name, err)
	}
	workload := args.workload(beat.Metadata.Name().Elem())
	workload.Pod.Revision = Revision(merged(args.Settings.config(), files), args.Settings.secrets())
	if _, err := NewWorkload(ctx, name, workload, args.After, pulumi.Parent(w)); err != nil {
		return nil, fmt.Errorf("worker %q: %w", name, err)
	}
	if err := ctx.RegisterResourceOutputs(w, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("worker %q outputs: %w", name, err)
	}
	return w, nil
}

func (a WorkerArgs) workload(heartbeat pulumi.StringInput) WorkloadArgs {
	return WorkloadArgs{
		App: a.App, Component: WorkerName, Replicas: a.Replicas,
		Pod: Pod{
			Containers:   []Container{a.celery(heartbeat)},
			User:         backendUser,
			NodeSelector: a.NodeSelector,
			GraceSeconds: a.LongestTaskSeconds + shutdownSlack,
		},
	}
}

// celery starts the workers by exec, so that SIGTERM reaches Celery, which
// then finishes its tasks and takes no new one. The heartbeat module is added
// to the image's own search path, not put in its place.
func (a WorkerArgs) celery(heartbeat pulumi.StringInput) Container {
	const modules = "/etc/worker-heartbeat"
	start := fmt.Sprintf(`PYTHONPATH="%s${PYTHONPATH:+:$PYTHONPATH}" exec celery -A %s worker --include worker_heartbeat --concurrency %d --loglevel "$LOG_LEVEL" --hostname "celery@$HOSTNAME"`,
		modules, a.Module, a.Concurrency)
	alive := []string{"sh", "-c", `test -n "$(find ` + beatPath + ` -mmin -1 2>/dev/null)"`}
	return Container{
		Name: WorkerName, Image: a.Image, Resources: a.Resources,
		Command: []string{"sh", "-c", start},
		Env:     a.Settings.environment(), EnvFrom: []string{BackendConfigMap},
		Probes: Probes{
			Startup:   &Probe{Command: alive, PeriodSeconds: 2, FailureThreshold: 60},
			Readiness: &Probe{Command: alive, PeriodSeconds: 30},
			Liveness:  &Probe{Command: alive, PeriodSeconds: 30, FailureThreshold: 6}, // later than readiness: a busy node is no reason to kill
		},
		Mounts: append(a.Settings.mounts(512), Mount{Volume: ConfigFiles("heartbeat", heartbeat), Path: modules, ReadOnly: true}),
	}
}
