package limits

import (
	"testing"

	"platform/policy/packtest"
)

func TestScratchFitsNode(t *testing.T) {
	const at = packtest.InPod + "volumes[0].emptyDir.sizeLimit"
	with := func(volume string) string { return packtest.Deployment("volumes: [{name: v, " + volume + "}]") }
	packtest.Run(t, scratchFitsNode, map[string]packtest.Case{
		"within":     {Objects: with("emptyDir: {sizeLimit: 4Gi}")},
		"absent":     {Objects: with("emptyDir: {}")},
		"more":       {Objects: with("emptyDir: {sizeLimit: 4097Mi}"), Want: []string{at}},
		"wrong type": {Objects: with("emptyDir: {sizeLimit: much}"), Want: []string{at}},
		"not known":  {Objects: with("emptyDir: {sizeLimit: <unknown>}"), Undecided: []string{at}},
		"parameter":  {Objects: with("emptyDir: {sizeLimit: 2Gi}"), Want: []string{at}, Parameters: map[string]any{"most": "1Gi"}},
	})
}
