// Package objects reads from the objects of a stack what decides who can reach
// whom.
package objects

import (
	"fmt"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"platform/policy/pack"
	"platform/policy/reach"
)

// Reader takes the objects of a stack, one after the other. The zero value is
// ready.
type Reader struct {
	cluster reach.Cluster
	owners  map[*reach.Endpoint]pack.Object
}

// Cluster reads what a stack makes. A value that is not known ends the
// check of the rule that asks, as everywhere in [pack.Value].
func Cluster(s *pack.Stack) (*reach.Cluster, error) {
	var r Reader
	for _, o := range s.Objects {
		if err := r.Add(o); err != nil {
			return nil, err
		}
	}
	return r.Cluster(), nil
}

// Add takes an object. A kind of policy that is not checked is an error: without
// it the answer would be wrong.
func (r *Reader) Add(o pack.Object) error {
	group, _, _ := strings.Cut(o.APIVersion, "/")
	c := &r.cluster
	c.Routes = append(c.Routes, routes(group, o)...)
	switch pod, runs := o.Pod(); {
	case runs:
		r.addPod(o, pod)
	case o.Kind == "Namespace" && o.APIVersion == "v1":
		if c.Namespaces == nil {
			c.Namespaces = map[string]map[string]string{}
		}
		c.Namespaces[o.Name()] = o.Labels()
	case o.Kind == "Service" && o.APIVersion == "v1":
		c.Services = append(c.Services, service(o))
	case o.Kind == "NetworkPolicy" && group == networkingv1.GroupName:
		c.Policies = append(c.Policies, policy(o))
	case group == calicoGroup && (o.Kind == "GlobalNetworkPolicy" || o.Kind == "NetworkPolicy"):
		c.Calico = append(c.Calico, calicoOf(o))
	case unchecked(group, o.Kind):
		return uncheckedError(o)
	}
	return nil
}

// addPod takes the pod of a workload, unless it is switched off.
func (r *Reader) addPod(o pack.Object, pod pack.Pod) {
	if replicas := o.At("spec", "replicas"); replicas.Set() && replicas.Int() == 0 {
		return
	}
	e := endpoint(pod)
	if r.owners == nil {
		r.owners = map[*reach.Endpoint]pack.Object{}
	}
	r.owners[e] = o
	r.cluster.Pods = append(r.cluster.Pods, e)
}

// Cluster is what was read, once all objects were added.
func (r *Reader) Cluster() *reach.Cluster {
	c := &r.cluster
	distinct(c.Pods)
	for _, pod := range c.Pods {
		pod.NamespaceLabels = c.NamespaceLabels(pod.Namespace)
	}
	c.Listen()
	return c
}

// Owner is the object that makes the pods of an endpoint; false where the stack
// makes none of that name.
func (r *Reader) Owner(endpoint string) (pack.Object, bool) {
	for e, owner := range r.owners {
		if e.String() == endpoint {
			return owner, true
		}
	}
	return pack.Object{}, false
}

// namespaceOf is the namespace of an object, which has to be known: without it
// nobody can tell whom a policy is about.
func namespaceOf(o pack.Object) string {
	if namespace := o.At("metadata", "namespace"); namespace.Set() {
		return namespace.Text()
	}
	return metav1.NamespaceDefault
}

// hashed is the end of a Job's name, which changes with what it runs and tells
// nobody who it is.
var hashed = regexp.MustCompile(`-[0-9a-f]{16}$`)

func endpoint(pod pack.Pod) *reach.Endpoint {
	name := pod.Owner.Name()
	if pod.Owner.Kind == "Job" {
		name = hashed.ReplaceAllString(name, "")
	}
	e := &reach.Endpoint{
		Name: name, Kind: reach.Pod, Namespace: namespaceOf(pod.Owner), Labels: pod.Labels(),
	}
	if pod.Spec.At("hostNetwork").True() {
		e.Kind = reach.Host
	}
	for _, container := range pod.Containers() {
		for _, port := range container.At("ports").Items() {
			e.Ports = append(e.Ports, corev1.ContainerPort{
				Name: port.At("name").Text(), ContainerPort: int32(port.At("containerPort").Int()), Protocol: corev1.Protocol(port.At("protocol").Text()),
			})
		}
	}
	return e
}

