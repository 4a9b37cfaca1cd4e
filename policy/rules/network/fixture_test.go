package network

import (
	"fmt"

	"platform/policy/packtest"
)

// documents joins YAML documents.
var documents = packtest.Join

// namespace, policy, pod and calico are objects of the namespace core, by what
// differs between cases.
const namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: core}}"

func policy(name, spec string) string {
	return packtest.InCore("networking.k8s.io/v1", "NetworkPolicy", name, "spec: {"+spec+"}")
}

func pod(name, labels, spec string) string {
	return packtest.Workload("Deployment", name, labels, spec)
}

func calico(name, spec string) string {
	return fmt.Sprintf("{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: %s}, spec: {%s}}", name, spec)
}
