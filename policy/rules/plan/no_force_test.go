package plan

import (
	"testing"

	"platform/policy/packtest"
)

func TestNoForce(t *testing.T) {
	const at = "Deployment/a: metadata.annotations.pulumi.com/patchForce"
	packtest.Run(t, noForce, map[string]packtest.Case{
		"absent":     {Objects: annotated("Deployment", "")},
		"off":        {Objects: annotated("Deployment", "pulumi.com/patchForce: 'false'")},
		"forced":     {Objects: annotated("Deployment", "pulumi.com/patchForce: 'true'"), Want: []string{at}},
		"near miss":  {Objects: annotated("Deployment", "pulumi.com/patchforce: 'true'")},
		"wrong type": {Objects: annotated("Deployment", "pulumi.com/patchForce: 1"), Want: []string{at}},
		"not known":  {Objects: annotated("Deployment", "pulumi.com/patchForce: <unknown>"), Undecided: []string{at}},
	})
}
