package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestQuotaBounds(t *testing.T) {
	const at = "ResourceQuota/a: spec."
	quota := func(spec string) string { return packtest.InCore("v1", "ResourceQuota", "a", "spec: {"+spec+"}") }
	two := map[string]any{"most": []any{"pods=10", "limits.cpu=4"}}
	packtest.Run(t, quotaBounds, map[string]packtest.Case{
		"bounded":    {Objects: quota("hard: {pods: 10, limits.cpu: 4000m}"), Parameters: two},
		"more":       {Objects: quota("hard: {pods: 10, limits.cpu: 4001m}"), Parameters: two, Want: []string{at + "hard.limits.cpu"}},
		"one less":   {Objects: quota("hard: {pods: 10}"), Parameters: two, Want: []string{at + "hard.limits.cpu"}},
		"absent":     {Objects: quota(""), Parameters: two, Want: []string{at + "hard.pods", at + "hard.limits.cpu"}},
		"of some":    {Objects: quota("hard: {pods: 1, limits.cpu: 1}, scopes: [BestEffort]"), Parameters: two, Want: []string{at + "scopes"}},
		"wrong type": {Objects: quota("hard: {pods: many, limits.cpu: 1}"), Parameters: two, Want: []string{at + "hard.pods"}},
		"not known":  {Objects: quota("hard: {pods: <unknown>, limits.cpu: 1}"), Parameters: two, Undecided: []string{at + "hard.pods"}},
		"as it is":   {Objects: quota("hard: {pods: 1, limits.cpu: 1, limits.memory: 1Gi, requests.cpu: 1, requests.memory: 1Gi, requests.storage: 1Gi}")},
	})
}
