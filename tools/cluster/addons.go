package cluster

import (
	"context"
	"fmt"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"platform/config"
	"platform/tools/images"
)

// What resolves names.
const (
	dnsName     = "coredns"
	dnsImage    = images.CoreDNSImage
	dnsService  = "kube-dns" // as on every cluster
	dnsPort     = 53
	dnsReplicas = 2 // on two nodes, so that a drain leaves one
	dnsHealth   = 8080
	dnsReady    = 8181
)

// The requests of what the cluster itself runs in pods: those of CoreDNS in the
// manifests of Kubernetes. The processor's is its share of a busy machine.
var addonRequests = corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("100m"), corev1.ResourceMemory: resource.MustParse("70Mi")}

// metrics are where the metrics of pods and nodes are served from.
const (
	metricsName = "metrics-server"
	metricsAPI  = "v1beta1.metrics.k8s.io"
)

// dnsZones is the configuration of what resolves names: those of the cluster,
// and nothing else, for there is nothing else to ask.
func dnsZones(domain string) string {
	return fmt.Sprintf(`.:%d {
    errors
    health :%d {
        lameduck 5s
    }
    ready :%d
    kubernetes %s in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 5
    }
    cache 5
}
`, dnsPort, dnsHealth, dnsReady, domain)
}

// dnsObjects are what resolves names, in the namespace and with the labels that
// network policies let every pod ask.
func dnsObjects(at config.DNS) []any {
	namespace, labels := at.Namespace, at.Labels
	if namespace == "" {
		namespace = systemSpace
	}
	if len(labels) == 0 {
		labels = map[string]string{"k8s-app": dnsService}
	}
	meta := func(name string) metav1.ObjectMeta {
		return metav1.ObjectMeta{Name: name, Namespace: namespace, Labels: labels}
	}
	return []any{
		&corev1.ServiceAccount{TypeMeta: kind("v1", "ServiceAccount"), ObjectMeta: meta(dnsName)},
		&rbacv1.ClusterRole{
			TypeMeta: kind(rbacv1.SchemeGroupVersion.String(), "ClusterRole"), ObjectMeta: metav1.ObjectMeta{Name: "platform:" + dnsName},
			Rules: []rbacv1.PolicyRule{reads("", "endpoints", "services", "pods", "namespaces"), reads("discovery.k8s.io", "endpointslices")},
		},
		&rbacv1.ClusterRoleBinding{
			TypeMeta: kind(rbacv1.SchemeGroupVersion.String(), "ClusterRoleBinding"), ObjectMeta: metav1.ObjectMeta{Name: "platform:" + dnsName},
			RoleRef:  rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "platform:" + dnsName},
			Subjects: []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Name: dnsName, Namespace: namespace}},
		},
		&corev1.ConfigMap{TypeMeta: kind("v1", "ConfigMap"), ObjectMeta: meta(dnsName), Data: map[string]string{"Corefile": dnsZones(clusterDomain)}},
		&corev1.Service{
			TypeMeta: kind("v1", "Service"), ObjectMeta: meta(dnsService),
			Spec: corev1.ServiceSpec{
				ClusterIP: dnsAddress, Selector: labels,
				Ports: []corev1.ServicePort{
					{Name: "dns", Port: dnsPort, Protocol: corev1.ProtocolUDP, TargetPort: intstr.FromInt32(dnsPort)},
					{Name: "dns-tcp", Port: dnsPort, Protocol: corev1.ProtocolTCP, TargetPort: intstr.FromInt32(dnsPort)},
				},
			},
		},
		&appsv1.Deployment{
			TypeMeta: kind(appsv1.SchemeGroupVersion.String(), "Deployment"), ObjectMeta: meta(dnsName),
			Spec: appsv1.DeploymentSpec{
				Replicas: pointer(int32(dnsReplicas)), Selector: &metav1.LabelSelector{MatchLabels: labels},
				Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: dnsPod(labels)},
			},
		},
	}
}

