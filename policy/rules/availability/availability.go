// Package availability holds the rules that keep a service up while pods,
// nodes and versions come and go.
package availability

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"

	"platform/policy/pack"
)

// budgets is Kubernetes' page on disruption budgets.
const budgets = "https://kubernetes.io/docs/tasks/run-application/configure-pdb/"

// scaling is Kubernetes' page on autoscaling.
const scaling = "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"

// selecting are the kinds that find their pods by a selector.
var selecting = []string{"DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"}

// selectors is Kubernetes' page on them.
const selectors = "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector"

// kept are the kinds that keep a number of pods running.
var kept = []string{"Deployment", "StatefulSet"}

// Rules are all of this group, in the order of the list.
var Rules = pack.In(pack.Availability, []pack.Rule{
	{
		Name: "serving-pods-are-two", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:     "a Service before a single pod answers nobody while its node is drained or fails",
		Remedy:     "set replicas to 2 or more",
		Reference:  "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/",
		Parameters: map[string]any{"trial": false, "single": []any{}}, // Deployments that the stack file gives one pod
		Stack: func(s *pack.Stack, r *pack.Report) {
			if r.Trial() {
				return
			}
			pack.Each(r, nil, s.Kinds("Deployment"), func(o pack.Object) {
				if count, at := fewest(s, o); count < 2 && !stateful(o) && served(s, o) && (count != 1 || !slices.Contains(r.List("single"), o.Name())) {
					r.Violated(o, at, "is %d behind a Service", count)
				}
			})
		},
	},
	{
		Name: "autoscaled-replicas-are-left-alone", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "what sets them throws the pods away that the autoscaler has added under load; what ignores them without an autoscaler never changes them again",
		Remedy:    "have the program ignore changes of spec.replicas beside an autoscaler, and nowhere else",
		Reference: scaling,
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.Each(r, nil, s.Kinds(kept...), func(o pack.Object) {
				replicas, ignored := o.At("spec", "replicas"), slices.Contains(o.Options.IgnoreChanges, "spec.replicas")
				if !replicas.Set() && !ignored {
					return
				}
				switch scaler, scaled := autoscaler(s, o); {
				case scaled && !ignored:
					r.Violated(o, replicas, "is set to %d beside %s", replicas.Int(), scaler)
				case ignored && !scaled:
					r.Violated(o, replicas, "changes are ignored, and nothing scales it")
				}
			})
		},
	},
	{
		Name: "autoscaler-has-its-target", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "an autoscaler of something that is not there scales nothing, and two of one workload undo each other's work",
		Remedy:    "name a Deployment or StatefulSet of the same namespace, and give it one autoscaler",
		Reference: scaling,
		Stack: func(s *pack.Stack, r *pack.Report) {
			all := s.Kinds("HorizontalPodAutoscaler")
			pack.Each(r, nil, all, func(scaler pack.Object) {
				at := scaler.At("spec", "scaleTargetRef")
				target, found := pack.First(s.Kinds(kept...), func(o pack.Object) bool { return scales(scaler, o) })
				if !found {
					r.Violated(scaler, at, "is %s %q, which the namespace does not have", at.At("kind").Text(), at.At("name").Text())
				} else if other, twice := pack.First(all, func(other pack.Object) bool {
					return other.URN != scaler.URN && scales(other, target)
				}); twice {
					r.Violated(scaler, at, "is %s, which %s scales too", target, other)
				}
			})
		},
	},
	{
		Name: "autoscaler-has-room", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "with one pod at night a node that fails is an outage, and with a maximum no higher than the minimum nothing is ever scaled",
		Remedy:    "set minReplicas to 2 or more, and maxReplicas above it",
		Reference: scaling,
		Kinds:     []string{"HorizontalPodAutoscaler"},
		Object: func(o pack.Object, r *pack.Report) {
			fewest, lower := numbered(o.At("spec", "minReplicas"))
			if fewest < 2 {
				r.Violated(o, lower, "is %d", fewest)
			}
			if upper := o.At("spec", "maxReplicas"); upper.Int() <= fewest {
				r.Violated(o, upper, "is %d, no more than minReplicas", upper.Int())
			}
		},
	},
	{
		Name: "several-pods-have-a-budget", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "a drain of two nodes takes all pods at once, as nothing says how many must stay",
		Remedy:    "add a PodDisruptionBudget whose selector is the workload's",
		Reference: budgets,
		Stack: func(s *pack.Stack, r *pack.Report) {
			several(s, r, func(o pack.Object, _ pack.Pod) {
				if !pack.Some(s.Kinds("PodDisruptionBudget"), func(budget pack.Object) bool { return covers(budget, o) }) {
					r.Violated(o, o.At("spec", "selector"), "is that of no PodDisruptionBudget")
				}
			})
		},
	},
	{
		Name: "budget-lets-one-pod-go", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a budget that spares no pod holds up every drain, as two budgets of one pod do; one that keeps no pod lets a drain stop the service",
		Remedy:    "set minAvailable to 1 or more and below the number of pods, or maxUnavailable to 1, and give each pod one budget",
		Reference: budgets,
		Stack: func(s *pack.Stack, r *pack.Report) {
			all := s.Kinds("PodDisruptionBudget")
			pack.Each(r, nil, all, func(budget pack.Object) {
				at, sets := bound(budget)
				if !sets {
					r.Violated(budget, budget.At("spec"), "has to set either minAvailable or maxUnavailable")
					return
				}
				pods, covered := 0, false
				for _, o := range s.Kinds(kept...) {
					if !covers(budget, o) {
						continue
					}
					count, _ := fewest(s, o)
					pods, covered = pods+count, true
					if other, twice := pack.First(all, func(other pack.Object) bool {
						return other.URN != budget.URN && covers(other, o)
					}); twice {
						r.Violated(budget, budget.At("spec", "selector"), "covers %s, which %s covers too", o, other)
					}
				}
				switch spared := spares(budget, pods); {
				case !covered:
					r.Violated(budget, budget.At("spec", "selector"), "covers no workload")
				case spared < 1 && pods > 0:
					r.Violated(budget, at, "is %s of %d pods, and spares none", at.Port(), pods)
				case spared >= pods && pods > 0:
					r.Violated(budget, at, "is %s of %d pods, and keeps none", at.Port(), pods)
				}
			})
		},
	},
	{
		Name: "budget-decides-on-unready-pods", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "without a choice pods that never get ready hold up a drain as if they served somebody",
		Remedy:    "set unhealthyPodEvictionPolicy: AlwaysAllow for what serves, IfHealthyBudget for what needs a majority",
		Reference: budgets + "#unhealthy-pod-eviction-policy",
		Kinds:     []string{"PodDisruptionBudget"},
		Object: func(o pack.Object, r *pack.Report) {
			if choice := o.At("spec", "unhealthyPodEvictionPolicy"); !choice.Is("AlwaysAllow", "IfHealthyBudget") {
				r.Violated(o, choice, "is neither AlwaysAllow nor IfHealthyBudget")
			}
		},
	},
	{
		Name: "several-pods-are-spread", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "pods on one node fall together, and then two are no better than one",
		Remedy:    "add a topologySpreadConstraint over kubernetes.io/hostname that selects the pods' own labels, or a podAntiAffinity",
		Reference: "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/",
		Stack: func(s *pack.Stack, r *pack.Report) {
			several(s, r, func(o pack.Object, pod pack.Pod) {
				if !pack.Some(keepApart(pod), func(term pack.Value) bool { return term.At("topologyKey").Text() != "" && means(term, pod) }) {
					r.Violated(o, pod.Spec.At("topologySpreadConstraints"), "has none that selects these pods")
				}
			})
		},
	},
	{
		Name: "volume-for-one-pod-has-one", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "the successor waits on another node for a volume that its predecessor holds, or both write to it on the same one",
		Remedy:    "set strategy.type to Recreate and replicas to 1, or let a StatefulSet make a claim for each pod",
		Reference: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes",
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.Each(r, nil, s.Kinds(kept...), func(o pack.Object) {
				claim, mounted := pack.First(s.Kinds("PersistentVolumeClaim"), func(claim pack.Object) bool { return exclusive(claim) && mounts(o, claim) })
				if !mounted {
					return
				}
				if count, at := fewest(s, o); count > 1 {
					r.Violated(o, at, "is %d, and %s takes one node's pods at a time", count, claim)
				}
				if strategy := o.At("spec", "strategy", "type"); o.Kind == "Deployment" && !strategy.Is("Recreate") {
					r.Violated(o, strategy, "is not Recreate, and %s takes one node's pods at a time", claim)
				}
			})
		},
	},
	{
		Name: "daemon-on-node-ports-has-no-surge", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "the successor cannot start on a node whose ports its predecessor holds, so an update never gets on",
		Remedy:    "set updateStrategy.rollingUpdate.maxSurge to 0 and maxUnavailable to 1",
		Reference: "https://github.com/kubernetes/kubernetes/issues/106417",
		Kinds:     []string{"DaemonSet"},
		Object: func(o pack.Object, r *pack.Report) {
			surge := o.At("spec", "updateStrategy", "rollingUpdate", "maxSurge")
			if count := surge.Port(); count == "" || count == "0" || count == "0%" {
				return
			}
			pod, _ := o.Pod()
			if pod.Spec.At("hostNetwork").True() || pack.Some(pod.Containers(), takesNodePort) {
				r.Violated(o, surge, "is %s for pods that take ports of their node", surge.Port())
			}
		},
	},
	{
		Name: "selector-holds-no-version", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a selector cannot be changed, so a label that goes with the version has the workload deleted and made again, with an outage",
		Remedy:    "select by labels that never change, such as app",
		Reference: selectors,
		Parameters: map[string]any{"changing-labels": []any{
			"app.kubernetes.io/version", "version", "image", "tag", "helm.sh/chart", "chart", "revision", "platform/revision", "release", "commit", "build",
		}},
		Kinds: selecting,
		Object: func(o pack.Object, r *pack.Report) {
			changing := r.List("changing-labels")
			labels := o.At("spec", "selector", "matchLabels")
			for _, key := range labels.Keys() {
				if slices.Contains(changing, key) {
					r.Violated(o, labels.At(key), "changes with the version")
				}
			}
			pack.Each(r, o, o.At("spec", "selector", "matchExpressions").Items(), func(term pack.Value) {
				if slices.Contains(changing, term.At("key").Text()) {
					r.Violated(o, term.At("key"), "is %q, which changes with the version", term.At("key").Text())
				}
			})
		},
	},
	{
		Name: "selector-means-no-other-pods", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "two workloads that select the same pods count, adopt and delete each other's",
		Remedy:    "add a label to the selector that only this workload's pods have",
		Reference: selectors,
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.Each(r, nil, s.Kinds(selecting...), func(o pack.Object) {
				at := o.At("spec", "selector")
				selector := at.Selector()
				if o.Off() {
					return // nothing of it runs beside the others
				}
				if other, found := pack.First(s.Kinds(pack.PodKinds...), func(other pack.Object) bool {
					return other.URN != o.URN && other.Runs(selector) && other.Beside(o) && !other.Off()
				}); found {
					r.Violated(o, at, "means the pods of %s, too", other)
				}
			})
		},
	},
	{
		Name: "folder-of-the-node-has-one-writer", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "the successor starts beside its predecessor, and both write the same files of the node",
		Remedy:    "set strategy.type to Recreate",
		Reference: "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy",
		Kinds:     []string{"Deployment"},
		Object: func(o pack.Object, r *pack.Report) {
			pod, _ := o.Pod()
			mounts := pack.Some(pod.Spec.At("volumes").Items(), func(volume pack.Value) bool { return volume.At("hostPath").Set() })
			if at := o.At("spec", "strategy", "type"); mounts && !at.Is("Recreate") {
				r.Violated(o, at, "is not Recreate, and the pod writes into a folder of its node")
			}
		},
	},
})

