package githubtest

import (
	"net/http"
	"regexp"
)

// route is one operation of the API.
type route struct {
	method  string
	pattern *regexp.Regexp
	docs    string // its part of the documentation's address, after /rest/
	serve   func(*Server, call)
}

// call is one request of a known repository by somebody who may make it.
type call struct {
	w      http.ResponseWriter
	r      *http.Request
	repo   *repository
	number int64
	who    Account
	docs   string
}

var (
	ofPulls      = regexp.MustCompile(`^/repos/([^/]+)/([^/]+)/pulls$`)
	ofRepository = regexp.MustCompile(`^/repos/([^/]+)/([^/]+)/issues$`)
	ofIssue      = regexp.MustCompile(`^/repos/([^/]+)/([^/]+)/issues/(\d+)$`)
	ofComments   = regexp.MustCompile(`^/repos/([^/]+)/([^/]+)/issues/(\d+)/comments$`)
	ofComment    = regexp.MustCompile(`^/repos/([^/]+)/([^/]+)/issues/comments/(\d+)$`)
)

var routes = []route{
	{http.MethodGet, ofComments, "issues/comments#list-issue-comments", (*Server).listComments},
	{http.MethodPost, ofComments, "issues/comments#create-an-issue-comment", (*Server).createComment},
	{http.MethodGet, ofComment, "issues/comments#get-an-issue-comment", (*Server).getComment},
	{http.MethodPatch, ofComment, "issues/comments#update-an-issue-comment", (*Server).editComment},
	{http.MethodDelete, ofComment, "issues/comments#delete-an-issue-comment", (*Server).deleteComment},
	{http.MethodGet, ofRepository, "issues/issues#list-repository-issues", (*Server).listIssues},
	{http.MethodPost, ofRepository, "issues/issues#create-an-issue", (*Server).createIssue},
	{http.MethodGet, ofIssue, "issues/issues#get-an-issue", (*Server).getIssue},
	{http.MethodGet, ofPulls, "pulls/pulls#list-pull-requests", (*Server).listPulls},
	{http.MethodPatch, ofIssue, "issues/issues#update-an-issue", (*Server).editIssue},
}

func (r route) match(request *http.Request) ([]string, bool) {
	found := r.pattern.FindStringSubmatch(request.URL.Path)
	if found == nil || request.Method != r.method {
		return nil, false
	}
	return found[1:], true
}
