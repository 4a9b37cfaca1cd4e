package network

import (
	"fmt"
	"testing"

	"platform/policy/pack"
	"platform/tests/packtest"
)

func TestCalicoAllow(t *testing.T) {
	const at = "GlobalNetworkPolicy/a: spec.ingress[0].destination.ports"
	packtest.Run(t, packtest.Named(Rules, "calico-allow-names-ports-or-peers"), map[string]packtest.Case{
		"ports":      {Objects: calico("a", "ingress: [{action: Allow, destination: {ports: [22]}}]")},
		"peers":      {Objects: calico("a", "ingress: [{action: Allow, source: {nets: [10.0.0.0/8]}}]")},
		"denied":     {Objects: calico("a", "ingress: [{action: Deny}]")},
		"all":        {Objects: calico("a", "ingress: [{action: Allow}]"), Want: []string{at}},
		"near miss":  {Objects: calico("a", "ingress: [{action: Allow, protocol: TCP, source: {}, destination: {ports: []}}]"), Want: []string{at}},
		"nothing":    {Objects: calico("a", "egress: [{action: Allow}]")},
		"wrong type": {Objects: calico("a", "ingress: [{action: Allow, destination: {ports: 22}}]"), Want: []string{at}},
		"not known": {
			Objects: calico("a", "ingress: [{action: Allow, destination: <unknown>}, {action: Allow}]"), Undecided: []string{"GlobalNetworkPolicy/a: spec.ingress[0].destination"},
			Want: []string{"GlobalNetworkPolicy/a: spec.ingress[1].destination.ports"},
		},
	})
}

func TestCalicoHosts(t *testing.T) {
	const allow = "{action: Allow, protocol: TCP, destination: {ports: [22, '6000:7000', 10250]}}"
	const deny = "{action: Deny}"
	const first = "GlobalNetworkPolicy/a: spec.ingress[0]"
	end := "GlobalNetworkPolicy/a: spec.ingress"
	all := []string{first, first, first}
	packtest.Run(t, packtest.Named(Rules, "calico-policies-leave-nodes-reachable"), map[string]packtest.Case{
		"allowed":             {Objects: calico("a", "order: 10, ingress: ["+allow+"]")},
		"allowed, then all":   {Objects: calico("a", "order: 10, ingress: ["+allow+", "+deny+"]")},
		"allowed before":      {Objects: documents(calico("a", "order: 20, ingress: ["+deny+"]"), calico("b", "order: 10, ingress: ["+allow+"]"))},
		"allowed earlier":     {Objects: documents(calico("a", "order: 1, ingress: ["+deny+"]"), calico("b", "order: 10, preDNAT: true, ingress: ["+allow+"]"))},
		"early and unmatched": {Objects: calico("a", "order: 10, preDNAT: true, ingress: [{action: Allow, destination: {ports: [80]}}]")},
		"noted, then denied":  {Objects: calico("a", "order: 10, ingress: [{action: Log}, {action: Deny}]"), Want: []string{end + "[1]", end + "[1]", end + "[1]"}},
		"both ways":           {Objects: calico("a", "order: 10, ingress: ["+deny+"], egress: ["+deny+"]"), Want: all},
		"no range":            {Objects: calico("a", "order: 10, ingress: [{action: Allow, destination: {ports: ['x:65535', '1:x']}}]"), Want: []string{end, end, end}},
		"passed on":           {Objects: calico("a", "order: 10, ingress: [{action: Log}, {action: Pass}]")},
		"denied":              {Objects: calico("a", "order: 10, ingress: ["+deny+", "+allow+"]"), Want: all},
		"denied before": {
			Objects: documents(calico("b", "order: 20, ingress: ["+allow+"]"), calico("a", "order: 10, ingress: ["+deny+"]")), Want: all,
		},
		"denied early": {Objects: documents(calico("a", "order: 20, preDNAT: true, ingress: ["+deny+"]"), calico("b", "order: 1, ingress: ["+allow+"]")), Want: all},
		"denied first of all": {
			Objects: documents(calico("a", "order: 20, doNotTrack: true, ingress: ["+deny+"]"), calico("b", "order: 1, preDNAT: true, ingress: ["+allow+"]")), Want: all,
		},
		"one of them":      {Objects: calico("a", "order: 10, ingress: [{action: Deny, destination: {ports: [6443]}}, "+allow+"]"), Want: []string{first}},
		"but for one":      {Objects: calico("a", "order: 10, ingress: [{action: Deny, destination: {notPorts: [22, 10250]}}, "+allow+"]"), Want: []string{first}},
		"for some":         {Objects: calico("a", "order: 10, ingress: [{action: Deny, source: {nets: [203.0.113.0/24]}}, "+allow+"]")},
		"of UDP":           {Objects: calico("a", "order: 10, ingress: [{action: Deny, protocol: UDP}, "+allow+"]")},
		"by number":        {Objects: calico("a", "order: 10, ingress: [{action: Deny, protocol: 17}, {action: Allow, protocol: 6}]")},
		"by default":       {Objects: calico("a", "order: 10, ingress: [{action: Allow, destination: {ports: [22, 6443]}}]"), Want: []string{end}},
		"near miss":        {Objects: calico("a", "order: 10, ingress: [{action: Allow, destination: {ports: ['1:6442', '6444:65535', 6443]}}]")},
		"of pods":          {Objects: calico("a", "order: 10, namespaceSelector: all(), ingress: ["+deny+"]")},
		"of pods' label":   {Objects: calico("a", "order: 10, selector: has(projectcalico.org/namespace), ingress: ["+deny+"]")},
		"of no namespace":  {Objects: calico("a", "order: 10, namespaceSelector: global(), ingress: ["+deny+"]"), Want: all},
		"outwards":         {Objects: calico("a", "order: 10, egress: ["+deny+"]")},
		"outwards by type": {Objects: calico("a", "order: 10, types: [Egress], ingress: ["+deny+"]")},
		"absent":           {Objects: calico("a", "order: 10"), Want: []string{end, end, end}},
		"without an order": {Objects: documents(calico("a", "ingress: ["+deny+"]"), calico("b", "order: 99, ingress: ["+allow+"]"))},
		"wrong type":       {Objects: calico("a", "order: 10, ingress: 1, types: [Ingress]"), Want: []string{"spec.ingress"}},
		"not known":        {Objects: calico("a", "order: <unknown>, ingress: ["+deny+"]"), Want: all},
		"one of two not known": {
			Objects: documents(calico("a", "order: <unknown>, ingress: ["+deny+"]"), calico("b", "order: 1, ingress: ["+allow+"]")), Undecided: []string{"spec.order"},
		},
		"nothing": {Objects: policy("a", "podSelector: {}")},
		"ports of others": {
			Objects: calico("a", "order: 10, ingress: ["+allow+"]"), Parameters: map[string]any{"ports": []any{"9345"}}, Want: []string{end},
		},
	})
}

