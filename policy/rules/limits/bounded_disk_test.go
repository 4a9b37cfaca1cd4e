package limits

import (
	"testing"

	"platform/policy/packtest"
)

func TestBoundedDisk(t *testing.T) {
	const limit = "limits.ephemeral-storage"
	const readOnly = "securityContext: {readOnlyRootFilesystem: true}"
	mounting := func(volume, mount string) packtest.Case {
		return packtest.Case{Objects: packtest.Deployment("volumes: [{name: v, " + volume + "}], containers: [{name: a, " + readOnly + ", volumeMounts: [{name: " + mount + "}]}]")}
	}
	broken := func(c packtest.Case) packtest.Case {
		c.Want = []string{resources + limit}
		return c
	}
	packtest.Run(t, boundedDisk, map[string]packtest.Case{
		"both":               right("resources: {requests: {ephemeral-storage: 1Gi}, limits: {ephemeral-storage: 2Gi}}"),
		"request alone":      wrong("resources: {requests: {ephemeral-storage: 1Gi}}, "+readOnly, limit),
		"limit alone":        wrong("resources: {limits: {ephemeral-storage: 1Gi}}, "+readOnly, "requests.ephemeral-storage"),
		"limit of 0":         wrong("resources: {limits: {ephemeral-storage: 0}}", limit),
		"absent":             wrong("image: x", limit),
		"read-only":          right(readOnly),
		"a folder of a size": mounting("emptyDir: {sizeLimit: 1Mi}", "v"),
		"a folder without":   broken(mounting("emptyDir: {}", "v")),
		"read alone":         mounting("emptyDir: {}", "v, readOnly: true"),
		"another's folder":   mounting("emptyDir: {}", "w"),
		"in memory":          mounting("emptyDir: {medium: Memory}", "v"),
		"a claim":            mounting("persistentVolumeClaim: {claimName: c}", "v"),
		"wrong type":         wrong("resources: {limits: {ephemeral-storage: []}}", limit),
		"wrong type of root": {Objects: packtest.Container("securityContext: {readOnlyRootFilesystem: 'true'}"), Want: []string{"Deployment/api container a: spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem"}},
		"not known":          {Objects: packtest.Container("resources: {limits: <unknown>}"), Undecided: []string{resources + "limits"}},
		"volumes not known":  {Objects: packtest.Deployment("volumes: <unknown>, containers: [{name: a, " + readOnly + "}]"), Undecided: []string{"Deployment/api container a: spec.template.spec.volumes"}},
	})
}
