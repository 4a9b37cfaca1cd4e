package cluster

import (
	"context"
	"fmt"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"
)

// reads is to read kinds of a group and to be told of changes.
func reads(group string, resources ...string) rbacv1.PolicyRule {
	return rbacv1.PolicyRule{APIGroups: []string{group}, Resources: resources, Verbs: []string{"get", "list", "watch"}}
}

// grant is what a user or a group may do.
type grant struct {
	subject rbacv1.Subject
	role    string              // one of Kubernetes itself where there are no rules
	rules   []rbacv1.PolicyRule // of a role of that name
}

func user(name string) rbacv1.Subject {
	return rbacv1.Subject{Kind: rbacv1.UserKind, APIGroup: rbacv1.GroupName, Name: name}
}

func group(name string) rbacv1.Subject {
	return rbacv1.Subject{Kind: rbacv1.GroupKind, APIGroup: rbacv1.GroupName, Name: name}
}

// grants are what the programs of real nodes need: to join, to renew their
// certificates, and to read what they serve.
func grants() []grant {
	return []grant{
		{group(joinGroup), "system:node-bootstrapper", nil},
		{group(joinGroup), "system:certificates.k8s.io:certificatesigningrequests:nodeclient", nil},
		{group("system:nodes"), "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient", nil},
		{user(identityAPIServer.name), "system:kubelet-api-admin", nil},
		{user(identityPolicies.name), "platform:network-policies", []rbacv1.PolicyRule{
			reads("", "namespaces", "pods", "services", "nodes", "endpoints"),
			reads("discovery.k8s.io", "endpointslices"),
			reads("networking.k8s.io", "networkpolicies"),
		}},
		{user(identityMetrics.name), "platform:metrics-server", []rbacv1.PolicyRule{
			reads("", "nodes", "pods", "namespaces", "configmaps"),
			{APIGroups: []string{""}, Resources: []string{"nodes/metrics"}, Verbs: []string{"get"}},
			{APIGroups: []string{"authentication.k8s.io"}, Resources: []string{"tokenreviews"}, Verbs: []string{"create"}},
			{APIGroups: []string{"authorization.k8s.io"}, Resources: []string{"subjectaccessreviews"}, Verbs: []string{"create"}},
		}},
	}
}

// applyGrants makes the roles and their bindings.
func (a *api) applyGrants(ctx context.Context, all []grant) error {
	for i, one := range all {
		if len(one.rules) > 0 {
			if err := a.applyTyped(ctx, &rbacv1.ClusterRole{
				TypeMeta:   metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "ClusterRole"},
				ObjectMeta: metav1.ObjectMeta{Name: one.role}, Rules: one.rules,
			}); err != nil {
				return err
			}
		}
		if err := a.applyTyped(ctx, &rbacv1.ClusterRoleBinding{
			TypeMeta:   metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "ClusterRoleBinding"},
			ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("platform:nodes-%d", i)},
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: one.role},
			Subjects:   []rbacv1.Subject{one.subject},
		}); err != nil {
			return err
		}
	}
	return nil
}

// applyTyped applies a typed object that names its kind.
func (a *api) applyTyped(ctx context.Context, object any) error {
	if fields, is := object.(map[string]any); is {
		return a.applyAny(ctx, &unstructured.Unstructured{Object: fields})
	}
	fields, err := loose(object)
	if err != nil {
		return err
	}
	unstructured.RemoveNestedField(fields.Object, "status")
	return a.applyAny(ctx, fields)
}

// applyAny applies an object of a kind whose resource has the usual name.
func (a *api) applyAny(ctx context.Context, object *unstructured.Unstructured) error {
	resource, _ := meta.UnsafeGuessKindToResource(object.GroupVersionKind())
	var in dynamic.ResourceInterface = a.objects.Resource(resource)
	if namespace := object.GetNamespace(); namespace != "" {
		in = a.objects.Resource(resource).Namespace(namespace)
	}
	_, err := in.Apply(ctx, object.GetName(), object, metav1.ApplyOptions{FieldManager: fieldManager, Force: true})
	if err != nil {
		return fmt.Errorf("apply %s %s: %w", object.GetKind(), object.GetName(), err)
	}
	return nil
}
