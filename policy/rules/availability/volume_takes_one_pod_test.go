package availability

import (
	"testing"

	"platform/policy/packtest"
)

func TestVolumeTakesOnePod(t *testing.T) {
	const replicas, strategy = "Deployment/api: spec.replicas", "Deployment/api: spec.strategy.type"
	const claim = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: a}, spec: {accessModes: [ReadWriteOnce]}}"
	one := but(api, "replicas: 2", "replicas: 1", "containers:", "volumes: [{name: d, persistentVolumeClaim: {claimName: data}}, {name: e}]\n      containers:")
	good := but(one, "type: RollingUpdate", "type: Recreate")
	packtest.Run(t, volumeTakesOnePod, map[string]packtest.Case{
		"stopped first":        {Objects: of(good, claim)},
		"beside its successor": {Objects: of(one, claim), Want: []string{strategy}},
		"absent":               {Objects: of(but(one, "strategy: {type: RollingUpdate}", "paused: false"), claim), Want: []string{strategy}},
		"two pods":             {Objects: of(but(good, "replicas: 1", "replicas: 2"), claim), Want: []string{replicas}},
		"scaled":               {Objects: of(but(good, "replicas: 1", "paused: false"), claim, scaler), Want: []string{"Deployment/api: spec.minReplicas"}},
		"for many nodes":       {Objects: of(one, but(claim, "ReadWriteOnce", "ReadWriteOnce, ReadWriteMany"))},
		"for one pod":          {Objects: of(one, but(claim, "ReadWriteOnce", "ReadWriteOncePod")), Want: []string{strategy}},
		"for many readers":     {Objects: of(one, but(claim, "ReadWriteOnce", "ReadOnlyMany"))},
		"no name, no claim":    {Objects: of(but(one, "persistentVolumeClaim: {claimName: data}", "emptyDir: {}"), but(claim, "name: data, ", ""))},
		"another claim":        {Objects: of(one, but(claim, "name: data", "name: other"))},
		"another namespace":    {Objects: of(one, but(claim, "namespace: a", "namespace: b"))},
		"a StatefulSet":        {Objects: of(but(one, "Deployment", "StatefulSet"), claim)},
		"a StatefulSet of two": {Objects: of(but(one, "Deployment", "StatefulSet", "replicas: 1", "replicas: 2"), claim), Want: []string{"StatefulSet/api: spec.replicas"}},
		"off":                  {Objects: of(but(good, "replicas: 1", "replicas: 0"), claim)},
		"wrong type":           {Objects: of(but(good, "type: Recreate", "type: 1"), claim), Want: []string{strategy}},
		"not known":            {Objects: of(but(good, "type: Recreate", "type: <unknown>"), claim), Undecided: []string{strategy}},
		"claim is not known":   {Objects: of(but(one, "claimName: data", "claimName: <unknown>"), claim), Undecided: []string{"Deployment/api: spec.template.spec.volumes[0].persistentVolumeClaim.claimName"}},
	})
}
