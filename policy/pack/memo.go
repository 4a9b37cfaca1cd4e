package pack

import (
	"sync"

	"k8s.io/apimachinery/pkg/labels"
)

// memo is what rules read of an object again and again, such as each Service of
// each pod: reading it once keeps the time of a stack with a thousand services
// near that of its objects. What ends a check ends it each time.
type memo struct {
	namespace func() string
	selector  func() labels.Selector   // of a Service; nothing where it has none
	pods      func() labels.Selector   // those of a NetworkPolicy; everything where it names none
	labels    func() map[string]string // of the pods that it runs
	pod       func() Pod               // which it runs; empty where it runs none
	parts     func() []Container       // the containers of that pod
}

func newMemo(o Object) *memo {
	m := &memo{}
	o.memo = m // what refers to the object has its memo, too
	*m = memo{
		namespace: sync.OnceValue(func() string { return o.At("metadata", "namespace").Text() }),
		selector: sync.OnceValue(func() labels.Selector {
			set := o.At("spec", "selector").TextMap()
			if len(set) == 0 {
				return labels.Nothing()
			}
			return labels.SelectorFromSet(set)
		}),
		pods: sync.OnceValue(func() labels.Selector {
			pods := o.At("spec", "podSelector")
			if !pods.Set() {
				return labels.Everything()
			}
			return pods.Selector()
		}),
		labels: sync.OnceValue(func() map[string]string { return m.pod().Metadata.At("labels").TextMap() }),
		pod:    sync.OnceValue(o.readPod),
		parts:  sync.OnceValue(func() []Container { return m.pod().readContainers() }),
	}
	return m
}

// remembered is an object's memo.
func (o Object) remembered() *memo {
	if o.memo == nil {
		return newMemo(o)
	}
	return o.memo
}
