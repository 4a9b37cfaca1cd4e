package backend

import (
	"strconv"

	"platform/components/pod"
	"platform/config"
)

// jobSwitches tell the backend who runs the jobs that it takes on: a [Poller],
// or itself. The image's two switches are always set alike: a process that
// neither looks for jobs nor runs its own would take on what nobody runs. Beside
// Celery they stay the image's own.
func jobSwitches(kind config.WorkerKind) []pod.EnvVar {
	if kind == config.WorkerCelery {
		return nil
	}
	run := strconv.FormatBool(kind == config.WorkerNone)
	return []pod.EnvVar{pod.Literal("DISPATCH_JOBS_INLINE", run), pod.Literal("RUN_BACKGROUND_POLLER", run)}
}
