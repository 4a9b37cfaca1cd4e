package serve

import (
	"runtime"
	"sync/atomic"
)

// processors is how many there are for a judgement of the whole stack; 0 means
// those that the process has.
var processors atomic.Int64

// alone leaves the process one processor: the engine asks one question at a time,
// so threads that wake each other would cost a fifth of its time. What it returns
// gives the others back.
func alone() func() {
	processors.Store(int64(runtime.GOMAXPROCS(1)))
	return func() { runtime.GOMAXPROCS(int(processors.Swap(0))) }
}

// together takes all processors for a judgement of the whole stack, which the
// engine does nothing beside. What it returns ends that.
func together() func() {
	all := int(processors.Load())
	if all == 0 {
		return func() {}
	}
	few := runtime.GOMAXPROCS(all)
	return func() { runtime.GOMAXPROCS(few) }
}
