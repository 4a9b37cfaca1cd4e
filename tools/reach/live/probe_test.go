package live

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	k8stesting "k8s.io/client-go/testing"

	"platform/policy/reach"
)

// TestProbesComeAndGo has a server that runs every pod at once, a namespace
// that is there, one that is not, and what an earlier run left behind.
func TestProbesComeAndGo(t *testing.T) {
	scheme := runtime.NewScheme()
	require.NoError(t, corev1.AddToScheme(scheme))
	left := probe(demoMatrix(t).Find("a/init"))
	left.Name = "reach-probe-left"
	own := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "own", Namespace: "a"}}
	objects := dynamicfake.NewSimpleDynamicClient(scheme, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "a"}}, own, left)
	count := 0
	objects.PrependReactor("create", "pods", func(action k8stesting.Action) (bool, runtime.Object, error) {
		made, _ := action.(k8stesting.CreateAction).GetObject().(interface {
			SetName(string)
			UnstructuredContent() map[string]any
		})
		count++
		made.SetName(probeName + string(rune('a'+count)))
		made.UnstructuredContent()["status"] = map[string]any{"phase": "Running", "podIP": "10.244.0.9"}
		return false, nil, nil
	})
	p := &probes{objects: objects}
	m, missing := demoMatrix(t), map[string]string{}
	before, err := list[corev1.Pod](t.Context(), objects, podsResource)
	require.NoError(t, err)
	require.NoError(t, p.sweep(t.Context(), before))
	require.NoError(t, p.start(t.Context(), []*reach.Endpoint{m.Find("a/init"), m.Find("overlay"), m.Find("a/backend")}, demoScene().Services, missing))
	assert.Equal(t, map[string]string{"a/backend": "no pod of it runs, and Service backend would lead to one that stands for it"}, missing)
	assert.Equal(t, []string{"elsewhere"}, p.namespaces)
	assert.Equal(t, []string{"a/own", "a/reach-probe-b", "elsewhere/reach-probe-c"}, podNames(t, p))

	require.NoError(t, p.close(t.Context()))
	assert.Equal(t, []string{"a/own"}, podNames(t, p))
	namespaces, err := list[corev1.Namespace](t.Context(), objects, namespacesResource)
	require.NoError(t, err)
	require.Len(t, namespaces, 1)
	assert.Equal(t, "a", namespaces[0].Name)
	assert.NoError(t, p.close(t.Context()), "what is gone is no error")
}

func podNames(t *testing.T, p *probes) []string {
	t.Helper()
	pods, err := list[corev1.Pod](t.Context(), p.objects, podsResource)
	require.NoError(t, err)
	var names []string
	for _, one := range pods {
		names = append(names, one.Namespace+"/"+one.Name)
	}
	return names
}
