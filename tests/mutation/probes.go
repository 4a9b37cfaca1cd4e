package mutation

import "platform/policy/pack"

const groupProbes = "probes"

var probes = []Operator{
	{Group: groupProbes, Name: "probe", Kinds: pack.PodKinds, At: containers + "livenessProbe|readinessProbe|startupProbe", Do: []Change{removed}},
	{Group: groupProbes, Name: "port of a probe", Kinds: pack.PodKinds, At: containers + "livenessProbe|readinessProbe|startupProbe httpGet|tcpSocket|grpc port", Do: []Change{other}},
	{Group: groupProbes, Name: "host of a probe", Kinds: pack.PodKinds, At: containers + "livenessProbe|readinessProbe|startupProbe httpGet|tcpSocket host", Do: []Change{set("192.0.2.1")}},
	{Group: groupProbes, Name: "port of a container", Kinds: pack.PodKinds, At: containers + "ports * containerPort", Do: []Change{other}},
	{Group: groupProbes, Name: "preStop", Kinds: pack.PodKinds, At: containers + "lifecycle preStop", Where: rolled, Do: []Change{removed}},
	{Group: groupProbes, Name: "terminationGracePeriodSeconds", Kinds: pack.PodKinds, At: "pod spec terminationGracePeriodSeconds", Where: drains, Do: []Change{set(0)}},
}

// rolled leaves out the pods that are stopped before their successor starts:
// nobody is sent elsewhere meanwhile.
func rolled(s Site) bool { return !recreated(s) }

// drains leaves out the pods that nothing asks and that have no data: they may
// end at once.
func drains(s Site) bool {
	pod, _ := s.Object.Pod()
	for _, one := range pod.Containers() {
		if !one.Init && len(one.At("ports").Items()) > 0 {
			return true
		}
	}
	return false
}
