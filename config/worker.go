package config

import (
	"fmt"
	"regexp"
)

// WorkerKind says what runs the application's jobs.
type WorkerKind string

// The kinds of worker.
const (
	WorkerCelery WorkerKind = "celery" // Celery workers, which take tasks from Redis
	WorkerPoller WorkerKind = "poller" // pods of the backend's image that find jobs in the database
	WorkerNone   WorkerKind = "none"   // the backend runs them itself
)

// WorkerKinds lists every [WorkerKind].
var WorkerKinds = []WorkerKind{WorkerCelery, WorkerPoller, WorkerNone}

// Worker configures what runs the application's jobs. All kinds run the
// backend's image. Module, Concurrency and LongestTaskSeconds are Celery's;
// with the kind none, nothing else may be set.
type Worker struct {
	Kind               WorkerKind        `key:"kind"` // default celery
	Replicas           int               `key:"replicas"`
	Resources          Resources         `key:"resources"`
	NodeSelector       map[string]string `key:"nodeSelector"`
	Module             string            `key:"module"`             // default app.worker
	Concurrency        int               `key:"concurrency"`        // processes a pod; default 2
	LongestTaskSeconds int               `key:"longestTaskSeconds"` // default 300; a stopping pod gets this and 30 s more
	Egress             []Egress          `key:"egress"`             // beside database and queue; a poller has the backend's too
}

// Name is the component that runs the backend's jobs, unless the backend does so
// itself.
func (w Worker) Name() (name string, runs bool) {
	name, runs = map[WorkerKind]string{WorkerCelery: WorkerName, WorkerPoller: PollerName}[w.Kind]
	return name, runs
}

// DefaultWorkerKind is the platform's description's.
const DefaultWorkerKind = WorkerCelery

const (
	// DefaultWorkerModule is where the backend's image has its Celery application.
	DefaultWorkerModule = "app.worker"
	// DefaultWorkerConcurrency keeps a worker that waits for the database from
	// standing idle, and fits the memory of a pod.
	DefaultWorkerConcurrency = 2
	// DefaultLongestTaskSeconds is how long a stopping worker may take to finish.
	DefaultLongestTaskSeconds = 300
)

// visibilityTimeoutSeconds is after how long Celery gives a task that was
// taken from Redis and not acknowledged to another worker: its own default.
const visibilityTimeoutSeconds = 3600

// pythonModule is a dotted path such as app.worker.
var pythonModule = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$`)

// applyDefaults fills in what belongs to the kind. Settings of another kind
// stay as they are: filled in, they would look as if somebody had asked for
// them.
func (w *Worker) applyDefaults() {
	setDefault(&w.Kind, DefaultWorkerKind)
	if w.Kind == WorkerCelery {
		setDefault(&w.Module, DefaultWorkerModule)
		setDefault(&w.Concurrency, DefaultWorkerConcurrency)
		setDefault(&w.LongestTaskSeconds, DefaultLongestTaskSeconds)
	}
}

func (w Worker) validate(into *collector) {
	const key = "worker"
	if !oneOf(into, key+".kind", w.Kind, WorkerKinds) || !into.clean(key+".kind") {
		return // what belongs to it is not known
	}
	w.refuseOthers(into, key)
	if w.Kind == WorkerNone {
		return
	}
	into.positive(key+".replicas", w.Replicas)
	into.resources(key+".resources", w.Resources)
	into.labels(key+".nodeSelector", w.NodeSelector)
	into.egress(key+".egress", w.Egress)
	if w.Kind == WorkerCelery {
		w.validateCelery(into, key)
	}
}

func (w Worker) validateCelery(into *collector, key string) {
	if !pythonModule.MatchString(w.Module) {
		into.add(key+".module", "write a dotted path such as "+DefaultWorkerModule, "%s is not a Python module", quoted(w.Module))
	}
	into.positive(key+".concurrency", w.Concurrency)
	w.validateLongestTask(into, key+".longestTaskSeconds")
}

func (w Worker) validateLongestTask(into *collector, key string) {
	if w.LongestTaskSeconds > visibilityTimeoutSeconds {
		into.add(key, fmt.Sprintf("lower it to %d or less, or split the task,", visibilityTimeoutSeconds),
			"%d is over %d: the queue gives a task to another worker after that time (Celery's default visibility timeout), and it would run twice",
			w.LongestTaskSeconds, visibilityTimeoutSeconds)
		return
	}
	into.positive(key, w.LongestTaskSeconds)
}

// refuseOthers reports settings that the kind has no use for. A count of pods
// that run nowhere would read as if jobs were run there.
func (w Worker) refuseOthers(into *collector, key string) {
	celery, none := w.Kind == WorkerCelery, w.Kind == WorkerNone
	for _, setting := range []struct {
		field         string
		set, accepted bool
	}{
		{"module", w.Module != "", celery},
		{"concurrency", w.Concurrency != 0, celery},
		{"longestTaskSeconds", w.LongestTaskSeconds != 0, celery},
		{"replicas", w.Replicas != 0, !none},
		{"resources", w.Resources != (Resources{}), !none},
		{"nodeSelector", len(w.NodeSelector) != 0, !none},
		{"egress", len(w.Egress) != 0, !none},
	} {
		if setting.set && !setting.accepted {
			into.add(key+"."+setting.field, "remove it, or choose another kind of worker,", "it is set, and kind is %s, which has no use for it", w.Kind)
		}
	}
}
