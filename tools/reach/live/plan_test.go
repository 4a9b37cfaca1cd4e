package live

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"platform/policy/pack"
	"platform/policy/reach"
	"platform/policy/reach/objects"
	"platform/tests/packtest"
)

// demo is a frontend that reaches a backend, which the world reaches at a range
// of ports through a load balancer.
const demo = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: frontend, namespace: a}, spec: {template: {metadata: {labels: {app: frontend}}, spec: {containers: [{name: a}]}}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: backend, namespace: a}, spec: {template: {metadata: {labels: {app: backend}}, spec: {containers: [{name: a, ports: [{containerPort: 80}]}]}}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: init-0123456789abcdef, namespace: a}, spec: {template: {metadata: {labels: {app: init}}, spec: {containers: [{name: a}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: backend, namespace: a}, spec: {type: LoadBalancer, externalTrafficPolicy: Local, selector: {app: backend}, ports: [{port: 8080, targetPort: 80, nodePort: 30080}]}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny, namespace: a}, spec: {podSelector: {}, policyTypes: [Ingress, Egress]}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: allow, namespace: a}, spec: {podSelector: {matchLabels: {app: backend}},
  ingress: [{from: [{podSelector: {matchLabels: {app: frontend}}}], ports: [{port: 80}]}, {from: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 80}, {port: 9000, endPort: 9400}]}]}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: send, namespace: a}, spec: {podSelector: {matchLabels: {app: frontend}}, policyTypes: [Egress],
  egress: [{to: [{podSelector: {matchLabels: {app: backend}}}], ports: [{port: 80}]}]}}
