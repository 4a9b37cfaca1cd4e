package access

import (
	"testing"

	"platform/policy/packtest"
)

func TestGrantsListed(t *testing.T) {
	const at = "ClusterRole/a: rules[0].verbs"
	lists := map[string]any{"grants": []any{"a /pods get,list", "a apps/deployments get", "a /configmaps get,update settings"}}
	with := func(rule string) string { return role("{" + rule + "}") }
	packtest.Run(t, grantsListed, map[string]packtest.Case{
		"listed":         {Objects: with("apiGroups: [''], resources: [pods], verbs: [get, list]"), Parameters: lists},
		"of a group":     {Objects: with("apiGroups: [apps], resources: [deployments], verbs: [get]"), Parameters: lists},
		"a verb more":    {Objects: with("apiGroups: [''], resources: [pods], verbs: [get, watch]"), Parameters: lists, Want: []string{at + "[1]"}},
		"of a name":      {Objects: with("apiGroups: [''], resources: [configmaps], resourceNames: [settings], verbs: [update]"), Parameters: lists},
		"a name more":    {Objects: with("apiGroups: [''], resources: [configmaps], resourceNames: [settings, other], verbs: [update]"), Parameters: lists, Want: []string{at + "[0]"}},
		"no name":        {Objects: with("apiGroups: [''], resources: [configmaps], verbs: [get]"), Parameters: lists, Want: []string{at + "[0]"}},
		"another":        {Objects: with("apiGroups: [''], resources: [services], verbs: [get]"), Parameters: lists, Want: []string{at + "[0]"}},
		"another group":  {Objects: with("apiGroups: [apps], resources: [pods], verbs: [get]"), Parameters: lists, Want: []string{at + "[0]"}},
		"another role":   {Objects: packtest.But(with("apiGroups: [''], resources: [pods], verbs: [get]"), "name: a", "name: b"), Parameters: lists, Want: []string{"ClusterRole/b: rules[0].verbs[0]"}},
		"one Secret":     {Objects: with("apiGroups: [''], resources: [secrets], resourceNames: [tls], verbs: [get, list, watch]")},
		"two Secrets":    {Objects: with("apiGroups: [''], resources: [secrets], resourceNames: [tls, db], verbs: [get]"), Want: []string{at + "[0]"}},
		"one is written": {Objects: with("apiGroups: [''], resources: [secrets], resourceNames: [tls], verbs: [update]"), Want: []string{at + "[0]"}},
		"one is removed": {Objects: with("apiGroups: [''], resources: [secrets], resourceNames: [tls], verbs: [delete]"), Want: []string{at + "[0]"}},
		"addresses":      {Objects: with("nonResourceURLs: [/metrics], verbs: [get]"), Want: []string{"ClusterRole/a: rules[0].nonResourceURLs[0]"}},
		"absent":         {Objects: role("")},
		"wrong type":     {Objects: with("apiGroups: [''], resources: [pods], verbs: [1]"), Want: []string{at + "[0]"}},
		"not known":      {Objects: with("apiGroups: [''], resources: [pods], verbs: [<unknown>]"), Undecided: []string{at + "[0]"}},
	})
}
