package post

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/tools/review/post/githubtest"
)

const asking = "POST /graphql"

// What GitHub refuses is told once, with a remedy, and not tried again.
func TestRefusals(t *testing.T) {
	status := githubtest.Status
	for name, tc := range map[string]struct {
		pattern string
		fault   githubtest.Fault
		want    string
	}{
		"token":         {asking, status(401, "Bad credentials"), `GitHub does not accept the token ("Bad credentials"); put one into GITHUB_TOKEN that has not expired`},
		"token, later":  {listing, status(401, "Bad credentials"), `GitHub does not accept the token`},
		"no permission": {creating, status(403, "Resource not accessible by integration"), `GitHub refuses to create the comment: status 403 ("Resource not accessible by integration"); give the job the permission "pull-requests: write"; a job that a fork's pull request started has none`},
		"single sign-on": {
			listing, status(403, "Resource protected by organization SAML enforcement."),
			`GitHub refuses to list comments: status 403 ("Resource protected by organization SAML enforcement.")`,
		},
		"not there": {listing, status(404, "Not Found"), "not found: there is no repository edd/cloud, it has no such pull request, or the token must not see it; correct repository and number"},
		"gone":      {listing, status(410, "This issue was deleted"), `GitHub says that there is none ("This issue was deleted")`},
		"too long": {
			creating, githubtest.Raw(422, `{"message":"Validation Failed","errors":[{"resource":"IssueComment","code":"unprocessable","field":"data","message":"Body is too long (maximum is 65536 characters)"}]}`),
			`the text is too long for this GitHub ("Validation Failed: Body is too long (maximum is 65536 characters)"); shorten it where it is written; github.com stores 262144 bytes, and nothing is cut here`,
		},
		"refused text": {creating, status(422, "Validation Failed"), `GitHub refuses to create the comment: status 422 ("Validation Failed"); check repository, number and text`},
		"foreign page": {listing, githubtest.Page(200), " answers status 200 with text/html, which is not GitHub's API; correct the API's address (GitHub Enterprise: https://HOST/api/v3); a log-in page or a proxy may stand before it"},
		"foreign 404":  {listing, githubtest.Page(404), " answers status 404 with text/html, which is not GitHub's API"},
		"no answer type": {listing, func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
			w.Header()["Content-Type"] = nil
			_, _ = w.Write([]byte("[]"))
		}, " answers status 200 with no content type"},
		"foreign on creation": {creating, githubtest.Page(200), "which is not GitHub's API"},
		"nobody's token":      {asking, githubtest.Raw(200, `{"errors":[{"message":"x"}]}`), "does not say whose the token is; name the account that posts, such as github-actions[bot]"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.Script(tc.pattern, tc.fault)
			said := w.refused(t, text("x"))
			assert.Contains(t, said, "comment on edd/cloud#12: ")
			assert.Contains(t, said, tc.want)
			assert.Equal(t, 1, w.Count(tc.pattern))
			assert.Empty(t, w.comments())
			assert.NotContains(t, said, "\n")
		})
	}
}

func TestRightsOfTheToken(t *testing.T) {
	w := newWorld(t)
	w.Allow(canary, githubtest.Actions, false)
	assert.Contains(t, w.refused(t, text("x")), `("Resource not accessible by integration") (it asks for issues=write; pull_requests=write); give the job the permission "pull-requests: write"`)

	w.Token = "ghs_another"
	assert.Contains(t, w.refused(t, text("x")), "GitHub does not accept the token")

	w = newWorld(t)
	w.Pull = 13
	assert.Contains(t, w.refused(t, text("x")), "it has no such pull request")
	w.Repository = "edd/other"
	assert.Contains(t, w.refused(t, text("x")), "there is no repository edd/other")
}

func TestLocked(t *testing.T) {
	w := newWorld(t)
	w.Lock(repository, pull)
	assert.Contains(t, w.refused(t, text("x")), "the conversation is locked, and this token may not write in it; unlock it")
}
