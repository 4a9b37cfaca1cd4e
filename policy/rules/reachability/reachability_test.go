package reachability

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/pack"
	"platform/tests/packtest"
)

// core is a part of Edd Cloud that is as stated.
const core = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: nats, namespace: core}, spec: {replicas: 1, template: {metadata: {labels: {app: nats}}, spec: {containers: [{name: a}]}}}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: core-isolation, namespace: core}, spec: {podSelector: {}, policyTypes: [Ingress], ingress: [
  {from: [{podSelector: {}}]}, {from: [{ipBlock: {cidr: 192.168.0.0/16}}]}, {from: [{ipBlock: {cidr: 10.42.0.0/16}}]},
  {from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 2222}, {port: 18080}, {port: 8443}]}]}}
---
{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: allow-host-chunkserver}, spec: {order: 10, preDNAT: true, applyOnForward: true, selector: all(),
  types: [Ingress], ingress: [{action: Allow, protocol: TCP, destination: {ports: [9080, 9081, 22, 6443, 10250]}}]}}
---
`

func TestAsStated(t *testing.T) {
	const open = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: new, namespace: core}, spec: {podSelector: {}, ingress: [{ports: [{port: PORT}]}]}}"
	packtest.Run(t, packtest.Named(Rules, "reachability-is-as-stated"), map[string]packtest.Case{
		"as stated":           {Objects: core},
		"no platform's":       {Objects: "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: b}, spec: {containers: []}}"},
		"a port too many":     {Objects: core + replace(open, "4222"), Want: []string{"Deployment/nats", "Deployment/nats"}},
		"a port that is":      {Objects: core + replace(open, "8443")},
		"a port as text":      {Objects: core + replace(open, "'4222'"), Want: []string{"Deployment/nats", "Deployment/nats"}},
		"a port of no type":   {Objects: core + replace(open, "[1]"), Want: []string{"NetworkPolicy/new: spec.ingress[0].ports[0].port"}},
		"a port not known":    {Objects: core + replace(open, packtest.Unknown), Undecided: []string{"NetworkPolicy/new: spec.ingress[0].ports[0].port"}},
		"half of it unknown":  {Objects: strings.Replace(core, "10.42.0.0/16", packtest.Unknown, 1), Undecided: []string{"NetworkPolicy/core-isolation: spec.ingress[2].from[0].ipBlock.cidr"}},
		"a namespace unknown": {Objects: core + "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: <unknown>}, spec: {containers: []}}", Undecided: []string{"Pod/a: metadata.namespace"}},
		"what is not checked": {Objects: core + "{apiVersion: projectcalico.org/v3, kind: HostEndpoint, metadata: {name: s0}}", Want: []string{"HostEndpoint/s0"}},
		"what cannot be read": {Objects: core + replace(open, "1, endPort: 0"), Want: []string{""}},
	})
}

func replace(text, port string) string { return strings.Replace(text, "PORT", port, 1) }

func TestFindingsNameBothEndsPortsAndPolicy(t *testing.T) {
	objects := packtest.Objects(t, core+"{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: new, namespace: core}, spec: {podSelector: {}, ingress: [{ports: [{port: 4222}]}]}}")
	p := pack.Pack{Rules: Rules}
	findings := p.CheckStack(&pack.Stack{Name: "k3s", Objects: objects})
	require.Len(t, findings, 2) // the world and the link-local addresses
	assert.Contains(t, findings[1].Why, "world reaches core/nats at 4222, which nothing states; let through by NetworkPolicy new")
}

// TestOtherPods has a cluster whose ingress controller and DNS are others.
func TestOtherPods(t *testing.T) {
	const objects = `
{apiVersion: v1, kind: Pod, metadata: {name: frontend, namespace: co2-calculator-x, labels: {app: frontend}}, spec: {containers: []}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: co2-calculator-x}, spec: {podSelector: {}, policyTypes: [Ingress, Egress],
  ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: openshift-ingress}}, podSelector: {matchLabels: {router: default}}}], ports: [{port: 8080}]}],
  egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: openshift-dns}}}], ports: [{port: 5353}, {port: 5353, protocol: UDP}]}]}}`
	packtest.Run(t, packtest.Named(Rules, "reachability-is-as-stated"), map[string]packtest.Case{
		"by the parameters": {Objects: objects, Parameters: map[string]any{
			"ingress-controller": "openshift-ingress router=default", "cluster-dns": "openshift-dns", "dns-port": 5353.0,
		}},
		"by default": {Objects: objects, Want: []string{"Pod/frontend", "Pod/frontend", "Pod/frontend", "Pod/frontend"}},
	})
}

// TestResolversAtAddresses has nodes that resolve names at an address of their
// own: it is asked for names, and for nothing else.
func TestResolversAtAddresses(t *testing.T) {
	const objects = `
{apiVersion: v1, kind: Pod, metadata: {name: frontend, namespace: co2-calculator-x, labels: {app: frontend}}, spec: {containers: []}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: edge, namespace: co2-calculator-x}, spec: {podSelector: {matchLabels: {app: frontend}}, policyTypes: [Ingress],
  ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}, podSelector: {matchLabels: {app.kubernetes.io/name: ingress-nginx}}}], ports: [{port: 8080}]}]}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: default-deny, namespace: co2-calculator-x}, spec: {podSelector: {}, policyTypes: [Ingress, Egress], egress: [
  {to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [{port: 53}, {port: 53, protocol: UDP}]},
  {to: [{ipBlock: {cidr: CIDR}}], ports: [{port: PORT}, {port: 53, protocol: UDP}]}]}}`
	at := func(network, port string) string { return strings.Replace(replace(objects, port), "CIDR", network, 1) }
	packtest.Run(t, packtest.Named(Rules, "reachability-is-as-stated"), map[string]packtest.Case{
		"at the node":            {Objects: at("169.254.20.10/32", "53")},
		"outside the cluster":    {Objects: at("192.0.2.53/32", "53")},
		"something else there":   {Objects: at("169.254.20.10/32", "80"), Want: []string{"Pod/frontend"}},
		"all of the internet":    {Objects: at("0.0.0.0/0", "53"), Want: slices.Repeat([]string{"Pod/frontend"}, 8)},
		"what clouds tell there": {Objects: at("169.254.169.254/32", "80"), Want: []string{"Pod/frontend"}},
	})
}
