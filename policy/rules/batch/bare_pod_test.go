package batch

import (
	"testing"

	"platform/policy/packtest"
)

func TestBarePod(t *testing.T) {
	packtest.Run(t, barePod, map[string]packtest.Case{
		"a pod":      {Objects: "{apiVersion: v1, kind: Pod, metadata: {name: p}}", Want: []string{"Pod/p"}},
		"not known":  {Objects: "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: <unknown>}", Want: []string{"Pod/p"}},
		"wrong type": {Objects: "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: 1}", Want: []string{"Pod/p"}},
		"a template": {Objects: "{apiVersion: v1, kind: PodTemplate, metadata: {name: p}}"},
		"a Job":      aJob("backoffLimit: 0"),
	})
}
