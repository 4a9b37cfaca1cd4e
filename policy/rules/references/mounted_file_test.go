package references

import (
	"testing"

	"platform/policy/packtest"
)

func TestMountedFile(t *testing.T) {
	const mount = at + "volumeMounts[0]"
	volumes := "volumes: [{name: auth, secret: {secretName: redis-auth}}, {name: config, configMap: {name: redis}}], "
	pod := packtest.Deployment(volumes + "containers: [{name: a, args: [--include, /auth/b.conf], volumeMounts: [{name: auth, mountPath: /auth}, {name: config, mountPath: /etc}]}]")
	config := packtest.InCore("v1", "ConfigMap", "redis", "data: {redis.conf: 'include /auth/a.conf'}")
	packtest.Run(t, mountedFile, map[string]packtest.Case{
		"there":      {Objects: documents(pod, config, secret("redis-auth", "data: {a.conf: a, b.conf: b}"))},
		"of a file":  {Objects: documents(pod, config, secret("redis-auth", "data: {b.conf: b}")), Want: []string{mount}},
		"of words":   {Objects: documents(pod, config, secret("redis-auth", "data: {a.conf: a}")), Want: []string{mount}},
		"of others":  {Objects: documents(pod, config)},
		"near miss":  {Objects: documents(packtest.But(pod, "/auth/b.conf", "/other/b.conf"), config, secret("redis-auth", "data: {a.conf: a}"))},
		"absent":     {Objects: documents(packtest.Container("command: [a]"), secret("redis-auth", "data: {a: a}"))},
		"wrong type": {Objects: documents(packtest.But(pod, "mountPath: /auth", "mountPath: 1"), config, secret("redis-auth", "data: {a: a}")), Want: []string{mount + ".mountPath"}},
		"not known":  {Objects: documents(packtest.But(pod, "mountPath: /auth", "mountPath: <unknown>"), config, secret("redis-auth", "data: {a: a}")), Undecided: []string{mount + ".mountPath"}},
	})
}
