package gitops

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"platform/config"
)

// argoNamespace is where Argo CD reads Applications and projects.
const argoNamespace = "argocd"

// The annotations with which an Application says why it does something with
// nobody looking.
const (
	pruneReason    = "platform/prune"
	selfHealReason = "platform/self-heal"
)

// application is the Application of the stack. It applies what changes on the
// branch. It deletes what left that, and puts back what drifted, only where the
// stack file says so; the reasons stand beside it.
func (o Options) application() ([]byte, error) {
	shared := o.Config.Shared()
	metadata := map[string]any{
		"name": "platform-" + o.Stack, "namespace": argoNamespace,
		"labels": map[string]any{"app.kubernetes.io/part-of": "platform"},
	}
	reasons := map[string]any{}
	for key, setting := range map[string]*config.Automation{pruneReason: shared.GitOps.Prune, selfHealReason: shared.GitOps.SelfHeal} {
		if setting != nil {
			reasons[key] = setting.Reason
			metadata["annotations"] = reasons
		}
	}
	text, err := yaml.Marshal(map[string]any{
		"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": metadata,
		"spec": map[string]any{
			"project":     "platform-" + o.Stack,
			"source":      map[string]any{"repoURL": o.Repository, "targetRevision": o.Branch, "path": o.Stack},
			"destination": map[string]any{"name": shared.Cluster.Context, "namespace": o.Config.Namespace()},
			"syncPolicy": map[string]any{
				"automated":   map[string]any{"prune": shared.GitOps.Prune != nil, "selfHeal": shared.GitOps.SelfHeal != nil},
				"syncOptions": []string{"ApplyOutOfSyncOnly=true", "PruneLast=true", "RespectIgnoreDifferences=true", "ServerSideApply=true"},
			},
			// An autoscaler writes replicas; the program gives none to what it scales.
			"ignoreDifferences": []any{map[string]any{
				"group": "apps", "kind": "Deployment", "managedFieldsManagers": []string{"kube-controller-manager"},
			}},
		},
	})
	return append(o.head(), text...), err
}

// project is the AppProject of the stack: where the Application may apply what.
// An administrator of Argo CD applies it, and again where a kind is new.
func (o Options) project(objects []*object) ([]byte, error) {
	kinds := map[bool][]any{} // by whether they are in a namespace
	namespaces := []any{}
	add := func(list []any, one any) []any {
		if slices.ContainsFunc(list, func(other any) bool { return reflect.DeepEqual(one, other) }) {
			return list
		}
		return append(list, one)
	}
	for _, one := range slices.SortedFunc(slices.Values(objects), func(a, b *object) int { return strings.Compare(a.id(), b.id()) }) {
		in := one.GetNamespace() != ""
		kinds[in] = add(kinds[in], map[string]any{"group": one.GroupVersionKind().Group, "kind": one.GetKind()})
		if in {
			namespaces = add(namespaces, map[string]any{"name": o.Config.Shared().Cluster.Context, "namespace": one.GetNamespace()})
		}
	}
	text, err := yaml.Marshal(map[string]any{
		"apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject",
		"metadata": map[string]any{"name": "platform-" + o.Stack, "namespace": argoNamespace},
		"spec": map[string]any{
			"sourceRepos": []any{o.Repository}, "destinations": namespaces,
			"clusterResourceWhitelist": kinds[false], "namespaceResourceWhitelist": kinds[true],
		},
	})
	return append(o.head(), text...), err
}

func (o Options) head() []byte {
	return []byte(fmt.Sprintf("# Rendered from stack %s of the platform program: change it there.\n", o.Stack))
}
