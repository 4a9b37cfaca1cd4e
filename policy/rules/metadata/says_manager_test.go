package metadata

import (
	"testing"

	"platform/policy/packtest"
)

func TestSaysManager(t *testing.T) {
	const at = "Service/a: metadata.labels.app.kubernetes.io/managed-by"
	packtest.Run(t, saysManager, map[string]packtest.Case{
		"said":       {Objects: labelled("Service", "app.kubernetes.io/managed-by: pulumi")},
		"near miss":  {Objects: labelled("Service", "managed-by: pulumi"), Want: []string{at}},
		"absent":     {Objects: labelled("Service", ""), Want: []string{at}},
		"wrong type": {Objects: labelled("Service", "app.kubernetes.io/managed-by: 1"), Want: []string{at}},
		"not known":  {Objects: labelled("Service", "app.kubernetes.io/managed-by: <unknown>"), Undecided: []string{at}},
	})
}
