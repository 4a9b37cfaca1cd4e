package services

import (
	"platform/components/account"
)

// coreAccess is what services may ask of the Kubernetes API, as observed of what
// they do; the gateway's is its component's own. Those that are not named
// here have no token.
var coreAccess = map[string]account.Access{
	// Runs the containers of its users, each user's in a namespace of its own.
	"edd-compute": {
		Name: "edd-compute",
		Cluster: []account.Rule{
			{Groups: []string{""}, Resources: []string{"namespaces"}, Verbs: []string{"create", "delete", "get", "list"}},
			{
				Groups: []string{""}, Resources: []string{"pods", "services", "secrets", "persistentvolumeclaims"},
				Verbs: []string{"create", "delete", "get", "list", "watch", "update"},
			},
			{Groups: []string{""}, Resources: []string{"pods/exec"}, Verbs: []string{"create"}},
			{Groups: []string{""}, Resources: []string{"pods/log"}, Verbs: []string{"get"}},
			{
				Groups: []string{"networking.k8s.io"}, Resources: []string{"networkpolicies"},
				Verbs: []string{"create", "delete", "get", "list", "update"},
			},
			{Groups: []string{"metrics.k8s.io"}, Resources: []string{"pods"}, Verbs: []string{"get", "list"}},
		},
	},
	// Shows the load of nodes and pods.
	"cluster-monitor": {
		Name: "cluster-monitor",
		Cluster: []account.Rule{
			{Groups: []string{""}, Resources: []string{"nodes", "nodes/proxy", "pods", "namespaces"}, Verbs: []string{"get", "list"}},
			{Groups: []string{"metrics.k8s.io"}, Resources: []string{"nodes", "pods"}, Verbs: []string{"get", "list"}},
		},
	},
}
