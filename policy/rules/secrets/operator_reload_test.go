package secrets

import (
	"testing"

	"platform/policy/packtest"
)

func TestOperatorReload(t *testing.T) {
	const path = "Deployment/api: metadata.annotations.secrets.infisical.com/auto-reload"
	operated := operatedBy("o", "targets: [{name: s, namespace: core}]")
	const reads = "{containers: [{name: a, env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]}]}"
	api := func(reload, spec string) string {
		return documents(operated, "{apiVersion: apps/v1, kind: Deployment, metadata: {name: api, namespace: core, annotations: {"+reload+"}}, spec: {template: {spec: "+spec+"}}}")
	}
	packtest.Run(t, operatorReload, map[string]packtest.Case{
		"reloaded":    {Objects: api("secrets.infisical.com/auto-reload: 'true'", reads)},
		"absent":      {Objects: api("", reads), Want: []string{path}},
		"near miss":   {Objects: api("secrets.infisical.com/auto-reload: 'yes'", reads), Want: []string{path}},
		"by volume":   {Objects: api("", "{volumes: [{secret: {secretName: s}}]}"), Want: []string{path}},
		"pulled with": {Objects: api("", "{imagePullSecrets: [{name: s}]}")},
		"another":     {Objects: api("", "{volumes: [{secret: {secretName: t}}]}")},
		"a ConfigMap": {Objects: api("", "{volumes: [{configMap: {name: s}}]}")},
		"holds data":  {Objects: api("", "{volumes: [{secret: {secretName: s}}, {persistentVolumeClaim: {claimName: d}}]}")},
		"a set's data": {
			Objects: documents(operated, "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: a, namespace: core}, spec: {volumeClaimTemplates: [{}], template: {spec: "+reads+"}}}"),
		},
		"reads nothing": {Objects: api("", "{}")},
		"wrong type":    {Objects: api("secrets.infisical.com/auto-reload: true", reads), Want: []string{path}},
		"not known":     {Objects: api("", "{volumes: [{secret: {secretName: <unknown>}}]}"), Undecided: []string{"Deployment/api: spec.template.spec.volumes[0].secret.secretName"}},
	})
}
