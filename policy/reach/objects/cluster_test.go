package objects_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/yaml"

	"platform/policy/pack"
	"platform/policy/reach"
	"platform/policy/reach/calico"
	"platform/policy/reach/objects"
	"platform/tests/packtest"
)

func cluster(t *testing.T, documents string) *reach.Cluster {
	t.Helper()
	c, err := objects.Cluster(&pack.Stack{Objects: packtest.Objects(t, documents)})
	require.NoError(t, err)
	return c
}

// TestPoliciesAreReadWhole compares with the API's own reading.
func TestPoliciesAreReadWhole(t *testing.T) {
	const policy = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: a}
spec:
  podSelector: {matchLabels: {app: db}, matchExpressions: [{key: tier, operator: NotIn, values: [x, v]}, {key: z, operator: Exists}]}
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}
    - namespaceSelector: {matchLabels: {team: red}}
      podSelector: {matchLabels: {app: api}}
    - podSelector: {matchLabels: {}}
    ports: [{protocol: SCTP, port: http}, {port: 32000, endPort: 32768}, {protocol: UDP}]
  - {}
  egress: [{to: [{namespaceSelector: {matchLabels: {}}}], ports: [{port: 53, protocol: UDP}]}]
`
	var want networkingv1.NetworkPolicy
	require.NoError(t, yaml.UnmarshalStrict([]byte(policy), &want))
	want.TypeMeta = metav1.TypeMeta{}
	got := cluster(t, policy).Policies
	require.Len(t, got, 1)
	wantText, err := yaml.Marshal(want)
	require.NoError(t, err)
	gotText, err := yaml.Marshal(got[0])
	require.NoError(t, err)
	assert.YAMLEq(t, string(wantText), string(gotText))
	assert.Nil(t, got[0].Spec.Ingress[0].From[2].NamespaceSelector)
	assert.NotNil(t, got[0].Spec.Egress[0].To[0].NamespaceSelector)
}

func TestCalicoPoliciesAreReadWhole(t *testing.T) {
	const policy = `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: p}
spec:
  tier: default
  order: 10.5
  selector: all()
  namespaceSelector: has(team)
  types: [Ingress]
  preDNAT: true
  applyOnForward: true
  doNotTrack: false
  ingress:
  - {action: Allow, protocol: TCP, ipVersion: 4, destination: {ports: [22, '9080:9081', http], notPorts: [1]}}
  - {action: Deny, notProtocol: 17, source: {nets: [10.0.0.0/8], notNets: [10.1.0.0/16], selector: "a == 'b'", notSelector: has(c), namespaceSelector: global()}}
`
	text := func(value any) string {
		content, err := yaml.Marshal(value)
		require.NoError(t, err)
		return string(content)
	}
	var want struct{ Spec calico.Spec }
	require.NoError(t, yaml.Unmarshal([]byte(policy), &want))
	got := cluster(t, policy).Calico
	require.Len(t, got, 1)
	assert.Equal(t, "p", got[0].Name)
	assert.Empty(t, got[0].Namespace)
	assert.YAMLEq(t, text(want.Spec), text(got[0].Spec))
	assert.False(t, got[0].Spec.Ingress[1].Narrowed)
}

func TestConditionsThatAreNotCheckedAreNoted(t *testing.T) {
	for _, condition := range []string{"icmp: {type: 8}", "http: {methods: [GET]}", "source: {serviceAccounts: {names: [a]}}", "destination: {services: {name: a}}"} {
		c := cluster(t, "{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: p}, spec: {ingress: [{action: Allow, "+condition+"}]}}")
		assert.True(t, c.Calico[0].Spec.Ingress[0].Narrowed, condition)
	}
}

func TestPodsAndServices(t *testing.T) {
	c := cluster(t, `
{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {team: red}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: init-0123456789abcdef, namespace: a}, spec: {template: {metadata: {labels: {app: init}}, spec: {containers: [{name: a}]}}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: api-0123456789abcdef, namespace: a}, spec: {replicas: 2, template: {metadata: {labels: {app: api}}, spec: {
  initContainers: [{name: i, ports: [{containerPort: 1}]}], containers: [{name: a, ports: [{name: http, containerPort: 8080, protocol: TCP}]}]}}}}
---
{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: agent}, spec: {template: {spec: {hostNetwork: true, containers: [{name: a}]}}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: off, namespace: a}, spec: {replicas: 0, template: {spec: {containers: [{name: a}]}}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: init, namespace: a}, spec: {containers: [{name: a}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: s, namespace: a}, spec: {type: LoadBalancer, externalTrafficPolicy: Local, selector: {app: api}, ports: [
  {name: a, port: 80, targetPort: http, nodePort: 30080}, {port: 90, targetPort: 9000, protocol: UDP}]}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: ignored, namespace: a}}
`)
	var names []string
	for _, pod := range c.Pods {
		names = append(names, pod.String()+" "+string(pod.Kind)+" "+pod.Listens.String())
	}
	assert.Equal(t, []string{"a/init pod none", "a/api-0123456789abcdef pod 1,8080,9000/UDP", "default/agent host none", "a/init (2) pod none"}, names)
	assert.Equal(t, map[string]string{"team": "red", "kubernetes.io/metadata.name": "a"}, c.Pods[1].NamespaceLabels)
	spec := c.Services[0].Spec
	assert.Equal(t, []corev1.ServicePort{
		{Name: "a", Port: 80, TargetPort: intstr.FromString("http"), NodePort: 30080}, {Port: 90, TargetPort: intstr.FromInt32(9000), Protocol: "UDP"},
	}, spec.Ports)
	assert.Equal(t, corev1.ServiceExternalTrafficPolicyLocal, spec.ExternalTrafficPolicy)
}

func TestRead(t *testing.T) {
	folder := t.TempDir()
	_, err := objects.Read(folder, "prod")
	require.ErrorContains(t, err, "has no manifests (*.yaml); name one that make render OUT=dir wrote")
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	write("a.yaml", "# a comment\n---\napiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: a}\nspec: {ports: [{port: 80}]}\n---\n")
	write("b.yaml", "# Rendered\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n")
	write("c.txt", "not one")
	s, err := objects.Read(folder, "prod")
	require.NoError(t, err)
	require.Len(t, s.Objects, 2)
	assert.Equal(t, []string{"prod", "Service/s", "v1", "Deployment/d", "apps/v1"}, []string{
		s.Name, s.Objects[0].String(), s.Objects[0].APIVersion, s.Objects[1].String(), s.Objects[1].APIVersion,
	})
	c, err := objects.Cluster(s)
	require.NoError(t, err)
	assert.Equal(t, int32(80), c.Services[0].Spec.Ports[0].Port)
	write("d.yaml", "kind: Deployment\n")
	_, err = objects.Read(folder, "prod")
	require.ErrorContains(t, err, "has no apiVersion or no kind")
	write("d.yaml", "a: [")
	_, err = objects.Read(folder, "prod")
	assert.ErrorContains(t, err, "d.yaml")
}

func TestSafely(t *testing.T) {
	_, err := objects.Safely(func() (*reach.Cluster, error) {
		return cluster(t, "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {podSelector: 5}}"), nil
	})
	require.ErrorContains(t, err, "an object has a value of a wrong type")
	assert.ErrorContains(t, err, "spec.podSelector")
	assert.Panics(t, func() {
		_, _ = objects.Safely(func() (int, error) { var none []int; return none[0], nil })
	})
}
