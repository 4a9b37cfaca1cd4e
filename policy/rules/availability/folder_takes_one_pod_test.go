package availability

import (
	"testing"

	"platform/policy/packtest"
)

func TestFolderTakesOnePod(t *testing.T) {
	const at = "Deployment/api: spec.strategy.type"
	folder := but(api, "containers:", "volumes: [{name: d, hostPath: {path: /data}}]\n      containers:")
	packtest.Run(t, folderTakesOnePod, map[string]packtest.Case{
		"stopped first": {Objects: but(folder, "RollingUpdate", "Recreate")},
		"beside":        {Objects: folder, Want: []string{at}},
		"absent":        {Objects: but(folder, "strategy: {type: RollingUpdate}", "paused: false"), Want: []string{at}},
		"no folder":     {Objects: api},
		"wrong type":    {Objects: but(folder, "RollingUpdate", "1"), Want: []string{at}},
		"not known":     {Objects: but(folder, "RollingUpdate", "<unknown>"), Undecided: []string{at}},
	})
}
