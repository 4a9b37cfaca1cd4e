package plan

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

	"platform/policy/pack"
	"platform/tests/packtest"
)

func TestAwaitedObjects(t *testing.T) {
	const path = "metadata.annotations.pulumi.com/skipAwait"
	packtest.Run(t, packtest.Named(Rules, "object-is-awaited"), map[string]packtest.Case{
		"awaited":      {Objects: annotated("Deployment", "pulumi.com/skipAwait: 'false'")},
		"absent":       {Objects: annotated("Deployment", "")},
		"skipped":      {Objects: annotated("Deployment", "pulumi.com/skipAwait: 'true'"), Want: []string{"Deployment/a: " + path}},
		"without pods": {Objects: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, annotations: {pulumi.com/skipAwait: 'true'}}, spec: {replicas: 0}}"},
		"with one pod": {
			Objects: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, annotations: {pulumi.com/skipAwait: 'true'}}, spec: {replicas: 1}}",
			Want:    []string{"Deployment/a: " + path},
		},
		"a Service":  {Objects: annotated("Service", "pulumi.com/skipAwait: 'true'")},
		"near miss":  {Objects: annotated("Deployment", "pulumi.com/skipawait: 'true'")},
		"as boolean": {Objects: annotated("Deployment", "pulumi.com/skipAwait: true"), Want: []string{"Deployment/a: " + path}},
		"wrong type": {Objects: annotated("Deployment", "pulumi.com/skipAwait: 1"), Want: []string{"Deployment/a: " + path}},
		"not known":  {Objects: annotated("Deployment", "pulumi.com/skipAwait: <unknown>"), Undecided: []string{"Deployment/a: " + path}},
		"agreed":     {Objects: annotated("Deployment", "pulumi.com/skipAwait: 'true'"), Parameters: map[string]any{"kinds": []any{"Deployment"}}},
	})
}

