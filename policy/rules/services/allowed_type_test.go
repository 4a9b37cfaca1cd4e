package services

import (
	"testing"

	"platform/policy/packtest"
)

func TestAllowedType(t *testing.T) {
	const at = "Service/api: spec.type"
	with := func(kind string) string { return but(service, "type: ClusterIP", kind) }
	allowed := map[string]any{"types": []any{"NodePort"}}
	packtest.Run(t, allowedType, map[string]packtest.Case{
		"inside":         {Objects: service},
		"absent":         {Objects: with("clusterIP: None")},
		"node port":      {Objects: with("type: NodePort"), Want: []string{at}},
		"load balancer":  {Objects: balancer, Want: []string{"Service/lb: spec.type"}},
		"another's name": {Objects: with("type: ExternalName"), Want: []string{at}},
		"by parameter":   {Objects: with("type: NodePort"), Parameters: allowed},
		"not by it":      {Objects: with("clusterIP: None"), Parameters: allowed, Want: []string{at}},
		"wrong type":     {Objects: with("type: 1"), Want: []string{at}},
		"not known":      {Objects: with("type: <unknown>"), Undecided: []string{at}},
	})
}
