package plan

import (
	"testing"

	"platform/policy/pack"
	"platform/policy/packtest"
)

func TestProtectedAlike(t *testing.T) {
	secret := func(name string) string { return "{apiVersion: v1, kind: " + name + ", metadata: {name: <unknown>}}" }
	three := packtest.Join(secret("Secret"), secret("Secret"), secret("ConfigMap"))
	protect := func(which ...int) func([]pack.Object) {
		return func(objects []pack.Object) {
			for i := range objects {
				objects[i].Logical = string(rune('a' + i))
			}
			for _, i := range which {
				objects[i].Options.Protect = true
			}
		}
	}
	packtest.Run(t, protectedAlike, map[string]packtest.Case{
		"none":        {Objects: three, Change: protect()},
		"all":         {Objects: three, Change: protect(0, 1)},
		"one":         {Objects: three, Change: protect(1), Want: []string{"Secret/a"}},
		"other kinds": {Objects: three, Change: protect(2)},
		"absent":      {Objects: secret("ConfigMap")},
	})
}
