package probes

import (
	"strings"
	"testing"

	"platform/policy/packtest"
)

func TestStartup(t *testing.T) {
	const path = inContainer + "startupProbe"
	const alive, started = "livenessProbe: {tcpSocket: {port: 80}}, ", "startupProbe: {tcpSocket: {port: 80}}, "
	const mounted = "volumeMounts: [{name: v, mountPath: /v}]"
	mounting := func(volume, content string) string {
		return deployment("volumes: [{name: v, " + volume + "}], containers: [{name: a, " + content + mounted + "}]")
	}
	const claim = "persistentVolumeClaim: {claimName: c}"
	packtest.Run(t, startup, map[string]packtest.Case{
		"a program":        wrong(alive+"image: 'docker.io/library/postgres:16@sha256:0'", path),
		"a program's like": right(alive + "image: 'me/postgres-exporter:1'"),
		"started":          right(alive + started + "image: 'postgres:16'"),
		"never killed":     right("image: 'postgres:16'"),
		"data":             {Objects: mounting(claim, alive), Want: []string{path}},
		"data, started":    {Objects: mounting(claim, alive+started)},
		"data of the node": {Objects: mounting("hostPath: {path: /data}", alive), Want: []string{path}},
		"data of another":  {Objects: strings.Replace(mounting(claim, alive), mounted, "volumeMounts: []", 1)},
		"nothing kept":     {Objects: mounting("emptyDir: {}", alive)},
		"data by a template": {
			Objects: "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db}, spec: {volumeClaimTemplates: [{metadata: {name: v}}], template: {spec: {containers: [{name: a, " + alive + mounted + "}]}}}}",
			Want:    []string{"StatefulSet/db container a: spec.template.spec.containers[0].startupProbe"},
		},
		"beside the others": {
			Objects: deployment("initContainers: [{name: i, restartPolicy: Always, " + alive + "image: 'redis:7'}]"),
			Want:    []string{"Deployment/api container i: spec.template.spec.initContainers[0].startupProbe"},
		},
		"before the others": {Objects: deployment("initContainers: [{name: i, " + alive + "image: 'redis:7'}]")},
		"wrong type":        wrong(alive+"image: 1", inContainer+"image"),
		"not known":         {Objects: container(alive + "image: <unknown>"), Undecided: []string{inContainer + "image"}},
		"parameters":        {Objects: container(alive + "image: 'mongo:7'"), Want: []string{path}, Parameters: map[string]any{"programs": []any{"mongo"}}},
	})
}
