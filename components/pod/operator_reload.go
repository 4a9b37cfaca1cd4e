package pod

import (
	"slices"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"

	"platform/components/object"
)

// autoReload has the Infisical operator roll a Deployment, StatefulSet or
// DaemonSet after it has changed a Secret that the pods name. Without the
// operator it does nothing, so that a workload is the same whoever writes its
// Secrets.
const autoReload = "secrets.infisical.com/auto-reload"

// Reloaded lets the operator roll the pods where a change of what they read is
// to do so. It stands beside the pod template and not in it, so that it rolls
// none by itself.
func (p Pod) Reloaded(meta *metav1.ObjectMetaArgs) *metav1.ObjectMetaArgs {
	if p.Revision != nil && !p.Unreloaded && p.readsSecrets() {
		meta.Annotations = object.Annotated(meta.Annotations, autoReload, "true")
	}
	return meta
}

// readsSecrets looks where the operator does: at variables and volumes. The
// kubelet reads a pull secret again for each pod.
func (p Pod) readsSecrets() bool {
	for _, volume := range p.byName() {
		if volume.source.Secret != nil {
			return true
		}
	}
	return slices.ContainsFunc(slices.Concat(p.Init, p.Containers), func(c Container) bool {
		return slices.ContainsFunc(c.Env, func(e EnvVar) bool { return e.secret != "" })
	})
}
