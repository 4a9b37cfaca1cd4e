// Package storage holds the rules about what keeps data, and what must not
// lose it.
package storage

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	apiresource "k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/labels"

	"platform/policy/pack"
	"platform/policy/settings"
)

// Rules are all of this group, in the order of the list.
var Rules = pack.In(pack.Storage, []pack.Rule{
	{
		Name: "stateful-set-has-its-headless-service", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "without a headless Service its pods have no DNS name of their own, and servers of a cluster do not find each other",
		Remedy:    "set serviceName to a Service with clusterIP None that selects the pods",
		Reference: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#limitations",
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.Each(r, nil, s.Kinds("StatefulSet"), func(set pack.Object) {
				at := set.At("spec", "serviceName")
				name := at.Text()
				if name == "" {
					r.Violated(set, at, "is missing")
					return
				}
				service, found := pack.First(s.Kinds("Service"), func(o pack.Object) bool { return o.Called(name) && o.Beside(set) })
				switch {
				case !found:
					r.Violated(set, at, "is %q, a Service that the namespace does not have", name)
				case !service.At("spec", "clusterIP").Is("None"):
					r.Violated(set, at, "is %q, whose clusterIP is not None", name)
				case !selects(service, set):
					r.Violated(set, at, "is %q, which does not select these pods", name)
				}
			})
		},
	},
	{
		Name: "claim-names-its-class", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:     "an unnamed class is whatever the cluster's default is that day, and a claim's class can never be changed",
		Remedy:     "set storageClassName to a class of the rule's parameter",
		Reference:  "the platform's description: Storage Classes, Persistent Storage",
		Parameters: map[string]any{"classes": []any{}},
		Kinds:      []string{"PersistentVolumeClaim", "StatefulSet"},
		Object: func(o pack.Object, r *pack.Report) {
			specs := []pack.Value{o.At("spec")}
			if o.Kind == "StatefulSet" {
				specs = nil
				for _, template := range o.At("spec", "volumeClaimTemplates").Items() {
					specs = append(specs, template.At("spec"))
				}
			}
			pack.Each(r, o, specs, func(spec pack.Value) {
				at := spec.At("storageClassName")
				switch class := at.Text(); {
				case class == "" && at.Set() && spec.At("volumeName").Text() != "": // a volume that somebody made by hand
				case class == "":
					r.Violated(o, at, "is not set")
				case !slices.Contains(r.List("classes"), class):
					r.Violated(o, at, "is %s, which the platform does not have", class)
				}
			})
		},
	},
	{
		Name: "mounted-claim-exists", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a pod waits for ever for a claim that is not there, and claims outside the program are protected by nothing",
		Remedy:    "add the PersistentVolumeClaim to the namespace, or correct claimName",
		Reference: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes",
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.Each(r, nil, s.Kinds(pack.PodKinds...), func(o pack.Object) {
				pod, _ := o.Pod()
				pack.Each(r, o, pod.Spec.At("volumes").Items(), func(volume pack.Value) {
					source := volume.At("persistentVolumeClaim")
					if !source.Set() {
						return
					}
					at := source.At("claimName")
					name := at.Text()
					if !pack.Some(s.Kinds("PersistentVolumeClaim"), func(claim pack.Object) bool { return claim.Called(name) && claim.Beside(o) }) {
						r.Violated(o, at, "is %q, a claim that the namespace does not have", name)
					}
				})
			})
		},
	},
	{
		Name: "stateful-set-keeps-its-claims", Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
		Reason:    "the claims, and with them the data, go with the StatefulSet or with the pods that scaling down takes",
		Remedy:    "set persistentVolumeClaimRetentionPolicy to whenDeleted: Retain, whenScaled: Retain",
		Reference: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention",
		Kinds:     []string{"StatefulSet"},
		Object: func(o pack.Object, r *pack.Report) {
			policy := o.At("spec", "persistentVolumeClaimRetentionPolicy")
			if templates := o.At("spec", "volumeClaimTemplates"); templates.Known() && len(templates.Items()) == 0 && !policy.Set() {
				return
			}
			pack.Each(r, o, []string{"whenDeleted", "whenScaled"}, func(when string) {
				if at := policy.At(when); !at.Is("Retain") {
					r.Violated(o, at, "is not Retain")
				}
			})
		},
	},
	// It asks for the option protect alone: the engine tells a policy
	// nothing of retainOnDelete.
	{
		Name: "data-is-protected", Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
		Reason:     "a renamed argument or a destroy in the wrong terminal deletes data, everything in a namespace, or an address that DNS names",
		Remedy:     "set platform:protect to true, and pass the option Protect to the resource",
		Reference:  "https://www.pulumi.com/docs/iac/concepts/options/protect/",
		Parameters: settings.Common("data-is-protected"),
		Stack: func(s *pack.Stack, r *pack.Report) {
			if r.Trial() {
				return
			}
			kinds := r.List("kinds")
			pack.Each(r, nil, s.Objects, func(o pack.Object) {
				if !o.Options.Protect && (slices.Contains(kinds, o.Kind) || holdsAddress(o)) {
					r.Violated(o, pack.Value{}, "is not protected")
				}
			})
		},
	},
	{
		Name: "claim-has-one-writer", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:     "a database of which two pods on two nodes write the files destroys them",
		Remedy:     "set accessModes to ReadWriteOnce or ReadWriteOncePod",
		Reference:  "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes",
		Kinds:      []string{"PersistentVolumeClaim"},
		Parameters: map[string]any{"modes": []any{"ReadWriteOnce", "ReadWriteOncePod"}},
		Object: func(o pack.Object, r *pack.Report) {
			modes := o.At("spec", "accessModes")
			if len(modes.Items()) == 0 {
				r.Violated(o, modes, "names no mode")
			}
			pack.Each(r, o, modes.Items(), func(mode pack.Value) {
				if !slices.Contains(r.List("modes"), mode.Text()) {
					r.Violated(o, mode, "is %s", mode.Text())
				}
			})
		},
	},
	{
		Name: "claim-has-a-bounded-size", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:     "without a size the claim is refused, and one of a slip in the unit takes all that the storage has",
		Remedy:     "set resources.requests.storage to what the stack file says",
		Reference:  "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#resources",
		Kinds:      []string{"PersistentVolumeClaim"},
		Parameters: map[string]any{"most": ""}, // of what the stack file asks for
		Object: func(o pack.Object, r *pack.Report) {
			at, most := o.At("spec", "resources", "requests", "storage"), pack.Parameter[string](r, "most")
			switch size := at.Quantity(); {
			case size.Sign() <= 0:
				r.Violated(o, at, "is no size")
			case most != "" && size.Cmp(apiresource.MustParse(most)) > 0:
				r.Violated(o, at, "is %s, more than %s", size.String(), most)
			}
		},
	},
	{
		Name: "claim-leaves-its-volume-to-the-class", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "a claim that names its volume takes one that belonged to another, with the data that are on it",
		Remedy:    "leave out volumeName",
		Reference: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reserving-a-persistentvolume",
		Kinds:     []string{"PersistentVolumeClaim"},
		Object: func(o pack.Object, r *pack.Report) {
			class := o.At("spec", "storageClassName")
			if at := o.At("spec", "volumeName"); at.Text() != "" && class.Text() != "" {
				r.Violated(o, at, "is %s", at.Text())
			}
		},
	},
})

// holdsAddress reports whether an address goes with the object.
func holdsAddress(o pack.Object) bool {
	return o.Kind == "Service" && o.At("spec", "type").Is("LoadBalancer")
}

func selects(service, set pack.Object) bool {
	selector := service.At("spec", "selector").TextMap()
	return len(selector) > 0 && set.Runs(labels.SelectorFromSet(selector))
}