func TestCalicoOrder(t *testing.T) {
	const a, b = "GlobalNetworkPolicy/a: spec.order", "GlobalNetworkPolicy/b: spec.order"
	packtest.Run(t, packtest.Named(Rules, "calico-policies-have-an-order-each"), map[string]packtest.Case{
		"unique":        {Objects: documents(calico("a", "order: 10"), calico("b", "order: 20"))},
		"between":       {Objects: documents(calico("a", "order: 10"), calico("b", "order: 10.5"))},
		"the same":      {Objects: documents(calico("a", "order: 10"), calico("b", "order: 10.0")), Want: []string{a, b}},
		"as text":       {Objects: documents(calico("a", "order: 10"), calico("b", "order: '10'")), Want: []string{a, b}},
		"another tier":  {Objects: documents(calico("a", "order: 10"), calico("b", "order: 10, tier: platform"))},
		"its own tier":  {Objects: documents(calico("a", "order: 10"), calico("b", "order: 10, tier: default")), Want: []string{a, b}},
		"late":          {Objects: documents(calico("a", "order: 1000"), calico("b", "order: 1001")), Want: []string{b}},
		"absent":        {Objects: calico("a", "selector: all()"), Want: []string{a}},
		"wrong type":    {Objects: calico("a", "order: [1]"), Want: []string{a}},
		"not known":     {Objects: documents(calico("a", "order: 10"), calico("b", "order: <unknown>")), Undecided: []string{"GlobalNetworkPolicy/a: spec.order", b}},
		"Kubernetes'":   {Objects: policy("a", "podSelector: {}")},
		"of one's pods": {Objects: documents(calico("a", "order: 10"), "{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: c}, spec: {order: 10}}"), Want: []string{a, "NetworkPolicy/c: spec.order"}},
	})
}

func TestCalicoStages(t *testing.T) {
	const spec = "GlobalNetworkPolicy/a: spec."
	packtest.Run(t, packtest.Named(Rules, "calico-early-policy-is-whole"), map[string]packtest.Case{
		"whole":         {Objects: calico("a", "preDNAT: true, applyOnForward: true, types: [Ingress]")},
		"untracked":     {Objects: calico("a", "doNotTrack: true, applyOnForward: true, egress: [{action: Allow}]")},
		"neither":       {Objects: calico("a", "egress: [{action: Allow}]")},
		"absent":        {Objects: calico("a", "preDNAT: true"), Want: []string{spec + "applyOnForward"}},
		"untracked too": {Objects: calico("a", "doNotTrack: true, applyOnForward: false"), Want: []string{spec + "applyOnForward"}},
		"outwards":      {Objects: calico("a", "preDNAT: true, applyOnForward: true, types: [Ingress, Egress]"), Want: []string{spec + "egress"}},
		"near miss":     {Objects: calico("a", "preDNAT: true, applyOnForward: true, egress: [{action: Allow}]"), Want: []string{spec + "egress"}},
		"both":          {Objects: calico("a", "preDNAT: true, doNotTrack: true, applyOnForward: true"), Want: []string{spec + "preDNAT"}},
		"wrong type":    {Objects: calico("a", "preDNAT: true, applyOnForward: 'true'"), Want: []string{spec + "applyOnForward"}},
		"not known":     {Objects: calico("a", "preDNAT: <unknown>"), Undecided: []string{spec + "preDNAT"}},
	})
}

// documents joins YAML documents.
var documents = packtest.Join

// namespace, policy, pod and calico are objects of the namespace core, by what
// differs between cases.
const namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: core}}"

func policy(name, spec string) string {
	return packtest.InCore("networking.k8s.io/v1", "NetworkPolicy", name, "spec: {"+spec+"}")
}

func pod(name, labels, spec string) string {
	return packtest.Workload("Deployment", name, labels, spec)
}