// covers reports whether a budget counts the pods of an object.
func covers(budget, o pack.Object) bool {
	return o.Beside(budget) && o.Runs(budget.At("spec", "selector").Selector())
}

// bound is the value that says how many pods may go; false where none or two
// do.
func bound(budget pack.Object) (pack.Value, bool) {
	lower, upper := budget.At("spec", "minAvailable"), budget.At("spec", "maxUnavailable")
	if upper.Set() {
		return upper, !lower.Set()
	}
	return lower, lower.Set()
}

// spares is how many of so many pods may go at once. Shares are rounded up, as
// the disruption controller does for both bounds.
func spares(budget pack.Object, pods int) int {
	at, _ := bound(budget)
	bounded := intstr.Parse(at.Port())
	count, err := intstr.GetScaledValueFromIntOrPercent(&bounded, pods, true)
	switch {
	case err != nil:
		return 0
	case budget.At("spec", "maxUnavailable").Set():
		return count
	default:
		return pods - count
	}
}

func takesNodePort(c pack.Container) bool {
	return pack.Some(c.At("ports").Items(), func(port pack.Value) bool { return port.At("hostPort").Int() > 0 })
}

// stateful reports whether the pods keep data, so that a second one would be no
// copy of the first.
func stateful(o pack.Object) bool {
	pod, _ := o.Pod()
	return pack.Some(pod.Spec.At("volumes").Items(), func(volume pack.Value) bool {
		return volume.At("persistentVolumeClaim").Set() || volume.At("hostPath").Set()
	})
}

