package expectations_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/pack"
	"platform/policy/reach"
	"platform/policy/reach/expectations"
	"platform/policy/reach/objects"
	"platform/tests/packtest"
)

// findings are those of a stack.
func findings(t *testing.T, s *pack.Stack) []string {
	t.Helper()
	cluster, err := objects.Cluster(s)
	require.NoError(t, err)
	return check(t, cluster)
}

func check(t *testing.T, cluster *reach.Cluster) []string {
	t.Helper()
	platform, found := expectations.For(cluster)
	require.True(t, found)
	evaluator, err := reach.NewEvaluator(cluster, platform.Around)
	require.NoError(t, err)
	all := []string{}
	for _, finding := range platform.Check(evaluator.NewMatrix()) {
		all = append(all, finding.String())
	}
	return all
}

func TestEveryStackIsAsStated(t *testing.T) {
	for _, stack := range stacks {
		t.Run(stack, func(t *testing.T) { assert.Empty(t, findings(t, golden(t, stack))) })
	}
}

// allow is a NetworkPolicy of the co2-calculator's production.
func allow(spec string) string { return policyIn("co2-calculator-prod", spec) }

func policyIn(namespace, spec string) string {
	return "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: new, namespace: " + namespace + "}, spec: " + spec + "}"
}

// TestWhatIsAddedIsFound adds one object to a stack that is as stated.
func TestWhatIsAddedIsFound(t *testing.T) {
	for name, tc := range map[string]struct {
		stack, object string
		want          []string // parts of findings, one each
	}{
		"world to the frontend": {
			"prod", allow("{podSelector: {matchLabels: {app: frontend}}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16]}}], ports: [{port: 8080}]}]}"),
			[]string{
				"link-local reaches co2-calculator-prod/frontend at 8080, which nothing states; let through by NetworkPolicy new",
				"world reaches co2-calculator-prod/frontend at 8080, which nothing states; let through by NetworkPolicy new",
			},
		},
		"ingress controller to the database": {
			"prod", allow("{podSelector: {matchLabels: {app: postgres}}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}, podSelector: {matchLabels: {app.kubernetes.io/name: ingress-nginx}}}], ports: [{port: 5432}]}]}"),
			[]string{"ingress controller reaches co2-calculator-prod/postgres at 5432, which nothing states; let through by NetworkPolicy new"},
		},
		"any pod of the controller's namespace": {
			"prod", allow("{podSelector: {matchLabels: {app: backend}}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}], ports: [{port: 8000}]}]}"),
			[]string{"others in ingress-nginx reaches co2-calculator-prod/backend at 8000"},
		},
		"frontend to the database, one end alone": {
			"prod", allow("{podSelector: {matchLabels: {app: postgres}}, ingress: [{from: [{podSelector: {matchLabels: {app: frontend}}}], ports: [{port: 5432}]}]}"), nil,
		},
		"every pod to every other": {
			"dev", policyIn("co2-calculator-dev", "{podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 6379}]}], egress: [{to: [{podSelector: {matchLabels: {app: redis}}}], ports: [{port: 6379}]}], policyTypes: [Ingress, Egress]}"),
			[]string{
				"/backend-migrate reaches co2-calculator-dev/redis at 6379, which nothing states; let through by NetworkPolicy new",
				"/db-dump reaches", "/frontend reaches", "/postgres reaches", "/postgres-init reaches",
			},
		},
		"metadata of a cloud": {
			"prod", allow("{podSelector: {matchLabels: {app: backend}}, egress: [{to: [{ipBlock: {cidr: 169.254.169.254/32}}], ports: [{port: 443}]}], policyTypes: [Egress]}"),
			[]string{"co2-calculator-prod/backend reaches 169.254.169.254/32 at 443"},
		},
		"a pod that nothing states": {
			"local", "{apiVersion: v1, kind: Pod, metadata: {name: frontend, namespace: other}, spec: {containers: [{name: a, ports: [{containerPort: 1}]}]}}",
			[]string{"ingress controller reaches other/frontend at all, which nothing states; let through by no policy restricts what comes in at other/frontend"},
		},
		"more ports of core for the world": {
			"k3s", policyIn("core", "{podSelector: {matchLabels: {app: gateway}}, ingress: [{ports: [{port: 8000, endPort: 8999}]}]}"),
			[]string{
				"link-local reaches core/gateway at 8000-8442,8444-8999", "world reaches core/gateway at 8000-8442,8444-8999, which nothing states; let through by NetworkPolicy new",
			},
		},
		"a port of the nodes for the database": {
			"k3s", "{apiVersion: v1, kind: Service, metadata: {name: db, namespace: core}, spec: {type: NodePort, selector: {app: postgres-replica}, ports: [{port: 5432, nodePort: 30432}]}}",
			[]string{
				"link-local reaches core/postgres-replica at 5432",
				"world reaches core/postgres-replica at 5432, which nothing states; let through by Service db, by port 30432 of a node, NetworkPolicy core-isolation",
			},
		},
		"core that may not leave": {
			"k3s", policyIn("core", "{podSelector: {matchLabels: {app: nats}}, policyTypes: [Egress]}"),
			[]string{"core/nats does not reach core/gateway at all, as it must: the platform's description, Core Namespace Isolation"},
		},
		"another port of the nodes": {
			"k3s-local", "{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: etc}, spec: {selector: all(), preDNAT: true, applyOnForward: true, ingress: [{action: Allow, protocol: TCP, destination: {ports: [9999]}}]}}",
			[]string{"world reaches core/gfs-chunkserver at 9999, which nothing states; let through by GlobalNetworkPolicy etc", "world reaches nodes at 9999"},
		},
		"chunkservers closed first": {
			"k3s", "{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: etc}, spec: {order: 1, selector: all(), preDNAT: true, applyOnForward: true, ingress: [{action: Deny, protocol: TCP, destination: {ports: [9081]}}]}}",
			[]string{"core/gfs-chunkserver does not reach nodes at 9081, as it must: the platform's description, GFS Chunkserver Access"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := golden(t, tc.stack)
			s.Objects = append(s.Objects, packtest.Objects(t, tc.object)...)
			found := findings(t, s)
			for _, want := range tc.want {
				assert.Condition(t, func() bool {
					return slices.ContainsFunc(found, func(one string) bool { return strings.Contains(one, want) })
				}, "%s is not in %s", want, strings.Join(found, "\n"))
			}
			if tc.want == nil {
				assert.Empty(t, found)
			}
		})
	}
}

