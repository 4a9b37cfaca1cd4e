package plan

import (
	"testing"

	"platform/policy/packtest"
)

func TestCarefulProvider(t *testing.T) {
	packtest.Run(t, carefulProvider, map[string]packtest.Case{
		"absent":     {Objects: provided("enableConfigMapMutable: true"), Change: asProvider},
		"off":        {Objects: provided("deleteUnreachable: false, enablePatchForce: 'false'"), Change: asProvider},
		"on":         {Objects: provided("deleteUnreachable: true"), Change: asProvider, Want: []string{ofProvider + "deleteUnreachable"}},
		"as text":    {Objects: provided("enablePatchForce: 'true'"), Change: asProvider, Want: []string{ofProvider + "enablePatchForce"}},
		"near miss":  {Objects: provided("deleteUnreachables: true"), Change: asProvider},
		"wrong type": {Objects: provided("deleteUnreachable: 1"), Change: asProvider, Want: []string{ofProvider + "deleteUnreachable"}},
		"not known":  {Objects: provided("deleteUnreachable: <unknown>, enablePatchForce: true"), Change: asProvider, Undecided: []string{ofProvider + "deleteUnreachable"}, Want: []string{ofProvider + "enablePatchForce"}},
		"an object":  {Objects: "{apiVersion: v1, kind: Service, metadata: {name: a}, deleteUnreachable: true}"},
	})
}
