package secret

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// planted is a value that no pattern would find, and long enough that base64 of
// it has several lines.
const planted = `violet umbra "of" <the> & café/%; lantern|harbour orchard meadow willow`

func asJSON(text string) string {
	b, _ := json.Marshal(text)
	return strings.Trim(string(b), `"`)
}

// wrapped is a text in lines of a width, as base64 and openssl write it.
func wrapped(text string, width int, indent string) string {
	return regexp.MustCompile(fmt.Sprintf(".{1,%d}", width)).ReplaceAllString(text, "$0\n"+indent)
}

// encodings are spellings of a value, each of which a reader can turn back.
func encodings(value string) map[string]string {
	b64 := base64.StdEncoding.EncodeToString
	return map[string]string{
		"as it is": value, "base64": b64([]byte(value)), "base64 for addresses": base64.RawURLEncoding.EncodeToString([]byte(value)),
		"within base64": b64([]byte("user:" + value + ":and more")), "one further": b64([]byte("users:" + value + "!")), "two further": b64([]byte("a users:" + value)),
		"base64 of base64": b64([]byte(b64([]byte(value)))), "base64 in lines of 76": wrapped(b64([]byte(value)), 76, "    "), "base64 in lines of 64": wrapped(b64([]byte(value)), 64, ""),
		"JSON": asJSON(value), "JSON in JSON": asJSON(asJSON(value)), "a query": url.QueryEscape(value), "a path": url.PathEscape(value), "an escaped base64": url.QueryEscape(b64([]byte(value))),
		"hexadecimal": hex.EncodeToString([]byte(value)), "capital digits": strings.ToUpper(hex.EncodeToString([]byte(value))),
		"on two lines": strings.Replace(value, " umbra", "\n     umbra", 1), "colors": strings.Replace(value, "umbra", "\x1b[31mum\x1b[0mbra", 1), "HTML": strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;", `"`, "&#34;").Replace(value),
		"Markdown": strings.NewReplacer("|", `\|`, "<", `\<`, "&", `\&`).Replace(value),
	}
}

func TestHideTakesOutAValueInEverySpelling(t *testing.T) {
	known := NewKnown("another one", planted)
	for name, text := range encodings(planted) {
		hidden := known.Hide("before\ndata.a: " + text + "\nafter")
		assert.Contains(t, hidden, Shown, name)
		assert.True(t, strings.HasPrefix(hidden, "before\ndata.a: "), "%s: %s", name, hidden)
		assert.True(t, strings.HasSuffix(hidden, "after"), "%s: %s", name, hidden)
		assert.NotRegexp(t, `umbra|harbour|meadow`, hidden, name)
		assert.True(t, known.Holds(text), name)
		assert.False(t, known.Holds(hidden), "%s: %s", name, hidden)
	}
}

func TestHideKeepsWhatIsBesides(t *testing.T) {
	const long = "correct horse battery"
	for text, want := range map[string]string{
		"":                          "",
		"x " + long + "y":           "x [secret]y",
		long + long + " z":          "[secret] z",
		"a\n  correct\n  horse b":   "a\n  correct\n  horse b",
		"a: correct\n  horse bat":   "a: correct\n  horse bat",
		"correct\n  horse\nbattery": "[secret]\n  [secret]\n[secret]",
		`port "ab", about, 'ab'`:    `port "[secret]", about, '[secret]'`,
		"a: ab\nb: abc":             "a: [secret]\nb: abc",
	} {
		assert.Equal(t, want, NewKnown(long, "ab", "", " ", Shown).Hide(text), text)
	}
	var none *Known
	assert.Equal(t, long, none.Hide(long))
	assert.Equal(t, long, (&Known{}).Hide(long))
}

func TestLinesOfAKeyAreValues(t *testing.T) {
	known := NewKnown("-----BEGIN THING-----\nabcdefghijklmnop\nqrstuvwxyzabcdef\n-----END THING-----\n")
	assert.Equal(t, "a [secret]", known.Hide("a qrstuvwxyzabcdef"))
	assert.Equal(t, "-----BEGIN THING-----", known.Hide("-----BEGIN THING-----"), "which any key has")
}

// What lies in Secrets beside passwords stands all over a platform.
func TestOfState(t *testing.T) {
	secret := func(value any) map[string]any {
		plain, err := json.Marshal(value)
		require.NoError(t, err)
		return map[string]any{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": string(plain)}
	}
	b64 := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	export, err := json.Marshal(map[string]any{"deployment": map[string]any{"resources": []any{
		map[string]any{
			"type":    "kubernetes:core/v1:Secret",
			"inputs":  map[string]any{"data": secret(map[string]string{"password": b64("lowercase"), "user": b64("postgres"), "host": b64("postgres.co2.svc:5432"), "url": b64("redis://redis:6379/0"), "conf": b64("a Long line\nAnother 1 of it")})},
			"outputs": map[string]any{"data": map[string]any{"pin": secret("1234"), "token": secret("abcdef"), "key": secret("4711-Violet")}, "metadata": map[string]any{"name": "plain-Name"}},
		},
		map[string]any{"type": "random:index/randomPassword:RandomPassword", "outputs": map[string]any{"result": secret("deadbeefdeadbeef"), "length": 16.0}},
	}}})
	require.NoError(t, err)
	values, err := OfState(export)
	require.NoError(t, err)
	for _, want := range []string{"lowercase", "a Long line\nAnother 1 of it", "abcdef", "4711-Violet", "deadbeefdeadbeef"} {
		assert.Contains(t, values, want)
	}
	for _, ordinary := range []string{"postgres", "postgres.co2.svc:5432", "redis://redis:6379/0", "1234", "plain-Name", "16"} {
		assert.NotContains(t, values, ordinary)
	}
	_, err = OfState([]byte("no"))
	assert.Error(t, err)
}

func TestOfEnvironment(t *testing.T) {
	values := OfEnvironment([]string{
		"DB_PASSWORD=correct-horse", "PULUMI_CONFIG_PASSPHRASE=a passphrase", "my_token=0123456789", "AWS_SECRET_ACCESS_KEY=abcdefgh", "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID=12345678",
		"DATABASE_URL=postgres://app:hunter2@db/app", "LOG=ghp_" + strings.Repeat("Ab1", 12), "HOME=/home/somebody", "TOKEN_TTL=60", "PASSWORD=", "EMPTY",
		"SECRET=backend-secrets/SECRET_KEY", "SECRETS=generated", "SECRET=Correct-Horse", "MY_SECRET=backend-secrets",
	})
	assert.ElementsMatch(t, []string{
		"correct-horse", "a passphrase", "0123456789", "abcdefgh", "12345678", "hunter2", "postgres://app:hunter2@db/app", "Correct-Horse", "backend-secrets", "ghp_" + strings.Repeat("Ab1", 12),
	}, values)
}

func TestMarked(t *testing.T) {
	text := resource.NewStringProperty
	output := func(secret bool, element resource.PropertyValue) resource.PropertyMap {
		return resource.PropertyMap{"a": resource.NewOutputProperty(resource.Output{Known: true, Secret: secret, Element: element}), "b": text("open")}
	}
	assert.Equal(t, []string{"hidden!"}, Marked(output(true, text("hidden!"))))
	assert.ElementsMatch(t, []string{"hidden!", "open"}, Marked(resource.PropertyMap{"c": resource.MakeSecret(resource.NewObjectProperty(output(false, text("hidden!"))))}))
	assert.Equal(t, []string{"aGlkZGVu", "hidden"}, Marked(output(true, text("aGlkZGVu"))), "as it reads in a Secret")
	assert.Equal(t, []string{"12345678"}, Marked(output(true, resource.NewNumberProperty(12345678))))
	assert.Empty(t, Marked(output(false, text("open"))))
	assert.Empty(t, Marked(resource.PropertyMap{"a": resource.NewOutputProperty(resource.Output{Secret: true})}), "not known")
}

func TestHalvesAreWhatOneSideOfAChangeShows(t *testing.T) {
	state := func(inputs, outputs map[string]any) *apitype.StepEventStateMetadata {
		return &apitype.StepEventStateMetadata{Inputs: inputs, Outputs: outputs}
	}
	for name, tc := range map[string]struct {
		old, now *apitype.StepEventStateMetadata
		want     []string
	}{
		"becomes secret":      {state(map[string]any{"a": "was", "b": "open"}, nil), state(map[string]any{"a": Shown, "b": "other"}, nil), []string{"was"}},
		"is one no longer":    {state(map[string]any{"a": Shown}, nil), state(map[string]any{"a": 12345678.0}, nil), []string{"12345678"}},
		"known by outputs":    {state(map[string]any{"a": "was"}, map[string]any{"a": Shown}), state(map[string]any{"a": "is"}, nil), []string{"is", "was"}},
		"a list that shifts":  {state(map[string]any{"a": []any{"x", Shown}}, nil), state(map[string]any{"a": []any{"new", "x"}}, nil), []string{"new"}},
		"secret on both":      {state(map[string]any{"a": Shown}, nil), state(map[string]any{"a": Shown}, nil), nil},
		"base64 of a Secret":  {state(map[string]any{"a": "aGlkZGVu"}, nil), state(map[string]any{"a": Shown}, nil), []string{"aGlkZGVu", "hidden"}},
		"nothing was there":   {nil, state(map[string]any{"a": Shown}, nil), nil},
		"nothing is a secret": {state(map[string]any{"a": "b"}, nil), state(map[string]any{"a": "c"}, nil), nil},
	} {
		assert.ElementsMatch(t, tc.want, PlacesOf(tc.old, tc.now).Halves(tc.old, tc.now), name)
	}
}

func TestCleanTakesOutWhatLooksSecret(t *testing.T) {
	token := "ghp_" + strings.Repeat("Ab1", 12)
	const random = "tK7pQ2mX9vR4bN8cW3jL6hD5"
	for text, want := range map[string]string{
		"a\nerror: " + token + "\nb":                     "a\n[secret]\nb",
		"\x1b[31m+ url: https://u:hunter2@db\x1b[0m\r\n": "[secret]\r\n",
		"+ data.a: " + random:                            "[secret]",
		"+ " + random + ": a":                            "[secret]",
		"+ checksum/config: " + random:                   "+ checksum/config: " + random,
		"image: a@sha256:" + strings.Repeat("0a1b", 16):  "image: a@sha256:" + strings.Repeat("0a1b", 16),
		"password: " + strings.Repeat("0a1b", 8):         "[secret]",
		"-----BEGIN CERTIFICATE-----\n" + random + "\n-----END CERTIFICATE-----\n" + random: "-----BEGIN CERTIFICATE-----\n" + random + "\n-----END CERTIFICATE-----\n[secret]",
	} {
		assert.Equal(t, want, (&Known{}).Clean(text), text)
	}
}

// What real stacks are made of must not be taken for a secret.
func TestCleanLeavesRealStacksAlone(t *testing.T) {
	var files []string
	for _, pattern := range []string{"../../tests/testdata/golden/*.yaml", "../../tools/review/testdata/golden/*.json", "../../Pulumi.*.yaml"} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, found, pattern)
		files = append(files, found...)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		before, after := strings.Split(string(text), "\n"), strings.Split(NewKnown(planted).Clean(string(text)), "\n")
		require.Len(t, after, len(before), file)
		for i := range before {
			assert.Equal(t, before[i], after[i], "%s:%d", file, i+1)
		}
	}
}
