package serve

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A pack has one processor while it is asked of one resource at a time, and all
// for the whole stack.
func TestProcessorsOfAPack(t *testing.T) {
	all := runtime.GOMAXPROCS(0)
	together()()
	assert.Equal(t, all, runtime.GOMAXPROCS(0), "of a process that took none away")
	end := alone()
	assert.Equal(t, 1, runtime.GOMAXPROCS(0))
	apart := together()
	assert.Equal(t, all, runtime.GOMAXPROCS(0))
	apart()
	assert.Equal(t, 1, runtime.GOMAXPROCS(0))
	end()
	assert.Equal(t, all, runtime.GOMAXPROCS(0))
}
