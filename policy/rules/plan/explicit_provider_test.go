package plan

import (
	"testing"

	"platform/policy/pack"
	"platform/policy/packtest"
)

func TestExplicitProvider(t *testing.T) {
	const service = "{apiVersion: v1, kind: Service, metadata: {name: a}}"
	want := []string{"Service/a"}
	packtest.Run(t, explicitProvider, map[string]packtest.Case{
		"named":               {Objects: service, Change: withProvider(providerType, "cluster")},
		"default":             {Objects: service, Change: withProvider(providerType, "default"), Want: want},
		"default version":     {Objects: service, Change: withProvider(providerType, "default_4_29_0"), Want: want},
		"near miss":           {Objects: service, Change: withProvider(providerType, "defaults")},
		"wrong type":          {Objects: service, Change: withProvider("pulumi:providers:random", "cluster"), Want: want},
		"absent":              {Objects: service, Want: want},
		"not known":           {Objects: "{apiVersion: v1, kind: Service, metadata: <unknown>}", Change: withProvider(providerType, "cluster")},
		"not of Kubernetes":   {Objects: service, Change: changed(func(o *pack.Object) { o.Kind = "" })},
		"a component of many": {Objects: "{apiVersion: yaml/v2, kind: ConfigGroup, metadata: {name: a}}"},
	})
}
