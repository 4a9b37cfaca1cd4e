// Package issuer plays cert-manager in an embedded cluster: it signs what
// Certificates and Ingresses ask for with the cluster's own authority, whatever
// ClusterIssuer they name, since those of the Internet do not know a cluster
// that runs on one machine.
package issuer

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
)

// The resources of cert-manager that count here.
var (
	certificatesResource = schema.GroupVersionResource{Group: group, Version: "v1", Resource: "certificates"}
	issuersResource      = schema.GroupVersionResource{Group: group, Version: "v1", Resource: "issuers"}
)

// The waits between tries of an object that failed.
const (
	firstRetry = 100 * time.Millisecond
	lastRetry  = 30 * time.Second
)

// Options say who signs, and in which cluster.
type Options struct {
	Client  kubernetes.Interface // of an administrator
	Objects dynamic.Interface    // the same, for Certificates: the server has to serve cert-manager.io/v1
	CA      *x509.Certificate    // that every certificate leads to
	Key     crypto.Signer        // of CA
	Now     func() time.Time     // nil means time.Now
}

// issuer works through Ingresses and Certificates.
type issuer struct {
	Options
	ingresses    cache.Indexer
	certificates cache.Indexer
	secrets      cache.Indexer
	queue        workqueue.TypedRateLimitingInterface[task]
}

// task is one object to look at.
type task struct {
	ingress bool // else a Certificate
	cache.ObjectName
}

// Run signs until the context ends, which is no error. What cannot be signed is
// reported by the Certificate's condition Ready and tried again.
func Run(ctx context.Context, opts Options) error {
	if err := opts.validate(); err != nil {
		return fmt.Errorf("issuer: %w", err)
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	typed := informers.NewSharedInformerFactory(opts.Client, 0)
	loose := dynamicinformer.NewDynamicSharedInformerFactory(opts.Objects, 0)
	ingresses, secrets := typed.Networking().V1().Ingresses().Informer(), typed.Core().V1().Secrets().Informer()
	certificates := loose.ForResource(certificatesResource).Informer()
	i := &issuer{
		Options: opts, ingresses: ingresses.GetIndexer(), certificates: certificates.GetIndexer(), secrets: secrets.GetIndexer(),
		queue: workqueue.NewTypedRateLimitingQueue(workqueue.NewTypedItemExponentialFailureRateLimiter[task](firstRetry, lastRetry)),
	}
	var synced []cache.InformerSynced
	for _, one := range []struct {
		informer cache.SharedIndexInformer
		see      func(any)
	}{{ingresses, i.seeIngress}, {secrets, i.seeSecret}, {certificates, i.seeCertificate}} {
		registered, err := one.informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc: one.see, UpdateFunc: func(_, now any) { one.see(now) }, DeleteFunc: one.see,
		})
		if err != nil {
			return fmt.Errorf("issuer: %w", err)
		}
		synced = append(synced, registered.HasSynced)
	}
	typed.Start(ctx.Done())
	loose.Start(ctx.Done())
	i.work(ctx, synced)
	typed.Shutdown()
	loose.Shutdown()
	return nil
}

// work goes through the queue until the context ends.
func (i *issuer) work(ctx context.Context, synced []cache.InformerSynced) {
	var worker sync.WaitGroup
	worker.Go(func() {
		if cache.WaitForCacheSync(ctx.Done(), synced...) {
			for i.next(ctx) {
			}
		}
	})
	<-ctx.Done()
	i.queue.ShutDown()
	worker.Wait()
}

func (i *issuer) next(ctx context.Context) bool {
	what, closed := i.queue.Get()
	if closed {
		return false
	}
	defer i.queue.Done(what)
	do := i.certify
	if what.ingress {
		do = i.shim
	}
	again, err := do(ctx, what.ObjectName)
	switch {
	case err != nil:
		if ctx.Err() == nil {
			runtime.HandleErrorWithContext(ctx, err, "Certificate is not issued", "object", what.ObjectName)
		}
		i.queue.AddRateLimited(what)
	case again > 0:
		i.queue.Forget(what)
		i.queue.AddAfter(what, again)
	default:
		i.queue.Forget(what)
	}
	return true
}

func (i *issuer) seeIngress(object any) {
	if ingress, ok := alive(object).(*networkingv1.Ingress); ok {
		i.queue.Add(task{true, cache.MetaObjectToName(ingress)})
	}
}

func (i *issuer) seeCertificate(object any) {
	if one, ok := alive(object).(*unstructured.Unstructured); ok {
		i.queue.Add(task{false, cache.MetaObjectToName(one)})
		for _, owner := range one.GetOwnerReferences() { // what an Ingress asked for may have been changed or deleted
			if owner.Kind == "Ingress" {
				i.queue.Add(task{true, cache.ObjectName{Namespace: one.GetNamespace(), Name: owner.Name}})
			}
		}
	}
}

// seeSecret looks again at the Certificates that a Secret is for, or in whose
// way it was.
func (i *issuer) seeSecret(object any) {
	secret, ok := alive(object).(*corev1.Secret)
	if !ok {
		return
	}
	for _, each := range i.certificates.List() {
		one, ok := each.(*unstructured.Unstructured)
		if !ok || one.GetNamespace() != secret.Namespace {
			continue
		}
		if name, _, _ := unstructured.NestedString(one.Object, "spec", "secretName"); name == secret.Name {
			i.queue.Add(task{false, cache.MetaObjectToName(one)})
		}
	}
}

// alive is the object of an event, also of a deletion that was seen late.
func alive(object any) any {
	if gone, ok := object.(cache.DeletedFinalStateUnknown); ok {
		return gone.Obj
	}
	return object
}

func (o Options) validate() error {
	var problems []error
	if o.Client == nil || o.Objects == nil {
		problems = append(problems, errors.New("client: missing"))
	}
	if o.CA == nil || o.Key == nil {
		problems = append(problems, errors.New("authority: certificate or key is missing"))
	} else if key, ok := o.CA.PublicKey.(interface{ Equal(crypto.PublicKey) bool }); !ok || !key.Equal(o.Key.Public()) {
		problems = append(problems, errors.New("authority: the key is not that of the certificate"))
	}
	return errors.Join(problems...)
}
