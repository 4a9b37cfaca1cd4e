package scan

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/secret"
)

const (
	value  = `p@ss "w<o>rd"&\|/%é`
	random = "tK7pQ2mX9vR4bN8cW3jL6hD5"
)

func asJSON(text string) string {
	b, _ := json.Marshal(text)
	return strings.Trim(string(b), `"`)
}

// comment is one with a line in the diff of a resource.
func comment(l string) string {
	return "<!-- platform-review a -->\n## ▲ Review: x\n\n### Changes, resource by resource\n\n<details><summary>Stack <code>dev</code>: 1 update</summary>\n\n" +
		"**update** `ConfigMap co2/settings`\n\n```diff\n" + l + "\n```\n\n</details>\n"
}

func TestFindsKnownValues(t *testing.T) {
	b64 := base64.StdEncoding
	for name, text := range map[string]string{
		"raw": value, "base64": b64.EncodeToString([]byte(value)), "base64 for addresses": base64.RawURLEncoding.EncodeToString([]byte(value)),
		"within base64": b64.EncodeToString([]byte("user:" + value + ":and more")), "one further": b64.EncodeToString([]byte("users:" + value + "!")), "two further": b64.EncodeToString([]byte("a users:" + value)),
		"in a query": "https://a.example/?q=" + url.QueryEscape(value), "in a path": "https://a.example/" + url.PathEscape(value), "in small letters": strings.ToLower(url.QueryEscape(value[:5])) + url.QueryEscape(value[5:]),
		"JSON": asJSON(value), "JSON in JSON": asJSON(asJSON(value)), "hexadecimal": hex.EncodeToString([]byte(value)), "capital digits": strings.ToUpper(hex.EncodeToString([]byte(value))),
		"escapes of Markdown": `p\@ss \"w\<o\>rd\"\&\\\|/\%é`, "code": "`p@ss` \"`w<o>rd\"&\\\\`&#124;`/%é`", "HTML": `p@ss &quot;w&lt;o&gt;rd&quot;&amp;\|/%é`, "numbers of letters": `&#112;&#x40;ss "w&lt;o&gt;rd"&amp;\|/%é`,
		"without width": "p@s\u200bs \u2060\"w<o>rd\"\ufeff&\\|/%é", "a soft hyphen": "p@ss\u00ad \"w<o>rd\"&\\|/%é", "shown by number": "p@⟨U+200B⟩ss \"w<o>rd\"&\\|/%é", "turned": "p@ss \u202e\"w<o>rd\"&\\|/%é",
		"on two lines": "p@ss\n+ \"w<o>rd\"&\\|/%é", "weight": "p@**ss** \"w<o>rd\"&\\|/%é", "tags": "p@ss \"w&lt;o&gt;<b>rd</b>\"&amp;\\|/%é",
	} {
		hits := Find(comment("+ data.greeting: "+text), secret.NewKnown("other value", value, ""))
		if assert.NotEmpty(t, hits, name) {
			assert.Equal(t, Hit{Line: 11, What: "has the value of a known secret", Stack: "dev", Resource: "ConfigMap co2/settings", Path: "data.greeting"}, hits[0], name)
		}
	}
}

func TestFormsThatDifferForFewValues(t *testing.T) {
	const odd = "???>>>~~~ÿÿÿ"
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		assert.Len(t, Find(comment("+ data.a: "+encoding.EncodeToString([]byte(odd))), secret.NewKnown(odd)), 1)
	}
	for _, text := range []string{`a\tb <c> & d`, `a\tb \u003cc\u003e \u0026 d`} { // JSON with and without the signs of HTML
		assert.Len(t, Find(comment("+ data.a: "+text), secret.NewKnown("a\tb <c> & d")), 1, text)
	}
}

func TestSplitQuotesOfYAML(t *testing.T) {
	assert.Len(t, Find(comment("+ data.a: 'it''s a secret'"), secret.NewKnown("it's a secret")), 1)
}