func calico(name, spec string) string {
	return fmt.Sprintf("{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: %s}, spec: {%s}}", name, spec)
}

func TestHostPorts(t *testing.T) {
	const at = "Deployment/api container a: spec.template.spec.containers[0].ports"
	api := func(ports string) string {
		return pod("api", "app: api", "hostNetwork: true, containers: [{name: a, ports: ["+ports+"]}]")
	}
	hosts := calico("h", "order: 10, preDNAT: true, ingress: [{action: Allow, destination: {ports: ['9000:9080']}}]")
	packtest.Run(t, packtest.Named(Rules, "host-network-ports-have-a-host-policy"), map[string]packtest.Case{
		"named":          {Objects: documents(api("{containerPort: 9080}"), hosts)},
		"not at all":     {Objects: api("{containerPort: 9080}"), Want: []string{at + "[0]"}},
		"near miss":      {Objects: documents(api("{containerPort: 9080}, {containerPort: 9081}"), hosts), Want: []string{at + "[1]"}},
		"of pods":        {Objects: documents(api("{containerPort: 9080}"), calico("h", "namespaceSelector: all(), ingress: [{action: Allow, destination: {ports: [9080]}}]")), Want: []string{at + "[0]"}},
		"by all":         {Objects: documents(api("{containerPort: 9080}"), calico("h", "ingress: [{action: Deny}]")), Want: []string{at + "[0]"}},
		"UDP":            {Objects: api("{containerPort: 53, protocol: UDP}")},
		"own addresses":  {Objects: pod("api", "app: api", "containers: [{name: a, ports: [{containerPort: 9080}]}]")},
		"no ports":       {Objects: api("")},
		"wrong type":     {Objects: documents(api("{containerPort: [1]}"), hosts), Want: []string{at + "[0].containerPort"}},
		"not known":      {Objects: documents(api("{containerPort: <unknown>}, {containerPort: 9081}"), hosts), Undecided: []string{at + "[0].containerPort"}, Want: []string{at + "[1]"}},
		"host not known": {Objects: pod("api", "app: api", "hostNetwork: <unknown>"), Undecided: []string{"Deployment/api: spec.template.spec.hostNetwork"}},
	})
}

func TestDefaultDeny(t *testing.T) {
	for direction, rule := range map[string]pack.Rule{"Ingress": packtest.Named(Rules, "namespace-denies-ingress-by-default"), "Egress": packtest.Named(Rules, "namespace-denies-egress-by-default")} {
		other := map[string]string{"Ingress": "Egress", "Egress": "Ingress"}[direction]
		want := []string{"Namespace/core"}
		t.Run(direction, func(t *testing.T) {
			packtest.Run(t, rule, map[string]packtest.Case{
				"denied":             {Objects: documents(namespace, policy("a", "podSelector: {}, policyTypes: ["+direction+"]"))},
				"by an empty label":  {Objects: documents(namespace, policy("a", "podSelector: {matchLabels: {}}, policyTypes: ["+other+", "+direction+"]"))},
				"without a selector": {Objects: documents(namespace, policy("a", "policyTypes: ["+direction+"]"))},
				"no policy":          {Objects: namespace, Want: want},
				"of some pods":       {Objects: documents(namespace, policy("a", "podSelector: {matchLabels: {app: a}}, policyTypes: ["+direction+"]")), Want: want},
				"the other way":      {Objects: documents(namespace, policy("a", "podSelector: {}, policyTypes: ["+other+"]")), Want: want},
				"elsewhere": {
					Objects: documents("{apiVersion: v1, kind: Namespace, metadata: {name: other}}", policy("a", "podSelector: {}, policyTypes: ["+direction+"]")),
					Want:    []string{"Namespace/other"},
				},
				"Calico's": {
					Objects: documents(namespace, "{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: a, namespace: core}, spec: {policyTypes: ["+direction+"]}}"),
					Want:    want,
				},
				"wrong type":     {Objects: documents(namespace, policy("a", "podSelector: {}, policyTypes: "+direction)), Want: []string{"Namespace/core: spec.policyTypes"}},
				"not known":      {Objects: documents(namespace, policy("a", "podSelector: <unknown>, policyTypes: ["+direction+"]")), Undecided: []string{"Namespace/core: spec.podSelector"}},
				"known elsewise": {Objects: documents(namespace, policy("a", "podSelector: <unknown>"), policy("b", "podSelector: {}, policyTypes: ["+direction+"]"))},
				"no namespace":   {Objects: pod("a", "app: a", "")},
			})
		})
	}
	packtest.Run(t, packtest.Named(Rules, "namespace-denies-ingress-by-default"), map[string]packtest.Case{
		"no types": {Objects: documents(namespace, policy("a", "podSelector: {}"))},
	})
	packtest.Run(t, packtest.Named(Rules, "namespace-denies-egress-by-default"), map[string]packtest.Case{
		"no types":           {Objects: documents(namespace, policy("a", "podSelector: {}")), Want: []string{"Namespace/core"}},
		"no types and rules": {Objects: documents(namespace, policy("a", "podSelector: {}, egress: [{ports: [{port: 53}]}]"))},
	})
}

