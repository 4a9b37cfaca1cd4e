package storage

import (
	"testing"

	"platform/policy/packtest"
)

func TestHeadlessService(t *testing.T) {
	const at = "StatefulSet/db: spec.serviceName"
	packtest.Run(t, headlessService, map[string]packtest.Case{
		"there":             {Objects: of(set, service)},
		"not there":         {Objects: set, Want: []string{at}},
		"another namespace": {Objects: of(set, but(service, "namespace: a", "namespace: b")), Want: []string{at}},
		"another name":      {Objects: of(set, but(service, "db-headless", "db")), Want: []string{at}},
		"with an address":   {Objects: of(set, but(service, "clusterIP: None, ", "")), Want: []string{at}},
		"of other pods":     {Objects: of(set, but(service, "app: db", "app: web")), Want: []string{at}},
		"of no pods":        {Objects: of(set, but(service, ", selector: {app: db}", "")), Want: []string{at}},
		"absent":            {Objects: of(but(set, "serviceName: db-headless", "replicas: 1"), service), Want: []string{at}},
		"wrong type":        {Objects: of(but(set, "serviceName: db-headless", "serviceName: 1"), service), Want: []string{at}},
		"not known":         {Objects: of(but(set, "serviceName: db-headless", "serviceName: <unknown>"), service), Undecided: []string{at}},
		"Service unknown":   {Objects: of(set, but(service, "name: db-headless", "name: <unknown>")), Undecided: []string{"StatefulSet/db: metadata.name"}},
		"a Deployment":      {Objects: but(set, "StatefulSet", "Deployment")},
	})
}
