// Package volumes provides claims of an embedded cluster with folders of this
// machine, in the place of the programs that do so in a cluster of machines:
// local-path and the NFS driver.
package volumes

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

// LocalPath is the provisioner whose volumes lie on one node. Those of every
// other one are reached from all nodes.
const LocalPath = "rancher.io/local-path"

// The waits between tries of a claim or volume that failed. The machine's own
// disk is either there soon or broken.
const (
	firstRetry = 250 * time.Millisecond
	lastRetry  = 30 * time.Second
)

// Options say whose claims get folders, and where.
type Options struct {
	Client       kubernetes.Interface // of an administrator
	Folder       string               // absolute; every node has to see it under the same path
	Provisioners []string             // that are played, as the storage classes name them; twice is once
}

// BindingMode is when a class of the provisioner has to bind its claims: for a
// volume of one node once a pod that uses it has a node, else at once.
func BindingMode(provisioner string) storagev1.VolumeBindingMode {
	if provisioner == LocalPath {
		return storagev1.VolumeBindingWaitForFirstConsumer
	}
	return storagev1.VolumeBindingImmediate
}

// Run provides folders until the context ends, which is no error. A claim that
// cannot be provided gets an Event and is tried again.
func Run(ctx context.Context, opts Options) error {
	if err := opts.validate(); err != nil {
		return fmt.Errorf("volumes: %w", err)
	}
	shared := informers.NewSharedInformerFactory(opts.Client, 0)
	claims, volumes, classes := shared.Core().V1().PersistentVolumeClaims(), shared.Core().V1().PersistentVolumes(), shared.Storage().V1().StorageClasses()
	var workers sync.WaitGroup
	provider := controller.NewProvisionController(ctx, opts.Client, opts.Provisioners[0], &folders{opts.Client, opts.Folder},
		controller.AdditionalProvisionerNames(opts.Provisioners[1:]),
		controller.LeaderElection(false),
		controller.RateLimiter(workqueue.NewTypedItemExponentialFailureRateLimiter[string](firstRetry, lastRetry)),
		controller.FailedProvisionThreshold(0), // never give up: the reason may go
		controller.FailedDeleteThreshold(0),
		controller.ClaimsInformer(claims.Informer()),
		controller.VolumesInformer(volumes.Informer()),
		controller.ClassesInformer(classes.Informer()),
	)
	provider.ControllerWaitGroup(&workers)
	grower, err := newExpander(opts.Client, opts.Provisioners, claims, volumes.Lister(), classes.Lister())
	if err != nil {
		return fmt.Errorf("volumes: %w", err)
	}
	shared.Start(ctx.Done())
	workers.Go(func() { grower.run(ctx) })
	provider.Run(ctx)
	workers.Wait()
	shared.Shutdown()
	return nil
}

func (o Options) validate() error {
	var problems []error
	if o.Client == nil {
		problems = append(problems, errors.New("client: missing"))
	}
	if !filepath.IsAbs(o.Folder) {
		problems = append(problems, fmt.Errorf("folder: %q is not absolute; name where the volumes are to lie", o.Folder))
	}
	if len(o.Provisioners) == 0 {
		problems = append(problems, errors.New("provisioners: none; name those of the storage classes"))
	}
	return errors.Join(problems...)
}
