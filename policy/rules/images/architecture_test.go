package images

import (
	"strings"
	"testing"

	"platform/policy/packtest"
)

func TestArchitecture(t *testing.T) {
	const image = "containers: [{name: a, image: 'oliver006/redis_exporter:v1'}]"
	affinity := func(terms string) string {
		return packtest.Deployment("affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [" + terms + "]}}}, " + image)
	}
	const arch = "{matchExpressions: [{key: disk, operator: Exists}, {key: kubernetes.io/arch, operator: In, values: [amd64]}]}"
	on := func(c packtest.Case) packtest.Case {
		c.Stack = "k3s"
		return c
	}
	packtest.Run(t, architecture, map[string]packtest.Case{
		"built for all":        on(right("postgres:16-alpine")),
		"built by Edd Cloud":   on(right("eddisonso/ecloud-auth:20260215-062053")),
		"built by Rancher":     on(right("rancher/mirrored-library-busybox:1.36.1")),
		"built for some":       on(wrong("oliver006/redis_exporter:v1")),
		"nodes of one kind":    right("oliver006/redis_exporter:v1"),
		"selected":             on(packtest.Case{Objects: packtest.Deployment("nodeSelector: {kubernetes.io/arch: arm64}, " + image)}),
		"one node":             on(packtest.Case{Objects: packtest.Deployment("nodeSelector: {kubernetes.io/hostname: s0}, " + image)}),
		"selected by role":     on(packtest.Case{Objects: packtest.Deployment("nodeSelector: {role: db}, " + image), Want: []string{at}}),
		"affinity":             on(packtest.Case{Objects: affinity(arch)}),
		"affinity of one term": on(packtest.Case{Objects: affinity(arch + ", {matchExpressions: [{key: disk, operator: Exists}]}"), Want: []string{at}}),
		"affinity against":     on(packtest.Case{Objects: affinity(strings.Replace(arch, "In,", "NotIn,", 1)), Want: []string{at}}),
		"affinity of none":     on(packtest.Case{Objects: affinity(strings.Replace(arch, "[amd64]", "[]", 1)), Want: []string{at}}),
		"absent":               on(packtest.Case{Objects: packtest.Container("command: [a]")}),
		"wrong type":           on(mistyped),
		"not known":            on(unknown),
		"selector not known": on(packtest.Case{
			Objects: packtest.Deployment("nodeSelector: <unknown>, " + image), Undecided: []string{"Deployment/api container a: spec.template.spec.nodeSelector"},
		}),
		"parameters": {
			Objects: packtest.Container("image: 'postgres:16'"), Want: []string{at}, Parameters: map[string]any{"stacks": []any{"test"}, "multiArchitecture": []any{}},
		},
	})
}