`

func demoMatrix(t *testing.T) *reach.Matrix {
	t.Helper()
	c, err := objects.Cluster(&pack.Stack{Name: "x", Objects: packtest.Objects(t, demo)})
	require.NoError(t, err)
	e, err := reach.NewEvaluator(c, reach.Surroundings{})
	require.NoError(t, err)
	return e.NewMatrix()
}

// testNet is the name of the group of addresses that the policies tell apart.
const testNet = "203.0.113.0/24"

func place(endpoint string, kind reach.Kind, name, node, address string) Place {
	return Place{Endpoint: endpoint, Kind: kind, Name: name, Node: node, Address: netip.MustParseAddr(address), Ready: true}
}

func demoScene() *Scene {
	nodes := []Place{place("nodes", reach.Nodes, "n1", "n1", "172.16.0.1"), place("nodes", reach.Nodes, "n2", "n2", "172.16.0.2")}
	service := corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "backend", Namespace: "a"}, Spec: corev1.ServiceSpec{
		ClusterIP: "10.96.0.7", Selector: map[string]string{"app": "backend"}, Ports: []corev1.ServicePort{{Port: 8080}},
	}}
	service.Spec.Ports[0].TargetPort.IntVal = 80
	service.Status.LoadBalancer.Ingress = []corev1.LoadBalancerIngress{{IP: "172.16.9.9"}}
	return &Scene{Nodes: nodes, Services: []corev1.Service{service}, Missing: map[string]string{"overlay": "no room"}, Places: map[string][]Place{
		"nodes":      nodes,
		"a/frontend": {place("a/frontend", reach.Pod, "a/f-1", "n1", "10.244.0.2")},
		"a/backend":  {place("a/backend", reach.Pod, "a/b-1", "n1", "10.244.0.3"), place("a/backend", reach.Pod, "a/b-2", "n2", "10.244.1.3")},
		testNet:      {place(testNet, reach.World, "203.0.113.1", "", "203.0.113.1")},
	}}
}

// texts are the cells between two endpoints in words.
func texts(cells []Cell, from, to string) []string {
	var all []string
	for _, c := range cells {
		if c.From == from && c.To == to {
			all = append(all, fmt.Sprintf("%d %s %v %d", c.Port, c.By, c.Computed, len(c.Attempts)))
		}
	}
	return all
}

func TestPlan(t *testing.T) {
	m := demoMatrix(t)
	cells := Plan(m, demoScene())
	for pair, want := range map[string][]string{
		"a/frontend > a/backend": {
			"80  true 2", "8999  false 2", "9000  false 2", "9100  false 2", "9200  false 2", "9300  false 2", "9400  false 2", "9401  false 2", "65001  false 2",
			"80 Service backend:8080 true 1", "80 port 30080 of nodes true 2", "80 load balancer of backend:8080 true 1",
		},
		testNet + " > a/backend": {
			"80  true 2", "8999  false 2", "9000  true 2", "9100  true 2", "9200  true 2", "9300  true 2", "9400  true 2", "9401  false 2", "65001  false 2",
			"80 port 30080 of nodes true 2", "80 load balancer of backend:8080 true 1",
		},
		"a/backend > a/backend":   {"80  false 2", "8999  false 2", "9000  false 2", "9100  false 2", "9200  false 2", "9300  false 2", "9400  false 2", "9401  false 2", "65001  false 2"},
		"a/frontend > nodes":      {"22  false 1", "6443  false 1", "10250  false 1", "65001  false 1"}, // not its own, and without the Service's
		"nodes > a/frontend":      {"65001  false 1"},
		"a/frontend > " + testNet: {"65001  false 1"},
		"nodes > nodes":           nil,
		"world > a/backend":       nil, // nothing plays it
	} {
		from, to, _ := strings.Cut(pair, " > ")
		assert.Equal(t, want, texts(cells, from, to), pair)
	}
}

// TestNobodyIsServedByPodsThatAreNotReady has a Service that leads nowhere,
// which says nothing about policies.
func TestNobodyIsServedByPodsThatAreNotReady(t *testing.T) {
	s := demoScene()
	for i := range s.Places["a/backend"] {
		s.Places["a/backend"][i].Ready = false
	}
	for _, c := range Plan(demoMatrix(t), s) {
		assert.Empty(t, c.By, c.String())
	}
}

// fake lets some connections through, and fails others first.
type fake struct {
	mu      sync.Mutex
	open    func(from Place, to string) bool
	problem error
	tries   map[string]int
}

func (f *fake) Dial(_ context.Context, from Place, to string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tries[from.Name+">"+to]++
	if f.open(from, to) {
		return nil
	}
	return f.problem
}

func asComputed(cells []Cell) func(Place, string) bool {
	open := map[string]bool{}
	for _, c := range cells {
		for _, a := range c.Attempts {
			open[a.From.Name+">"+a.To.String()] = c.Computed
		}
	}
	return func(from Place, to string) bool { return open[from.Name+">"+to] }
}

func TestMeasureAndCompare(t *testing.T) {
	m, s := demoMatrix(t), demoScene()
	cells := Plan(m, s)
	dialer := &fake{open: asComputed(cells), problem: syscall.ECONNREFUSED, tries: map[string]int{}}
	var last [2]int
	require.NoError(t, Measure(t.Context(), cells, dialer, func(done, of int) { last = [2]int{done, of} }))
	result := Compare(cells, m, s)
	assert.Empty(t, result.Differences)
	assert.Equal(t, [2]int{result.Connections, result.Connections}, last)
	assert.Contains(t, result.Unmeasured, Unmeasured{"overlay", "no room"})
	assert.Contains(t, result.Unmeasured, Unmeasured{"a/init", "nothing of it runs"})
}

func TestDifferences(t *testing.T) {
	m, s := demoMatrix(t), demoScene()
	for name, tc := range map[string]struct {
		change  func(from Place, to string, open bool) bool
		problem error
		want    string
	}{
		"open, though computed closed": {
			func(from Place, to string, open bool) bool {
				return open || from.Name == "a/f-1" && to == "10.244.0.3:9000" || from.Name == "a/f-1" && to == "10.244.1.3:9000"
			},
			syscall.ECONNREFUSED, "a/frontend to a/backend at 9000: computed no, measured yes [a/f-1 to 10.244.0.3:9000: open; a/f-1 to 10.244.1.3:9000: open]",
		},
		"open at one pod of two": {
			func(from Place, to string, open bool) bool {
				return open && (from.Name != "a/f-1" || to != "10.244.0.3:80")
			},
			context.DeadlineExceeded, "a/frontend to a/backend at 80: computed yes, measured some [a/f-1 to 10.244.0.3:80: no answer]",
		},
		"closed at the Service": {
			func(_ Place, to string, open bool) bool { return open && to != "10.96.0.7:8080" },
			syscall.EHOSTUNREACH, "a/frontend to a/backend at 80: computed yes, measured no (Service backend:8080) [a/f-1 to 10.96.0.7:8080: unreachable]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			cells := Plan(m, s)
			computed := asComputed(cells)
			dialer := &fake{problem: tc.problem, tries: map[string]int{}, open: func(from Place, to string) bool { return tc.change(from, to, computed(from, to)) }}
			synctest.Test(t, func(t *testing.T) { require.NoError(t, Measure(t.Context(), cells, dialer, nil)) })
			result := Compare(cells, m, s)
			require.Len(t, result.Differences, 1)
			assert.Equal(t, tc.want, result.Differences[0].Text)
			assert.Equal(t, 1, dialer.tries["a/f-1>172.16.9.9:8080"], "what agrees is tried once")
		})
	}
}

// TestOneNodeOpensAWay has a port of nodes that answers on one of two, as it is
// with a Service that keeps the client's address.
func TestOneNodeOpensAWay(t *testing.T) {
	m, s := demoMatrix(t), demoScene()
	cells := Plan(m, s)
	computed := asComputed(cells)
	dialer := &fake{problem: context.DeadlineExceeded, tries: map[string]int{}, open: func(from Place, to string) bool {
		return computed(from, to) && to != "172.16.0.2:30080"
	}}
	require.NoError(t, Measure(t.Context(), cells, dialer, nil))
	assert.Empty(t, Compare(cells, m, s).Differences)
}

func TestMeasureTellsWhatItCannot(t *testing.T) {
	cells := Plan(demoMatrix(t), demoScene())
	dialer := &fake{problem: syscall.EMFILE, tries: map[string]int{}, open: func(Place, string) bool { return false }}
	require.ErrorIs(t, Measure(t.Context(), cells, dialer, nil), syscall.EMFILE)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dialer.problem = errors.New("never")
	assert.ErrorIs(t, Measure(ctx, cells, dialer, nil), context.Canceled)
}

func TestWithoutWhatWentAway(t *testing.T) {
	cells := Plan(demoMatrix(t), demoScene())
	dialer := &fake{problem: syscall.EADDRNOTAVAIL, tries: map[string]int{}, open: func(from Place, _ string) bool { return from.Name != "a/f-1" }}
	synctest.Test(t, func(t *testing.T) { require.NoError(t, Measure(t.Context(), cells, dialer, nil)) })
	assert.Empty(t, texts(Without(cells, func(string) bool { return false }), "a/frontend", "a/backend"), "its source has lost its address")
	left := Without(cells, func(name string) bool { return name == "a/f-1" || name == "a/b-1" })
	assert.Empty(t, texts(left, "a/frontend", "a/backend"))
	assert.Contains(t, texts(left, testNet, "a/backend"), "80  true 1")
	assert.Contains(t, texts(cells, testNet, "a/backend"), "80  true 2", "the given cells stay as they are")
}

func TestAssign(t *testing.T) {
	m := demoMatrix(t)
	pod := func(name, app, owner, kind string) corev1.Pod {
		p := corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "a", Labels: map[string]string{"app": app, "pod-template-hash": "5d4f"}}}
		p.Status.Phase, p.Status.PodIP = corev1.PodRunning, "10.244.0.2"
		if owner != "" {
			p.OwnerReferences = []metav1.OwnerReference{{Name: owner, Kind: kind, Controller: new(true)}}
		}
		return p
	}
	ended, leaving, elsewhere, stray := pod("e", "backend", "backend-5d4f", "ReplicaSet"), pod("l", "backend", "backend-5d4f", "ReplicaSet"), pod("x", "", "", ""), pod("y", "other", "", "")
	ended.Status.Phase = corev1.PodSucceeded
	leaving.DeletionTimestamp = new(metav1.Now())
	elsewhere.Namespace = "elsewhere"
	stand := pod("reach-probe-1", "init", "", "")
	stand.Annotations = map[string]string{probeAnnotation: "a/init"}
	all := Assign(m, []corev1.Pod{
		pod("backend-5d4f-x", "backend", "backend-5d4f", "ReplicaSet"), pod("i", "init", "init-0123456789abcdef", "Job"),
		pod("w", "frontend", "backend-5d4f", "ReplicaSet"), ended, leaving, elsewhere, stray, stand,
	})
	names := map[string][]string{}
	for endpoint, pods := range all {
		for _, one := range pods {
			names[endpoint] = append(names[endpoint], one.Name)
		}
	}
	assert.Equal(t, map[string][]string{"a/backend": {"backend-5d4f-x"}, "a/init": {"i", "reach-probe-1"}, "overlay": {"x"}}, names)
}

func TestWorldAddress(t *testing.T) {
	outside := netip.MustParseAddr("203.0.113.1")
	var found []string
	for _, e := range demoMatrix(t).Endpoints {
		if e.Kind == reach.World {
			address, has := worldAddress(e, outside, []netip.Prefix{netip.MustParsePrefix("8.0.0.0/8")})
			require.True(t, has)
			found = append(found, e.Name+" "+address.String())
		}
	}
	slices.Sort(found)
	assert.Equal(t, []string{"203.0.113.0/24 203.0.113.1", "link-local 169.254.169.254", "world 11.0.0.1"}, found)
}

func TestProbeIsRestricted(t *testing.T) {
	e := demoMatrix(t).Find("a/init")
	pod := probe(e)
	assert.Equal(t, map[string]string{"app": "init"}, pod.Labels)
	assert.Equal(t, "a/init", pod.Annotations[probeAnnotation])
	assert.Equal(t, []corev1.Capability{"ALL"}, pod.Spec.Containers[0].SecurityContext.Capabilities.Drop)
	assert.Empty(t, selecting(demoScene().Services, e))
	assert.Equal(t, "backend", selecting(demoScene().Services, demoMatrix(t).Find("a/backend")))
}
