package storage

import (
	"testing"

	"platform/policy/packtest"
)

func TestClaimClass(t *testing.T) {
	const at = "PersistentVolumeClaim/data: spec.storageClassName"
	with := func(spec string) string { return but(claim, "storageClassName: local-path", spec) }
	templates := but(set, "serviceName: db-headless", "volumeClaimTemplates: [{spec: {storageClassName: rcp-nas}}, {spec: {}}]")
	packtest.Run(t, claimClass, map[string]packtest.Case{
		"known class":            {Objects: claim},
		"other class":            {Objects: with("storageClassName: local"), Want: []string{at}},
		"absent":                 {Objects: with(""), Want: []string{at}},
		"empty":                  {Objects: with("storageClassName: ''"), Want: []string{at}},
		"of a volume":            {Objects: with("storageClassName: '', volumeName: v")},
		"a volume's other class": {Objects: with("storageClassName: fast, volumeName: v"), Want: []string{at}},
		"only a volume":          {Objects: with("volumeName: v"), Want: []string{at}},
		"by parameter":           {Objects: with("storageClassName: fast"), Parameters: map[string]any{"classes": []any{"fast"}}},
		"templates":              {Objects: templates, Want: []string{"StatefulSet/db: spec.volumeClaimTemplates[1].spec.storageClassName"}},
		"no templates":           {Objects: set},
		"wrong type":             {Objects: with("storageClassName: 1"), Want: []string{at}},
		"not known":              {Objects: with("storageClassName: <unknown>"), Undecided: []string{at}},
	})
}
