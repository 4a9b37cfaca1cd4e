//go:build e2e && nodes

package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// notice is something that users of the platform do or see, and how long they
// carry that it does not work.
type notice struct {
	name   string
	look   func(*real) error
	within time.Duration
}

// notices are in the order of what they cost. Users are those of the page and
// those who run the platform: who drain nodes, read metrics and need archives.
var notices = []notice{
	{"page", (*real).showsPage, 10 * time.Second},
	{"request", (*real).answersRequests, 25 * time.Second},
	{"login", (*real).leadsToProvider, 5 * time.Second},
	{"drain", (*real).letsPodsGo, 5 * time.Second},
	{"metrics", (*real).givesMetrics, 20 * time.Second},
	{"certificate", (*real).renewsCertificate, 0},
	{"archive", (*real).writesArchive, 0},
	{"autoscaler", (*real).measures, 90 * time.Second},
}

// longestPeriod is that of the liveness probes.
const longestPeriod = 30 * time.Second

// error is the first thing that a user notices after a deployment that began
// at a time.
func (s *seeded) problem(begun time.Time) error {
	deployed := time.Now()
	for _, n := range notices {
		if err := eventually(n.within, func() error { return n.look(s.real) }); err != nil {
			return fmt.Errorf("%s: %w", n.name, err)
		}
	}
	time.Sleep(time.Until(deployed.Add(longestPeriod)))
	if err := s.real.staysUp(begun, s.restartedBefore); err != nil {
		return fmt.Errorf("steadiness: %w", err)
	}
	if err := s.real.startsAgain(); err != nil {
		return fmt.Errorf("restart of everything: %w", err)
	}
	return nil
}

// eventually tries until it works or the time is over, once at least, and
// returns the last error.
func eventually(within time.Duration, try func() error) error {
	for end := time.Now().Add(within); ; time.Sleep(500 * time.Millisecond) {
		err := try()
		if err == nil || time.Now().After(end) {
			return err
		}
	}
}

// showsPage looks at the page and at what the start script tells it.
func (r *real) showsPage() error {
	for path, want := range map[string]string{"/": "<title>co2-calculator", "/injectEnv.js": `["APP_ENVIRONMENT"] = "local"`} {
		got, err := r.ask(http.MethodGet, path)
		if err != nil {
			return err
		}
		if got.status != http.StatusOK || !strings.Contains(got.text, want) {
			return fmt.Errorf("%s: %d without %s", path, got.status, want)
		}
	}
	return nil
}

// answersRequests asks more often than there are pods of the backend.
func (r *real) answersRequests() error {
	for range 4 {
		if err := r.pathWorks(); err != nil {
			return err
		}
	}
	return nil
}

// leadsToProvider begins a login, whose end the identity provider accepts only
// for a client and a page that it knows.
func (r *real) leadsToProvider() error {
	got, err := r.ask(http.MethodGet, "/api/v1/auth/login")
	if err != nil {
		return err
	}
	to, err := url.Parse(got.header.Get("Location"))
	if err != nil || to.Host != "login.microsoftonline.com" {
		return fmt.Errorf("%d leads to %v", got.status, to)
	}
	for name, want := range map[string]string{"client_id": "co2-calculator-local", "redirect_uri": "https://co2-calculator.test/api/v1/auth/callback"} {
		if value := to.Query().Get(name); value != want {
			return fmt.Errorf("%s is %q", name, value)
		}
	}
	if !strings.Contains(got.header.Get("Set-Cookie"), "Secure") {
		return errors.New("the cookie is sent without TLS")
	}
	return nil
}

// letsPodsGo asks for the eviction of each pod, as a drain of its node does,
// without having it done.
func (r *real) letsPodsGo() error {
	for _, pod := range r.live.pods() {
		if pod.Status.Phase != corev1.PodRunning || pod.DeletionTimestamp != nil {
			continue
		}
		err := r.live.typed.PolicyV1().Evictions(pod.Namespace).Evict(context.Background(), &policyv1.Eviction{
			ObjectMeta: metav1.ObjectMeta{Name: pod.Name, Namespace: pod.Namespace}, DeleteOptions: &metav1.DeleteOptions{DryRun: []string{metav1.DryRunAll}},
		})
		if err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("pod of %s: %w", pod.Labels["app"], err)
		}
	}
	return nil
}

// renewsCertificate takes the certificate away, which has the issuer make
// another, as it does in time before the old one ends.
func (r *real) renewsCertificate() error {
	secrets := r.live.typed.CoreV1().Secrets(r.live.namespace)
	if err := secrets.Delete(context.Background(), "co2calculator-tls", metav1.DeleteOptions{}); err != nil {
		return err
	}
	return eventually(20*time.Second, func() error {
		if _, err := secrets.Get(context.Background(), "co2calculator-tls", metav1.GetOptions{}); err != nil {
			return err
		}
		return r.showsPage()
	})
}

