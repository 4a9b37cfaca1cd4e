package image

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// anchorLine is the line of the stack file that sections are put in front of.
const anchorLine = "  platform:metallb:\n"

// allowOlder takes auth-service back.
var allowOlder = Edit{Stack: "k3s", Service: "auth-service", Tag: tagOlder, AllowOlder: "log-ins: fail # again"}

// TestConsent compares the whole file with what it should be.
func TestConsent(t *testing.T) {
	const (
		other   = "gateway: \"" + tagNow + "\""
		mine    = "auth-service: \"" + tagOlder + "\""
		reason  = " # log-ins: fail # again"
		heading = "  platform:rollback: # older images that are meant\n"
	)
	newer := Edit{Stack: "k3s", Service: "auth-service", Tag: tagNewer}
	for name, tc := range map[string]struct {
		edit          Edit
		before, after string // the section; empty: none
		told          string
	}{
		"into a block": {
			allowOlder, "  platform:rollback: # why\n    # first\n    " + other + " # x\n",
			"  platform:rollback: # why\n    # first\n    " + other + " # x\n    " + mine + reason + "\n", "consents to the older " + tagOlder,
		},
		"in the place of a stale one": {
			allowOlder, "  platform:rollback:\n    auth-service: " + tagNow + "   # was so\n    " + other + "\n",
			"  platform:rollback:\n    " + mine + reason + "\n    " + other + "\n", "consents to",
		},
		"into braces": {
			allowOlder, "  platform:rollback: {" + other + "}\n",
			"  platform:rollback: {" + other + ", " + mine + "} # auth-service: log-ins: fail # again\n", "consents to",
		},
		"into commented braces": {
			allowOlder, "  platform:rollback: {" + other + "} # gateway: x\n",
			"  platform:rollback: {" + other + ", " + mine + "} # gateway: x; auth-service: log-ins: fail # again\n", "consents to",
		},
		"out of a block": {
			newer, "  platform:rollback:\n    # first\n    " + other + " # x\n    auth-service: " + tagNow + " # y\n",
			"  platform:rollback:\n    # first\n    " + other + " # x\n", "its consent to " + tagNow + " is taken out",
		},
		"the last out of a block": {newer, "  platform:rollback:\n    auth-service: '" + tagNow + "' # y\n", "", "is taken out"},
		"out of braces": {
			newer, "  platform:rollback: {auth-service: \"" + tagNow + "\", " + other + "} # z\n",
			"  platform:rollback: {" + other + "} # z\n", "is taken out",
		},
		"the last out of braces": {newer, "  platform:rollback: {auth-service: \"" + tagNow + "\"}\n", "", "is taken out"},
		"of others stays":        {newer, "  platform:rollback: {" + other + "}\n", "  platform:rollback: {" + other + "}\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			file := stackFile(t, "k3s")
			result, err := tc.edit.Apply([]byte(replaceOnce(t, file, anchorLine, tc.before+anchorLine)))
			require.NoError(t, err)
			want := replaceOnce(t, file, anchorLine, tc.after+anchorLine)
			assert.Equal(t, replaceOnce(t, want, "ecloud-auth:"+tagNow, "ecloud-auth:"+tc.edit.Tag), string(result.Content))
			if tc.told == "" {
				assert.Empty(t, result.Consent)
			}
			assert.Contains(t, result.Consent, tc.told)
		})
	}

	section := heading + "    " + mine + reason + "\n"
	image := func(text string) string { return replaceOnce(t, text, "ecloud-auth:"+tagNow, "ecloud-auth:"+tagOlder) }
	file := stackFile(t, "k3s")
	for name, tc := range map[string][2]string{
		"at the end":              {file, image(file) + section},
		"behind a line of no end": {strings.TrimRight(file, "\n"), image(file) + section},
		"in front of what follows": {
			file + "# of the engine\n\nencryptionsalt: v1:x\n", image(file) + section + "# of the engine\n\nencryptionsalt: v1:x\n",
		},
		"behind what is in front": {"encryptionsalt: v1:x\n" + file, "encryptionsalt: v1:x\n" + image(file) + section},
		"with the ends of lines":  {strings.ReplaceAll(file, "\n", "\r\n"), strings.ReplaceAll(image(file)+section, "\n", "\r\n")},
	} {
		t.Run(name, func(t *testing.T) {
			result, err := allowOlder.Apply([]byte(tc[0]))
			require.NoError(t, err)
			assert.Equal(t, tc[1], string(result.Content))
		})
	}
}

// A rollback, the same again, and the next image: consents do not stay behind.
func TestRollbackAndOn(t *testing.T) {
	before := stackFile(t, "k3s")
	back, err := allowOlder.Apply([]byte(before))
	require.NoError(t, err)
	repeated := allowOlder
	repeated.AllowOlder = "another reason"
	again, err := repeated.Apply(back.Content)
	require.NoError(t, err)
	assert.False(t, again.Changed)
	same, err := Edit{Stack: "k3s", Service: "auth-service", Tag: tagOlder}.Apply(back.Content)
	require.NoError(t, err)
	assert.False(t, same.Changed)
	on, err := Edit{Stack: "k3s", Service: "auth-service", Tag: tagNow}.Apply(back.Content)
	require.NoError(t, err)
	assert.Equal(t, before, string(on.Content))
}

// The cluster may run a newer image than the file says, so consent is given to
// what the file does not know to be older.
func TestConsentToTheSameTag(t *testing.T) {
	result, err := Edit{Stack: "k3s", Service: "gateway", Tag: tagNow, AllowOlder: "deployed by hand"}.Apply([]byte(stackFile(t, "k3s")))
	require.NoError(t, err)
	assert.Equal(t, result.Old, result.New)
	assert.Equal(t, stackFile(t, "k3s")+"  platform:rollback: # older images that are meant\n    gateway: \""+tagNow+"\" # deployed by hand\n", string(result.Content))
}

// An image without a time in its tag has no entry to consent with.
func TestOlderVersionIsAllowed(t *testing.T) {
	before := stackFile(t, "prod")
	result, err := Edit{Stack: "prod", Service: "backend", Tag: "v0.9.0", AllowOlder: "errors"}.Apply([]byte(before))
	require.NoError(t, err)
	assert.Equal(t, replaceOnce(t, before, "backend:v1.0.0", "backend:v0.9.0"), string(result.Content))
	assert.Empty(t, result.Consent)
}

func TestConsentInOtherForms(t *testing.T) {
	for name, section := range map[string]string{
		"braces on lines": "  platform:rollback: {\n    gateway: \"" + tagNow + "\"}\n",
		"no map":          "  platform:rollback: x\n",
		"empty":           "  platform:rollback:\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := allowOlder.Apply([]byte(replaceOnce(t, stackFile(t, "k3s"), anchorLine, section+anchorLine)))
			require.ErrorContains(t, err, "edit it by hand")
		})
	}
}