func TestMetadataAddress(t *testing.T) {
	const at = "NetworkPolicy/a: spec.egress[0].to[0].ipBlock"
	to := func(block string) string { return policy("a", "egress: [{to: [{ipBlock: {"+block+"}}]}]") }
	packtest.Run(t, packtest.Named(Rules, "policy-keeps-the-metadata-address-closed"), map[string]packtest.Case{
		"elsewhere":       {Objects: to("cidr: 10.0.0.0/8")},
		"but for it":      {Objects: to("cidr: 0.0.0.0/0, except: [10.0.0.0/8, 169.254.0.0/16]")},
		"the node's DNS":  {Objects: to("cidr: 169.254.20.10/32")},
		"the world":       {Objects: to("cidr: 0.0.0.0/0, except: [10.0.0.0/8]"), Want: []string{at}},
		"near miss":       {Objects: to("cidr: 0.0.0.0/0, except: [169.254.170.0/24]"), Want: []string{at}},
		"itself":          {Objects: to("cidr: 169.254.169.254/32"), Want: []string{at}},
		"IPv6":            {Objects: to("cidr: '::/0'"), Want: []string{at}},
		"pods":            {Objects: policy("a", "egress: [{to: [{podSelector: {}}]}]")},
		"no peers":        {Objects: policy("a", "egress: [{}]"), Want: []string{"NetworkPolicy/a: spec.egress[0].to", "NetworkPolicy/a: spec.egress[0].to"}},
		"no way out":      {Objects: policy("a", "ingress: [{}]")},
		"wrong type":      {Objects: to("cidr: 1"), Want: []string{at + ".cidr"}},
		"not known":       {Objects: to("cidr: 0.0.0.0/0, except: [<unknown>]"), Undecided: []string{at + ".except[0]"}},
		"another address": {Objects: to("cidr: 100.100.100.0/24"), Parameters: map[string]any{"addresses": []any{"100.100.100.200"}}, Want: []string{at}},
	})
}

func TestNamespaceEnforces(t *testing.T) {
	const path = levelPath + "enforce"
	baseline := map[string]any{"level": "baseline"}
	packtest.Run(t, packtest.Named(Rules, "namespace-enforces-a-level"), map[string]packtest.Case{
		"restricted":          {Objects: levelled("restricted", "privileged", "privileged")},
		"less":                {Objects: levelled("baseline", "restricted", "restricted"), Want: []string{path}},
		"as much as it must":  {Objects: levelled("baseline", "restricted", "restricted"), Parameters: baseline},
		"more than it must":   {Objects: levelled("restricted", "restricted", "restricted"), Parameters: baseline},
		"less than it must":   {Objects: levelled("privileged", "restricted", "restricted"), Parameters: baseline, Want: []string{path}},
		"near miss":           {Objects: levelled("restrictive", "restricted", "restricted"), Want: []string{path}},
		"absent":              {Objects: namespace, Want: []string{path}},
		"wrong type":          {Objects: levelled("{}", "restricted", "restricted"), Want: []string{path}},
		"not known":           {Objects: levelled("<unknown>", "restricted", "restricted"), Undecided: []string{path}},
		"another kind's name": {Objects: "{apiVersion: v1, kind: Service, metadata: {name: a}}"},
	})
}

func TestNamespaceIsNamed(t *testing.T) {
	const path = "metadata.namespace"
	packtest.Run(t, packtest.With(packtest.Named(Rules, "object-names-its-namespace"), map[string]any{"rights": []any{"default Role/gateway", "default RoleBinding/gateway"}}), map[string]packtest.Case{
		"named":      {Objects: "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: core}}"},
		"near miss":  {Objects: "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: default-backend}}"},
		"default":    {Objects: "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: default}}", Want: []string{"Service/a: " + path}},
		"absent":     {Objects: "{apiVersion: v1, kind: Service, metadata: {name: a}}", Want: []string{"Service/a: " + path}},
		"not known":  {Objects: "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: <unknown>}}", Undecided: []string{"Service/a: " + path}},
		"wrong type": {Objects: "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: 1}}", Want: []string{"Service/a: " + path}},
		"has none":   {Objects: "{apiVersion: v1, kind: Namespace, metadata: {name: core}}"},
		"custom":     {Objects: "{apiVersion: cert-manager.io/v1, kind: ClusterIssuer, metadata: {name: a}}"},
		"custom in the cluster's own": {
			Objects: "{apiVersion: helm.cattle.io/v1, kind: HelmChart, metadata: {name: a, namespace: kube-system}}", Want: []string{"HelmChart/a: " + path},
		},
		"permitted": {
			Objects:    "{apiVersion: helm.cattle.io/v1, kind: HelmChart, metadata: {name: a, namespace: kube-system}}",
			Parameters: map[string]any{"refused": []any{"default"}},
		},
		"rights of the gateway": {Objects: "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: gateway, namespace: default}}"},
		"rights of another": {
			Objects: "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: other, namespace: default}}", Want: []string{"Role/other: " + path},
		},
		"rights elsewhere": {
			Objects: "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: gateway, namespace: kube-system}}", Want: []string{"Role/gateway: " + path},
		},
		"a chart": {
			Objects: "{apiVersion: helm.sh/v4, kind: Job, metadata: {name: a}}", Change: func(objects []pack.Object) { objects[0].Value = pack.Value{} },
		},
		"no object of Kubernetes": {
			Objects: "{apiVersion: v1, kind: Service, metadata: {name: a}}",
			Change:  func(objects []pack.Object) { objects[0].Kind = "" },
		},
	})
}

