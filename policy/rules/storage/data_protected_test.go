package storage

import (
	"testing"

	"platform/policy/pack"
	"platform/policy/packtest"
)

func TestDataProtected(t *testing.T) {
	const namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: a}}"
	balancer := but(service, "clusterIP: None", "type: LoadBalancer")
	protected := func(objects []pack.Object) {
		for i := range objects {
			objects[i].Options.Protect = true
		}
	}
	claimAlone := func(objects []pack.Object) { objects[0].Options.Protect = true }
	packtest.Run(t, dataProtected, map[string]packtest.Case{
		"protected":          {Objects: of(claim, set, namespace, balancer), Change: protected},
		"absent":             {Objects: of(claim, set, namespace), Want: []string{"PersistentVolumeClaim/data", "StatefulSet/db", "Namespace/a"}},
		"one is not":         {Objects: of(claim, set), Change: claimAlone, Want: []string{"StatefulSet/db"}},
		"an address":         {Objects: balancer, Want: []string{"Service/db-headless"}},
		"no Service":         {Objects: but(balancer, "kind: Service", "kind: Balancer")},
		"no address":         {Objects: service},
		"no data":            {Objects: but(set, "StatefulSet", "Deployment")},
		"a pool":             {Objects: "{apiVersion: metallb.io/v1beta1, kind: IPAddressPool, metadata: {name: p}}", Want: []string{"IPAddressPool/p"}},
		"in prod":            {Stack: "prod", Objects: claim, Want: []string{"PersistentVolumeClaim/data"}},
		"in staging":         {Stack: "staging", Objects: claim, Want: []string{"PersistentVolumeClaim/data"}},
		"on k3s":             {Stack: "k3s", Objects: claim, Want: []string{"PersistentVolumeClaim/data"}},
		"a trial":            {Stack: "dev", Objects: claim},
		"a trial on k3s":     {Stack: "k3s-local", Objects: claim},
		"other kinds":        {Objects: claim, Parameters: map[string]any{"kinds": []any{"Secret"}}},
		"wrong type":         {Objects: but(service, "clusterIP: None", "type: 1"), Want: []string{"Service/db-headless: spec.type"}},
		"not known":          {Objects: but(service, "clusterIP: None", "type: <unknown>"), Undecided: []string{"Service/db-headless: spec.type"}},
		"name is not known":  {Objects: but(claim, "name: data", "name: <unknown>"), Want: []string{"PersistentVolumeClaim/<unknown>"}},
		"not known, another": {Objects: of(but(service, "clusterIP: None", "type: <unknown>"), namespace), Undecided: []string{"Service/db-headless: spec.type"}, Want: []string{"Namespace/a"}},
	})
}
