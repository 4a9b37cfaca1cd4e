package volumes

import (
	"context"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apimachinery/pkg/util/wait"
	coreinformers "k8s.io/client-go/informers/core/v1"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	storagelisters "k8s.io/client-go/listers/storage/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
)

// expander gives claims that ask for more the size that they ask for. A folder
// has no size of its own, so the objects are all there is to change.
type expander struct {
	client       kubernetes.Interface
	provisioners []string
	claims       corelisters.PersistentVolumeClaimLister
	volumes      corelisters.PersistentVolumeLister
	classes      storagelisters.StorageClassLister
	synced       cache.InformerSynced
	queue        workqueue.TypedRateLimitingInterface[cache.ObjectName]
}

func newExpander(client kubernetes.Interface, provisioners []string, claims coreinformers.PersistentVolumeClaimInformer,
	volumes corelisters.PersistentVolumeLister, classes storagelisters.StorageClassLister,
) (*expander, error) {
	e := &expander{
		client: client, provisioners: provisioners, claims: claims.Lister(), volumes: volumes, classes: classes,
		queue: workqueue.NewTypedRateLimitingQueue(workqueue.NewTypedItemExponentialFailureRateLimiter[cache.ObjectName](firstRetry, lastRetry)),
	}
	registered, err := claims.Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    e.enqueue,
		UpdateFunc: func(_, claim any) { e.enqueue(claim) },
	})
	if err != nil {
		return nil, fmt.Errorf("watch claims: %w", err)
	}
	e.synced = registered.HasSynced
	return e, nil
}

func (e *expander) enqueue(object any) {
	if claim, ok := object.(*corev1.PersistentVolumeClaim); ok && asksForMore(claim) {
		e.queue.Add(cache.MetaObjectToName(claim))
	}
}

// run works until the context ends.
func (e *expander) run(ctx context.Context) {
	if !cache.WaitForCacheSync(ctx.Done(), e.synced) {
		return
	}
	go func() {
		<-ctx.Done()
		e.queue.ShutDown()
	}()
	wait.UntilWithContext(ctx, func(ctx context.Context) {
		for e.next(ctx) {
		}
	}, time.Second)
}

func (e *expander) next(ctx context.Context) bool {
	name, closed := e.queue.Get()
	if closed {
		return false
	}
	defer e.queue.Done(name)
	if err := e.expand(ctx, name); err != nil {
		if ctx.Err() == nil {
			runtime.HandleErrorWithContext(ctx, err, "Claim does not get its size", "claim", name)
		}
		e.queue.AddRateLimited(name)
		return true
	}
	e.queue.Forget(name)
	return true
}

// expand sets the size of the volume first: a claim must never be told a size
// that its volume has not.
func (e *expander) expand(ctx context.Context, name cache.ObjectName) error {
	claim, err := e.claims.PersistentVolumeClaims(name.Namespace).Get(name.Name)
	if apierrors.IsNotFound(err) || (err == nil && !asksForMore(claim)) {
		return nil
	}
	if err != nil {
		return err
	}
	volume, err := e.volumes.Get(claim.Spec.VolumeName)
	if err != nil || !e.ours(volume) {
		return err
	}
	class, err := e.classes.Get(volume.Spec.StorageClassName)
	if err != nil || !growable(class) {
		return err
	}
	wanted := claim.Spec.Resources.Requests[corev1.ResourceStorage]
	if had := volume.Spec.Capacity[corev1.ResourceStorage]; had.Cmp(wanted) < 0 {
		volume = volume.DeepCopy()
		volume.Spec.Capacity[corev1.ResourceStorage] = wanted
		if _, err := e.client.CoreV1().PersistentVolumes().Update(ctx, volume, metav1.UpdateOptions{}); err != nil {
			return fmt.Errorf("volume %q: %w", volume.Name, err)
		}
	}
	claim = claim.DeepCopy()
	claim.Status.Capacity[corev1.ResourceStorage] = wanted
	claim.Status.AllocatedResources, claim.Status.AllocatedResourceStatuses = nil, nil
	claim.Status.Conditions = slices.DeleteFunc(claim.Status.Conditions, resizes)
	if _, err := e.client.CoreV1().PersistentVolumeClaims(claim.Namespace).UpdateStatus(ctx, claim, metav1.UpdateOptions{}); err != nil {
		return fmt.Errorf("claim: %w", err)
	}
	return nil
}

// ours reports whether the volume was provided here.
func (e *expander) ours(volume *corev1.PersistentVolume) bool {
	return volume.Spec.HostPath != nil && slices.Contains(e.provisioners, volume.Annotations["pv.kubernetes.io/provisioned-by"])
}

// asksForMore reports whether a bound claim wants more than it has.
func asksForMore(claim *corev1.PersistentVolumeClaim) bool {
	has, known := claim.Status.Capacity[corev1.ResourceStorage]
	wanted := claim.Spec.Resources.Requests[corev1.ResourceStorage]
	return claim.Status.Phase == corev1.ClaimBound && known && has.Cmp(wanted) < 0
}

func growable(class *storagev1.StorageClass) bool {
	return class.AllowVolumeExpansion != nil && *class.AllowVolumeExpansion
}

// resizes reports whether a condition speaks of a growth under way.
func resizes(condition corev1.PersistentVolumeClaimCondition) bool {
	switch condition.Type {
	case corev1.PersistentVolumeClaimResizing, corev1.PersistentVolumeClaimFileSystemResizePending:
		return true
	default:
		return false
	}
}
