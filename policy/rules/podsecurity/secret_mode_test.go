package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestSecretMode(t *testing.T) {
	const path = inPod + "volumes[0].secret.defaultMode"
	packtest.Run(t, secretMode, table(deployment, map[string][2][]string{
		"volumes: [{name: v, secret: {defaultMode: 288}}]":       {},
		"volumes: [{name: v, configMap: {defaultMode: 420}}]":    {},
		"volumes: [{name: v, secret: {defaultMode: 289}}]":       wrong(path),
		"volumes: [{name: v, secret: {secretName: a}}]":          wrong(path),
		"volumes: [{name: v, secret: {defaultMode: '0440'}}]":    wrong(path),
		"volumes: [{name: v, secret: {defaultMode: <unknown>}}]": undecided(path),
	}))
}
