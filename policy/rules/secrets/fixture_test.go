package secrets

import "strings"

func documents(all ...string) string { return strings.Join(all, "\n---\n") }

// pod is a Deployment in the namespace core, by its pod.
func pod(spec string) string {
	return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: api, namespace: core}, spec: {template: {spec: {" + spec + "}}}}"
}

// container is a pod of one container.
func container(fields string) string { return pod("containers: [{name: a, " + fields + "}]") }

// at is a path within that container.
const at = "Deployment/api container a: spec.template.spec.containers[0]."

// object is any object in the namespace core.
func object(version, kind, name, fields string) string {
	return "{apiVersion: " + version + ", kind: " + kind + ", metadata: {name: " + name + ", namespace: core}, " + fields + "}"
}

// operated is an InfisicalStaticSecret.
func operatedBy(name, spec string) string {
	return object("secrets.infisical.com/v1beta1", operatorKind, name, "spec: {"+spec+"}")
}