// TestWhatIsTakenAwayIsFound leaves out one policy after the other: each says
// something that is stated.
func TestWhatIsTakenAwayIsFound(t *testing.T) {
	optional := []string{"backend-metrics-policy", "redis-metrics-policy"} // monitoring may be off
	for _, stack := range []string{"prod", "k3s"} {
		whole := golden(t, stack)
		for i, o := range whole.Objects {
			if !strings.HasSuffix(o.Kind, "NetworkPolicy") {
				continue
			}
			t.Run(stack+" "+o.Name(), func(t *testing.T) {
				found := findings(t, &pack.Stack{Name: stack, Objects: slices.Delete(slices.Clone(whole.Objects), i, i+1)})
				assert.Equal(t, slices.Contains(optional, o.Logical), len(found) == 0, found)
			})
		}
	}
}

// TestWhatTheEdgeLeadsToIsStated adds a service to production, as an entry of
// the stack file does: whoever writes its route states who reaches it.
func TestWhatTheEdgeLeadsToIsStated(t *testing.T) {
	const (
		service = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: docs, namespace: co2-calculator-prod}, spec: {template: {metadata: {labels: {app: docs}}, spec: {containers: [{name: docs, ports: [{name: http, containerPort: 8080}]}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: docs, namespace: co2-calculator-prod}, spec: {selector: {app: docs}, ports: [{name: web, port: 80, targetPort: http}]}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: docs, namespace: co2-calculator-prod}, spec: {podSelector: {matchLabels: {app: docs}}, ingress: [
  {from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}, podSelector: {matchLabels: {app.kubernetes.io/name: ingress-nginx}}}], ports: [{port: 8080}]}]}}
