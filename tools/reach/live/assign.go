package live

import (
	"net/netip"
	"regexp"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"platform/policy/reach"
)

// made are the ends of the names that controllers give: of a Job by what it
// runs, of a CronJob's Job by its time.
var made = []*regexp.Regexp{regexp.MustCompile(`-[0-9a-f]{16}$`), regexp.MustCompile(`-[0-9]+$`)}

// Assign gives every pod that runs to the endpoint that it is of. A pod of a
// workload is known by the name of its controller, one outside the stack by
// its labels; pods that are of no endpoint are left out.
func Assign(m *reach.Matrix, pods []corev1.Pod) map[string][]corev1.Pod {
	all := map[string][]corev1.Pod{}
	for _, pod := range pods {
		if !runs(pod) {
			continue
		}
		if e := endpointOf(m, pod); e != nil {
			all[e.String()] = append(all[e.String()], pod)
		}
	}
	return all
}

// runs reports whether a pod has an address that it keeps.
func runs(pod corev1.Pod) bool {
	return pod.Status.Phase == corev1.PodRunning && pod.Status.PodIP != "" && pod.DeletionTimestamp == nil
}

func endpointOf(m *reach.Matrix, pod corev1.Pod) *reach.Endpoint {
	if name, probes := pod.Annotations[probeAnnotation]; probes {
		return m.Find(name)
	}
	names := workloads(pod)
	var best *reach.Endpoint
	for _, e := range m.Endpoints {
		if !e.Matches(pod.Namespace, pod.Labels) {
			continue
		}
		switch {
		case e.Own() && slices.Contains(names, e.Name):
			return e
		case e.Kind == reach.Outside && !pod.Spec.HostNetwork && (best == nil || len(e.Labels) > len(best.Labels)):
			best = e
		}
	}
	return best
}

// workloads are the names that the workload of a pod may have.
func workloads(pod corev1.Pod) []string {
	names := []string{pod.Name}
	owner := metav1.GetControllerOf(&pod)
	if owner == nil {
		return names
	}
	names = append(names, owner.Name)
	if hash := pod.Labels["pod-template-hash"]; owner.Kind == "ReplicaSet" && hash != "" {
		names = append(names, owner.Name[:max(0, len(owner.Name)-len(hash)-1)])
	}
	if owner.Kind == "Job" {
		for _, end := range made {
			names = append(names, end.ReplaceAllString(owner.Name, ""))
		}
	}
	return names
}

// podPlace is where a pod is. Its network is found by its address, unless it
// has its node's.
func podPlace(e *reach.Endpoint, pod corev1.Pod, nodes map[string]Place, networks map[netip.Addr]string) (Place, bool) {
	address, err := netip.ParseAddr(pod.Status.PodIP)
	if err != nil {
		return Place{}, false
	}
	place := Place{Endpoint: e.String(), Kind: e.Kind, Name: pod.Namespace + "/" + pod.Name, Node: pod.Spec.NodeName, Address: address, Network: networks[address]}
	place.Ready = slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
	})
	if pod.Spec.HostNetwork {
		place.Network = nodes[pod.Spec.NodeName].Network
	}
	return place, place.Network != ""
}

// nodePlaces are the nodes whose processes are known, by name.
func nodePlaces(nodes []corev1.Node, networks map[string]string) map[string]Place {
	all := map[string]Place{}
	for _, node := range nodes {
		for _, one := range node.Status.Addresses {
			address, err := netip.ParseAddr(one.Address)
			if err == nil && one.Type == corev1.NodeInternalIP && networks[node.Name] != "" {
				all[node.Name] = Place{
					Endpoint: string(reach.Nodes), Kind: reach.Nodes, Name: node.Name, Node: node.Name, Address: address, Network: networks[node.Name],
				}
			}
		}
	}
	return all
}
