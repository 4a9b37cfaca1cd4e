package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pemOf is a certificate, its key in three encodings, and keys that are no use.
func pemOf(t *testing.T) map[string]string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	ec, err := x509.MarshalECPrivateKey(key)
	require.NoError(t, err)
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	require.NoError(t, err)
	old, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	encode := func(kind string, bytes []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}))
	}
	return map[string]string{
		"certificate": encode("CERTIFICATE", certificate),
		"pkcs8":       encode("PRIVATE KEY", pkcs8),
		"ec":          encode("EC PRIVATE KEY", ec),
		"rsa":         encode("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(old)),
		"public":      encode("PUBLIC KEY", public),
		"parameters":  encode("EC PARAMETERS", []byte{6, 8}),
		"encrypted":   encode("ENCRYPTED PRIVATE KEY", pkcs8),
		"no key":      encode("PRIVATE KEY", []byte("marked-part")),
		"no cert":     encode("CERTIFICATE", []byte("marked-part")),
	}
}

func dockerAuth(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func TestSecretValueCheck(t *testing.T) {
	block := pemOf(t)
	const outside, unreadable = "holds text outside its PEM blocks", "is not PEM: a block is incomplete or not base64"
	const noLogin = `has a log-in that is neither "auth", the base64 of user:password, nor "username" and "password"`
	for name, tc := range map[string]struct {
		value SecretValue
		text  string
		want  string // "" means accepted
	}{
		"text":                   {SecretValue{Format: FormatText}, "a marked-part", ""},
		"no form is text":        {SecretValue{}, "marked-part", ""},
		"empty":                  {SecretValue{}, "", "is blank"},
		"empty and optional":     {SecretValue{Optional: true, MinLength: 8, Format: FormatURL}, "", ""},
		"blank":                  {SecretValue{}, " \t\n", "is blank"},
		"blank and optional":     {SecretValue{Optional: true}, " ", "is blank"},
		"NUL":                    {SecretValue{}, "marked-part\x00b", "holds a NUL character"},
		"NUL at the end":         {SecretValue{}, "marked-part\x00", "holds a NUL character"},
		"leading blank":          {SecretValue{}, " marked-part", "begins or ends with white space"},
		"final newline":          {SecretValue{}, "marked-part\n", "begins or ends with white space"},
		"final no-break space":   {SecretValue{}, "marked-part\u00a0", "begins or ends with white space"},
		"as long as the floor":   {SecretValue{MinLength: 4}, "žluť", ""},
		"characters, not bytes":  {SecretValue{MinLength: 5}, "žluť", "is shorter than 5 characters"},
		"optional and too short": {SecretValue{Optional: true, MinLength: 5}, "abcd", "is shorter than 5 characters"},
		"unknown form":           {SecretValue{Format: "toml"}, "marked-part", `is declared to have the unknown form "toml"`},

		"url":                {SecretValue{Format: FormatURL}, "postgres://u:marked-part@db:5432/x?sslmode=require", ""},
		"url of one word":    {SecretValue{Format: FormatURL}, "marked-part", "is not a URL with a scheme and a host"},
		"url without scheme": {SecretValue{Format: FormatURL}, "//marked-part/x", "is not a URL with a scheme and a host"},
		"url without host":   {SecretValue{Format: FormatURL}, "https:///marked-part", "is not a URL with a scheme and a host"},
		"url with port only": {SecretValue{Format: FormatURL}, "https://:443/marked-part", "is not a URL with a scheme and a host"},
		"opaque url":         {SecretValue{Format: FormatURL}, "mailto:marked-part", "is not a URL with a scheme and a host"},
		"url that url.Parse quotes": {
			SecretValue{Format: FormatURL},
			"https://u:%zzmarked-part@h",
			"is not a URL with a scheme and a host",
		},
		"url with a blank": {SecretValue{Format: FormatURL}, "https://h/marked-part x", "is not a URL with a scheme and a host"},

		"json":               {SecretValue{Format: FormatJSON}, `{"a":"marked-part"}`, ""},
		"json string":        {SecretValue{Format: FormatJSON}, `"marked-part"`, ""},
		"json cut off":       {SecretValue{Format: FormatJSON}, `{"a":"marked-part"`, "is not JSON"},
		"two values of json": {SecretValue{Format: FormatJSON}, `{} {"marked-part":1}`, "is not JSON"},

		"certificate":           {SecretValue{Format: FormatPEM}, block["certificate"], ""},
		"no final newline":      {SecretValue{Format: FormatPEM}, strings.TrimSpace(block["certificate"]), ""},
		"windows line ends":     {SecretValue{Format: FormatPEM}, strings.ReplaceAll(block["certificate"], "\n", "\r\n"), ""},
		"two final newlines":    {SecretValue{Format: FormatPEM}, block["certificate"] + "\n", "begins or ends with white space"},
		"chain":                 {SecretValue{Format: FormatPEM}, block["certificate"] + "\n" + block["certificate"], ""},
		"pkcs8 key":             {SecretValue{Format: FormatPEM}, block["pkcs8"], ""},
		"ec key and parameters": {SecretValue{Format: FormatPEM}, block["parameters"] + block["ec"], ""},
		"rsa key":               {SecretValue{Format: FormatPEM}, block["rsa"], ""},
		"no pem":                {SecretValue{Format: FormatPEM}, "marked-part", outside},
		"text before":           {SecretValue{Format: FormatPEM}, "marked-part\n" + block["pkcs8"], outside},
		"text between":          {SecretValue{Format: FormatPEM}, block["certificate"] + "marked-part\n" + block["pkcs8"], outside},
		"text after":            {SecretValue{Format: FormatPEM}, block["certificate"] + "marked-part", outside},
		"cut off":               {SecretValue{Format: FormatPEM}, block["certificate"][:80], unreadable},
		"cut off, then whole": {
			SecretValue{Format: FormatPEM},
			block["pkcs8"][:60] + "\n" + block["certificate"], unreadable,
		},
		"certificate that is not one": {SecretValue{Format: FormatPEM}, block["no cert"], "PEM block 1 is a certificate that does not parse"},
		"key that is not one": {
			SecretValue{Format: FormatPEM},
			block["certificate"] + block["no key"],
			"PEM block 2 is a private key that does not parse, or an encrypted one",
		},
		"encrypted key": {SecretValue{Format: FormatPEM}, block["encrypted"], "PEM block 1 is neither a certificate nor an unencrypted private key"},
		"public key":    {SecretValue{Format: FormatPEM}, block["public"], "PEM block 1 is neither a certificate nor an unencrypted private key"},

		"docker auth": {SecretValue{Format: FormatDockerConfigJSON}, `{"auths":{"r":{"auth":"` + dockerAuth("u:p:q") + `"}}}`, ""},
		"docker name": {SecretValue{Format: FormatDockerConfigJSON}, `{"auths":{"r":{"username":"u","password":"marked-part"}}}`, ""},
		"docker both": {
			SecretValue{Format: FormatDockerConfigJSON},
			`{"auths":{"r":{"username":"u","password":"p","auth":"` + dockerAuth("u:p") + `"}}}`, "",
		},
		"docker contradiction": {
			SecretValue{Format: FormatDockerConfigJSON},
			`{"auths":{"r":{"username":"u","password":"p","auth":"` + dockerAuth("u:other") + `"}}}`, noLogin,
		},
		"docker no json":  {SecretValue{Format: FormatDockerConfigJSON}, "marked-part", "is not a Docker configuration in JSON"},
		"docker list":     {SecretValue{Format: FormatDockerConfigJSON}, `["marked-part"]`, "is not a Docker configuration in JSON"},
		"docker no auths": {SecretValue{Format: FormatDockerConfigJSON}, `{"marked-part":{"auth":"x"}}`, `has no log-in below "auths"`},
		"docker one of two": {
			SecretValue{Format: FormatDockerConfigJSON},
			`{"auths":{"r":{"username":"u","password":"p"},"marked-part":{"username":"u"}}}`, noLogin,
		},
		"docker auth no base64": {SecretValue{Format: FormatDockerConfigJSON}, `{"auths":{"r":{"auth":"marked-part!"}}}`, noLogin},
		"docker auth no colon":  {SecretValue{Format: FormatDockerConfigJSON}, `{"auths":{"r":{"auth":"` + dockerAuth("user") + `"}}}`, noLogin},
		"docker auth no user":   {SecretValue{Format: FormatDockerConfigJSON}, `{"auths":{"r":{"auth":"` + dockerAuth(":p") + `"}}}`, noLogin},
		"docker no registry":    {SecretValue{Format: FormatDockerConfigJSON}, `{"auths":{"":{"username":"u","password":"p"}}}`, noLogin},
	} {
		t.Run(name, func(t *testing.T) {
			err := tc.value.Check(tc.text)
			if tc.want == "" {
				assert.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.want)
			assert.NotContains(t, err.Error(), "marked-part")
			assert.NotContains(t, err.Error(), "žl")
			assert.NotContains(t, err.Error(), "zz")
		})
	}
}

// The gateway's key of encryption is 32 bytes in hexadecimal digits.
func TestEncryptionKeyIsHexadecimal(t *testing.T) {
	c, err := parseCore(t, change{"credentials[gateway-token-key]", []any{"TOKEN_ENCRYPTION_KEY"}})
	require.NoError(t, err)
	found := false
	for _, value := range c.SecretValues() {
		if value.String() != encryptionKey {
			continue
		}
		found = true
		assert.Equal(t, FormatHex, value.Format)
		require.NoError(t, value.Check(strings.Repeat("0aF9", 16)))
		for _, wrong := range []string{strings.Repeat("a", 32), strings.Repeat("a", 66), strings.Repeat("g", 64)} {
			assert.EqualError(t, value.Check(wrong), "is not 64 hexadecimal digits")
		}
	}
	assert.True(t, found)
}