// served reports whether a Service leads to the pods.
func served(s *pack.Stack, o pack.Object) bool {
	return pack.Some(s.Kinds("Service"), func(service pack.Object) bool {
		selector := service.At("spec", "selector").TextMap()
		return len(selector) > 0 && o.Runs(labels.SelectorFromSet(selector)) && o.Beside(service)
	})
}

// keepApart is what tells the scheduler to part pods, each with a selector and
// a topology key.
func keepApart(pod pack.Pod) []pack.Value {
	terms := pod.Spec.At("topologySpreadConstraints").Items()
	apart := pod.Spec.At("affinity", "podAntiAffinity")
	terms = append(terms, apart.At("requiredDuringSchedulingIgnoredDuringExecution").Items()...)
	for _, weighted := range apart.At("preferredDuringSchedulingIgnoredDuringExecution").Items() {
		terms = append(terms, weighted.At("podAffinityTerm"))
	}
	return terms
}

func means(term pack.Value, pod pack.Pod) bool {
	return term.At("labelSelector").Selector().Matches(labels.Set(pod.Labels()))
}

// exclusive reports whether no access mode of a claim lets several nodes write.
func exclusive(claim pack.Object) bool {
	return !slices.ContainsFunc(claim.At("spec", "accessModes").Texts(), func(mode string) bool {
		return mode == "ReadWriteMany" || mode == "ReadOnlyMany"
	})
}

