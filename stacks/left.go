package stacks

import (
	"errors"
	"fmt"

	"k8s.io/client-go/rest"

	"platform/components/workload"
	"platform/config"
)

// findLeft looks how many pods the backend's autoscaler leaves, where the stack
// file no longer has one: to take it away is not to take pods away. They stay
// until the stack file asks for another number than it did when it went.
func findLeft(platform *config.EPFL, left *int) check {
	return func(stack string, cluster *rest.Config) error {
		cfg := platform.Backend
		if cfg.Autoscaling.Enabled {
			return nil
		}
		var deployment struct {
			Metadata struct {
				Annotations map[string]string `json:"annotations"`
			} `json:"metadata"`
			Spec struct {
				Replicas int `json:"replicas"`
			} `json:"spec"`
		}
		var scaler struct {
			Spec struct {
				MinReplicas int `json:"minReplicas"`
			} `json:"spec"`
		}
		namespace := "/namespaces/" + platform.Namespace()
		err := read(cluster, "apis/apps/v1"+namespace+"/deployments/"+config.BackendName, &deployment)
		if err == nil {
			err = read(cluster, "apis/autoscaling/v2"+namespace+"/horizontalpodautoscalers/"+config.BackendName+workload.AutoscalerSuffix, &scaler)
			if errors.Is(err, errForbidden) { // an identity of previews may read what the stack has, so it has none
				err = nil
			}
		}
		if err != nil && !errors.Is(err, errNotFound) {
			return config.Error{
				Key: "cluster.context", Stack: stack, Why: fmt.Sprintf("the backend's pods cannot be counted: %v", err),
				Remedy: "log in as somebody who may read Deployments; without it nobody knows how many an autoscaler has left",
			}
		}
		before := workload.ParseLeft(deployment.Metadata.Annotations[workload.LeftAnnotation])
		switch {
		case scaler.Spec.MinReplicas == cfg.Replicas && deployment.Spec.Replicas > cfg.Replicas: // it goes now
			*left = deployment.Spec.Replicas
		case scaler.Spec.MinReplicas == 0 && before.Asked == cfg.Replicas:
			*left = before.Pods
		}
		return nil
	}
}
