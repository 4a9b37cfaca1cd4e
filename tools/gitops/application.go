package gitops

import (
	"fmt"

	"sigs.k8s.io/yaml"
)

// application is the Application of the stack. It applies what changes and puts
// back what drifted, and deletes what left the branch unless that holds data.
func (o Options) application() ([]byte, error) {
	shared := o.Config.Shared()
	text, err := yaml.Marshal(map[string]any{
		"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
		"metadata": map[string]any{
			"name": "platform-" + o.Stack, "namespace": "argocd",
			"labels": map[string]any{"app.kubernetes.io/part-of": "platform"},
		},
		"spec": map[string]any{
			"project":     "platform",
			"source":      map[string]any{"repoURL": o.Repository, "targetRevision": o.Branch, "path": o.Stack},
			"destination": map[string]any{"name": shared.Cluster.Context, "namespace": o.Config.Namespace()},
			"syncPolicy": map[string]any{
				"automated":   map[string]any{"prune": true, "selfHeal": true},
				"syncOptions": []string{"ApplyOutOfSyncOnly=true", "PruneLast=true", "RespectIgnoreDifferences=true", "ServerSideApply=true"},
			},
			// An autoscaler writes replicas; the program gives none to what it scales.
			"ignoreDifferences": []any{map[string]any{
				"group": "apps", "kind": "Deployment", "managedFieldsManagers": []string{"kube-controller-manager"},
			}},
		},
	})
	return append([]byte(fmt.Sprintf("# Rendered from stack %s of the platform program: change it there.\n", o.Stack)), text...), err
}