func dnsPod(labels map[string]string) corev1.PodSpec {
	probe := func(path string, port int32) *corev1.Probe {
		return &corev1.Probe{
			ProbeHandler:  corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: path, Port: intstr.FromInt32(port)}},
			PeriodSeconds: 2, TimeoutSeconds: 2, FailureThreshold: 5,
		}
	}
	return corev1.PodSpec{
		ServiceAccountName: dnsName,
		DNSPolicy:          corev1.DNSDefault,
		PriorityClassName:  "system-cluster-critical",
		Tolerations:        []corev1.Toleration{{Operator: corev1.TolerationOpExists}},
		TopologySpreadConstraints: []corev1.TopologySpreadConstraint{{
			MaxSkew: 1, TopologyKey: corev1.LabelHostname, WhenUnsatisfiable: corev1.ScheduleAnyway,
			LabelSelector: &metav1.LabelSelector{MatchLabels: labels},
		}},
		Containers: []corev1.Container{{
			Name: dnsName, Image: dnsImage, ImagePullPolicy: corev1.PullIfNotPresent, // again, where a clean-up took it
			Args:      []string{"-conf", "/etc/coredns/Corefile"},
			Resources: corev1.ResourceRequirements{Requests: addonRequests},
			Ports: []corev1.ContainerPort{
				{Name: "dns", ContainerPort: dnsPort, Protocol: corev1.ProtocolUDP},
				{Name: "dns-tcp", ContainerPort: dnsPort, Protocol: corev1.ProtocolTCP},
			},
			LivenessProbe:  probe("/health", dnsHealth),
			ReadinessProbe: probe("/ready", dnsReady),
			SecurityContext: &corev1.SecurityContext{
				AllowPrivilegeEscalation: pointer(false), ReadOnlyRootFilesystem: pointer(true),
				Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}, Add: []corev1.Capability{"NET_BIND_SERVICE"}},
			},
			VolumeMounts: []corev1.VolumeMount{{Name: "config", MountPath: "/etc/coredns", ReadOnly: true}},
		}},
		Volumes: []corev1.Volume{{Name: "config", VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
			LocalObjectReference: corev1.LocalObjectReference{Name: dnsName},
		}}}},
	}
}

// metricsObjects lead the API of metrics to a program beside the control plane,
// which asks the kubelets.
func (c *Cluster) metricsObjects() []any {
	name, port := "https", int32(c.ports.Metrics)
	return []any{
		&rbacv1.RoleBinding{
			TypeMeta:   kind(rbacv1.SchemeGroupVersion.String(), "RoleBinding"),
			ObjectMeta: metav1.ObjectMeta{Name: "platform:" + metricsName, Namespace: systemSpace},
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: "extension-apiserver-authentication-reader"},
			Subjects:   []rbacv1.Subject{user(identityMetrics.name)},
		},
		&corev1.Service{
			TypeMeta: kind("v1", "Service"), ObjectMeta: metav1.ObjectMeta{Name: metricsName, Namespace: systemSpace},
			Spec: corev1.ServiceSpec{Ports: []corev1.ServicePort{{Name: name, Port: 443, Protocol: corev1.ProtocolTCP, TargetPort: intstr.FromInt32(port)}}},
		},
		&discoveryv1.EndpointSlice{
			TypeMeta: kind(discoveryv1.SchemeGroupVersion.String(), "EndpointSlice"),
			ObjectMeta: metav1.ObjectMeta{
				Name: metricsName, Namespace: systemSpace,
				Labels: map[string]string{discoveryv1.LabelServiceName: metricsName, discoveryv1.LabelManagedBy: fieldManager},
			},
			AddressType: discoveryv1.AddressTypeIPv4,
			Endpoints:   []discoveryv1.Endpoint{{Addresses: []string{c.site.bridge.Addr().String()}, Conditions: discoveryv1.EndpointConditions{Ready: pointer(true)}}},
			Ports:       []discoveryv1.EndpointPort{{Name: &name, Port: &port, Protocol: pointer(corev1.ProtocolTCP)}},
		},
		map[string]any{
			"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
			"metadata": map[string]any{"name": metricsAPI},
			"spec": map[string]any{
				"group": "metrics.k8s.io", "version": strings.SplitN(metricsAPI, ".", 2)[0],
				"groupPriorityMinimum": int64(100), "versionPriority": int64(100), "insecureSkipTLSVerify": true,
				"service": map[string]any{"name": metricsName, "namespace": systemSpace},
			},
		},
	}
}

// applyAll applies objects in their order.
func (a *api) applyAll(ctx context.Context, objects []any) error {
	for _, one := range objects {
		if err := a.applyTyped(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

func kind(version, name string) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: version, Kind: name}
}

func pointer[T any](value T) *T { return &value }
