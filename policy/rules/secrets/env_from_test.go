package secrets

import (
	"testing"

	"platform/policy/packtest"
)

func TestEnvFrom(t *testing.T) {
	packtest.Run(t, envFrom, map[string]packtest.Case{
		"one key":    {Objects: container("env: [{name: A, valueFrom: {secretKeyRef: {name: a, key: b}}}]")},
		"whole":      {Objects: container("envFrom: [{configMapRef: {name: a}}, {secretRef: {name: a}}]"), Want: []string{at + "envFrom[1].secretRef"}},
		"near miss":  {Objects: container("envFrom: [{configMapRef: {name: secret}, prefix: SECRET_}]")},
		"absent":     {Objects: container("envFrom: []")},
		"wrong type": {Objects: container("envFrom: {secretRef: a}"), Want: []string{at + "envFrom"}},
		"not known":  {Objects: container("envFrom: [<unknown>, {secretRef: {name: a}}]"), Undecided: []string{at + "envFrom[0]"}, Want: []string{at + "envFrom[1].secretRef"}},
	})
}
