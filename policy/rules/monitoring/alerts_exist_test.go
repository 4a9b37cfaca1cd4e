package monitoring

import (
	"testing"

	"platform/policy/packtest"
)

func TestAlertsExist(t *testing.T) {
	packtest.Run(t, alertsExist, map[string]packtest.Case{
		"there":      {Objects: of(podMonitor, rule)},
		"absent":     {Objects: podMonitor, Want: []string{"PodMonitor/api"}},
		"elsewhere":  {Objects: of(podMonitor, but(rule, "namespace: a", "namespace: b")), Want: []string{"PodMonitor/api"}},
		"no monitor": {Objects: api},
		"wrong type": {Objects: of(podMonitor, but(rule, "namespace: a", "namespace: 1")), Want: []string{"PodMonitor/api: metadata.namespace"}},
		"not known":  {Objects: of(podMonitor, but(rule, "namespace: a", "namespace: <unknown>")), Undecided: []string{"PodMonitor/api: metadata.namespace"}},
	})
}
