package cluster

import (
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"platform/tools/images"
)

// speakerName is that of MetalLB's own installation.
const speakerName = "speaker"

// speakerObjects are MetalLB's speaker on every node, which announces the
// addresses of Services there. It asks for its own pod at its start, so it is a
// pod and no program beside the kubelet.
func speakerObjects(namespace string) []any {
	labels := map[string]string{"app": "metallb", "component": speakerName}
	meta := metav1.ObjectMeta{Name: speakerName, Namespace: namespace, Labels: labels}
	global := metav1.ObjectMeta{Name: "metallb-system:" + speakerName, Labels: labels}
	return []any{
		&corev1.ServiceAccount{TypeMeta: kind("v1", "ServiceAccount"), ObjectMeta: meta},
		&rbacv1.ClusterRole{
			TypeMeta: kind(rbacv1.SchemeGroupVersion.String(), "ClusterRole"), ObjectMeta: global,
			Rules: []rbacv1.PolicyRule{
				reads("", "services", "endpoints", "nodes", "namespaces", "pods", "secrets", "configmaps"),
				reads("discovery.k8s.io", "endpointslices"),
				reads("metallb.io", "*"),
				{APIGroups: []string{"metallb.io"}, Resources: []string{"*"}, Verbs: []string{"create", "delete", "update", "patch"}},
				{APIGroups: []string{""}, Resources: []string{"services/status"}, Verbs: []string{"update", "patch"}},
				{APIGroups: []string{""}, Resources: []string{"events"}, Verbs: []string{"create", "patch"}},
			},
		},
		&rbacv1.ClusterRoleBinding{
			TypeMeta: kind(rbacv1.SchemeGroupVersion.String(), "ClusterRoleBinding"), ObjectMeta: global,
			RoleRef:  rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: global.Name},
			Subjects: []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Name: speakerName, Namespace: namespace}},
		},
		&appsv1.DaemonSet{
			TypeMeta: kind(appsv1.SchemeGroupVersion.String(), "DaemonSet"), ObjectMeta: meta,
			Spec: appsv1.DaemonSetSpec{
				Selector: &metav1.LabelSelector{MatchLabels: labels},
				Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: speakerPod(namespace)},
			},
		},
	}
}

func speakerPod(namespace string) corev1.PodSpec {
	field := func(name, path string) corev1.EnvVar {
		return corev1.EnvVar{Name: name, ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{APIVersion: "v1", FieldPath: path}}}
	}
	return corev1.PodSpec{
		ServiceAccountName: speakerName,
		HostNetwork:        true,
		Tolerations:        []corev1.Toleration{{Operator: corev1.TolerationOpExists}},
		Containers: []corev1.Container{{
			Name: speakerName, Image: images.SpeakerImage, ImagePullPolicy: corev1.PullIfNotPresent,
			Args: []string{"--namespace=" + namespace, "--port=7472"},
			Env: []corev1.EnvVar{
				field("METALLB_NODE_NAME", "spec.nodeName"), field("METALLB_POD_NAME", "metadata.name"), field("METALLB_HOST", "status.hostIP"),
			},
			Resources: corev1.ResourceRequirements{Requests: addonRequests},
			SecurityContext: &corev1.SecurityContext{
				AllowPrivilegeEscalation: pointer(false), ReadOnlyRootFilesystem: pointer(true),
				Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}, Add: []corev1.Capability{"NET_RAW"}},
			},
		}},
	}
}
