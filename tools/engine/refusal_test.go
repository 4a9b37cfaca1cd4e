package engine

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
)

func TestOnlyMandatoryPoliciesRefuse(t *testing.T) {
	said := func(policy, level string) string {
		return `{"policyEvent":{"policyName":"` + policy + `","enforcementLevel":"` + level + `","message":"is broken\n"}}` + "\n"
	}
	for name, tc := range map[string]struct {
		log  string
		want string // "" means accepted
	}{
		"none":     {pre("create", "web"), ""},
		"advice":   {said("size", "advisory"), ""},
		"a rule":   {said("size", "advisory") + said("images", "mandatory"), "stack prod: mandatory policies are broken, and nothing was written:\n  images: is broken"},
		"each one": {said("images", "mandatory") + said("data", "mandatory") + said("images", "mandatory"), "nothing was written:\n  data: is broken\n  images: is broken"},
	} {
		t.Run(name, func(t *testing.T) {
			err := (&Session{Stack: "prod"}).policyRefusal(logOf(t, tc.log))
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorAs(t, err, new(Refusal))
			assert.ErrorContains(t, err, tc.want)
		})
	}
}

// manifests writes a file each.
func manifests(t *testing.T, texts ...string) string {
	t.Helper()
	folder := t.TempDir()
	for i, text := range texts {
		require.NoError(t, os.WriteFile(filepath.Join(folder, string(rune('a'+i))+".yaml"), []byte(text), 0o600))
	}
	return folder
}

func TestWhatEndsOfThePublishedManifestsIsChecked(t *testing.T) {
	const (
		claim   = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data, namespace: core}\n"
		address = "apiVersion: v1\nkind: Service\nmetadata: {name: edge, namespace: core}\nspec: {type: LoadBalancer}\n"
		inside  = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: core}\nspec: {type: ClusterIP}\n"
		set     = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: data, namespace: core}\n"
		pool    = "apiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata: {name: pool, namespace: metallb-system}\n"
		space   = "apiVersion: v1\nkind: Namespace\nmetadata: {name: core}\n"
	)
	server := func(image string) string {
		return "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db, namespace: core}\nspec: {template: {spec: {" +
			"volumes: [{name: data, persistentVolumeClaim: {claimName: data}}], containers: [{name: db, image: '" + image + "', volumeMounts: [{name: data, mountPath: /data}]}]}}}\n"
	}
	waiver := config.Waiver{Resource: "PersistentVolumeClaim/core/data", Change: config.WaiveDelete, Reason: "restored from an archive"}
	for name, tc := range map[string]struct {
		before, after []string
		waivers       []config.Waiver
		refused       []string
		says          string
	}{
		"nothing leaves":          {[]string{claim, address}, []string{address, claim, inside}, nil, nil, ""},
		"nothing was there":       {nil, []string{claim}, nil, nil, ""},
		"what holds nothing":      {[]string{claim, inside}, []string{claim}, nil, nil, ""},
		"a claim":                 {[]string{claim, set}, []string{set}, nil, []string{"PersistentVolumeClaim/core/data is to be deleted"}, ""},
		"another kind's name":     {[]string{set, claim}, []string{claim}, nil, []string{"StatefulSet/core/data is to be deleted"}, ""},
		"another namespace":       {[]string{claim}, []string{"apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data, namespace: new}\n"}, nil, []string{"PersistentVolumeClaim/core/data"}, ""},
		"several":                 {[]string{address, pool, space, inside}, []string{inside}, nil, []string{"Service/core/edge is", "IPAddressPool/metallb-system/pool is", "Namespace/core is"}, ""},
		"with a waiver":           {[]string{claim, set}, []string{set}, []config.Waiver{waiver}, nil, "waived: PersistentVolumeClaim/core/data is to be deleted: its data go with it; restored from an archive"},
		"with a waiver of others": {[]string{claim, set}, []string{claim}, []config.Waiver{waiver}, []string{"StatefulSet/core/data"}, "a waiver is left over"},
		"another version":         {[]string{server("postgres:16-alpine")}, []string{server("postgres:17-alpine")}, nil, []string{"StatefulSet/core/db is to open its data with other software"}, ""},
		"a newer patch":           {[]string{server("postgres:16.4-alpine")}, []string{server("postgres:16.5-alpine")}, nil, nil, ""},
		"a taker-over": {
			[]string{claim, server("postgres:16-alpine")},
			[]string{claim, strings.Replace(server("postgres:17-alpine"), "name: db,", "name: new,", 1)},
			nil,
			[]string{"StatefulSet/core/db is to be deleted", "StatefulSet/core/new is to open its data with other software"},
			"",
		},
		"no address any more": {[]string{address}, []string{strings.Replace(address, "LoadBalancer", "ClusterIP", 1)}, nil, []string{"Service/core/edge is to give up an address"}, ""},
		"everything":          {[]string{claim}, nil, nil, []string{"PersistentVolumeClaim/core/data"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			cfg := &config.EddCloud{}
			cfg.Waivers = tc.waivers
			s := &Session{Stack: "k3s", Config: cfg, out: &out}
			err := s.checkPublishing(manifests(t, tc.before...), manifests(t, tc.after...))
			assert.Contains(t, out.String(), tc.says)
			if tc.refused == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorAs(t, err, new(Refusal))
			for _, line := range tc.refused {
				assert.ErrorContains(t, err, line)
			}
		})
	}
}

func TestWhatWasPublishedHasToBeReadable(t *testing.T) {
	s := &Session{Stack: "k3s", Config: &config.EddCloud{}}
	require.NoError(t, s.checkPublishing(filepath.Join(t.TempDir(), "missing"), t.TempDir()), "a stack that is new")
	err := s.checkPublishing(manifests(t, "kind: ["), t.TempDir())
	require.ErrorContains(t, err, "a.yaml")
	assert.NotErrorAs(t, err, new(Refusal), "nobody knows whether something leaves")
}
