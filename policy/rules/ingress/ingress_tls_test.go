package ingress

import (
	"testing"

	"platform/policy/packtest"
)

func TestIngressTLS(t *testing.T) {
	const host, entries = "Ingress/edge: spec.rules[0].host", "Ingress/edge: spec.tls"
	with := func(tls string) string { return but(ingress, "[{hosts: [web.test], secretName: tls}]", tls) }
	packtest.Run(t, ingressTLS, map[string]packtest.Case{
		"with TLS":      {Objects: ingress},
		"absent":        {Objects: with("null"), Want: []string{host, entries}},
		"empty":         {Objects: with("[]"), Want: []string{host, entries}},
		"another host":  {Objects: with("[{hosts: [api.test], secretName: tls}]"), Want: []string{host}},
		"a wildcard":    {Objects: with("[{hosts: ['*.test'], secretName: tls}]")},
		"two levels up": {Objects: but(with("[{hosts: ['*.test'], secretName: tls}]"), "- host: web.test", "- host: www.web.test"), Want: []string{host}},
		"no Secret":     {Objects: with("[{hosts: [web.test]}]"), Want: []string{"Ingress/edge: spec.tls[0].secretName"}},
		"no host":       {Objects: but(ingress, "- host: web.test", "- host: ''")},
		"wrong type":    {Objects: with("[{hosts: web.test, secretName: tls}]"), Want: []string{"Ingress/edge: spec.tls[0].hosts"}},
		"not known":     {Objects: with("[{hosts: <unknown>, secretName: tls}]"), Undecided: []string{"Ingress/edge: spec.tls[0].hosts"}},
		"all unknown":   {Objects: with("<unknown>"), Undecided: []string{entries}},
	})
}