const levelPath = "Namespace/core: metadata.labels.pod-security.kubernetes.io/"

// levelled is a namespace with Pod Security labels.
func levelled(enforce, audit, warn string) string {
	return "{apiVersion: v1, kind: Namespace, metadata: {name: core, labels: {pod-security.kubernetes.io/enforce: " + enforce +
		", pod-security.kubernetes.io/audit: " + audit + ", pod-security.kubernetes.io/warn: " + warn + "}}}"
}

func TestNamespaceRecords(t *testing.T) {
	const at = "Namespace/core: metadata.labels.pod-security.kubernetes.io/"
	with := func(labels string) string {
		return "{apiVersion: v1, kind: Namespace, metadata: {name: core, labels: {" + labels + "}}}"
	}
	const p = "pod-security.kubernetes.io/"
	packtest.Run(t, packtest.Named(Rules, "namespace-records-by-the-strictest-level"), map[string]packtest.Case{
		"strictest":   {Objects: with(p + "audit: restricted, " + p + "warn: restricted, " + p + "enforce: restricted, " + p + "enforce-version: latest")},
		"as enforced": {Objects: with(p + "audit: restricted, " + p + "warn: privileged, " + p + "enforce: privileged")},
		"less warned": {Objects: with(p + "audit: restricted, " + p + "warn: baseline, " + p + "enforce: restricted"), Want: []string{at + "warn"}},
		"less noted":  {Objects: with(p + "audit: baseline, " + p + "warn: restricted, " + p + "enforce: restricted"), Want: []string{at + "audit"}},
		"absent":      {Objects: namespace, Want: []string{at + "audit", at + "warn"}},
		"older":       {Objects: with(p + "audit: restricted, " + p + "warn: restricted, " + p + "enforce: restricted, " + p + "enforce-version: v1.20"), Want: []string{at + "enforce-version"}},
		"wrong type":  {Objects: with(p + "audit: 1"), Want: []string{at + "audit"}},
		"not known":   {Objects: with(p + "audit: <unknown>"), Undecided: []string{at + "audit"}},
	})
}

func TestOpenEgress(t *testing.T) {
	const at = "NetworkPolicy/a: spec.egress[0].ports"
	to := func(peer, ports string) string { return policy("a", "egress: [{to: ["+peer+"], ports: ["+ports+"]}]") }
	packtest.Run(t, packtest.With(packtest.Named(Rules, "policy-lets-out-to-the-world-by-port-only"), map[string]any{"ports": []any{"443"}}), map[string]packtest.Case{
		"by labels":      {Objects: to("{podSelector: {matchLabels: {app: web}}}", "")},
		"a network":      {Objects: to("{ipBlock: {cidr: 192.168.0.0/16}}", "")},
		"by a port":      {Objects: to("{ipBlock: {cidr: 0.0.0.0/0}}", "{port: 443}")},
		"nothing":        {Objects: policy("a", "policyTypes: [Egress]")},
		"by no peers":    {Objects: policy("a", "egress: [{}]"), Want: []string{at}},
		"the world":      {Objects: to("{ipBlock: {cidr: 0.0.0.0/0}}", ""), Want: []string{at}},
		"near miss":      {Objects: to("{ipBlock: {cidr: 0.0.0.0/0}}", "{port: 443}, {port: 80}"), Want: []string{at + "[1]"}},
		"the DNS of all": {Objects: to("", "{port: 53, protocol: UDP}"), Want: []string{at + "[0]"}},
		"wrong type":     {Objects: policy("a", "egress: all"), Want: []string{"NetworkPolicy/a: spec.egress"}},
		"not known":      {Objects: to("{ipBlock: {cidr: <unknown>}}", ""), Undecided: []string{"NetworkPolicy/a: spec.egress[0].to[0].ipBlock.cidr"}},
		"another port":   {Objects: to("", "{port: 587}"), Parameters: map[string]any{"ports": []any{"587"}}},
		"Calico's":       {Objects: "{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: a, namespace: core}, spec: {egress: [{action: Deny}]}}"},
	})
}

