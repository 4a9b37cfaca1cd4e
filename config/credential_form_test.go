package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMadeUpIsWhatAValueWasFormedOf(t *testing.T) {
	const text = "Zk3vLq8TnW1xYb6RsD0mEo5UcHj2AgPf"
	for _, format := range []CredentialFormat{FormatText, FormatURL, FormatDockerConfigJSON, FormatHex} {
		made, is := format.MadeUp(format.Formed(text))
		assert.True(t, is, format)
		assert.Equal(t, text, made, format)
	}
	for name, c := range map[string]struct {
		format CredentialFormat
		value  string
	}{
		"nothing":                     {FormatText, ""},
		"somebody's address":          {FormatURL, "https://hooks.example.org/T1/" + text},
		"somebody's log-in":           {FormatDockerConfigJSON, `{"auths":{"ghcr.io":{"username":"u","password":"p","auth":"dTpw"}}}`},
		"a log-in beside the made-up": {FormatDockerConfigJSON, `{"auths":{"made-up.invalid":{"username":"made-up","password":"p","auth":"bWFkZS11cDpw"},"ghcr.io":{}}}`},
		"no log-in at all":            {FormatDockerConfigJSON, "x"},
		"no digits":                   {FormatHex, "xyz"},
	} {
		t.Run(name, func(t *testing.T) {
			_, is := c.format.MadeUp(c.value)
			assert.False(t, is)
		})
	}
}