func TestCarefulProvider(t *testing.T) {
	packtest.Run(t, packtest.Named(Rules, "provider-loses-nothing"), map[string]packtest.Case{
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

func TestExplicitProvider(t *testing.T) {
	const service = "{apiVersion: v1, kind: Service, metadata: {name: a}}"
	want := []string{"Service/a"}
	packtest.Run(t, packtest.Named(Rules, "object-has-an-explicit-provider"), map[string]packtest.Case{
		"named":               {Objects: service, Change: withProvider(providerType, "cluster")},
		"default":             {Objects: service, Change: withProvider(providerType, "default"), Want: want},
		"default version":     {Objects: service, Change: withProvider(providerType, "default_4_29_0"), Want: want},
		"near miss":           {Objects: service, Change: withProvider(providerType, "defaults")},
		"wrong type":          {Objects: service, Change: withProvider("pulumi:providers:random", "cluster"), Want: want},
		"absent":              {Objects: service, Want: want},
		"not known":           {Objects: "{apiVersion: v1, kind: Service, metadata: <unknown>}", Change: withProvider(providerType, "cluster")},
		"not of Kubernetes":   {Objects: service, Change: changed(func(o *pack.Object) { o.Kind = "" })},
		"a component of many": {Objects: "{apiVersion: yaml/v2, kind: ConfigGroup, metadata: {name: a}}"},
	})
}

// changed alters the first object.
func changed(change func(o *pack.Object)) func([]pack.Object) {
	return func(objects []pack.Object) { change(&objects[0]) }
}

// withProvider gives the first object a provider.
func withProvider(kind, name string) func([]pack.Object) {
	return changed(func(o *pack.Object) {
		o.Provider = &pack.Provider{Type: tokens.Type(kind), Name: name}
	})
}

// provided is a provider with settings, once its case has changed it by
// asProvider.
func provided(settings string) string { return "{metadata: {name: cluster}, " + settings + "}" }

var asProvider = changed(func(o *pack.Object) { o.Type, o.Kind, o.APIVersion, o.Logical = providerType, "", "", "cluster" })

// ofProvider is the path of a setting.
const ofProvider = providerType + "/cluster: "

// annotated is a Deployment.
func annotated(kind, annotations string) string {
	return "{apiVersion: apps/v1, kind: " + kind + ", metadata: {name: a, annotations: {" + annotations + "}}}"
}

func TestNamedCluster(t *testing.T) {
	packtest.Run(t, packtest.Named(Rules, "provider-names-its-cluster"), map[string]packtest.Case{
		"named":     {Objects: provided("context: a, clusterIdentifier: b"), Change: asProvider},
		"absent":    {Objects: provided("kubeconfig: a"), Change: asProvider, Want: []string{ofProvider + "context", ofProvider + "clusterIdentifier"}},
		"near miss": {Objects: provided("context: a, clusterIdentifier: ''"), Change: asProvider, Want: []string{ofProvider + "clusterIdentifier"}},
		"rendered":  {Objects: provided("renderYamlToDirectory: out"), Change: asProvider},
		"rendered nowhere": {
			Objects: provided("renderYamlToDirectory: '', context: a"), Change: asProvider, Want: []string{ofProvider + "clusterIdentifier"},
		},
		"wrong type": {Objects: provided("context: [a], clusterIdentifier: b"), Change: asProvider, Want: []string{ofProvider + "context"}},
		"not known":  {Objects: provided("context: <unknown>"), Change: asProvider, Undecided: []string{ofProvider + "context"}, Want: []string{ofProvider + "clusterIdentifier"}},
		"an object":  {Objects: annotated("Deployment", "")},
	})
}

func TestNoForce(t *testing.T) {
	const at = "Deployment/a: metadata.annotations.pulumi.com/patchForce"
	packtest.Run(t, packtest.Named(Rules, "object-takes-no-field-by-force"), map[string]packtest.Case{
		"absent":     {Objects: annotated("Deployment", "")},
		"off":        {Objects: annotated("Deployment", "pulumi.com/patchForce: 'false'")},
		"forced":     {Objects: annotated("Deployment", "pulumi.com/patchForce: 'true'"), Want: []string{at}},
		"near miss":  {Objects: annotated("Deployment", "pulumi.com/patchforce: 'true'")},
		"wrong type": {Objects: annotated("Deployment", "pulumi.com/patchForce: 1"), Want: []string{at}},
		"not known":  {Objects: annotated("Deployment", "pulumi.com/patchForce: <unknown>"), Undecided: []string{at}},
	})
}

func TestOnceRegistered(t *testing.T) {
	of := func(version, kind, metadata string) string {
		return "{apiVersion: " + version + ", kind: " + kind + ", metadata: {" + metadata + "}}"
	}
	two := func(a, b string) string { return a + "\n---\n" + b }
	service := of("v1", "Service", "name: a, namespace: core")
	want := []string{"Service/a: metadata.name"}
	packtest.Run(t, packtest.Named(Rules, "object-is-registered-once"), map[string]packtest.Case{
		"once":            {Objects: two(service, of("v1", "Service", "name: b, namespace: core"))},
		"twice":           {Objects: two(service, service), Want: want},
		"another kind":    {Objects: two(service, of("v1", "ConfigMap", "name: a, namespace: core"))},
		"near miss":       {Objects: two(service, of("v1", "Service", "name: a, namespace: other"))},
		"another group":   {Objects: two(of("networking.k8s.io/v1", "NetworkPolicy", "name: a"), of("projectcalico.org/v3", "NetworkPolicy", "name: a"))},
		"another version": {Objects: two(of("apps/v1", "Deployment", "name: a"), of("apps/v1beta2", "Deployment", "name: a")), Want: []string{"Deployment/a: metadata.name"}},
		"patched":         {Objects: two(of("v1", "ServicePatch", "name: a"), of("v1", "ServicePatch", "name: a"))},
		"absent":          {Objects: two(of("v1", "Service", "namespace: core"), of("v1", "Service", "namespace: core"))},
		"wrong type":      {Objects: of("v1", "Service", "name: 1"), Want: []string{"Service/1: metadata.name"}},
		"not known":       {Objects: two(of("v1", "Service", "name: <unknown>"), two(service, service)), Want: want},
		"no Kubernetes": {
			Objects: two(service, service), Change: func(o []pack.Object) { o[0].Kind, o[1].Kind = "", "" },
		},
	})
}

func TestOrderedReplacement(t *testing.T) {
	first := func(first bool) func([]pack.Object) {
		return changed(func(o *pack.Object) { o.Options.DeleteBeforeReplace = &first })
	}
	const claim = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}}"
	packtest.Run(t, packtest.Named(Rules, "stateful-object-is-not-deleted-first"), map[string]packtest.Case{
		"absent":    {Objects: claim},
		"after":     {Objects: claim, Change: first(false)},
		"first":     {Objects: claim, Change: first(true), Want: []string{"PersistentVolumeClaim/a"}},
		"near miss": {Objects: "{apiVersion: batch/v1, kind: Job, metadata: {name: a}}", Change: first(true)},
		"not known": {Objects: "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: <unknown>}}", Change: first(false)},
	})
}

func TestProtectedAlike(t *testing.T) {
	secret := func(name string) string { return "{apiVersion: v1, kind: " + name + ", metadata: {name: <unknown>}}" }
	three := packtest.Join(secret("Secret"), secret("Secret"), secret("ConfigMap"))
	protect := func(which ...int) func([]pack.Object) {
		return func(objects []pack.Object) {
			for i := range objects {
				objects[i].Logical = string(rune('a' + i))
			}
			for _, i := range which {
				objects[i].Options.Protect = true
			}
		}
	}
	packtest.Run(t, packtest.Named(Rules, "objects-of-a-kind-are-protected-alike"), map[string]packtest.Case{
		"none":        {Objects: three, Change: protect()},
		"all":         {Objects: three, Change: protect(0, 1)},
		"one":         {Objects: three, Change: protect(1), Want: []string{"Secret/a"}},
		"other kinds": {Objects: three, Change: protect(2)},
		"absent":      {Objects: secret("ConfigMap")},
	})
}

func TestSecretKubeconfig(t *testing.T) {
	want := []string{ofProvider + "kubeconfig"}
	packtest.Run(t, packtest.Named(Rules, "provider-kubeconfig-is-a-path-or-secret"), map[string]packtest.Case{
		"a path":     {Objects: provided("kubeconfig: ~/.kube/config"), Change: asProvider},
		"absent":     {Objects: provided("context: a"), Change: asProvider},
		"YAML":       {Objects: provided(`kubeconfig: "apiVersion: v1\nusers: []"`), Change: asProvider, Want: want},
		"JSON":       {Objects: provided(`kubeconfig: '{"users": []}'`), Change: asProvider, Want: want},
		"near miss":  {Objects: provided(`kubeconfig: "<secret>apiVersion: v1\nusers: []"`), Change: asProvider},
		"wrong type": {Objects: provided("kubeconfig: [a]"), Change: asProvider, Want: want},
		"not known":  {Objects: provided("kubeconfig: <unknown>"), Change: asProvider, Undecided: want},
		"an object":  {Objects: `{apiVersion: v1, kind: Service, metadata: {name: a}, kubeconfig: "{"}`},
	})
}

func TestWatchedChanges(t *testing.T) {
	ignores := func(paths ...string) func([]pack.Object) {
		return changed(func(o *pack.Object) { o.Options.IgnoreChanges = paths })
	}
	agreed := map[string]any{"agreed": []any{"Deployment/spec.replicas"}}
	deployment := annotated("Deployment", "")
	want := []string{"Deployment/a"}
	packtest.Run(t, packtest.Named(Rules, "changes-are-ignored-where-agreed"), map[string]packtest.Case{
		"none":     {Objects: deployment},
		"one":      {Objects: deployment, Change: ignores("spec.template"), Want: want},
		"replicas": {Objects: deployment, Change: ignores("spec.replicas")},
		"cluster": {Objects: provided("context: a"), Change: func(objects []pack.Object) {
			asProvider(objects)
			ignores("clusterIdentifier")(objects)
		}},
		"context": {Objects: provided("context: a"), Change: func(objects []pack.Object) {
			asProvider(objects)
			ignores("context")(objects)
		}, Want: []string{providerType + "/cluster"}},
		"agreed":    {Objects: deployment, Change: ignores("spec.replicas"), Parameters: agreed},
		"near miss": {Objects: deployment, Change: ignores("spec.replicas", "spec"), Parameters: agreed, Want: want},
		"another":   {Objects: annotated("StatefulSet", ""), Change: ignores("spec.replicas"), Parameters: agreed, Want: []string{"StatefulSet/a"}},
		"not known": {Objects: "{apiVersion: apps/v1, kind: Deployment, metadata: <unknown>}", Change: ignores()},
	})
}
