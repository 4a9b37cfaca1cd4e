package gitops

import (
	"errors"
	"fmt"
	"strconv"
)

// The annotations that Argo CD reads
// (https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/ and
// .../sync-waves/, .../resource_hooks/, .../compare-options/ and
// https://argo-cd.readthedocs.io/en/stable/operator-manual/health/).
const (
	syncWave       = "argocd.argoproj.io/sync-wave"
	syncOptions    = "argocd.argoproj.io/sync-options"
	syncHook       = "argocd.argoproj.io/hook"
	hookDelete     = "argocd.argoproj.io/hook-delete-policy"
	compareOptions = "argocd.argoproj.io/compare-options"
	ignoreHealth   = "argocd.argoproj.io/ignore-healthcheck"
)

// Values of those.
const (
	// stays leaves an object in the cluster when it leaves the branch, and when the
	// Application is deleted.
	stays = "Prune=false,Delete=false"
	// unasked calls the Application synced with an object that left the branch.
	unasked = "IgnoreExtraneous"
	// once deletes a Job when the sync has ended well, and else before it is made
	// again.
	once = "BeforeHookCreation,HookSucceeded"
)

// keepFailedSeconds is how long a Job that failed can be looked into. The name
// of the next may be another, and then nothing else deletes this one.
const keepFailedSeconds = 24 * 60 * 60

// errSecret is a Secret in clear or without its values: Argo CD would make it
// either public or empty.
var errSecret = errors.New("is a Secret, which cannot be kept in Git; choose Infisical as platform:secrets.source, " +
	"and name under platform:secrets.infisical.auth how its operator logs in")

// annotate tells Argo CD what it has to know of each object: its wave, and
// whether it may end. What is given is the wave of what the program makes after
// Jobs, by the objects' ids.
func annotate(objects []*object, afterJobs map[string]int) error {
	stay, err := kept(objects)
	if err != nil {
		return err
	}
	order := waves(objects, afterJobs)
	for _, o := range objects {
		if o.GetKind() == "Secret" {
			return fmt.Errorf("%s: %w", o.id(), errSecret)
		}
		if order[o] > 0 {
			o.note(syncWave, strconv.Itoa(order[o]))
		}
		if o.GetKind() == "Job" {
			// A Job that has ended is deleted, and Argo CD would make it again and
			// again. As a hook it runs once each time that something is applied, which
			// these Jobs are made for.
			o.note(syncHook, "Sync")
			o.note(hookDelete, once)
			o.Object["spec"].(map[string]any)["ttlSecondsAfterFinished"] = int64(keepFailedSeconds)
		}
		if stay[o] {
			o.note(syncOptions, stays)
			o.note(compareOptions, unasked)
		}
		if idle(o, objects) {
			o.note(ignoreHealth, "true") // it may wait for its first pod until the night
		}
	}
	return nil
}
