package ingress

import (
	"testing"

	"platform/policy/packtest"
)

func TestNoDefaultBackend(t *testing.T) {
	const at = "Ingress/edge: spec.defaultBackend"
	with := func(value string) string { return but(ingress, "ingressClassName: nginx", "defaultBackend: "+value) }
	packtest.Run(t, noDefaultBackend, map[string]packtest.Case{
		"absent":     {Objects: ingress},
		"null":       {Objects: with("null")},
		"there":      {Objects: with("{service: {name: web, port: {number: 80}}}"), Want: []string{at}},
		"wrong type": {Objects: with("web"), Want: []string{at}},
		"not known":  {Objects: with("<unknown>"), Undecided: []string{at}},
	})
}
