package cluster

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

var crdsResource = schema.GroupVersionResource{
	Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions",
}

// crdsAtOnce bounds the parallel applies: more only queue in the server.
const crdsAtOnce = 4

// ownCRDs define what no module defines. They are in every cluster, like those
// of the toolchain: a topology does not tell its network plugin, and a kind that
// nobody uses costs 20 ms of the start.
//
//go:embed crds/*.yaml
var ownCRDs embed.FS

// defineKinds makes the server serve the kinds that every cluster has.
func (c *Cluster) defineKinds(ctx context.Context) error {
	definitions, err := c.opts.Programs.definitions()
	if err != nil {
		return err
	}
	return c.api.applyCRDs(ctx, definitions)
}

// definitions are this package's own and those of the toolchain.
func (p Programs) definitions() ([]*unstructured.Unstructured, error) {
	own, err := readCRDs(ownCRDs)
	if err != nil || p.CRDs == "" {
		return own, err
	}
	others, err := folderCRDs(p.CRDs)
	return append(own, others...), err
}

// applyCRDs applies definitions and waits until the server serves them all.
func (a *api) applyCRDs(ctx context.Context, definitions []*unstructured.Unstructured) error {
	work, applying := errgroup.WithContext(ctx)
	work.SetLimit(crdsAtOnce)
	for _, one := range definitions {
		work.Go(func() error { return a.apply(applying, crdsResource, one) })
	}
	if err := work.Wait(); err != nil {
		return err
	}
	return a.waitEstablished(ctx, definitions)
}

// folderCRDs reads the YAML files below a folder.
func folderCRDs(folder string) ([]*unstructured.Unstructured, error) {
	definitions, err := readCRDs(os.DirFS(folder))
	if err != nil {
		return nil, fmt.Errorf("definitions in %s: %w", folder, err)
	}
	return definitions, nil
}

// readCRDs reads the YAML files of a tree, one object a file.
func readCRDs(files fs.FS) ([]*unstructured.Unstructured, error) {
	var objects []*unstructured.Unstructured
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".yaml" {
			return err
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		object := &unstructured.Unstructured{}
		if err := yaml.Unmarshal(text, &object.Object); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if object.GetKind() != "CustomResourceDefinition" {
			return fmt.Errorf("%s: holds a %q, not one CustomResourceDefinition", name, object.GetKind())
		}
		unstructured.RemoveNestedField(object.Object, "status") // the server's own
		objects = append(objects, object)
		return nil
	})
	return objects, err
}

// waitEstablished waits until every definition's objects can be created.
func (a *api) waitEstablished(ctx context.Context, wanted []*unstructured.Unstructured) error {
	var waiting []string
	err := poll(ctx, func() (bool, error) {
		found, err := a.list(ctx, crdsResource, "")
		if err != nil {
			return false, err
		}
		ready := map[string]bool{}
		for i := range found {
			ready[found[i].GetName()] = conditionTrue(&found[i], "Established")
		}
		waiting = waiting[:0]
		for _, one := range wanted {
			if !ready[one.GetName()] {
				waiting = append(waiting, one.GetName())
			}
		}
		return len(waiting) == 0, nil
	})
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("definitions %q are not served: %w", waiting, err)
	}
	return err
}

// conditionTrue reports whether a condition of an object's status holds.
func conditionTrue(object *unstructured.Unstructured, kind string) bool {
	conditions, _, _ := unstructured.NestedSlice(object.Object, "status", "conditions")
	for _, one := range conditions {
		condition, ok := one.(map[string]any)
		if ok && condition["type"] == kind {
			return condition["status"] == "True"
		}
	}
	return false
}
