package review_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/tools/review"
)

func TestUnlike(t *testing.T) {
	deployment := func(change func(c *review.Change)) review.Change {
		c := review.Change{
			Op: review.OpUpdate, URN: urns + "kubernetes:apps/v1:Deployment::web", Kind: "Deployment", Object: "core/web",
			Diffs: []review.Diff{{Path: "spec.replicas", Old: "2", New: "3"}},
		}
		change(&c)
		return c
	}
	same := deployment(func(*review.Change) {})
	settings := func(name string) []review.Change {
		return []review.Change{
			{
				Op: review.OpCreate, URN: urns + "kubernetes:core/v1:ConfigMap::settings", Kind: "ConfigMap", Object: "core/" + name,
				Diffs: []review.Diff{{Path: "metadata.name", New: name}},
			},
			deployment(func(c *review.Change) {
				c.Diffs = []review.Diff{{Path: "spec.template.spec.volumes[0].configMap.name", New: name}}
			}),
		}
	}
	for name, c := range map[string]struct {
		checked, now []review.Change
		want         []string
	}{
		"nothing":        {nil, nil, nil},
		"the same":       {[]review.Change{same}, []review.Change{same}, nil},
		"new":            {nil, []review.Change{same}, []string{"new: update Deployment core/web"}},
		"gone":           {[]review.Change{same}, nil, []string{"gone: update Deployment core/web"}},
		"another step":   {[]review.Change{same}, []review.Change{deployment(func(c *review.Change) { c.Op = review.OpReplace })}, []string{"other: replace Deployment core/web, and not update"}},
		"another value":  {[]review.Change{same}, []review.Change{deployment(func(c *review.Change) { c.Diffs[0].New = "4" })}, []string{"other: update Deployment core/web: spec.replicas"}},
		"from another":   {[]review.Change{same}, []review.Change{deployment(func(c *review.Change) { c.Diffs[0].Old = "1" })}, []string{"other: update Deployment core/web: spec.replicas"}},
		"first a secret": {[]review.Change{same}, []review.Change{deployment(func(c *review.Change) { c.Diffs[0] = review.Diff{Path: "spec.replicas", Secret: true} })}, []string{"other: update Deployment core/web: spec.replicas"}},
		"another property": {
			[]review.Change{same},
			[]review.Change{deployment(func(c *review.Change) { c.Diffs[0].Path = "spec.paused" })},
			[]string{"other: update Deployment core/web: spec.paused, spec.replicas"},
		},
		"what forces it": {
			[]review.Change{deployment(func(c *review.Change) { c.Op = review.OpReplace })},
			[]review.Change{deployment(func(c *review.Change) { c.Op, c.Forces = review.OpReplace, []string{"spec.selector"} })},
			[]string{"other: replace Deployment core/web: core/web spec.selector"},
		},
		"another object":       {[]review.Change{same}, []review.Change{deployment(func(c *review.Change) { c.Object = "core/other" })}, []string{"other: update Deployment core/other: core/other"}},
		"names by chance":      {settings("settings-0a1b2c3d"), settings("settings-4e5f6071"), nil},
		"names that look so":   {settings("other-0a1b2c3d"), settings("other-4e5f6071"), []string{"other: update Deployment core/web: spec.template.spec.volumes[0].configMap.name", "other: create ConfigMap core/other-4e5f6071: metadata.name"}},
		"names of other parts": {settings("settings-0a1b2c3d"), settings("settings-green"), []string{"other: update Deployment core/web: spec.template.spec.volumes[0].configMap.name", "other: create ConfigMap core/settings-green: metadata.name"}},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, review.Unlike(c.checked, c.now)) })
	}
}
