package ingress

import (
	"testing"

	"platform/policy/packtest"
)

func TestRedirects(t *testing.T) {
	const key = "nginx.ingress.kubernetes.io/ssl-redirect"
	const at = "Ingress/edge: metadata.annotations." + key
	with := func(value string) string { return but(ingress, "annotations: {", "annotations: {"+key+": "+value+", ") }
	packtest.Run(t, redirects, map[string]packtest.Case{
		"absent":     {Objects: ingress},
		"on":         {Objects: with("'true'")},
		"off":        {Objects: with("'false'"), Want: []string{at}},
		"wrong type": {Objects: with("false"), Want: []string{at}},
		"not known":  {Objects: with("<unknown>"), Undecided: []string{at}},
	})
}
