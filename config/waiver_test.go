package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWaivers(t *testing.T) {
	for name, c := range map[string]struct {
		waiver Waiver
		want   []string // keys
	}{
		"whole":                {Waiver{"PersistentVolumeClaim/core/nats-data", WaiveDelete, "moved to another node"}, nil},
		"without a namespace":  {Waiver{"Namespace/core", WaiveReplace, "renamed"}, nil},
		"a CRD":                {Waiver{"CustomResourceDefinition/widgets.example.org", WaiveDelete, "unused"}, nil},
		"another format":       {Waiver{"StatefulSet/core/postgres", WaiveUpgrade, "dumped and restored"}, nil},
		"a database":           {Waiver{"Database/core/auth_db", WaiveData, "dumped and restored"}, nil},
		"a stream":             {Waiver{"Stream/core/AUTH_2", WaiveData, "read to its end"}, nil},
		"an address":           {Waiver{"Service/core/gateway", WaiveAddress, "the router is told"}, nil},
		"a database's place":   {Waiver{"Database/core/auth_db/x", WaiveData, "why"}, []string{"waivers[0].resource"}},
		"a verb":               {Waiver{"Database/core/auth_db", "upgraded", "why"}, []string{"waivers[0].change"}},
		"no resource":          {Waiver{"", WaiveDelete, "why"}, []string{"waivers[0].resource"}},
		"no kind":              {Waiver{"nats-data", WaiveDelete, "why"}, []string{"waivers[0].resource"}},
		"everything":           {Waiver{"PersistentVolumeClaim/core/*", WaiveDelete, "why"}, []string{"waivers[0].resource"}},
		"another change":       {Waiver{"Namespace/core", "updated", "why"}, []string{"waivers[0].change"}},
		"nothing but the name": {Waiver{Resource: "Namespace/core"}, []string{"waivers[0].change", "waivers[0].reason"}},
	} {
		t.Run(name, func(t *testing.T) {
			into := &collector{stack: "prod"}
			(&Common{Waivers: []Waiver{c.waiver}}).validateWaivers(into)
			var keys []string
			for _, problem := range into.problems.sorted() {
				keys = append(keys, problem.Key)
			}
			assert.Equal(t, c.want, keys)
		})
	}
}
