package issuer

import (
	"context"
	"crypto/x509"
	"fmt"
	"reflect"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// state is how a Certificate stands.
type state struct {
	leaf    *x509.Certificate // nil if there is none
	renewal time.Time
	reason  string
	message string
}

// ready is the state of a Certificate that has what it asks for. A life that
// the authority's end cut short counts as it is.
func (i *issuer) ready(spec certificateSpec, leaf *x509.Certificate) state {
	life := leaf.NotAfter.Sub(leaf.NotBefore.Add(clockSkew))
	return state{leaf, leaf.NotAfter.Add(-spec.early(life)), "Ready", "Certificate is up to date and has not expired"}
}

// unready is the state of a Certificate that cannot be had.
func unready(err error) state { return state{reason: "Failed", message: err.Error()} }

// condition is one of a Certificate's, in the form that cert-manager gives it.
type condition struct {
	Type               string                 `json:"type"`
	Status             metav1.ConditionStatus `json:"status"`
	Reason             string                 `json:"reason"`
	Message            string                 `json:"message"`
	LastTransitionTime metav1.Time            `json:"lastTransitionTime"`
	ObservedGeneration int64                  `json:"observedGeneration,omitempty"`
}

// report writes the state into the Certificate's status, if it says otherwise.
func (i *issuer) report(ctx context.Context, object *unstructured.Unstructured, now state) error {
	fresh := object.DeepCopy()
	status, _, _ := unstructured.NestedMap(fresh.Object, "status")
	if status == nil {
		status = map[string]any{}
	}
	verdict := condition{
		Type: "Ready", Status: metav1.ConditionFalse, Reason: now.reason, Message: now.message,
		LastTransitionTime: metav1.NewTime(i.Now()), ObservedGeneration: object.GetGeneration(),
	}
	if now.leaf != nil {
		verdict.Status = metav1.ConditionTrue
		status["notBefore"], status["notAfter"] = stamp(now.leaf.NotBefore), stamp(now.leaf.NotAfter)
		status["renewalTime"] = stamp(now.renewal)
	}
	if since, held := heldSince(status, verdict.Status); held {
		verdict.LastTransitionTime = since
	}
	one, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&verdict)
	if err != nil {
		return fmt.Errorf("condition: %w", err)
	}
	status["conditions"] = []any{one}
	fresh.Object["status"] = status
	if reflect.DeepEqual(fresh.Object, object.Object) {
		return nil
	}
	_, err = i.Objects.Resource(certificatesResource).Namespace(object.GetNamespace()).UpdateStatus(ctx, fresh, metav1.UpdateOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("status of certificate %s/%s: %w", object.GetNamespace(), object.GetName(), err)
	}
	return nil
}

// heldSince is when the Certificate came to be ready or unready, as it is now.
func heldSince(status map[string]any, want metav1.ConditionStatus) (metav1.Time, bool) {
	conditions, _, _ := unstructured.NestedSlice(status, "conditions")
	for _, each := range conditions {
		fields, ok := each.(map[string]any)
		if !ok {
			continue
		}
		var old condition
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(fields, &old); err == nil && old.Type == "Ready" {
			return old.LastTransitionTime, old.Status == want
		}
	}
	return metav1.Time{}, false
}

// stamp is a time as objects hold it.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