---
`
		head   = "metadata: {name: docs, namespace: co2-calculator-prod}, spec: "
		extra  = "ingress controller reaches co2-calculator-prod/docs at 8080, which nothing states; let through by NetworkPolicy docs"
		nobody = "ingress controller does not reach co2-calculator-prod/docs at 8080, as it must: the edge of the stack leads there"
	)
	ingress := func(port string) string {
		return "{apiVersion: networking.k8s.io/v1, kind: Ingress, " + head + "{rules: [{http: {paths: [{path: /docs, backend: {service: {name: docs, port: {" + port + "}}}}]}}]}}"
	}
	for name, tc := range map[string]struct {
		objects string
		want    []string
	}{
		"an Ingress, by number":  {service + ingress("number: 80"), nil},
		"an Ingress, by name":    {service + ingress("name: web"), nil},
		"another port":           {service + ingress("number: 81"), []string{extra}},
		"another's namespace":    {service + strings.Replace(ingress("number: 80"), "namespace: co2-calculator-prod", "namespace: other", 1), []string{extra}},
		"an HTTPRoute":           {service + "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, " + head + "{rules: [{backendRefs: [{name: docs, port: 80}]}]}}", nil},
		"OpenShift's Route":      {service + "{apiVersion: route.openshift.io/v1, kind: Route, " + head + "{to: {kind: Service, name: docs}, port: {targetPort: web}}}", nil},
		"a Route without a port": {service + "{apiVersion: route.openshift.io/v1, kind: Route, " + head + "{to: {kind: Service, name: docs}}}", nil},
		"no route":               {service, []string{extra}},
		"a route without a policy": {
			strings.Replace(service, "[{port: 8080}]}]}}", "[{port: 9090}]}]}}", 1) + ingress("number: 80"),
			[]string{"ingress controller reaches co2-calculator-prod/docs at 9090, which nothing states; let through by NetworkPolicy docs", nobody},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := golden(t, "prod")
			s.Objects = append(s.Objects, packtest.Objects(t, tc.objects)...)
			found := slices.DeleteFunc(findings(t, s), func(finding string) bool { return !strings.HasPrefix(finding, "ingress controller") })
			assert.ElementsMatch(t, append([]string{}, tc.want...), found)
		})
	}
}

// TestADatabaseElsewhereIsReachedAsOneHere takes the database out of production
// and lets what used it through to other addresses.
func TestADatabaseElsewhereIsReachedAsOneHere(t *testing.T) {
	const policy = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: elsewhere, namespace: co2-calculator-prod},
  spec: {podSelector: {matchLabels: {app: redis}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 5432}]}]}}`
	for name, tc := range map[string]struct {
		kept   bool // the database, in the stack
		change *strings.Replacer
		want   string
	}{
		"as it is here":          {change: strings.NewReplacer("redis", "celery-worker")},
		"the database is here":   {kept: true, change: strings.NewReplacer("redis", "celery-worker"), want: "celery-worker reaches 192.0.2.0/24 at 5432, which nothing states"},
		"a pod that never asked": {change: strings.NewReplacer(), want: "redis reaches 192.0.2.0/24 at 5432, which nothing states"},
		"another port":           {change: strings.NewReplacer("redis", "celery-worker", "5432", "22"), want: "celery-worker reaches 192.0.2.0/24 at 22, which nothing states"},
		"all of the internet":    {change: strings.NewReplacer("redis", "celery-worker", "192.0.2.0/24", "0.0.0.0/0"), want: "celery-worker reaches world at 5432, which nothing states"},
	} {
		t.Run(name, func(t *testing.T) {
			s := golden(t, "prod")
			s.Objects = slices.DeleteFunc(s.Objects, func(o pack.Object) bool { return !tc.kept && o.Kind == "StatefulSet" && o.Name() == "postgres" })
			s.Objects = append(s.Objects, packtest.Objects(t, tc.change.Replace(policy))...)
			found := strings.Join(slices.DeleteFunc(findings(t, s), func(one string) bool { return !strings.Contains(one, "elsewhere") }), "\n")
			if tc.want == "" {
				assert.Empty(t, found)
			} else {
				assert.Contains(t, found, tc.want)
			}
		})
	}
}

// TestAFurtherServiceReachesWhatListens adds a pod that the description does not
// know: it may reach the platform's own, and nothing outside of it.
func TestAFurtherServiceReachesWhatListens(t *testing.T) {
	const further = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: docs, namespace: co2-calculator-prod}, spec: {template: {metadata: {labels: {app: docs}}, spec: {containers: [{name: docs, ports: [{name: http, containerPort: 8080}]}]}}}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: docs, namespace: co2-calculator-prod}, spec: {podSelector: {matchLabels: {app: FROM}}, policyTypes: [Egress], egress: [{to: [PEER], ports: [{port: 5432}]}]}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: postgres-docs, namespace: co2-calculator-prod}, spec: {podSelector: {matchLabels: {app: postgres}}, ingress: [{from: [{podSelector: {matchLabels: {app: FROM}}}], ports: [{port: 5432}]}]}}`
	const database, world = "{podSelector: {matchLabels: {app: postgres}}}", "{ipBlock: {cidr: 192.0.2.0/24}}"
	for name, tc := range map[string]struct {
		from, peer string
		want       string
	}{
		"the database":        {"docs", database, ""},
		"somewhere else":      {"docs", world, "docs reaches 192.0.2.0/24 at 5432, which nothing states"},
		"one of the platform": {"redis", database, "redis reaches co2-calculator-prod/postgres at 5432, which nothing states"},
	} {
		t.Run(name, func(t *testing.T) {
			s := golden(t, "prod")
			s.Objects = append(s.Objects, packtest.Objects(t, strings.NewReplacer("FROM", tc.from, "PEER", tc.peer).Replace(further))...)
			found := strings.Join(slices.DeleteFunc(findings(t, s), func(one string) bool { return !strings.Contains(one, "at 5432") }), "\n")
			if tc.want == "" {
				assert.Empty(t, found)
			} else {
				assert.Contains(t, found, tc.want)
			}
		})
	}
}