func TestOpenIngress(t *testing.T) {
	const at = "NetworkPolicy/a: spec.ingress[0].ports"
	from := func(peer, ports string) string {
		return policy("a", "ingress: [{from: ["+peer+"], ports: ["+ports+"]}]")
	}
	world := func(cidr string) string { return from("{ipBlock: {cidr: '"+cidr+"'}}", "") }
	packtest.Run(t, packtest.With(packtest.Named(Rules, "policy-lets-the-world-in-at-the-edge-only"), map[string]any{"ports": []any{"2222", "8443", "18080"}}), map[string]packtest.Case{
		"by labels":        {Objects: from("{podSelector: {matchLabels: {app: web}}}", "")},
		"own namespace":    {Objects: from("{podSelector: {}}", "")},
		"a network":        {Objects: world("192.168.0.0/16")},
		"the private ones": {Objects: world("10.0.0.0/8")},
		"nothing":          {Objects: policy("a", "podSelector: {}")},
		"the edge":         {Objects: from("{ipBlock: {cidr: 0.0.0.0/0}}", "{port: 8443, protocol: TCP}, {port: 2222}")},
		"by no peers":      {Objects: policy("a", "ingress: [{}]"), Want: []string{at}},
		"by an empty list": {Objects: from("", ""), Want: []string{at}},
		"the world":        {Objects: world("0.0.0.0/0"), Want: []string{at}},
		"half of it":       {Objects: world("128.0.0.0/1"), Want: []string{at}},
		"more than 10":     {Objects: world("10.0.0.0/7"), Want: []string{at}},
		"IPv6":             {Objects: world("::/0"), Want: []string{at}},
		"an IPv6 registry": {Objects: world("2000::/12"), Want: []string{at}},
		"an IPv6 site":     {Objects: world("2001:db8::/32")},
		"private IPv6":     {Objects: world("fc00::/7")},
		"unreadable":       {Objects: world("everything"), Want: []string{at}},
		"all namespaces":   {Objects: from("{namespaceSelector: {}}", ""), Want: []string{at}},
		"all of all":       {Objects: from("{namespaceSelector: {}, podSelector: {}}", ""), Want: []string{at}},
		"some of all":      {Objects: from("{namespaceSelector: {}, podSelector: {matchLabels: {app: prometheus}}}", "")},
		"near miss":        {Objects: from("{ipBlock: {cidr: 0.0.0.0/0}}", "{port: 8443}, {port: 8444}"), Want: []string{at + "[1]"}},
		"a range":          {Objects: from("{ipBlock: {cidr: 0.0.0.0/0}}", "{port: 8443, endPort: 9000}"), Want: []string{at + "[0]"}},
		"a port at all":    {Objects: from("{ipBlock: {cidr: 0.0.0.0/0}}", "{protocol: TCP}"), Want: []string{at + "[0]"}},
		"wrong type":       {Objects: policy("a", "ingress: [{from: all}]"), Want: []string{"NetworkPolicy/a: spec.ingress[0].from"}},
		"not known": {
			Objects:   policy("a", "ingress: [{from: [{ipBlock: {cidr: <unknown>}}]}, {}]"),
			Undecided: []string{"NetworkPolicy/a: spec.ingress[0].from[0].ipBlock.cidr"}, Want: []string{"NetworkPolicy/a: spec.ingress[1].ports"},
		},
		"another edge": {
			Objects: from("{ipBlock: {cidr: 0.0.0.0/0}}", "{port: 80}"), Parameters: map[string]any{"ports": []any{"80"}},
		},
		"Calico's": {Objects: "{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: a, namespace: core}, spec: {ingress: [{action: Deny}]}}"},
	})
}

func TestPeersNamed(t *testing.T) {
	const at = "NetworkPolicy/a: spec.ingress[0].from[0]."
	from := func(peer string) string { return policy("a", "ingress: [{from: [{"+peer+"}]}]") }
	const monitoring = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}"
	packtest.Run(t, packtest.Named(Rules, "policy-names-its-peers"), map[string]packtest.Case{
		"pods":               {Objects: from("podSelector: {matchLabels: {app: a}}")},
		"of a namespace":     {Objects: from("podSelector: {matchLabels: {app: a}}, " + monitoring)},
		"addresses":          {Objects: from("ipBlock: {cidr: 10.0.0.0/8}")},
		"all pods":           {Objects: from("podSelector: {}"), Want: []string{at + "podSelector"}},
		"all of a namespace": {Objects: from(monitoring), Want: []string{at + "podSelector"}},
		"of a whole one":     {Objects: from(monitoring), Parameters: map[string]any{"whole-namespaces": []any{"monitoring"}}},
		"of another one":     {Objects: from(monitoring), Parameters: map[string]any{"whole-namespaces": []any{"ingress"}}, Want: []string{at + "podSelector"}},
		"of all namespaces":  {Objects: from("podSelector: {matchLabels: {app: a}}, namespaceSelector: {}"), Want: []string{at + "namespaceSelector"}},
		"by another label":   {Objects: from("podSelector: {matchLabels: {app: a}}, namespaceSelector: {matchLabels: {team: a}}"), Want: []string{at + "namespaceSelector"}},
		"outwards":           {Objects: policy("a", "egress: [{to: [{podSelector: {}}]}]"), Want: []string{"NetworkPolicy/a: spec.egress[0].to[0].podSelector"}},
		"absent":             {Objects: policy("a", "ingress: [{}]")},
		"wrong type":         {Objects: from("podSelector: a"), Want: []string{at + "podSelector"}},
		"not known":          {Objects: from("podSelector: <unknown>"), Undecided: []string{at + "podSelector"}},
	})
}

func TestPodSelected(t *testing.T) {
	const at = "Deployment/api: spec.template.metadata.labels"
	api := pod("api", "app: api, tier: web", "")
	packtest.Run(t, packtest.Named(Rules, "pod-is-selected-by-a-policy"), map[string]packtest.Case{
		"by labels":     {Objects: documents(api, policy("a", "podSelector: {matchLabels: {app: api}}"))},
		"by expression": {Objects: documents(api, policy("a", "podSelector: {matchExpressions: [{key: tier, operator: In, values: [web, db]}]}"))},
		"by all":        {Objects: documents(api, policy("a", "podSelector: {}"))},
		"no policy":     {Objects: api, Want: []string{at}},
		"near miss":     {Objects: documents(api, policy("a", "podSelector: {matchLabels: {app: api, tier: db}}")), Want: []string{at}},
		"elsewhere": {
			Objects: documents(api, "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a, namespace: other}, spec: {podSelector: {}}}"), Want: []string{at},
		},
		"on the node":     {Objects: pod("api", "app: api", "hostNetwork: true")},
		"wrong type":      {Objects: documents(api, policy("a", "podSelector: {matchLabels: api}")), Want: []string{"Deployment/api: spec.podSelector.matchLabels"}},
		"not known":       {Objects: documents(api, policy("a", "podSelector: {matchLabels: {app: <unknown>}}")), Undecided: []string{"Deployment/api: spec.podSelector.matchLabels.app"}},
		"known elsewhere": {Objects: documents(api, policy("a", "podSelector: {matchLabels: {app: <unknown>}}"), policy("b", "podSelector: {}"))},
		"labels that are not known": {
			Objects:   documents(pod("other", "app: <unknown>", ""), api, policy("a", "podSelector: {matchLabels: {app: api}}")),
			Undecided: []string{"Deployment/other: spec.template.metadata.labels.app"},
		},
	})
}

