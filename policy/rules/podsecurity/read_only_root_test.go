package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestReadOnlyRoot(t *testing.T) {
	const path = inContainer + "securityContext.readOnlyRootFilesystem"
	cases := table(secured, map[string][2][]string{
		"readOnlyRootFilesystem: true":      {},
		"readOnlyRootFilesystem: false":     wrong(path),
		"readOnlyRootFilesystem: 'true'":    wrong(path),
		"readOnlyRootFilesystem: <unknown>": undecided(path),
		"privileged: false":                 wrong(path),
	})
	packtest.Run(t, readOnlyRoot, cases)
}
