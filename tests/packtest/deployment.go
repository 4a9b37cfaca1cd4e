package packtest

// InPod and InContainer begin the findings about the pod that Deployment runs
// and about the container that Container runs.
const (
	InPod       = "Deployment/api: spec.template.spec."
	InContainer = "Deployment/api container a: spec.template.spec.containers[0]."
)

// Container is a Deployment whose pods have one container, a, of these fields.
func Container(fields string) string { return Deployment("containers: [{name: a, " + fields + "}]") }

// Deployment is one named api whose pods have the label app: api and run this
// specification.
func Deployment(spec string) string { return Workload("Deployment", "api", "app: api", spec) }

// Workload is an object of the API group apps whose pods have these labels and
// run this specification.
func Workload(kind, name, labels, spec string) string {
	return InCore("apps/v1", kind, name, "spec: {template: {metadata: {labels: {"+labels+"}}, spec: {"+spec+"}}}")
}

// InCore is an object of these fields in the namespace core, on one line.
func InCore(version, kind, name, fields string) string {
	return "{apiVersion: " + version + ", kind: " + kind + ", metadata: {name: " + name + ", namespace: core}, " + fields + "}"
}
