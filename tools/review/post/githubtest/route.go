package githubtest

import (
	"net/http"
	"regexp"
)

// route is one operation of the API.
type route struct {
	method  string
	pattern *regexp.Regexp
	docs    string // its part of the documentation's address
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
	ofRepository = regexp.MustCompile(`^/repos/([^/]+)/([^/]+)/issues$`)
	ofIssue      = regexp.MustCompile(`^/repos/([^/]+)/([^/]+)/issues/(\d+)$`)
	ofComments   = regexp.MustCompile(`^/repos/([^/]+)/([^/]+)/issues/(\d+)/comments$`)
	ofComment    = regexp.MustCompile(`^/repos/([^/]+)/([^/]+)/issues/comments/(\d+)$`)
)

var routes = []route{
	{http.MethodGet, ofComments, "comments#list-issue-comments", (*Server).listComments},
	{http.MethodPost, ofComments, "comments#create-an-issue-comment", (*Server).createComment},
	{http.MethodGet, ofComment, "comments#get-an-issue-comment", (*Server).getComment},
	{http.MethodPatch, ofComment, "comments#update-an-issue-comment", (*Server).editComment},
	{http.MethodDelete, ofComment, "comments#delete-an-issue-comment", (*Server).deleteComment},
	{http.MethodGet, ofRepository, "issues#list-repository-issues", (*Server).listIssues},
	{http.MethodPost, ofRepository, "issues#create-an-issue", (*Server).createIssue},
	{http.MethodGet, ofIssue, "issues#get-an-issue", (*Server).getIssue},
	{http.MethodPatch, ofIssue, "issues#update-an-issue", (*Server).editIssue},
}

func (r route) match(request *http.Request) ([]string, bool) {
	found := r.pattern.FindStringSubmatch(request.URL.Path)
	if found == nil || request.Method != r.method {
		return nil, false
	}
	return found[1:], true
}
