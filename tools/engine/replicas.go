package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
)

// autoscalerKind scales workloads.
const autoscalerKind = "HorizontalPodAutoscaler"

// TakeFields has the provider, by its environment, take fields from whoever else
// has set them.
const TakeFields = "PULUMI_K8S_ENABLE_PATCH_FORCE=true"

// previewed runs a preview. One that fails for nothing but the number of pods,
// which somebody else has set, runs again as if that were taken: the deployment
// takes it, see [Session.takeReplicas], and a preview must not.
func (s *Session) previewed(events *eventLog, command func() *CLI) error {
	err := command().Run()
	if err == nil {
		return nil
	}
	alone, failed := events.conflictsInReplicas()
	if failed != nil || !alone {
		return err
	}
	if err := os.Remove(events.path()); err != nil {
		return err
	}
	fmt.Fprintln(s.out, "somebody else has set the number of pods; a deployment takes it back, so the preview runs again as if that were done")
	again := command()
	again.Env = append(again.Env, TakeFields)
	return again.Run()
}

// conflicting are the fields that the API server names as in conflict.
var conflicting = regexp.MustCompile(`(?m)(?:Apply failed with 1 conflict: .*: |^\s*- )(\.\S+)\s*$`)

// conflictsInReplicas reports whether there are conflicts and all are about
// numbers of pods.
func (l *eventLog) conflictsInReplicas() (bool, error) {
	found, alone := false, true
	err := l.each(func(event apitype.EngineEvent) {
		if event.DiagnosticEvent == nil || !strings.Contains(event.DiagnosticEvent.Message, "Apply failed with ") {
			return
		}
		fields := conflicting.FindAllStringSubmatch(colors.Never.Colorize(event.DiagnosticEvent.Message), -1)
		found = true
		alone = alone && len(fields) > 0 && !slices.ContainsFunc(fields, func(field []string) bool { return field[1] != ".spec.replicas" })
	})
	return found && alone, err
}

// replicas is a workload whose number of pods a deployment sets.
type replicas struct {
	workload *unstructured.Unstructured // as it is to be
	wanted   int64
	scalers  []*unstructured.Unstructured // that scaled it and are to go
}

// takeReplicas makes the number of pods the deployment's own where the plan
// sets it and somebody else has set another: kubectl scale, or an autoscaler
// that is to go. The API server would refuse it as a conflict. Such an autoscaler
// goes first, for it would set its own number again until it does.
//
// No other field is taken from anybody.
func (s *Session) takeReplicas(ctx context.Context) error {
	all := setReplicas(s.last.steps)
	if len(all) == 0 {
		return nil
	}
	cluster, err := s.connect()
	if err != nil {
		return err
	}
	for _, one := range all {
		if err := s.take(ctx, cluster, one); err != nil {
			return fmt.Errorf("replicas of %s %s: %w", one.workload.GetKind(), one.workload.GetName(), err)
		}
	}
	return nil
}

func (s *Session) take(ctx context.Context, cluster *client, one replicas) error {
	live, err := cluster.get(ctx, one.workload)
	if apierrors.IsNotFound(err) {
		return nil // the engine says so itself
	}
	if err != nil {
		return err
	}
	is, _, err := unstructured.NestedInt64(live.Object, "spec", "replicas")
	if err != nil || is == one.wanted {
		return err
	}
	if is > one.wanted {
		fmt.Fprintf(s.out, "%s %s has %d pods, and this deployment makes them %d\n", live.GetKind(), live.GetName(), is, one.wanted)
	}
	for _, scaler := range one.scalers {
		resource, err := cluster.resource(scaler)
		if err != nil {
			return err
		}
		if err := resource.Delete(ctx, scaler.GetName(), metav1.DeleteOptions{}); err != nil && !apierrors.IsNotFound(err) {
			return err
		}
	}
	kept, given, err := withoutReplicas(live.GetManagedFields())
	if err != nil || !given {
		return err
	}
	patch, err := json.Marshal([]map[string]any{
		{"op": "test", "path": "/metadata/resourceVersion", "value": live.GetResourceVersion()},
		{"op": "replace", "path": "/metadata/managedFields", "value": kept},
	})
	if err != nil {
		return err
	}
	resource, err := cluster.resource(live)
	if err != nil {
		return err
	}
	_, err = resource.Patch(ctx, live.GetName(), types.JSONPatchType, patch, metav1.PatchOptions{})
	return err
}

// setReplicas are the workloads that a plan changes and whose number of pods
// it sets; not those that an autoscaler goes on to scale.
func setReplicas(steps []apitype.StepEventMetadata) []replicas {
	var found []replicas
	for _, step := range steps {
		if step.Op != apitype.OpUpdate || step.New == nil || !strings.HasPrefix(step.Type, kubernetesTypes+"apps/") {
			continue
		}
		workload := &unstructured.Unstructured{Object: step.New.Inputs}
		wanted, is, err := unstructured.NestedFloat64(workload.Object, "spec", "replicas") // as JSON has numbers
		if err != nil || !is {
			continue
		}
		leaving, scaled := scalersOf(workload, steps)
		if !scaled {
			found = append(found, replicas{workload, int64(wanted), leaving})
		}
	}
	return found
}

// scalersOf are the autoscalers of a workload that are to go, and whether there
// is one that stays or comes.
func scalersOf(workload *unstructured.Unstructured, steps []apitype.StepEventMetadata) (leaving []*unstructured.Unstructured, scaled bool) {
	for _, step := range steps {
		state := step.New
		if state == nil {
			state = step.Old
		}
		if state == nil || !strings.HasSuffix(step.Type, ":"+autoscalerKind) {
			continue
		}
		scaler := &unstructured.Unstructured{Object: state.Inputs}
		kind, _, _ := unstructured.NestedString(scaler.Object, "spec", "scaleTargetRef", "kind")
		name, _, _ := unstructured.NestedString(scaler.Object, "spec", "scaleTargetRef", "name")
		if scaler.GetNamespace() != workload.GetNamespace() || kind != workload.GetKind() || name != workload.GetName() {
			continue
		}
		if step.New != nil {
			return nil, true
		}
		leaving = append(leaving, scaler)
	}
	return leaving, false
}

// fieldManager starts the name under which the provider writes to the cluster.
const fieldManager = "pulumi-kubernetes"

// withoutReplicas has nobody but this program own the number of pods, and
// reports whether anybody else did.
func withoutReplicas(entries []metav1.ManagedFieldsEntry) ([]metav1.ManagedFieldsEntry, bool, error) {
	var kept []metav1.ManagedFieldsEntry
	given := false
	for _, entry := range entries {
		if strings.HasPrefix(entry.Manager, fieldManager) || entry.FieldsV1 == nil {
			kept = append(kept, entry)
			continue
		}
		fields := map[string]any{}
		if err := json.Unmarshal(entry.FieldsV1.Raw, &fields); err != nil {
			return nil, false, err
		}
		if _, is, err := unstructured.NestedFieldNoCopy(fields, "f:spec", "f:replicas"); err != nil || !is {
			kept = append(kept, entry)
			continue
		}
		given = true
		unstructured.RemoveNestedField(fields, "f:spec", "f:replicas")
		if spec, _, _ := unstructured.NestedMap(fields, "f:spec"); len(spec) == 0 {
			delete(fields, "f:spec")
		}
		if len(fields) == 0 {
			continue
		}
		raw, err := json.Marshal(fields)
		if err != nil {
			return nil, false, err
		}
		entry.FieldsV1 = &metav1.FieldsV1{Raw: raw}
		kept = append(kept, entry)
	}
	return slices.Clip(kept), given, nil
}
