package metadata

import (
	"testing"

	"platform/policy/packtest"
)

func TestAPIDeprecated(t *testing.T) {
	packtest.Run(t, apiDeprecated, map[string]packtest.Case{
		"stays":             {Objects: "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: a}}"},
		"deprecated":        {Objects: "{apiVersion: networking.k8s.io/v1beta1, kind: IPAddress, metadata: {name: a}}", Want: []string{"IPAddress/a"}},
		"for good":          {Objects: "{apiVersion: v1, kind: Endpoints, metadata: {name: a}}", Want: []string{"Endpoints/a"}},
		"near miss":         {Objects: "{apiVersion: coordination.k8s.io/v1beta1, kind: LeaseCandidate, metadata: {name: a}}"},
		"from then on":      {Objects: "{apiVersion: coordination.k8s.io/v1beta1, kind: LeaseCandidate, metadata: {name: a}}", Parameters: map[string]any{"minor": "36"}, Want: []string{"LeaseCandidate/a"}},
		"removed":           {Objects: "{apiVersion: batch/v1beta1, kind: CronJob, metadata: {name: a}}"},
		"absent, not known": {Objects: "{apiVersion: v1, kind: Service, metadata: <unknown>}"},
	})
}
