package secrets

import (
	"encoding/base64"
	"testing"

	"platform/policy/packtest"
)

func TestConfigMap(t *testing.T) {
	const at = "ConfigMap/a: "
	configMap64 := func(text string) string {
		return object("v1", "ConfigMap", "a", "binaryData: {k: '"+base64.StdEncoding.EncodeToString([]byte(text))+"'}")
	}
	packtest.Run(t, configMap, map[string]packtest.Case{
		"plain":         {Objects: object("v1", "ConfigMap", "a", "data: {LOG_LEVEL: INFO, redis.conf: 'include /etc/auth.conf'}")},
		"by name":       {Objects: object("v1", "ConfigMap", "a", "data: {DB_PASSWORD: hunter2}"), Want: []string{at + "data.DB_PASSWORD"}},
		"in a file":     {Objects: object("v1", "ConfigMap", "a", "data: {a.yaml: 'password: hunter2', b.yaml: 'user: a'}"), Want: []string{at + "data.a.yaml"}},
		"decoded":       {Objects: configMap64("password: hunter2"), Want: []string{at + "binaryData.k"}},
		"near miss":     {Objects: object("v1", "ConfigMap", "a", "data: {a.sql: \"ALTER ROLE a PASSWORD :'password'\", TOKEN_TTL: 15m}")},
		"no base64":     {Objects: object("v1", "ConfigMap", "a", "binaryData: {k: 'cGFzc3dvcmQ6IGh1bnRlcjIy!'}")},
		"binary":        {Objects: configMap64("\x00password: hunter2")},
		"marked":        {Objects: object("v1", "ConfigMap", "a", "data: {A: <secret>b}, binaryData: {B: <secret>Yg==}"), Want: []string{at + "data.A", at + "binaryData.B"}},
		"absent":        {Objects: object("v1", "ConfigMap", "a", "immutable: true")},
		"wrong type":    {Objects: object("v1", "ConfigMap", "a", "data: {A: 1}"), Want: []string{at + "data.A"}},
		"not known":     {Objects: object("v1", "ConfigMap", "a", "data: {A: <unknown>, PASSWORD: hunter2}"), Undecided: []string{at + "data.A"}, Want: []string{at + "data.PASSWORD"}},
		"of any Secret": {Objects: object("v1", "Secret", "a", "data: {PASSWORD: hunter2}")},
	})
}
