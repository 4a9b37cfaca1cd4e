package secrets

import (
	"testing"

	"platform/policy/packtest"
)

func TestOperatorAwait(t *testing.T) {
	const path = "InfisicalStaticSecret/a: metadata.annotations.pulumi.com/waitFor"
	operated := func(annotations string) string {
		return "{apiVersion: secrets.infisical.com/v1beta1, kind: InfisicalStaticSecret, metadata: {name: a, annotations: {" + annotations + "}}}"
	}
	packtest.Run(t, operatorAwait, map[string]packtest.Case{
		"awaited":    {Objects: operated("pulumi.com/waitFor: condition=Ready")},
		"absent":     {Objects: operated(""), Want: []string{path}},
		"near miss":  {Objects: operated("pulumi.com/waitfor: condition=Ready"), Want: []string{path}},
		"empty":      {Objects: operated("pulumi.com/waitFor: ''"), Want: []string{path}},
		"wrong type": {Objects: operated("pulumi.com/waitFor: true"), Want: []string{path}},
		"not known":  {Objects: operated("pulumi.com/waitFor: <unknown>"), Undecided: []string{path}},
		"a Secret":   {Objects: object("v1", "Secret", "a", "data: {}")},
	})
}
