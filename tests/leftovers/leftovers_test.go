package leftovers

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWhatIsNew(t *testing.T) {
	before := Machine{"mount /old": true, "setting a = 1": true}
	now := Machine{"mount /old": true, "mount /new": true, "setting a = 2": true, "process 4194999 (kubelet)": true}
	assert.Equal(t, []string{"mount /new", "setting a = 2"}, now.New(before), "the process is not there any more")
	self := fmt.Sprintf("process %d (leftovers.test)", os.Getpid())
	assert.Equal(t, []string{self}, Machine{self: true}.New(before))
	before[fmt.Sprintf("process %d (go)", os.Getppid())] = true
	assert.Empty(t, Machine{self: true}.New(before), "a process of before has started it")
}