// latestHoldsItems reads the table of the application from the newest archive.
const latestHoldsItems = `pg_restore --list "$(ls -t /archives/*.dump | head -1)" | grep -q 'TABLE DATA public items'`

// writesArchive runs the CronJob now, and looks into what it wrote.
func (r *real) writesArchive() error {
	if err := r.runNow("archive-now", nil); err != nil {
		return err
	}
	if err := r.runNow("archive-read", []string{"sh", "-c", latestHoldsItems}); err != nil {
		return fmt.Errorf("it holds no table of the application: %w", err)
	}
	return nil
}

// runNow runs a Job of the CronJob for archives to its end, with its own
// command unless another is given.
func (r *real) runNow(name string, command []string) error {
	ctx, jobs := context.Background(), r.live.typed.BatchV1().Jobs(r.live.namespace)
	from, err := r.live.typed.BatchV1().CronJobs(r.live.namespace).Get(ctx, "db-dump", metav1.GetOptions{})
	if err != nil {
		return err
	}
	job := &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: from.Spec.JobTemplate.Labels}, Spec: from.Spec.JobTemplate.Spec}
	if command != nil {
		job.Spec.Template.Spec.Containers[0].Command = command
	}
	if _, err := jobs.Create(ctx, job, metav1.CreateOptions{}); err != nil {
		return err
	}
	background := metav1.DeletePropagationBackground
	defer func() { _ = jobs.Delete(ctx, name, metav1.DeleteOptions{PropagationPolicy: &background}) }()
	return eventually(45*time.Second, func() error {
		job, err := jobs.Get(ctx, name, metav1.GetOptions{})
		if err == nil && job.Status.Succeeded == 0 {
			err = fmt.Errorf("the job has not completed, %d pods failed", job.Status.Failed)
		}
		return err
	})
}

// measures looks whether the autoscaler finds its target, and a figure for each
// of its metrics.
func (r *real) measures() error {
	scaler, err := r.live.typed.AutoscalingV2().HorizontalPodAutoscalers(r.live.namespace).Get(context.Background(), "backend-hpa", metav1.GetOptions{})
	if err != nil {
		return err
	}
	for _, condition := range scaler.Status.Conditions {
		if condition.Type != "ScalingLimited" && condition.Status != corev1.ConditionTrue {
			return fmt.Errorf("%s: %s", condition.Reason, condition.Message)
		}
	}
	measured := 0
	for _, metric := range scaler.Status.CurrentMetrics {
		if metric.Resource != nil && metric.Resource.Current.AverageUtilization != nil {
			measured++
		}
	}
	if measured < len(scaler.Spec.Metrics) {
		return fmt.Errorf("%d of %d metrics are measured", measured, len(scaler.Spec.Metrics))
	}
	return nil
}

// staysUp looks whether a container was started again since a deployment began,
// or is about to be.
func (r *real) staysUp(since time.Time, before map[string]int32) error {
	alive := map[string]bool{}
	for _, pod := range r.live.pods() {
		alive[pod.Name] = pod.DeletionTimestamp == nil
	}
	for pod, count := range r.restarts() {
		if alive[pod] && count > before[pod] {
			return fmt.Errorf("a container of %s was started again", pod)
		}
	}
	events, err := r.live.typed.CoreV1().Events(r.live.namespace).List(context.Background(), metav1.ListOptions{FieldSelector: "reason=Unhealthy"})
	if err != nil {
		return err
	}
	for _, event := range events.Items {
		if event.LastTimestamp.After(since) && alive[event.InvolvedObject.Name] && strings.HasPrefix(event.Message, "Liveness") {
			return fmt.Errorf("%s: %.100s", event.InvolvedObject.Name, event.Message)
		}
	}
	return nil
}

// startsAgain ends all pods, as a power cut does, and looks whether everything
// comes back with its data. Connections that were open when a policy or a
// password changed go on as before; a new one does not.
func (r *real) startsAgain() error {
	if out, err := r.tryKubectl("exec", "deploy/redis", "-c", "redis", "--", "redis-cli", "LPUSH", "kept", "1"); err != nil {
		return fmt.Errorf("redis: %s", out)
	}
	if out, err := r.tryKubectl("delete", "pods", "--field-selector=status.phase=Running", "--timeout=60s"); err != nil {
		return errors.New(out)
	}
	if err := eventually(45*time.Second, r.allReady); err != nil {
		return err
	}
	if err := eventually(20*time.Second, r.answersRequests); err != nil {
		return err
	}
	out, err := r.tryKubectl("exec", "deploy/redis", "-c", "redis", "--", "redis-cli", "RPOP", "kept")
	if err != nil || strings.TrimSpace(out) != "1" {
		return fmt.Errorf("what was in the queue is lost: %s", out)
	}
	return nil
}