func TestLinesOfAKnownValue(t *testing.T) {
	known := "first line\nabcdefghijklmnop\nqrstuvwxyzabcdef\n"
	assert.Len(t, Find(comment("+ data.a: |\n+     qrstuvwxyzabcdef\n+     first"), secret.NewKnown(known)), 1)
}

func TestShortKnownValues(t *testing.T) {
	for l, want := range map[string]int{"+ data.a: dev": 1, `+ data.a: "dev"`: 1, "+ data.a: developer": 0, "+ data.dev: x": 0, "+ data.a: my dev": 0, "+ dev: : x": 0} {
		assert.Len(t, Find(comment(l), secret.NewKnown("dev")), want, l)
	}
	assert.Empty(t, Find(comment("+ data.a: b"), secret.NewKnown("", " ", "\n")))
}

func TestFindsWhatLooksSecret(t *testing.T) {
	for l, what := range map[string]string{
		"+ data.a: " + random:                                                         "holds a random text, as passwords and keys are",
		"- data.a: ghp_" + strings.Repeat("Ab1", 12):                                  "looks like a token of GitHub",
		"+ data.a: ghp_\u200b" + strings.Repeat("Ab1", 12):                            "looks like a token of GitHub",
		"+ data.a: |\n+     -----BEGIN " + "RSA PRIVATE KEY-----":                     "looks like a private key",
		"+ data.url: postgres://user:hunter2@db/app":                                  "looks like a URL with a password",
		"+ data.password: " + strings.Repeat("0a1b", 8):                               "has a random number under a secret's name",
		"+ data.tokenDigest: " + random:                                               "holds a random text, as passwords and keys are",
		"+ data[\"checksum/" + random + "\"]: a":                                      "holds a random text, as passwords and keys are",
		"+ data.passwordHash: " + random:                                              "holds a random text, as passwords and keys are",
		"+ data[\"" + random + "\"]: a":                                               "holds a random text, as passwords and keys are",
		"+ metadata.annotations[\"checksum/config\"]: postgres://user:hunter2@db/app": "looks like a URL with a password",
	} {
		hits := Find(comment(l), nil)
		if assert.Len(t, hits, 1, l) {
			assert.Equal(t, what, hits[0].What, l)
			assert.Equal(t, "ConfigMap co2/settings", hits[0].Resource)
		}
	}
}

func TestPublicTextsAreNoHits(t *testing.T) {
	sum := make([]byte, 48)
	for i := range sum {
		sum[i] = byte(i*i*37 + i*101 + 89)
	}
	standard := base64.StdEncoding.EncodeToString(sum)
	for _, l := range []string{
		"+ spec.template.spec.containers[0].image: ghcr.io/epfl/backend@sha256:" + hex.EncodeToString(sum[:32]),
		"+ metadata.annotations[\"platform/revision\"]: 0123456789abcdef", "+ metadata.annotations[\"checksum/config\"]: " + standard, "+ metadata.annotations[\"example.org/config-hash\"]: " + standard,
		"+ metadata.uid: 6F2F4C5E-1a1b-4222-8333-444455556666", "  urn:pulumi:dev::platform::platform:components:Redis$kubernetes:apps/v1:Deployment::redis-Xy12",
		"commit be18446c0ffee0123456789abcdef0123456789a", "+ spec.secretName: backend-secrets", "+ data.password: [secret]", "! data.password: [secret changed]", "+ data.token: (known after the deployment)",
		"+ data[\"ca.crt\"]: |\n+     -----BEGIN CERTIFICATE-----\n+     " + standard + "\n+     " + standard + "\n+     -----END CERTIFICATE-----",
		"+ spec.conversion.webhook.clientConfig.caBundle: " + standard, "+ data.key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA" + standard,
	} {
		assert.Empty(t, Find(comment(l), nil), l)
	}
	// What follows a certificate is checked again.
	assert.Len(t, Find(comment("+ data.a: |\n+     -----BEGIN CERTIFICATE-----\n+     "+standard+"\n+     -----END CERTIFICATE-----\n+ data.b: "+random), nil), 1)
	assert.Len(t, Find(comment("+ data.a: |\n+     -----BEGIN CERTIFICATE-----\n")+comment("+ data.b: "+random), nil), 1)
}

