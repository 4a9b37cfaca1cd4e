package batch

import (
	"testing"

	"platform/policy/packtest"
)

func TestOverlap(t *testing.T) {
	packtest.Run(t, overlap, map[string]packtest.Case{
		"Forbid":     rightly("concurrencyPolicy: Forbid"),
		"Replace":    rightly("concurrencyPolicy: Replace"),
		"Allow":      wrongly("concurrencyPolicy: Allow", "concurrencyPolicy"),
		"absent":     wrongly("suspend: false", "concurrencyPolicy"),
		"wrong type": wrongly("concurrencyPolicy: true", "concurrencyPolicy"),
		"not known":  undecided("concurrencyPolicy: <unknown>", "concurrencyPolicy"),
		"a Job":      aJob("backoffLimit: 1"),
	})
}
