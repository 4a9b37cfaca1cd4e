package reach_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/pack"
	"platform/policy/reach"
	"platform/policy/reach/objects"
	"platform/tests/packtest"
)

func evaluator(t *testing.T, documents string) *reach.Evaluator {
	t.Helper()
	cluster, err := objects.Cluster(&pack.Stack{Objects: packtest.Objects(t, documents)})
	require.NoError(t, err)
	e, err := reach.NewEvaluator(cluster, around)
	require.NoError(t, err)
	return e
}

func TestCompare(t *testing.T) {
	closed := np("{podSelector: {}}")
	from := func(peer, port string) string {
		return np("{podSelector: {matchLabels: {app: db}}, ingress: [{from: [" + peer + "], ports: [{port: " + port + "}]}]}")
	}
	for name, tc := range map[string]struct {
		before, after string
		want          []string
	}{
		"nothing":             {closed, closed, nil},
		"said in other words": {from("{podSelector: {}}", "81"), from("{namespaceSelector: {matchLabels: {team: red}}}", "http"), nil},
		"newly": {closed, closed + from("{podSelector: {}}", "81"), []string{
			"a/api > a/db: +81 [no policy restricts what leaves a/api NetworkPolicy p]", "a/db > a/db: +81 [no policy restricts what leaves a/db NetworkPolicy p]",
		}},
		"no longer": {closed + from("{podSelector: {}}", "81"), closed, []string{"a/api > a/db: -81", "a/db > a/db: -81"}},
		"one for another": {
			closed + from("{podSelector: {matchLabels: {app: api}}}", "81"), closed + from("{namespaceSelector: {matchLabels: {team: blue}}}", "81"),
			[]string{"a/api > a/db: -81", "b/job > a/db: +81 [no policy restricts what leaves b/job NetworkPolicy p]"},
		},
		"where nothing listens": {closed, closed + from("{podSelector: {}}", "82"), []string{
			"a/api > a/db: ?82 [no policy restricts what leaves a/api NetworkPolicy p]", "a/db > a/db: ?82 [no policy restricts what leaves a/db NetworkPolicy p]",
		}},
		"addresses, in parts": {
			closed + from("{ipBlock: {cidr: 172.17.0.0/16}}", "81"), closed + from("{ipBlock: {cidr: 172.17.0.0/15}}", "81"),
			[]string{"172.16.0.0/16 > a/db: +81 [NetworkPolicy p]"},
		},
		"pods of another namespace": {
			closed, closed + from("{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: mon}}, podSelector: {matchLabels: {app: prom}}}", "81"),
			[]string{"mon (app=prom) > a/db: +81 [NetworkPolicy p]"},
		},
		"pods of another namespace that were let in before": {
			closed + from("{namespaceSelector: {}}", "81"),
			closed + from("{namespaceSelector: {}}", "81") + from("{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: mon}}}", "81"), nil,
		},
		"a new pod": {closed, closed + "{apiVersion: v1, kind: Pod, metadata: {name: new, namespace: a}, spec: {containers: [{name: a, ports: [{containerPort: 1}]}]}}", []string{
			"a/new > a/agent: +9100 [no policy restricts what leaves a/new no policy restricts what comes in at a/agent]",
			"a/new > link-local: +all [no policy restricts what leaves a/new]",
			"a/new > nodes: +22,6443,10250 [no policy restricts what leaves a/new no policy restricts what comes in at nodes]",
			"a/new > overlay: +all [no policy restricts what leaves a/new]",
			"a/new > world: +all [no policy restricts what leaves a/new]",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got := []string{}
			for _, one := range reach.Compare(evaluator(t, pods+tc.before), evaluator(t, pods+tc.after)) {
				text := fmt.Sprintf("%s > %s:", one.From, one.To)
				for sign, ports := range map[string]reach.Ports{" +": one.Gained, " -": one.Lost, " ?": one.Silent} {
					if len(ports) > 0 {
						text += sign + ports.String()
					}
				}
				if len(one.Because) > 0 {
					text += fmt.Sprint(" ", one.Because)
				}
				got = append(got, text)
			}
			assert.Equal(t, append([]string{}, tc.want...), got)
		})
	}
}
