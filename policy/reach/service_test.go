package reach_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestServicesOfNodes has what pods see of clients that come by a node's port:
// the node's address, unless the Service keeps the client's.
func TestServicesOfNodes(t *testing.T) {
	svc := func(spec string) string {
		return "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: a}, spec: " + spec + "}\n---\n"
	}
	nodesOnly := np("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.0/16}}]}]}")
	for name, tc := range map[string]struct {
		objects string
		want    map[string]string
	}{
		"inside alone": {svc("{selector: {app: api}, ports: [{port: 80, targetPort: http}]}") + nodesOnly, map[string]string{"world > a/api": "none"}},
		"node port": {svc("{type: NodePort, selector: {app: api}, ports: [{port: 80, targetPort: http, nodePort: 30080}]}") + nodesOnly, map[string]string{
			"world > a/api": "8080", "overlay > a/api": "8080", "b/job > a/api": "8080", "world > a/db": "none",
		}},
		"node port that keeps addresses": {
			svc("{type: NodePort, externalTrafficPolicy: Local, selector: {app: api}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}") + nodesOnly,
			map[string]string{"world > a/api": "none"},
		},
		"load balancer": {svc("{type: LoadBalancer, selector: {app: db}, ports: [{port: 81}]}") + nodesOnly, map[string]string{"world > a/db": "81"}},
		"load balancer that keeps addresses": {
			svc("{type: LoadBalancer, externalTrafficPolicy: Local, selector: {app: db}, ports: [{port: 81}]}") + nodesOnly, map[string]string{"world > a/db": "none"},
		},
		"pods that refuse the nodes": {
			svc("{type: NodePort, selector: {app: api}, ports: [{port: 80, nodePort: 30080}]}") + np("{podSelector: {}}"), map[string]string{"world > a/api": "none"},
		},
		"who may not leave": {
			svc("{type: NodePort, selector: {app: api}, ports: [{port: 80, nodePort: 30080}]}") + nodesOnly + np("{podSelector: {matchLabels: {app: db}}, policyTypes: [Egress]}"),
			map[string]string{"a/db > a/api": "none", "b/job > a/api": "80"},
		},
		"no selector": {svc("{type: NodePort, ports: [{port: 80, nodePort: 30080}]}") + nodesOnly, map[string]string{"world > a/api": "none"}},
		"another namespace": {svc("{type: NodePort, selector: {app: api}, ports: [{port: 80, nodePort: 30080}]}") +
			strings.Replace(nodesOnly, "namespace: a", "namespace: b", 1), map[string]string{"world > b/job": "none", "nodes > b/job": "all"}},
	} {
		t.Run(name, func(t *testing.T) { check(t, matrix(t, pods+tc.objects, around), tc.want) })
	}
}

func TestOpenIsWhatListens(t *testing.T) {
	m := matrix(t, pods+"{apiVersion: v1, kind: Service, metadata: {name: s, namespace: a}, spec: {selector: {app: db}, ports: [{port: 1, targetPort: 7000}, {port: 2, targetPort: none}]}}", around)
	for pair, want := range map[[2]string]string{
		{"world", "a/api"}: "8080,90/SCTP,53/UDP", {"world", "a/db"}: "81,7000", {"world", "b/job"}: "none", {"a/db", "world"}: "all", {"world", "a/agent"}: "9100", {"a/db", "nodes"}: "22,6443,10250", {"world", "nodes"}: "none",
		{"world", "moon"}: "none", {"moon", "world"}: "none",
	} {
		assert.Equal(t, want, m.Open(pair[0], pair[1]).String(), pair)
	}
}

func TestPodsThatDoNotRunReachNobody(t *testing.T) {
	m := matrix(t, "{apiVersion: apps/v1, kind: Deployment, metadata: {name: off, namespace: a}, spec: {replicas: 0, template: {spec: {containers: [{name: x}]}}}}", around)
	for _, e := range m.Endpoints {
		assert.NotEqual(t, "off", e.Name)
	}
}
