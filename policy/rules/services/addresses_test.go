package services

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestBlockOf(t *testing.T) {
	for text, want := range map[string]string{
		"10.0.0.1-10.0.0.9": "10.0.0.1-10.0.0.9", "10.0.0.1 - 10.0.0.1": "10.0.0.1-10.0.0.1",
		"10.0.0.7/30": "10.0.0.4-10.0.0.7", "10.0.0.7/32": "10.0.0.7-10.0.0.7", "0.0.0.0/0": "0.0.0.0-255.255.255.255",
		"fd00::/126":        "fd00::-fd00::3",
		"10.0.0.9-10.0.0.1": "", "10.0.0.1": "", "10.0.0.1-fd00::1": "", "": "", "10.0.0.0/33": "", "a-b": "",
	} {
		got, ok := blockOf(text)
		assert.Equal(t, want != "", ok, text)
		if ok {
			assert.Equal(t, want, got.first.String()+"-"+got.last.String())
		}
	}
}

func TestBlock(t *testing.T) {
	within, _ := blockOf("10.0.0.4-10.0.0.9")
	for text, held := range map[string]bool{"10.0.0.3": false, "10.0.0.4": true, "10.0.0.9": true, "10.0.0.10": false, "fd00::1": false} {
		assert.Equal(t, held, within.holds(netip.MustParseAddr(text)), text)
	}
	for text, overlaps := range map[string]bool{
		"10.0.0.1-10.0.0.3": false, "10.0.0.1-10.0.0.4": true, "10.0.0.9-10.0.0.20": true, "10.0.0.10-10.0.0.20": false,
		"10.0.0.5-10.0.0.6": true, "10.0.0.0/8": true, "::/0": false,
	} {
		other, _ := blockOf(text)
		assert.Equal(t, overlaps, within.overlaps(other), text)
		assert.Equal(t, overlaps, other.overlaps(within), text)
	}
}
