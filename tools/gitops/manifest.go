package gitops

import (
	"bytes"
	"errors"
	"strconv"

	"sigs.k8s.io/yaml"

	"platform/policy/plan"
)

// The annotations that Argo CD reads
// (https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/ and
// .../sync-waves/ and .../resource_hooks/).
const (
	syncWave    = "argocd.argoproj.io/sync-wave"
	syncOptions = "argocd.argoproj.io/sync-options"
	syncHook    = "argocd.argoproj.io/hook"
	hookDelete  = "argocd.argoproj.io/hook-delete-policy"
	// kept leaves an object in the cluster when it leaves the branch, and when the
	// Application is deleted.
	kept = "Prune=false,Delete=false"
)

// errSecret is a Secret in clear or without its values: Argo CD would make it
// either public or empty.
var errSecret = errors.New("is a Secret, which cannot be kept in Git; choose Infisical as platform:secrets.source, " +
	"and name under platform:secrets.infisical.auth how its operator logs in")

// annotated is a manifest with what Argo CD has to know of it: its wave, and
// whether it may end. The comment that it begins with stays.
func annotated(text []byte, waves map[string]int) ([]byte, error) {
	object := map[string]any{}
	if err := yaml.Unmarshal(text, &object); err != nil {
		return nil, err
	}
	kind, _ := object["kind"].(string)
	if kind == "Secret" {
		return nil, errSecret
	}
	metadata, _ := object["metadata"].(map[string]any)
	name, _ := metadata["name"].(string)
	if namespace, _ := metadata["namespace"].(string); namespace != "" {
		name = namespace + "/" + name
	}
	annotations, _ := metadata["annotations"].(map[string]any)
	if annotations == nil {
		annotations = map[string]any{}
	}
	if wave := waves[kind+"/"+name]; wave > 0 {
		annotations[syncWave] = strconv.Itoa(wave)
	}
	if kind == "Job" {
		// The cluster deletes a Job that has ended, and Argo CD would make it again
		// and again. As a hook it runs once each time that something is applied,
		// which these Jobs are made for.
		annotations[syncHook], annotations[hookDelete] = "Sync", "BeforeHookCreation"
	}
	if plan.Holds(kind, object) {
		annotations[syncOptions] = kept
	}
	if len(annotations) > 0 {
		metadata["annotations"] = annotations
	}
	body, err := yaml.Marshal(object)
	if err != nil {
		return nil, err
	}
	head, _, _ := bytes.Cut(text, []byte("\n"))
	return append(append(head, '\n'), body...), nil
}
