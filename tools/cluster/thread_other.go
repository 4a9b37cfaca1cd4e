//go:build !linux

package cluster

import "runtime"

// OnThread runs something on a thread that ends with it.
func OnThread(work func()) {
	go func() {
		runtime.LockOSThread() // and never unlock, so that it does
		work()
	}()
}
