package ingress

import (
	"testing"

	"platform/policy/packtest"
)

func TestClassAllowed(t *testing.T) {
	const at = "Ingress/edge: spec.ingressClassName"
	with := func(class string) string { return but(ingress, "ingressClassName: nginx", class) }
	former := but(with("x: z"), "annotations: {", "annotations: {kubernetes.io/ingress.class: nginx, ")
	packtest.Run(t, classAllowed, map[string]packtest.Case{
		"known":           {Objects: of(ingress, gateway)},
		"another":         {Objects: with("ingressClassName: public"), Want: []string{at}},
		"absent":          {Objects: with("x: z"), Want: []string{at}},
		"by annotation":   {Objects: former},
		"another by it":   {Objects: but(former, "ingress.class: nginx", "ingress.class: public"), Want: []string{"Ingress/edge: metadata.annotations.kubernetes.io/ingress.class"}},
		"both":            {Objects: but(former, "x: z", "ingressClassName: public"), Want: []string{at}},
		"another Gateway": {Objects: but(gateway, "gatewayClassName: nginx", "gatewayClassName: public"), Want: []string{"Gateway/edge: spec.gatewayClassName"}},
		"by parameter":    {Objects: with("ingressClassName: public"), Parameters: map[string]any{"classes": []any{"public"}}},
		"wrong type":      {Objects: with("ingressClassName: 1"), Want: []string{at}},
		"not known":       {Objects: with("ingressClassName: <unknown>"), Undecided: []string{at}},
	})
}
