package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

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

// applyCRDs applies every definition below a folder and waits until the server
// serves them all.
func (a *api) applyCRDs(ctx context.Context, folder string) error {
	if folder == "" {
		return nil
	}
	definitions, err := readCRDs(folder)
	if err != nil {
		return fmt.Errorf("definitions: %w", err)
	}
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

// readCRDs reads the YAML files below a folder, one object a file.
func readCRDs(folder string) ([]*unstructured.Unstructured, error) {
	var objects []*unstructured.Unstructured
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		object := &unstructured.Unstructured{}
		if err := yaml.Unmarshal(text, &object.Object); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if object.GetKind() != "CustomResourceDefinition" {
			return fmt.Errorf("%s: holds a %q, not one CustomResourceDefinition", path, object.GetKind())
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

// conditionTrue tells whether a condition of an object's status holds.
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
