package secret

import (
	"regexp"
	"slices"
	"strings"
)

// form is how a kind of secret is written, so that it is known wherever it
// stands.
type form struct {
	what string // as a finding says it
	// marks are texts in small letters of which one is in whatever the pattern
	// matches: looking for them takes a tenth of the time.
	marks   []string
	pattern *regexp.Regexp
}

// within reports whether a text, which lower is in small letters, has the form.
func (f form) within(text, lower string) bool {
	has := func(mark string) bool { return strings.Contains(lower, mark) }
	return slices.ContainsFunc(f.marks, has) && f.pattern.MatchString(text)
}

// forms are those of private keys, of the tokens of services that mark theirs,
// and of what carries a password within.
var forms = []form{
	{"a private key", []string{"private key"}, regexp.MustCompile(`-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----`)},
	{"an age key", []string{"age-secret-key"}, regexp.MustCompile(`\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b`)},
	{"a key of AWS", []string{"akia", "asia"}, regexp.MustCompile(`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`)},
	{"a key of Google", []string{"aiza"}, regexp.MustCompile(`\bAIza[0-9A-Za-z_-]{35}`)},
	{"a token of GitHub", []string{"gho_", "ghp_", "ghr_", "ghs_", "ghu_", "github_pat_"}, regexp.MustCompile(`\b(?:gh[opsru]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z_]{22})`)},
	{"a token of GitLab", []string{"glpat-", "glrt-", "gldt-", "glsoat-"}, regexp.MustCompile(`\bgl(?:pat|rt|dt|soat)-[0-9A-Za-z_-]{20}`)},
	{"a token of Slack", []string{"xox", "hooks.slack.com"}, regexp.MustCompile(`\bxox[abeoprs]-[0-9A-Za-z-]{10}|https://hooks\.slack\.com/(?:services|workflows|triggers)/[0-9A-Za-z/]{20}`)},
	{"a webhook of Discord", []string{"/api/webhooks/"}, regexp.MustCompile(`https://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/\d+/[\w-]+`)},
	{"a key of Stripe", []string{"k_live_", "k_test_"}, regexp.MustCompile(`\b[rs]k_(?:live|test)_[0-9A-Za-z]{16}`)},
	{"a key of SendGrid", []string{"sg."}, regexp.MustCompile(`\bSG\.[\w-]{22}\.[\w-]{43}`)},
	{"a key of a model's API", []string{"sk-"}, regexp.MustCompile(`\bsk-(?:ant-|proj-)?[0-9A-Za-z_-]{32}`)},
	{"a token of npm or PyPI", []string{"npm_", "pypi-"}, regexp.MustCompile(`\bnpm_[0-9A-Za-z]{36}|\bpypi-[0-9A-Za-z_-]{50}`)},
	{"a token of Docker", []string{"dckr_pat_"}, regexp.MustCompile(`\bdckr_pat_[0-9A-Za-z_-]{20}`)},
	{"a token of Vault", []string{"hvb.", "hvs."}, regexp.MustCompile(`\bhv[bs]\.[0-9A-Za-z_-]{20}`)},
	{"a token of Pulumi", []string{"pul-"}, regexp.MustCompile(`\bpul-[0-9a-f]{40}\b`)},
	{"a token of Infisical", []string{"st."}, regexp.MustCompile(`\bst\.[0-9a-f-]{20,}\.[0-9a-f]{20,}`)},
	{"a JSON Web Token", []string{"eyj"}, regexp.MustCompile(`\beyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}`)},
	{"a login of a registry", []string{`"auth"`}, regexp.MustCompile(`"auth"\s*:\s*"[0-9A-Za-z+/]{8,}=*"`)},
	{"a header that logs in", []string{"basic ", "bearer "}, regexp.MustCompile(`(?i)\b(?:basic|bearer) [0-9a-z+/._-]{16,}=*`)},
	{"a password of Redis", []string{"requirepass", "masterauth"}, regexp.MustCompile(`(?m)^\s*(?:requirepass|masterauth)\s+"?[^\s"$%{<]`)},
}

// userinfo finds the password of a URL. One that is filled in later is none.
var userinfo = regexp.MustCompile(`[a-zA-Z][a-zA-Z0-9+.-]*://[^/\s:@"']*:([^/\s@"']+)@`)

// FormOf is what a text holds, whatever its name; empty where it holds none.
func FormOf(text string) string {
	lower := strings.ToLower(text)
	for _, one := range forms {
		if one.within(text, lower) {
			return one.what
		}
	}
	if !strings.Contains(text, "://") {
		return ""
	}
	for _, found := range userinfo.FindAllStringSubmatch(text, -1) {
		if literal(found[1]) {
			return "a URL with a password"
		}
	}
	return ""
}