func TestPolicySelects(t *testing.T) {
	const at = "NetworkPolicy/a: spec.podSelector"
	api := pod("api", "app: api", "")
	ofAPI := policy("a", "podSelector: {matchLabels: {app: api}}")
	packtest.Run(t, packtest.Named(Rules, "policy-selects-pods"), map[string]packtest.Case{
		"some":            {Objects: documents(api, ofAPI)},
		"whoever comes":   {Objects: policy("a", "podSelector: {}")},
		"none":            {Objects: documents(pod("web", "app: web", ""), ofAPI), Want: []string{at}},
		"near miss":       {Objects: documents(pod("api", "app: api-2", ""), ofAPI), Want: []string{at}},
		"pods on a node":  {Objects: documents(pod("api", "app: api", "hostNetwork: true"), ofAPI), Want: []string{at}},
		"no pods":         {Objects: ofAPI, Want: []string{at}},
		"wrong type":      {Objects: documents(api, policy("a", "podSelector: []")), Want: []string{at}},
		"an operator":     {Objects: documents(api, policy("a", "podSelector: {matchExpressions: [{key: app, operator: Is, values: [api]}]}")), Want: []string{at}},
		"not known":       {Objects: documents(pod("api", "app: <unknown>", ""), ofAPI), Undecided: []string{"NetworkPolicy/a: spec.template.metadata.labels.app"}},
		"known elsewhere": {Objects: documents(pod("web", "app: <unknown>", ""), api, ofAPI)},
		"elsewhere": {
			Objects: documents("{apiVersion: v1, kind: Pod, metadata: {name: api, namespace: other, labels: {app: api}}}", ofAPI), Want: []string{at},
		},
	})
}

func TestPolicyTypes(t *testing.T) {
	const at = "NetworkPolicy/a: spec.policyTypes"
	packtest.Run(t, packtest.Named(Rules, "policy-names-its-types"), map[string]packtest.Case{
		"both":       {Objects: policy("a", "policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}]")},
		"no rules":   {Objects: policy("a", "policyTypes: [Egress]")},
		"absent":     {Objects: policy("a", "ingress: [{}]"), Want: []string{at}},
		"none":       {Objects: policy("a", "policyTypes: []"), Want: []string{at}},
		"the other":  {Objects: policy("a", "policyTypes: [Ingress], egress: [{}]"), Want: []string{at}},
		"wrong type": {Objects: policy("a", "policyTypes: Ingress"), Want: []string{at}},
		"not known":  {Objects: policy("a", "policyTypes: <unknown>"), Undecided: []string{at}},
	})
}

func TestPortsDeclared(t *testing.T) {
	const at = "NetworkPolicy/a: spec."
	api := pod("api", "app: api", "containers: [{name: a, ports: [{name: http, containerPort: 8080}]}]")
	packtest.Run(t, packtest.With(packtest.Named(Rules, "policy-port-is-a-pods-port"), map[string]any{"foreign": []any{"53", "443"}}), map[string]packtest.Case{
		"declared":      {Objects: documents(api, policy("a", "podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 8080}, {port: http}]}]"))},
		"another":       {Objects: documents(api, policy("a", "podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 8080}, {port: 22}]}]")), Want: []string{at + "ingress[0].ports[1].port"}},
		"of a protocol": {Objects: documents(api, policy("a", "podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 8080, protocol: UDP}]}]")), Want: []string{at + "ingress[0].ports[0].port"}},
		"outwards":      {Objects: documents(api, policy("a", "egress: [{to: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 22}]}]")), Want: []string{at + "egress[0].ports[0].port"}},
		"elsewhere":     {Objects: policy("a", "egress: [{to: [{namespaceSelector: {}}], ports: [{port: 53}]}, {to: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 443}]}]")},
		"outside":       {Objects: policy("a", "egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 5432}]}]")},
		"not listed":    {Objects: policy("a", "egress: [{to: [{namespaceSelector: {}}], ports: [{port: 22}]}]"), Want: []string{at + "egress[0].ports[0].port"}},
		"absent":        {Objects: policy("a", "ingress: [{ports: [{protocol: TCP}]}]")},
		"wrong type":    {Objects: documents(api, policy("a", "ingress: [{ports: [{port: [1]}]}]")), Want: []string{at + "ingress[0].ports[0].port"}},
		"not known":     {Objects: documents(api, policy("a", "ingress: [{ports: [{port: <unknown>}]}]")), Undecided: []string{at + "ingress[0].ports[0].port"}},
	})
}

