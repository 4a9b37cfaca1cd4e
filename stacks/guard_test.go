package stacks

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
	"platform/policy/plan"
	"platform/tests/recorder"
)

const (
	claimType   = "kubernetes:core/v1:PersistentVolumeClaim"
	serviceType = "kubernetes:core/v1:Service"
	setType     = "kubernetes:apps/v1:StatefulSet"
)

// registered is what the program of a stack of this checkout registers, with
// generated secrets.
func registered(t *testing.T, stack string) []recorder.Resource {
	t.Helper()
	platform, err := config.ReadFile(stack, "../Pulumi."+stack+".yaml")
	require.NoError(t, err)
	platform.Shared().Secrets = config.Secrets{Source: config.SourceGenerated}
	platform.Shared().Render.Directory = t.TempDir()
	resources, err := recorder.Run(stack, func(ctx *pulumi.Context) error {
		if cfg, of := platform.(*config.EPFL); of {
			return EPFL(ctx, cfg)
		}
		return EddCloud(ctx, platform.(*config.EddCloud))
	})
	require.NoError(t, err)
	return resources
}

// Whatever holds data or an address has a hook, or is protected; whatever runs
// pods or tells them something has one too.
func TestEveryHolderOfDataIsGuarded(t *testing.T) {
	for _, stack := range config.Stacks() {
		t.Run(stack, func(t *testing.T) {
			resources := registered(t, stack)
			guarded := 0
			for _, r := range resources {
				what := r.Type + " " + r.Name
				switch {
				case !plan.MayHold(r.Type) || r.Protect:
					assert.Empty(t, r.BeforeDelete, what)
				case r.RetainOnDelete:
					assert.Equal(t, []string{"platform-data-replaced"}, r.BeforeDelete, what)
					guarded++
				default:
					assert.Equal(t, []string{"platform-data-ends"}, r.BeforeDelete, what)
					guarded++
				}
				if plan.MayLeave(r.Type) {
					assert.Equal(t, []string{"platform-data-at-risk"}, r.BeforeUpdate, what)
				} else {
					assert.Empty(t, r.BeforeUpdate, what)
				}
			}
			assert.Positive(t, guarded)
		})
	}
}

// hooked is what the engine tells a hook of an object in namespace core.
func hooked(kind, name string, old, now map[string]any) *pulumi.ResourceHookArgs {
	args := &pulumi.ResourceHookArgs{
		URN: pulumi.URN("urn:pulumi:k3s::platform::" + kind + "::" + name), ID: pulumi.ID("core/" + name), Name: name, Type: tokens.Type(kind),
		OldInputs: resource.NewPropertyMapFromMap(old),
	}
	if now != nil {
		args.NewInputs = resource.NewPropertyMapFromMap(now)
	}
	return args
}

func running(image string) map[string]any {
	return map[string]any{
		"metadata": map[string]any{"name": "db", "namespace": "core"},
		"spec": map[string]any{"template": map[string]any{"spec": map[string]any{
			"volumes":    []any{map[string]any{"name": "data", "persistentVolumeClaim": map[string]any{"claimName": "data"}}},
			"containers": []any{map[string]any{"name": "db", "image": image, "volumeMounts": []any{map[string]any{"name": "data", "mountPath": "/data"}}}},
		}}},
	}
}

func TestHooksRefuseWhatNoWaiverNames(t *testing.T) {
	claim := hooked(claimType, "data", nil, nil)
	balancer := hooked(serviceType, "gateway", map[string]any{"spec": map[string]any{"type": "LoadBalancer"}}, nil)
	upgrade := hooked(setType, "db", running("postgres:16"), running("postgres:17"))
	type hook func(*guard) func(*pulumi.ResourceHookArgs) error
	end := func(g *guard) func(*pulumi.ResourceHookArgs) error { return g.end }
	replaced := func(g *guard) func(*pulumi.ResourceHookArgs) error { return g.replaced }
	change := func(g *guard) func(*pulumi.ResourceHookArgs) error { return g.change }
	for name, c := range map[string]struct {
		hook  hook
		args  *pulumi.ResourceHookArgs
		stays bool // the program still has it
		want  string
		lets  []config.WaiverKind // each of them does
	}{
		"left the program":        {end, claim, false, "{resource: PersistentVolumeClaim/core/data, change: deleted, reason: ...}", []config.WaiverKind{config.WaiveDelete}},
		"replaced, or destroyed":  {end, claim, true, "{resource: PersistentVolumeClaim/core/data, change: replaced, reason: ...}", []config.WaiverKind{config.WaiveReplace, config.WaiveDelete}},
		"retained and left":       {replaced, claim, false, "", nil},
		"retained and replaced":   {replaced, claim, true, "PersistentVolumeClaim/core/data is to be replaced", []config.WaiverKind{config.WaiveReplace, config.WaiveDelete}},
		"an address":              {end, balancer, false, "its address on the network is given back", []config.WaiverKind{config.WaiveDelete}},
		"an inner Service":        {end, hooked(serviceType, "api", map[string]any{"spec": map[string]any{"type": "ClusterIP"}}, nil), false, "", nil},
		"another major version":   {change, upgrade, true, "Pulumi.k3s.yaml: {resource: StatefulSet/core/db, change: upgrade, reason: ...}", []config.WaiverKind{config.WaiveUpgrade}},
		"the same version":        {change, hooked(setType, "db", running("postgres:16"), running("postgres:16")), true, "", nil},
		"a database of that name": {change, hooked("kubernetes:core/v1:ConfigMap", "app", map[string]any{"data": map[string]any{"DATABASE_NAME": "a"}}, map[string]any{"data": map[string]any{"DATABASE_NAME": "a"}}), true, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			said := func(silent bool, waivers ...config.Waiver) error {
				g := &guard{stack: "k3s", waivers: waivers, silent: silent}
				if c.stays {
					g.registered.Store(string(c.args.Type)+" "+c.args.Name, true)
				}
				return c.hook(g)(c.args)
			}
			if c.want == "" {
				require.NoError(t, said(false))
				return
			}
			require.ErrorContains(t, said(false), c.want)
			require.NoError(t, said(true), "whoever checks the whole plan wants to see it")
			kind := c.args.Type.Name().String()
			for _, let := range config.WaiverKinds {
				err := said(false, config.Waiver{Resource: kind + "/core/" + c.args.Name, Change: let, Reason: "meant"})
				assert.Equal(t, slices.Contains(c.lets, let), err == nil, "%s: %v", let, err)
			}
		})
	}
}

func TestHooksTellNoSecret(t *testing.T) {
	args := hooked("kubernetes:core/v1:ConfigMap", "app", nil, nil)
	hidden := func(value string) resource.PropertyMap {
		return resource.PropertyMap{"data": resource.NewObjectProperty(resource.PropertyMap{
			"DATABASE_NAME": resource.NewStringProperty("a" + value), "PASSWORD": resource.MakeSecret(resource.NewStringProperty(value)),
		})}
	}
	args.OldInputs, args.NewInputs = hidden("hunter2"), hidden("hunter3")
	assert.NotContains(t, fmt.Sprint(stateOf(args, args.OldInputs).Inputs["data"].(map[string]any)["PASSWORD"]), "hunter2")
}

// make down hands over a program without resources, which lets all of them go.
func TestDownRegistersNothing(t *testing.T) {
	t.Setenv(plan.EnvDown, "prod")
	resources, err := recorder.Run("prod", Run)
	require.NoError(t, err)
	assert.Empty(t, resources)
	_, err = recorder.Run("dev", Run)
	assert.Error(t, err, "it names another stack, so this one wants its configuration")
}