func mounts(o, claim pack.Object) bool {
	pod, _ := o.Pod()
	return o.Beside(claim) && pack.Some(pod.Spec.At("volumes").Items(), func(volume pack.Value) bool {
		name := volume.At("persistentVolumeClaim", "claimName").Text()
		return name != "" && claim.Called(name)
	})
}

// autoscaler is what sets the number of a workload's pods; false where nothing
// does.
func autoscaler(s *pack.Stack, o pack.Object) (pack.Object, bool) {
	return pack.First(s.Kinds("HorizontalPodAutoscaler"), func(scaler pack.Object) bool { return scales(scaler, o) })
}

func scales(scaler, o pack.Object) bool {
	target := scaler.At("spec", "scaleTargetRef")
	return target.At("kind").Is(o.Kind) && o.Called(target.At("name").Text()) && o.Beside(scaler)
}

// fewest is the smallest number of pods that a workload keeps, and the value
// that says so.
func fewest(s *pack.Stack, o pack.Object) (int, pack.Value) {
	if scaler, scaled := autoscaler(s, o); scaled {
		return numbered(scaler.At("spec", "minReplicas"))
	}
	return numbered(o.At("spec", "replicas"))
}

// numbered is a number of pods; the API server makes an absent one 1.
func numbered(at pack.Value) (int, pack.Value) {
	if !at.Set() {
		return 1, at
	}
	return at.Int(), at
}

// several are the workloads that keep two pods or more.
func several(s *pack.Stack, r *pack.Report, check func(o pack.Object, pod pack.Pod)) {
	pack.Each(r, nil, s.Kinds(kept...), func(o pack.Object) {
		if count, _ := fewest(s, o); count > 1 {
			pod, _ := o.Pod()
			check(o, pod)
		}
	})
}