// distinct gives pods that differ names that differ.
func distinct(pods []*reach.Endpoint) {
	seen := map[string]int{}
	for _, pod := range pods {
		name := pod.String()
		if seen[name]++; seen[name] > 1 {
			pod.Name += fmt.Sprintf(" (%d)", seen[name])
		}
	}
}

func service(o pack.Object) corev1.Service {
	spec := o.At("spec")
	one := corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: o.Name(), Namespace: namespaceOf(o)}}
	one.Spec.Type = corev1.ServiceType(spec.At("type").Text())
	one.Spec.ExternalTrafficPolicy = corev1.ServiceExternalTrafficPolicy(spec.At("externalTrafficPolicy").Text())
	one.Spec.Selector = spec.At("selector").TextMap()
	for _, port := range spec.At("ports").Items() {
		one.Spec.Ports = append(one.Spec.Ports, corev1.ServicePort{
			Name: port.At("name").Text(), Protocol: corev1.Protocol(port.At("protocol").Text()), Port: int32(port.At("port").Int()),
			NodePort: int32(port.At("nodePort").Int()), TargetPort: intstr.Parse(port.At("targetPort").Port()),
		})
	}
	return one
}

func policy(o pack.Object) networkingv1.NetworkPolicy {
	spec := o.At("spec")
	one := networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Name: o.Name(), Namespace: namespaceOf(o)}}
	one.Spec.PodSelector = *selector(spec.At("podSelector"))
	for _, text := range spec.At("policyTypes").Texts() {
		one.Spec.PolicyTypes = append(one.Spec.PolicyTypes, networkingv1.PolicyType(text))
	}
	for _, r := range spec.At("ingress").Items() {
		one.Spec.Ingress = append(one.Spec.Ingress, networkingv1.NetworkPolicyIngressRule{From: peers(r.At("from")), Ports: policyPorts(r.At("ports"))})
	}
	for _, r := range spec.At("egress").Items() {
		one.Spec.Egress = append(one.Spec.Egress, networkingv1.NetworkPolicyEgressRule{To: peers(r.At("to")), Ports: policyPorts(r.At("ports"))})
	}
	return one
}

func peers(list pack.Value) []networkingv1.NetworkPolicyPeer {
	var all []networkingv1.NetworkPolicyPeer
	for _, item := range list.Items() {
		var one networkingv1.NetworkPolicyPeer
		if block := item.At("ipBlock"); block.Set() {
			one.IPBlock = &networkingv1.IPBlock{CIDR: block.At("cidr").Text(), Except: block.At("except").Texts()}
		}
		if pods := item.At("podSelector"); pods.Set() {
			one.PodSelector = selector(pods)
		}
		if namespaces := item.At("namespaceSelector"); namespaces.Set() {
			one.NamespaceSelector = selector(namespaces)
		}
		all = append(all, one)
	}
	return all
}

func policyPorts(list pack.Value) []networkingv1.NetworkPolicyPort {
	var all []networkingv1.NetworkPolicyPort
	for _, item := range list.Items() {
		var one networkingv1.NetworkPolicyPort
		if protocol := item.At("protocol"); protocol.Set() {
			one.Protocol = new(corev1.Protocol(protocol.Text()))
		}
		if port := item.At("port"); port.Set() {
			one.Port = new(intstr.Parse(port.Port()))
		}
		if end := item.At("endPort"); end.Set() {
			one.EndPort = new(int32(end.Int()))
		}
		all = append(all, one)
	}
	return all
}

func selector(value pack.Value) *metav1.LabelSelector {
	one := &metav1.LabelSelector{MatchLabels: value.At("matchLabels").TextMap()}
	for _, item := range value.At("matchExpressions").Items() {
		one.MatchExpressions = append(one.MatchExpressions, metav1.LabelSelectorRequirement{
			Key: item.At("key").Text(), Operator: metav1.LabelSelectorOperator(item.At("operator").Text()), Values: item.At("values").Texts(),
		})
	}
	return one
}
