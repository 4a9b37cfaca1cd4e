package live

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/dynamic"

	"platform/policy/reach"
	"platform/tools/images"
)

const (
	probeAnnotation = "platform/reach-probe" // names the endpoint that a pod stands for
	probeName       = "reach-probe-"
	probeUser       = 65535
	probeSeconds    = 300 // after which a pod that was left behind ends by itself
	probePatience   = 20 * time.Second
	probePeriod     = 200 * time.Millisecond
	cleanPatience   = 15 * time.Second
)

// probes are pods that stand for endpoints that have none while one measures:
// Jobs that are done, and pods that other stacks would make.
type probes struct {
	objects    dynamic.Interface
	pods       [][2]string // namespaces and names
	namespaces []string    // that were not there
}

// start makes a pod for each of some endpoints and waits until all run. Why
// there is none for one is reported in missing.
func (p *probes) start(ctx context.Context, endpoints []*reach.Endpoint, services []corev1.Service, missing map[string]string) error {
	for _, e := range endpoints {
		if name := selecting(services, e); name != "" {
			missing[e.String()] = fmt.Sprintf("no pod of it runs, and Service %s would lead to one that stands for it", name)
			continue
		}
		if err := p.makeNamespace(ctx, e); err != nil {
			return err
		}
		name, err := p.makePod(ctx, e)
		if err != nil {
			missing[e.String()] = fmt.Sprintf("no pod may stand for it: %v", err)
			continue
		}
		p.pods = append(p.pods, [2]string{e.Namespace, name})
	}
	return p.wait(ctx)
}

// makePod makes one that stands for an endpoint. A namespace that is new takes
// a moment to have its service account.
func (p *probes) makePod(ctx context.Context, e *reach.Endpoint) (string, error) {
	for end := time.Now().Add(probePatience); ; {
		name, err := create(ctx, p.objects, podsResource, e.Namespace, probe(e))
		if err == nil || !apierrors.IsForbidden(err) || len(p.namespaces) == 0 || time.Now().After(end) {
			return name, err
		}
		if err := sleep(ctx, probePeriod); err != nil {
			return "", err
		}
	}
}

func (p *probes) makeNamespace(ctx context.Context, e *reach.Endpoint) error {
	labels := maps.Clone(e.NamespaceLabels)
	delete(labels, corev1.LabelMetadataName) // the server's own
	_, err := create(ctx, p.objects, namespacesResource, "", &corev1.Namespace{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
		ObjectMeta: metav1.ObjectMeta{Name: e.Namespace, Labels: labels, Annotations: map[string]string{probeAnnotation: "true"}},
	})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("namespace %s: %w", e.Namespace, err)
	}
	p.namespaces = append(p.namespaces, e.Namespace)
	return nil
}

// wait waits a bounded time until the pods run: with those that do not,
// nothing is measured.
func (p *probes) wait(ctx context.Context) error {
	for end := time.Now().Add(probePatience); len(p.pods) > 0; {
		pods, err := list[corev1.Pod](ctx, p.objects, podsResource)
		if err != nil {
			return err
		}
		running := 0
		for _, pod := range pods {
			if pod.Annotations[probeAnnotation] != "" && runs(pod) {
				running++
			}
		}
		if running >= len(p.pods) || time.Now().After(end) {
			return nil
		}
		if err := sleep(ctx, probePeriod); err != nil {
			return err
		}
	}
	return nil
}

// sweep removes what an earlier run left behind, and takes its namespaces over.
func (p *probes) sweep(ctx context.Context, pods []corev1.Pod) error {
	for _, pod := range pods {
		if pod.Annotations[probeAnnotation] != "" {
			if err := p.remove(ctx, pod.Namespace, pod.Name); err != nil {
				return err
			}
		}
	}
	namespaces, err := list[corev1.Namespace](ctx, p.objects, namespacesResource)
	if err != nil {
		return err
	}
	for _, one := range namespaces {
		if one.Annotations[probeAnnotation] != "" && one.DeletionTimestamp == nil {
			p.namespaces = append(p.namespaces, one.Name)
		}
	}
	return nil
}

// close removes the pods and the namespaces.
func (p *probes) close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanPatience)
	defer cancel()
	var problems []error
	for _, one := range p.pods {
		problems = append(problems, p.remove(ctx, one[0], one[1]))
	}
	for _, one := range p.namespaces {
		problems = append(problems, gone(p.objects.Resource(namespacesResource).Delete(ctx, one, metav1.DeleteOptions{})))
	}
	return errors.Join(problems...)
}

func (p *probes) remove(ctx context.Context, namespace, name string) error {
	return gone(p.objects.Resource(podsResource).Namespace(namespace).Delete(ctx, name, metav1.DeleteOptions{GracePeriodSeconds: new(int64(0))}))
}

// gone returns nil for the error that there is no such thing.
func gone(err error) error {
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

// selecting is a Service that leads to pods with the labels of an endpoint.
func selecting(services []corev1.Service, e *reach.Endpoint) string {
	for _, one := range services {
		if one.Namespace == e.Namespace && len(one.Spec.Selector) > 0 && labels.SelectorFromSet(one.Spec.Selector).Matches(labels.Set(e.Labels)) {
			return one.Name
		}
	}
	return ""
}

// probe is a pod that does nothing, with the labels of an endpoint.
func probe(e *reach.Endpoint) *corev1.Pod {
	amount := func(cpu, memory string) corev1.ResourceList {
		return corev1.ResourceList{corev1.ResourceCPU: resource.MustParse(cpu), corev1.ResourceMemory: resource.MustParse(memory)}
	}
	return &corev1.Pod{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{
			GenerateName: probeName, Namespace: e.Namespace, Labels: e.Labels, Annotations: map[string]string{probeAnnotation: e.String()},
		},
		Spec: corev1.PodSpec{
			RestartPolicy: corev1.RestartPolicyNever, ActiveDeadlineSeconds: new(int64(probeSeconds)), TerminationGracePeriodSeconds: new(int64(0)),
			AutomountServiceAccountToken: new(false), EnableServiceLinks: new(false),
			Tolerations: []corev1.Toleration{{Operator: corev1.TolerationOpExists}},
			SecurityContext: &corev1.PodSecurityContext{
				RunAsNonRoot: new(true), RunAsUser: new(int64(probeUser)), RunAsGroup: new(int64(probeUser)),
				SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
			},
			Containers: []corev1.Container{{
				Name: "probe", Image: images.PauseImage, ImagePullPolicy: corev1.PullIfNotPresent,
				Resources: corev1.ResourceRequirements{Requests: amount("1m", "8Mi"), Limits: amount("50m", "32Mi")},
				SecurityContext: &corev1.SecurityContext{
					AllowPrivilegeEscalation: new(false), ReadOnlyRootFilesystem: new(true),
					Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
				},
			}},
		},
	}
}

func sleep(ctx context.Context, long time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(long):
		return nil
	}
}
