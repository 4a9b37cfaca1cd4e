package secrets

import (
	"testing"

	"platform/policy/packtest"
)

func TestEnvNames(t *testing.T) {
	packtest.Run(t, envNames, map[string]packtest.Case{
		"unique":     {Objects: container("env: [{name: A}, {name: B}]")},
		"twice":      {Objects: container("env: [{name: A}, {name: B}, {name: A}]"), Want: []string{at + "env[2].name"}},
		"near miss":  {Objects: container("env: [{name: A}, {name: a}, {name: A_}]")},
		"of two":     {Objects: pod("containers: [{name: a, env: [{name: A}]}, {name: b, env: [{name: A}]}]")},
		"absent":     {Objects: container("image: a")},
		"wrong type": {Objects: container("env: [{name: 1}]"), Want: []string{at + "env[0].name"}},
		"not known":  {Objects: container("env: [{name: <unknown>}, {name: A}, {name: A}]"), Undecided: []string{at + "env[0].name"}, Want: []string{at + "env[2].name"}},
	})
}
