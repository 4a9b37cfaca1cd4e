package issuer

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	networkingv1 "k8s.io/api/networking/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/tools/cache"
)

// The annotations by which an Ingress asks for certificates.
const (
	clusterIssuerKey = group + "/cluster-issuer"
	issuerKey        = group + "/issuer"
)

// shim makes a Certificate for each TLS Secret of an Ingress that asks for it,
// under the Secret's name as cert-manager does, and deletes those that it no
// longer asks for. They go with the Ingress.
func (i *issuer) shim(ctx context.Context, name cache.ObjectName) (time.Duration, error) {
	found, exists, err := i.ingresses.GetByKey(name.String())
	if err != nil || !exists {
		return 0, err
	}
	ingress, ok := found.(*networkingv1.Ingress)
	if !ok || ingress.DeletionTimestamp != nil {
		return 0, nil
	}
	wanted := wishes(ingress)
	var problems []error
	for _, one := range wanted {
		problems = append(problems, i.ensureCertificate(ctx, ingress, one))
	}
	problems = append(problems, i.dropCertificates(ctx, ingress, wanted))
	return 0, errors.Join(problems...)
}

// wishes are the Certificates that an Ingress asks for, by name.
func wishes(ingress *networkingv1.Ingress) map[string]*unstructured.Unstructured {
	who := map[string]any{"group": group, "kind": "ClusterIssuer", "name": ingress.Annotations[clusterIssuerKey]}
	if own := ingress.Annotations[issuerKey]; own != "" {
		who["kind"], who["name"] = "Issuer", own
	}
	hosts := map[string][]any{}
	for _, one := range ingress.Spec.TLS {
		if one.SecretName == "" || who["name"] == "" {
			continue
		}
		for _, host := range one.Hosts {
			hosts[one.SecretName] = append(hosts[one.SecretName], host)
		}
	}
	owner := *metav1.NewControllerRef(ingress, networkingv1.SchemeGroupVersion.WithKind("Ingress"))
	wanted := map[string]*unstructured.Unstructured{}
	for secret, names := range hosts {
		object := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{
			"secretName": secret, "issuerRef": who, "dnsNames": names,
		}}}
		object.SetAPIVersion(group + "/v1")
		object.SetKind("Certificate")
		object.SetNamespace(ingress.Namespace)
		object.SetName(secret)
		object.SetOwnerReferences([]metav1.OwnerReference{owner})
		wanted[secret] = object
	}
	return wanted
}

// ensureCertificate makes a Certificate, or corrects the one that this Ingress
// had made. Another's of the same name is left alone, and serves if it writes
// the Secret.
func (i *issuer) ensureCertificate(ctx context.Context, ingress *networkingv1.Ingress, wanted *unstructured.Unstructured) error {
	resource := i.Objects.Resource(certificatesResource).Namespace(ingress.Namespace)
	old, err := resource.Get(ctx, wanted.GetName(), metav1.GetOptions{})
	switch {
	case apierrors.IsNotFound(err):
		_, err = resource.Create(ctx, wanted, metav1.CreateOptions{})
	case err == nil && metav1.IsControlledBy(old, ingress) && !reflect.DeepEqual(old.Object["spec"], wanted.Object["spec"]):
		old = old.DeepCopy()
		old.Object["spec"] = wanted.Object["spec"]
		_, err = resource.Update(ctx, old, metav1.UpdateOptions{})
	}
	if err != nil {
		return fmt.Errorf("certificate %s/%s of ingress %q: %w", ingress.Namespace, wanted.GetName(), ingress.Name, err)
	}
	return nil
}

// dropCertificates deletes those that the Ingress had made and no longer wants.
func (i *issuer) dropCertificates(ctx context.Context, ingress *networkingv1.Ingress, wanted map[string]*unstructured.Unstructured) error {
	var problems []error
	for _, each := range i.certificates.List() {
		one, ok := each.(*unstructured.Unstructured)
		if !ok || one.GetNamespace() != ingress.Namespace || wanted[one.GetName()] != nil || !metav1.IsControlledBy(one, ingress) {
			continue
		}
		err := i.Objects.Resource(certificatesResource).Namespace(ingress.Namespace).Delete(ctx, one.GetName(), metav1.DeleteOptions{})
		if err != nil && !apierrors.IsNotFound(err) {
			problems = append(problems, fmt.Errorf("certificate %s/%s: %w", ingress.Namespace, one.GetName(), err))
		}
	}
	return errors.Join(problems...)
}