func TestPortsNamed(t *testing.T) {
	const at = "NetworkPolicy/a: spec.ingress[0].ports"
	packtest.Run(t, packtest.Named(Rules, "policy-names-its-ports"), map[string]packtest.Case{
		"named":      {Objects: policy("a", "ingress: [{ports: [{port: 80}]}], egress: [{ports: [{port: http}]}]")},
		"no rules":   {Objects: policy("a", "podSelector: {}")},
		"absent":     {Objects: policy("a", "ingress: [{from: []}]"), Want: []string{at}},
		"none":       {Objects: policy("a", "egress: [{ports: []}]"), Want: []string{"NetworkPolicy/a: spec.egress[0].ports"}},
		"protocol":   {Objects: policy("a", "ingress: [{ports: [{port: 80}, {protocol: UDP}]}]"), Want: []string{at + "[1].port"}},
		"range":      {Objects: policy("a", "ingress: [{ports: [{port: 80, endPort: 90}]}]"), Want: []string{at + "[0].endPort"}},
		"wrong type": {Objects: policy("a", "ingress: [{ports: 80}]"), Want: []string{at}},
		"not known":  {Objects: policy("a", "ingress: [{ports: <unknown>}]"), Undecided: []string{at}},
		"Calico's":   {Objects: calico("a", "ingress: [{action: Allow}]")},
	})
}

func TestQuotaBounds(t *testing.T) {
	const at = "ResourceQuota/a: spec."
	quota := func(spec string) string { return packtest.InCore("v1", "ResourceQuota", "a", "spec: {"+spec+"}") }
	two := map[string]any{"most": []any{"pods=10", "limits.cpu=4"}}
	packtest.Run(t, packtest.Named(Rules, "quota-bounds-every-resource"), map[string]packtest.Case{
		"bounded":    {Objects: quota("hard: {pods: 10, limits.cpu: 4000m}"), Parameters: two},
		"more":       {Objects: quota("hard: {pods: 10, limits.cpu: 4001m}"), Parameters: two, Want: []string{at + "hard.limits.cpu"}},
		"one less":   {Objects: quota("hard: {pods: 10}"), Parameters: two, Want: []string{at + "hard.limits.cpu"}},
		"absent":     {Objects: quota(""), Parameters: two, Want: []string{at + "hard.pods", at + "hard.limits.cpu"}},
		"of some":    {Objects: quota("hard: {pods: 1, limits.cpu: 1}, scopes: [BestEffort]"), Parameters: two, Want: []string{at + "scopes"}},
		"wrong type": {Objects: quota("hard: {pods: many, limits.cpu: 1}"), Parameters: two, Want: []string{at + "hard.pods"}},
		"not known":  {Objects: quota("hard: {pods: <unknown>, limits.cpu: 1}"), Parameters: two, Undecided: []string{at + "hard.pods"}},
		"as it is":   {Objects: quota("hard: {pods: 1, limits.cpu: 1, limits.memory: 1Gi, requests.cpu: 1, requests.memory: 1Gi, requests.storage: 1Gi}")},
	})
}

func TestQuotaExists(t *testing.T) {
	quota := func(namespace string) string {
		return "{apiVersion: v1, kind: ResourceQuota, metadata: {name: a, namespace: " + namespace + "}}"
	}
	packtest.Run(t, packtest.Named(Rules, "namespace-has-a-quota"), map[string]packtest.Case{
		"there":      {Objects: documents(namespace, quota("core"))},
		"absent":     {Objects: namespace, Want: []string{"Namespace/core"}},
		"elsewhere":  {Objects: documents(namespace, quota("core-2")), Want: []string{"Namespace/core"}},
		"near miss":  {Objects: documents(namespace, "{apiVersion: v1, kind: LimitRange, metadata: {name: a, namespace: core}}"), Want: []string{"Namespace/core"}},
		"not known":  {Objects: documents(namespace, quota("<unknown>")), Undecided: []string{"Namespace/core: metadata.namespace"}},
		"wrong type": {Objects: documents(namespace, quota("1")), Want: []string{"Namespace/core: metadata.namespace"}},
		"nothing":    {Objects: quota("core")},
	})
}

func TestPolicyForAll(t *testing.T) {
	const at = "NetworkPolicy/a: spec.egress[0].ports"
	packtest.Run(t, packtest.Named(Rules, "policy-for-all-pods-opens-dns-only"), map[string]packtest.Case{
		"DNS":         {Objects: policy("a", "podSelector: {}, egress: [{ports: [{port: 53, protocol: UDP}]}]")},
		"deny":        {Objects: policy("a", "podSelector: {}")},
		"of some":     {Objects: policy("a", "podSelector: {matchLabels: {app: a}}, egress: [{ports: [{port: 5432}]}]")},
		"another":     {Objects: policy("a", "podSelector: {}, egress: [{ports: [{port: 53}, {port: 5432}]}]"), Want: []string{at + "[1]"}},
		"no selector": {Objects: policy("a", "egress: [{to: []}]"), Want: []string{at}},
		"wrong type":  {Objects: policy("a", "podSelector: a, egress: [{}]"), Want: []string{"NetworkPolicy/a: spec.podSelector"}},
		"not known":   {Objects: policy("a", "podSelector: {}, egress: [{ports: <unknown>}]"), Undecided: []string{at}},
	})
}
