package metadata

import (
	"slices"
	"strings"

	"platform/policy/pack"
)

// lifecycle is when Kubernetes deprecates and removes kinds of an API, as minor
// versions of 1; a removal of 0 is not planned.
type lifecycle struct {
	api                 string   // group and version
	kinds               []string // empty means all
	deprecated, removed int
	instead             string // what to use
}

// lifecycles are those of Kubernetes' deprecation guide, by group.
var lifecycles = []lifecycle{
	{"v1", []string{"ComponentStatus"}, 19, 0, "the probes of the components"},
	{"v1", []string{"Endpoints"}, 33, 0, "discovery.k8s.io/v1 EndpointSlice"},
	{"admissionregistration.k8s.io/v1alpha1", []string{"ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"}, 29, 32, "admissionregistration.k8s.io/v1"},
	{"admissionregistration.k8s.io/v1alpha1", []string{"MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"}, 35, 38, "admissionregistration.k8s.io/v1beta1"},
	{"admissionregistration.k8s.io/v1beta1", []string{"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"}, 16, 22, "admissionregistration.k8s.io/v1"},
	{"admissionregistration.k8s.io/v1beta1", []string{"ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"}, 31, 34, "admissionregistration.k8s.io/v1"},
	{"admissionregistration.k8s.io/v1beta1", []string{"MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"}, 37, 40, "admissionregistration.k8s.io/v1"},
	{"apiextensions.k8s.io/v1beta1", nil, 16, 22, "apiextensions.k8s.io/v1"},
	{"apiregistration.k8s.io/v1beta1", nil, 19, 22, "apiregistration.k8s.io/v1"},
	{"apps/v1beta1", nil, 8, 16, "apps/v1"},
	{"apps/v1beta2", nil, 9, 16, "apps/v1"},
	{"authentication.k8s.io/v1alpha1", nil, 29, 32, "authentication.k8s.io/v1"},
	{"authentication.k8s.io/v1beta1", []string{"SelfSubjectReview"}, 30, 33, "authentication.k8s.io/v1"},
	{"authentication.k8s.io/v1beta1", []string{"TokenReview"}, 19, 22, "authentication.k8s.io/v1"},
	{"authorization.k8s.io/v1beta1", nil, 19, 22, "authorization.k8s.io/v1"},
	{"autoscaling/v2beta1", nil, 22, 25, "autoscaling/v2"},
	{"autoscaling/v2beta2", nil, 23, 26, "autoscaling/v2"},
	{"batch/v1beta1", nil, 21, 25, "batch/v1"},
	{"batch/v2alpha1", nil, 19, 21, "batch/v1"},
	{"certificates.k8s.io/v1alpha1", []string{"ClusterTrustBundle"}, 34, 37, "certificates.k8s.io/v1beta1"},
	{"certificates.k8s.io/v1beta1", []string{"CertificateSigningRequest"}, 19, 22, "certificates.k8s.io/v1"},
	{"certificates.k8s.io/v1beta1", []string{"ClusterTrustBundle"}, 36, 39, "certificates.k8s.io/v1"},
	{"certificates.k8s.io/v1beta1", []string{"PodCertificateRequest"}, 38, 41, "certificates.k8s.io/v1"},
	{"coordination.k8s.io/v1alpha2", nil, 35, 38, "coordination.k8s.io/v1beta1"},
	{"coordination.k8s.io/v1beta1", []string{"Lease"}, 19, 22, "coordination.k8s.io/v1"},
	{"coordination.k8s.io/v1beta1", []string{"LeaseCandidate"}, 36, 39, "coordination.k8s.io/v1"},
	{"discovery.k8s.io/v1beta1", nil, 21, 25, "discovery.k8s.io/v1"},
	{"events.k8s.io/v1beta1", nil, 22, 25, "events.k8s.io/v1"},
	{"extensions/v1beta1", []string{"Ingress"}, 14, 22, "networking.k8s.io/v1"},
	{"extensions/v1beta1", []string{"NetworkPolicy"}, 9, 16, "networking.k8s.io/v1"},
	{"extensions/v1beta1", []string{"PodSecurityPolicy"}, 11, 16, "the labels of Pod Security on the namespace"},
	{"extensions/v1beta1", nil, 8, 16, "apps/v1"},
	{"flowcontrol.apiserver.k8s.io/v1beta1", nil, 23, 26, "flowcontrol.apiserver.k8s.io/v1"},
	{"flowcontrol.apiserver.k8s.io/v1beta2", nil, 26, 29, "flowcontrol.apiserver.k8s.io/v1"},
	{"flowcontrol.apiserver.k8s.io/v1beta3", nil, 29, 32, "flowcontrol.apiserver.k8s.io/v1"},
	{"networking.k8s.io/v1beta1", []string{"Ingress", "IngressClass"}, 19, 22, "networking.k8s.io/v1"},
	{"networking.k8s.io/v1beta1", []string{"IPAddress", "ServiceCIDR"}, 34, 37, "networking.k8s.io/v1"},
	{"node.k8s.io/v1beta1", nil, 22, 25, "node.k8s.io/v1"},
	{"policy/v1beta1", []string{"Eviction"}, 22, 25, "policy/v1"},
	{"policy/v1beta1", []string{"PodDisruptionBudget"}, 21, 25, "policy/v1"},
	{"policy/v1beta1", []string{"PodSecurityPolicy"}, 21, 25, "the labels of Pod Security on the namespace"},
	{"rbac.authorization.k8s.io/v1beta1", nil, 17, 22, "rbac.authorization.k8s.io/v1"},
	{"resource.k8s.io/v1alpha3", []string{"DeviceTaintRule"}, 36, 39, "its successor"},
	{"resource.k8s.io/v1beta1", nil, 35, 38, "resource.k8s.io/v1"},
	{"resource.k8s.io/v1beta2", nil, 36, 39, "resource.k8s.io/v1"},
	{"scheduling.k8s.io/v1beta1", nil, 14, 22, "scheduling.k8s.io/v1"},
	{"storage.k8s.io/v1alpha1", []string{"CSIStorageCapacity", "VolumeAttachment"}, 21, 24, "storage.k8s.io/v1"},
	{"storage.k8s.io/v1alpha1", []string{"VolumeAttributesClass"}, 32, 35, "storage.k8s.io/v1"},
	{"storage.k8s.io/v1beta1", []string{"CSINode"}, 17, 22, "storage.k8s.io/v1"},
	{"storage.k8s.io/v1beta1", []string{"CSIDriver", "StorageClass", "VolumeAttachment"}, 19, 22, "storage.k8s.io/v1"},
	{"storage.k8s.io/v1beta1", []string{"CSIStorageCapacity"}, 24, 27, "storage.k8s.io/v1"},
	{"storage.k8s.io/v1beta1", []string{"VolumeAttributesClass"}, 34, 37, "storage.k8s.io/v1"},
	{"storagemigration.k8s.io/v1beta1", nil, 38, 41, "its successor"},
}

// lifecycleOf is that of an object's kind; false where it is not deprecated.
// The provider's own kinds for lists and patches have that of what they are
// about.
func lifecycleOf(o pack.Object) (lifecycle, bool) {
	kind := strings.TrimSuffix(strings.TrimSuffix(o.Kind, "Patch"), "List")
	at := slices.IndexFunc(lifecycles, func(one lifecycle) bool {
		return one.api == o.APIVersion && (len(one.kinds) == 0 || slices.Contains(one.kinds, kind))
	})
	if at < 0 {
		return lifecycle{}, false
	}
	return lifecycles[at], true
}
