package engine

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// The forms of flags that pulumi's help has.
const (
	helpOfPreview = `
Flags:
  -c, --config stringArray                      Config to use during the preview
  -d, --debug                                   Print detailed debugging output
  -m, --message string                          Optional message
  -r, --refresh string[="true"]                 Refresh the state
      --target stringArray                      Specify a single resource URN to update

Global Flags:
      --color string                 Colorize output. Choices are: always, --never
`
	helpOfUp = helpOfPreview + `
      --continue-on-error                       Continue updating resources
      --secrets-provider string                 The type of the provider
      --suppress-permalink string[="false"]     Suppress display
  -x, --exclusive string                        Of up alone
`
)

func TestFlagsThatOnlyUpKnowsReachNoPreview(t *testing.T) {
	both, one := flagsOf(helpOfPreview), flagsOf(helpOfUp)
	assert.Equal(t, map[string]bool{"-c": true, "--config": true, "-d": false, "--debug": false, "-m": true, "--message": true, "-r": false, "--refresh": false, "--target": true, "--color": true}, both)
	for name, tc := range map[string]struct{ args, want []string }{
		"none":             {nil, nil},
		"of both":          {[]string{"--refresh", "-c", "platform:a=b", "--target=x", "-mtext", "--debug"}, []string{"--refresh", "-c", "platform:a=b", "--target=x", "-mtext", "--debug"}},
		"of up":            {[]string{"--continue-on-error"}, nil},
		"between others":   {[]string{"--refresh", "--continue-on-error", "--message", "--continue-on-error"}, []string{"--refresh", "--message", "--continue-on-error"}},
		"with a value":     {[]string{"--secrets-provider", "passphrase", "--debug"}, []string{"--debug"}},
		"joined":           {[]string{"--secrets-provider=passphrase", "--suppress-permalink", "--debug"}, []string{"--debug"}},
		"by its letter":    {[]string{"-x", "value", "-d"}, []string{"-d"}},
		"letter and value": {[]string{"-xvalue", "-d"}, []string{"-d"}},
		"of neither":       {[]string{"--targt", "urn"}, []string{"--targt", "urn"}},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tc.want, common(tc.args, both, one)) })
	}
}
