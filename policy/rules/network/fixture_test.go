package network

import (
	"fmt"
	"strings"
)

// documents joins YAML documents.
func documents(all ...string) string { return strings.Join(all, "\n---\n") }

// namespace, policy, pod and calico are objects of the namespace core, by what
// differs between cases.
const namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: core}}"

func policy(name, spec string) string {
	return fmt.Sprintf("{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: %s, namespace: core}, spec: {%s}}", name, spec)
}

func pod(name, labels, spec string) string {
	return fmt.Sprintf("{apiVersion: apps/v1, kind: Deployment, metadata: {name: %s, namespace: core}, spec: {template: {metadata: {labels: {%s}}, spec: {%s}}}}", name, labels, spec)
}

func calico(name, spec string) string {
	return fmt.Sprintf("{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: %s}, spec: {%s}}", name, spec)
}
