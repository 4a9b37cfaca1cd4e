package components

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Jobs says who runs the jobs that the backend takes on.
type Jobs string

// Who runs jobs.
const (
	JobsQueued Jobs = "queued" // Celery workers take them from the queue
	JobsPolled Jobs = "polled" // [Poller] finds them in the database
	JobsInline Jobs = "inline" // the backend itself
)

// allJobs lists every [Jobs].
var allJobs = []Jobs{JobsQueued, JobsPolled, JobsInline}

func (j Jobs) validate() error {
	if slices.Contains(allJobs, j) {
		return nil
	}
	names := make([]string, 0, len(allJobs))
	for _, one := range allJobs {
		names = append(names, string(one))
	}
	return fmt.Errorf("jobs: %q is none of %s", j, strings.Join(names, ", "))
}

// environment is what tells the backend about it. The image's two switches are
// always set alike: a process that neither looks for jobs nor runs its own
// would take on what nobody runs. Beside Celery they stay the image's own.
func (j Jobs) environment() []EnvVar {
	if j == JobsQueued {
		return nil
	}
	return jobSwitches(j == JobsInline)
}

func jobSwitches(run bool) []EnvVar {
	return []EnvVar{
		Literal("DISPATCH_JOBS_INLINE", strconv.FormatBool(run)),
		Literal("RUN_BACKGROUND_POLLER", strconv.FormatBool(run)),
	}
}
