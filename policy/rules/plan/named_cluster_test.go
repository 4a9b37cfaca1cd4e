package plan

import (
	"testing"

	"platform/policy/packtest"
)

func TestNamedCluster(t *testing.T) {
	packtest.Run(t, namedCluster, map[string]packtest.Case{
		"named":     {Objects: provided("context: a, clusterIdentifier: b"), Change: asProvider},
		"absent":    {Objects: provided("kubeconfig: a"), Change: asProvider, Want: []string{ofProvider + "context", ofProvider + "clusterIdentifier"}},
		"near miss": {Objects: provided("context: a, clusterIdentifier: ''"), Change: asProvider, Want: []string{ofProvider + "clusterIdentifier"}},
		"rendered":  {Objects: provided("renderYamlToDirectory: out"), Change: asProvider},
		"rendered nowhere": {
			Objects: provided("renderYamlToDirectory: '', context: a"), Change: asProvider, Want: []string{ofProvider + "clusterIdentifier"},
		},
		"wrong type": {Objects: provided("context: [a], clusterIdentifier: b"), Change: asProvider, Want: []string{ofProvider + "context"}},
		"not known":  {Objects: provided("context: <unknown>"), Change: asProvider, Undecided: []string{ofProvider + "context"}, Want: []string{ofProvider + "clusterIdentifier"}},
		"an object":  {Objects: annotated("Deployment", "")},
	})
}