// A Job's name ends in a digest, and one that Pulumi chose in random digits:
// none of them may hold a comment back.
func TestNamesOfObjectsAreNoHits(t *testing.T) {
	for i := range 2000 {
		sum := sha256.Sum256([]byte(strconv.Itoa(i)))
		long, short := hex.EncodeToString(sum[:8]), hex.EncodeToString(sum[8:12])
		for _, l := range []string{
			"| `dev` | advisory | `a-rule` | `Job/co2/postgres-init-" + long + "` | `Job/postgres-init-" + long + "` container wait, its tag may move |\n",
			"| `dev` | `ServiceAccount/co2-calculator-dev/edge-" + short + "` | **delete** | |\n", "Role/co2-calculator-dev/edge-" + short + ": a rule\n",
		} {
			require.Empty(t, Find(l, nil), l)
		}
	}
	assert.Len(t, Find("| `dev` | `Job/postgres-init-"+random+"` |\n", nil), 1)
	assert.Len(t, Find("| `dev` | `Job/a-0123456789abcdef` | `"+random+"` |\n", nil), 1)
}

func TestHitsHoldNoValue(t *testing.T) {
	text := comment("+ data[\""+random+"\"]: "+value) + strings.ReplaceAll(comment("+ data."+value+": a"), "co2/settings", "co2/"+random)
	hits := Find(text, secret.NewKnown(value))
	require.Len(t, hits, 3)
	shown := fmt.Sprintf("%+v", hits)
	for _, one := range []string{value, random, "p@ss", "rd\""} {
		assert.NotContains(t, shown, one)
	}
}

// A name that was taken from a line with a secret may be a part of it.
func TestNamesFromALineWithASecretAreHidden(t *testing.T) {
	text := strings.Replace(comment("+ data.a: "+random), "`ConfigMap co2/settings`", "`ConfigMap violet` `umbra`", 1)
	hits := Find(text, secret.NewKnown("violet umbra"))
	require.Len(t, hits, 2)
	for _, h := range hits {
		assert.Equal(t, hidden, h.Resource)
		assert.Equal(t, "dev", h.Stack)
	}
	hits = Find("| `vio`&#124;`let-umbra` | `a` |\n", secret.NewKnown("vio|let-umbra"))
	require.Len(t, hits, 1)
	assert.Equal(t, hidden, hits[0].Stack)
	hits = Find("| `dev` | `vio`&#124;`let-umbra` |\n", secret.NewKnown("vio|let-umbra"))
	require.Len(t, hits, 1)
	assert.Equal(t, "dev", hits[0].Stack)
}

func TestCodeOf(t *testing.T) {
	for text, want := range map[string]string{"`a b` c": "a b", "`` a`b `` c": "a`b", "`a": "a", "`": ""} {
		assert.Equal(t, want, codeOf(text), text)
	}
}

func TestFindsNothingInNothing(t *testing.T) {
	assert.Empty(t, Find("", nil))
	assert.Empty(t, Find("", secret.NewKnown(value)))
	assert.Empty(t, Find("<", secret.NewKnown(value)))
	assert.Empty(t, Find("&\\", secret.NewKnown(value)))
}

func FuzzFind(f *testing.F) {
	for _, text := range []string{"", value, random, "<details>", "&#", "⟨U+200B⟩", "`", "-->", "\n+ "} {
		f.Add(text, value)
	}
	const words = hidden + " has the value of a known secret"
	f.Fuzz(func(t *testing.T, text, planted string) {
		if len(planted) < 6 || strings.TrimSpace(planted) == "" || strings.Contains(words, planted) {
			return
		}
		require.NotEmpty(t, Find(text+"\n+ a: "+planted, secret.NewKnown(planted)))
		for _, h := range Find(text, secret.NewKnown(planted)) {
			require.NotContains(t, h.What+h.Stack+h.Resource+h.Path, planted)
		}
	})
}
