package cluster

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// OnThread runs something on a thread that ends with it, for it may move to
// another network. The first thread of a process cannot end, and /proc tells of
// the process what holds for that one, so it is spared.
func OnThread(work func()) {
	go func() {
		runtime.LockOSThread()
		if unix.Gettid() != unix.Getpid() {
			work()
			return // locked, so that the thread ends
		}
		begun := make(chan struct{})
		OnThread(func() {
			close(begun)
			work()
		})
		<-begun // on another thread, while this one is held
		runtime.UnlockOSThread()
	}()
}
