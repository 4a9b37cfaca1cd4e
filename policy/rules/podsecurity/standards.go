package podsecurity

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/policy"

	"platform/policy/pack"
)

// Standards are the rules of the Pod Security Standards, which Kubernetes' own
// code checks: they follow its versions.
var standards = []pack.Rule{
	standard("pod-runs-as-non-root", apitype.PolicySeverityHigh, restricted,
		"root in a container is root on the node as soon as it finds a way out",
		"set securityContext.runAsNonRoot to true, with the UID that the image runs as",
		[]string{"securityContext.runAsNonRoot", "securityContext.runAsUser"}, policy.CheckRunAsNonRoot(), policy.CheckRunAsUser()),
	standard("container-gains-no-privileges", apitype.PolicySeverityHigh, restricted,
		"a program with the setuid bit makes a user of the container root in it",
		"set securityContext.allowPrivilegeEscalation of the container to false",
		[]string{"securityContext.allowPrivilegeEscalation"}, policy.CheckAllowPrivilegeEscalation()),
	standard("container-is-not-privileged", apitype.PolicySeverityCritical, baseline,
		"a privileged container reaches every device, process and file of its node",
		"leave out securityContext.privileged and windowsOptions.hostProcess; add the one capability that is needed, if any",
		[]string{"securityContext.privileged", "securityContext.windowsOptions"}, policy.CheckPrivileged(), policy.CheckWindowsHostProcess()),
	standard("container-drops-capabilities", apitype.PolicySeverityHigh, restricted,
		"the capabilities that a runtime gives by default let a container forge packets and change owners of files",
		"set securityContext.capabilities.drop of the container to [ALL], and add NET_BIND_SERVICE at most",
		[]string{"securityContext.capabilities"}, policy.CheckCapabilitiesRestricted()),
	standard("container-has-seccomp-profile", apitype.PolicySeverityMedium, restricted,
		"without a profile a container may make every call to the kernel, those with the last hole too",
		"set securityContext.seccompProfile.type to RuntimeDefault",
		[]string{"securityContext.seccompProfile"}, policy.CheckSeccompProfileRestricted()),
	standard("pod-keeps-off-host-processes", apitype.PolicySeverityCritical, baseline,
		"a pod among the node's processes sees their environment, and signals or traces them",
		"leave out hostPID", []string{"hostPID"}, policy.CheckHostNamespaces()),
	standard("pod-keeps-off-host-network", apitype.PolicySeverityHigh, baseline,
		"no NetworkPolicy holds for a pod on its node's network, which reaches what listens on the node alone",
		"leave out hostNetwork, and put a Service in front of the pod", []string{"hostNetwork"}, policy.CheckHostNamespaces()),
	standard("pod-keeps-off-host-memory", apitype.PolicySeverityCritical, baseline,
		"a pod with the memory that the processes of the node share reads and changes what they say to each other",
		"leave out hostIPC", []string{"hostIPC"}, policy.CheckHostNamespaces()),
	standard("container-takes-no-host-port", apitype.PolicySeverityMedium, baseline,
		"a port of the node goes around Services and their policies, and binds the pod to nodes where it is free",
		"leave out hostPort, and reach the container through a Service", []string{"ports"}, policy.CheckHostPorts()),
	standard("probe-asks-its-own-pod", apitype.PolicySeverityMedium, baseline,
		"the kubelet sends probes from the node, so that a host in one reaches what the pod itself must not",
		"leave out host of httpGet and tcpSocket in probes and hooks",
		[]string{"livenessProbe", "readinessProbe", "startupProbe", "lifecycle"}, policy.CheckHostProbesAndHostLifecycle()),
	standard("container-proc-is-masked", apitype.PolicySeverityHigh, baseline,
		"an unmasked /proc shows the kernel's memory and settings of the node",
		"leave out securityContext.procMount", []string{"securityContext.procMount"}, policy.CheckProcMountBaseline()),
	standard("pod-sets-safe-sysctls", apitype.PolicySeverityHigh, baseline,
		"a setting of the kernel that is not the pod's own changes every pod of the node, and the kubelet refuses it",
		"leave the setting out, or use one that Kubernetes calls safe", []string{"securityContext.sysctls"}, policy.CheckSysctls()),
	standard("pod-keeps-node-confinement", apitype.PolicySeverityHigh, baseline,
		"another SELinux context or AppArmor profile than the runtime's takes away what confines the container",
		"leave out seLinuxOptions and appArmorProfile, or use a type of containers and the profile RuntimeDefault or Localhost",
		[]string{"securityContext.seLinuxOptions", "securityContext.appArmorProfile"}, policy.CheckSELinuxOptions(), policy.CheckAppArmorProfile()),
	standard("pod-has-allowed-volume-types", apitype.PolicySeverityMedium, restricted,
		"volumes of other types reach the node's or a foreign disk without a claim, its quota and its class",
		"use a PersistentVolumeClaim, or one of the types that the restricted standard lists", []string{"volumes"}, volumeTypes()),
}

// volumeTypes leaves folders of the node to host-path-is-of-the-data.
func volumeTypes() policy.Check {
	check := policy.CheckRestrictedVolumes()
	original := check.Versions[len(check.Versions)-1].CheckPod
	check.Versions = []policy.VersionedCheck{{CheckPod: func(metadata *metav1.ObjectMeta, spec *corev1.PodSpec) policy.CheckResult {
		spec.Volumes = slices.DeleteFunc(spec.Volumes, func(v corev1.Volume) bool { return v.HostPath != nil })
		return original(metadata, spec)
	}}}
	return check
}

// standard is a rule that the latest version of some checks makes. It reads no
// more of a pod than these fields, of the pod itself and of its containers: what
// is not known elsewhere does not keep it from being decided.
func standard(name string, severity apitype.PolicySeverity, reference, reason, remedy string, fields []string, checks ...policy.Check) pack.Rule {
	return pack.Rule{
		Name: name, Level: apitype.Mandatory, Severity: severity, Reason: reason, Remedy: remedy, Reference: reference, Kinds: pack.PodKinds,
		Object: func(o pack.Object, r *pack.Report) {
			pod, _ := o.Pod()
			content := read(pod.Spec, fields)
			for _, list := range []string{"initContainers", "containers"} {
				all := []any{}
				for _, c := range pod.Spec.At(list).Items() {
					all = append(all, read(c, append([]string{"name"}, fields...)))
				}
				content[list] = all
			}
			spec, metadata := &corev1.PodSpec{}, &metav1.ObjectMeta{Annotations: pod.Metadata.At("annotations").TextMap()}
			text, err := json.Marshal(content)
			if err == nil {
				err = json.Unmarshal(text, spec)
			}
			if err != nil {
				r.Violated(pod, pod.Spec, "is no pod: %v", err)
				return
			}
			for _, check := range checks {
				if result := check.Versions[len(check.Versions)-1].CheckPod(metadata, spec); !result.Allowed {
					r.Violated(pod, pod.Spec, "has %s (%s)", result.ForbiddenReason, result.ForbiddenDetail)
				}
			}
		},
	}
}

// read is an object with some fields of a value alone.
func read(from pack.Value, fields []string) map[string]any {
	all := map[string]any{}
	for _, field := range fields {
		keys := strings.Split(field, ".")
		value, at := from, all
		for i, key := range keys {
			if value = value.At(key); !value.Set() {
				break
			}
			if i == len(keys)-1 {
				at[key] = value.Plain()
				break
			}
			if at[key] == nil {
				at[key] = map[string]any{}
			}
			at = at[key].(map[string]any)
		}
	}
	return all
}
