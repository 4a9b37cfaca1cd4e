package config

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// hexBytes is the length of a key in hexadecimal digits, in bytes: that of
// AES-256.
const hexBytes = 32

// beginPEM is how every block of PEM starts (RFC 7468, section 2).
const beginPEM = "-----BEGIN "

// Check checks one value: whether it may be empty, its length, and its form.
// The error reads on from the name of the value ("is blank") and holds neither
// the value nor a part of it, so it can be shown to anybody.
func (v SecretValue) Check(text string) error {
	if text == "" && v.Optional {
		return nil
	}
	switch {
	case strings.TrimSpace(text) == "":
		return errors.New("is blank")
	case strings.ContainsRune(text, 0):
		return errors.New("holds a NUL character, which no variable and no file of text can")
	case padded(v.Format, text):
		return errors.New("begins or ends with white space")
	case utf8.RuneCountInString(text) < v.MinLength:
		return fmt.Errorf("is shorter than %d characters", v.MinLength)
	}
	return v.Format.check(text)
}

// padded tells white space around a value, which is nearly always a slip of
// copying. PEM ends with one line break by custom.
func padded(format CredentialFormat, text string) bool {
	if format == FormatPEM {
		text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	}
	return strings.TrimFunc(text, unicode.IsSpace) != text
}

// check checks the form alone. No error of a parser is passed on: parsers
// quote what they read.
func (f CredentialFormat) check(text string) error {
	switch f {
	case FormatText, "":
		return nil
	case FormatURL:
		return checkURL(text)
	case FormatPEM:
		return checkPEM(text)
	case FormatJSON:
		if !json.Valid([]byte(text)) {
			return errors.New("is not JSON")
		}
		return nil
	case FormatDockerConfigJSON:
		return checkDockerConfig(text)
	case FormatHex:
		if key, err := hex.DecodeString(text); err != nil || len(key) != hexBytes {
			return fmt.Errorf("is not %d hexadecimal digits", 2*hexBytes)
		}
		return nil
	default:
		return fmt.Errorf("is declared to have the unknown form %q", string(f))
	}
}

func checkURL(text string) error {
	address, err := url.Parse(text)
	if err != nil || address.Scheme == "" || address.Hostname() == "" || strings.ContainsFunc(text, unicode.IsSpace) {
		return errors.New("is not a URL with a scheme and a host")
	}
	return nil
}

// checkPEM wants blocks and nothing else. [pem.Decode] skips text before a
// block, and blocks that it cannot read, so both are looked for.
func checkPEM(text string) error {
	blocks, rest := 0, text
	for rest != "" {
		if !strings.HasPrefix(rest, beginPEM) {
			return errors.New("holds text outside its PEM blocks")
		}
		block, after := pem.Decode([]byte(rest))
		if block == nil {
			return errors.New("is not PEM: a block is incomplete or not base64")
		}
		blocks++
		if err := checkBlock(block); err != nil {
			return fmt.Errorf("PEM block %d %w", blocks, err)
		}
		rest = strings.TrimLeft(string(after), "\r\n")
	}
	if blocks != strings.Count(text, beginPEM) {
		return errors.New("is not PEM: a block is incomplete or not base64")
	}
	return nil
}

// checkBlock parses a certificate or a private key.
func checkBlock(block *pem.Block) error {
	var err error
	switch block.Type {
	case "CERTIFICATE":
		if _, err = x509.ParseCertificate(block.Bytes); err != nil {
			return errors.New("is a certificate that does not parse")
		}
		return nil
	case "PRIVATE KEY":
		_, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		_, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		_, err = x509.ParseECPrivateKey(block.Bytes)
	case "EC PARAMETERS": // openssl writes them before the key, which has them too
	default:
		return errors.New("is neither a certificate nor an unencrypted private key")
	}
	if err != nil {
		return errors.New("is a private key that does not parse, or an encrypted one")
	}
	return nil
}

// dockerLogin is one entry of a Docker configuration.
type dockerLogin struct {
	Auth     string `json:"auth"` // base64 of user:password
	Username string `json:"username"`
	Password string `json:"password"`
}

func checkDockerConfig(text string) error {
	var parsed struct {
		Auths map[string]dockerLogin `json:"auths"`
	}
	if err := json.Unmarshal([]byte(text), &parsed); err != nil {
		return errors.New("is not a Docker configuration in JSON")
	}
	if len(parsed.Auths) == 0 {
		return errors.New(`has no log-in below "auths"`)
	}
	for registry, login := range parsed.Auths {
		if registry == "" || !login.usable() {
			return errors.New(`has a log-in that is neither "auth", the base64 of user:password, nor "username" and "password"`)
		}
	}
	return nil
}

// usable reports whether a log-in is complete and does not contradict itself.
func (l dockerLogin) usable() bool {
	if l.Auth == "" {
		return l.Username != "" && l.Password != ""
	}
	decoded, err := base64.StdEncoding.DecodeString(l.Auth)
	user, password, both := strings.Cut(string(decoded), ":")
	return err == nil && both && user != "" && password != "" &&
		(l.Username == "" || l.Username == user) && (l.Password == "" || l.Password == password)
}
