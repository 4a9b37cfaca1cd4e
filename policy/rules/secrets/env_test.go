package secrets

import (
	"testing"

	"platform/policy/packtest"
)

func TestEnv(t *testing.T) {
	packtest.Run(t, env, map[string]packtest.Case{
		"plain":         {Objects: container("env: [{name: LOG_LEVEL, value: INFO}]")},
		"referred":      {Objects: container("env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: a, key: b}}}]")},
		"by name":       {Objects: container("env: [{name: A, value: b}, {name: DB_PASSWORD, value: hunter2}]"), Want: []string{at + "env[1].value"}},
		"by form":       {Objects: container("env: [{name: URL, value: 'postgres://a:hunter2@db'}]"), Want: []string{at + "env[0].value"}},
		"by randomness": {Objects: container("env: [{name: SALT, value: tK7pQ2mX9vR4bN8cW3jL6hD5}]"), Want: []string{at + "env[0].value"}},
		"near miss":     {Objects: container("env: [{name: PASSWORD_FILE, value: /run/password}, {name: URL, value: 'postgres://a:$(PASSWORD)@db'}]")},
		"marked":        {Objects: container("env: [{name: A, value: <secret>b}]"), Want: []string{at + "env[0].value"}},
		"absent":        {Objects: container("env: [{name: PASSWORD}]")},
		"wrong type":    {Objects: container("env: [{name: A, value: 1}]"), Want: []string{at + "env[0].value"}},
		"not known": {
			Objects:   container("env: [{name: A, value: <unknown>}, {name: PASSWORD, value: hunter2}]"),
			Undecided: []string{at + "env[0].value"}, Want: []string{at + "env[1].value"},
		},
		"prepared": {
			Objects: pod("initContainers: [{name: i, env: [{name: PASSWORD, value: hunter2}]}]"), Want: []string{"Deployment/api container i: spec.template.spec.initContainers[0].env[0].value"},
		},
	})
}
