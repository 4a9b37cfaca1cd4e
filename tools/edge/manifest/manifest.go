// Package manifest describes the objects by which the edge runs in an embedded
// cluster, complete for server-side apply. Its namespace has to be there.
package manifest

import (
	"maps"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"platform/tools/images"
)

// Name is that of the Service and of all other objects but the classes, as
// ingress-nginx has it.
const Name = "ingress-nginx-controller"

// Image is the image of the edge: its program, which it starts, and Debian's
// nginx.
const Image = images.EdgeImage

// ControllerName is what the classes name; the program signs statuses with it.
const ControllerName = "platform.embedded/edge"

// The ports of the pod. Its user may not open those below 1024.
const (
	HTTPPort   = 8080
	HTTPSPort  = 8443
	HealthPort = 10254
)

// Options shape the edge. Namespace is required.
type Options struct {
	Namespace    string            // of topology.ingressController
	Labels       map[string]string // of its pods, as network policies select them; default app.kubernetes.io/name: ingress-nginx
	Image        string            // default [Image]
	IngressClass string            // of the stack; empty serves no Ingress and makes no class
	GatewayClass string            // likewise for Gateways
	Address      string            // IP address or host name for the statuses; empty writes none
}

// All is every object, in the order in which they need each other.
func All(o Options) []runtime.Object {
	list := []runtime.Object{ServiceAccount(o), ClusterRole(o), ClusterRoleBinding(o)}
	if o.IngressClass != "" {
		list = append(list, IngressClass(o))
	}
	if o.GatewayClass != "" {
		list = append(list, GatewayClass(o))
	}
	return append(list, Service(o), Disruption(o), Deployment(o))
}

func (o Options) labels() map[string]string {
	all := map[string]string{"app.kubernetes.io/component": "controller"}
	if len(o.Labels) == 0 {
		all["app.kubernetes.io/name"] = "ingress-nginx"
	}
	maps.Copy(all, o.Labels)
	return all
}

func (o Options) meta() metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: o.Namespace, Name: Name, Labels: o.labels()}
}

func (o Options) globalMeta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Labels: o.labels()}
}

// ServiceAccount is who the edge is.
func ServiceAccount(o Options) *corev1.ServiceAccount {
	return &corev1.ServiceAccount{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ServiceAccount"}, ObjectMeta: o.meta(),
	}
}

// ClusterRole lets the edge read what it serves and write how that went.
func ClusterRole(o Options) *rbacv1.ClusterRole {
	read, status := []string{"get", "list", "watch"}, []string{"update"}
	return &rbacv1.ClusterRole{
		TypeMeta: metav1.TypeMeta{APIVersion: "rbac.authorization.k8s.io/v1", Kind: "ClusterRole"}, ObjectMeta: o.globalMeta(Name),
		Rules: []rbacv1.PolicyRule{
			{APIGroups: []string{""}, Resources: []string{"services", "secrets"}, Verbs: read},
			{APIGroups: []string{""}, Resources: []string{"events"}, Verbs: []string{"create", "patch"}},
			{APIGroups: []string{"discovery.k8s.io"}, Resources: []string{"endpointslices"}, Verbs: read},
			{APIGroups: []string{"networking.k8s.io"}, Resources: []string{"ingresses"}, Verbs: read},
			{APIGroups: []string{"networking.k8s.io"}, Resources: []string{"ingresses/status"}, Verbs: status},
			{APIGroups: []string{gatewayv1.GroupName}, Resources: []string{"gatewayclasses", "gateways", "httproutes"}, Verbs: read},
			{
				APIGroups: []string{gatewayv1.GroupName},
				Resources: []string{"gatewayclasses/status", "gateways/status", "httproutes/status"}, Verbs: status,
			},
			{APIGroups: []string{"route.openshift.io"}, Resources: []string{"routes"}, Verbs: read},
			{APIGroups: []string{"route.openshift.io"}, Resources: []string{"routes/status"}, Verbs: status},
		},
	}
}

// ClusterRoleBinding gives the role to the edge.
func ClusterRoleBinding(o Options) *rbacv1.ClusterRoleBinding {
	return &rbacv1.ClusterRoleBinding{
		TypeMeta: metav1.TypeMeta{APIVersion: "rbac.authorization.k8s.io/v1", Kind: "ClusterRoleBinding"}, ObjectMeta: o.globalMeta(Name),
		RoleRef:  rbacv1.RoleRef{APIGroup: "rbac.authorization.k8s.io", Kind: "ClusterRole", Name: Name},
		Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Namespace: o.Namespace, Name: Name}},
	}
}

// IngressClass is the class that the stack's Ingress names.
func IngressClass(o Options) *networkingv1.IngressClass {
	return &networkingv1.IngressClass{
		TypeMeta: metav1.TypeMeta{APIVersion: "networking.k8s.io/v1", Kind: "IngressClass"}, ObjectMeta: o.globalMeta(o.IngressClass),
		Spec: networkingv1.IngressClassSpec{Controller: ControllerName},
	}
}

// GatewayClass is the class that the stack's Gateway names. The server has to
// serve its kind.
func GatewayClass(o Options) *gatewayv1.GatewayClass {
	return &gatewayv1.GatewayClass{
		TypeMeta: metav1.TypeMeta{APIVersion: gatewayv1.GroupVersion.String(), Kind: "GatewayClass"}, ObjectMeta: o.globalMeta(o.GatewayClass),
		Spec: gatewayv1.GatewayClassSpec{ControllerName: ControllerName},
	}
}

// Service is where the edge is reached in the cluster, on ports 80 and 443.
func Service(o Options) *corev1.Service {
	return &corev1.Service{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Service"}, ObjectMeta: o.meta(),
		Spec: corev1.ServiceSpec{
			Selector: o.labels(),
			Ports: []corev1.ServicePort{
				{Name: "http", Port: 80, TargetPort: intstr.FromString("http"), Protocol: corev1.ProtocolTCP},
				{Name: "https", Port: 443, TargetPort: intstr.FromString("https"), Protocol: corev1.ProtocolTCP},
			},
		},
	}
}
