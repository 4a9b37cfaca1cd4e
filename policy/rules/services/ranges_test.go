package services

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRanges(t *testing.T) {
	read := ranges([]string{"443", "8000-8002"})
	assert.Equal(t, []int{443, 8000, 8001, 8002}, read.ports())
	assert.Equal(t, "443, 8000-8002", read.String())
	for port, held := range map[int]bool{442: false, 443: true, 444: false, 7999: false, 8000: true, 8002: true, 8003: false} {
		assert.Equal(t, held, read.hold(port), port)
	}
	assert.Equal(t, "80, 82-84", collect([]int{84, 82, 80, 83, 82}).String())
	for _, wrong := range []string{"", "http", "0", "65536", "9-8", "8000-"} {
		assert.Panics(t, func() { ranges([]string{wrong}) }, wrong)
	}
}
