package githubtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Issue is one as it lies in the double; a pull request is one too.
type Issue struct {
	Number int64
	Author Account
	Title  string
	Body   string
	State  string // open or closed
	Reason string // of the state: completed, not_planned, duplicate, reopened, or empty
	Pull   bool
	Edits  int
}

type issue struct {
	Issue
	locked  bool
	head    string // of a pull request: commit
	from    string // of a pull request: owner/name
	created time.Time
}

type repository struct {
	name     string
	disabled bool // issues are
	issues   []*issue
	comments []*comment
}

// AddPull adds a repository where there is none, and a pull request to it.
func (s *Server) AddPull(repository string, number int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	repo := s.repository(repository)
	repo.issues = append(repo.issues, &issue{Issue: Issue{Number: number, Title: "a pull request", State: "open", Pull: true}, created: s.tick()})
}

// Issue adds an issue as somebody, and gives its number.
func (s *Server) Issue(repository string, who Account, title, body string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open(s.repository(repository), who, title, body).Number
}

// Issues are those of a repository without pull requests, the oldest first.
func (s *Server) Issues(repository string) []Issue {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Issue
	for _, i := range s.repository(repository).issues {
		if !i.Pull {
			all = append(all, i.Issue)
		}
	}
	return all
}

// Close closes an issue as somebody with a browser does.
func (s *Server) Close(repository string, number int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.repository(repository).issue(number).State = "closed"
}

// Lock locks a conversation.
func (s *Server) Lock(repository string, number int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.repository(repository).issue(number).locked = true
}

// Disable turns the issues of a repository off; pull requests stay.
func (s *Server) Disable(repository string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.repository(repository).disabled = true
}

func (s *Server) repository(name string) *repository {
	key := strings.ToLower(name)
	if s.repositories[key] == nil {
		s.repositories[key] = &repository{name: name}
	}
	return s.repositories[key]
}

func (s *Server) tick() time.Time {
	s.clock = s.clock.Add(time.Second)
	return s.clock
}

func (s *Server) open(repo *repository, who Account, title, body string) *issue {
	number := int64(1)
	for _, i := range repo.issues {
		number = max(number, i.Number+1)
	}
	made := &issue{Issue: Issue{Number: number, Author: who, Title: title, Body: body, State: "open"}, created: s.tick()}
	repo.issues = append(repo.issues, made)
	return made
}

func (r *repository) issue(number int64) *issue {
	for _, i := range r.issues {
		if i.Number == number {
			return i
		}
	}
	return nil
}

func (r *repository) comment(id int64) *comment {
	for _, c := range r.comments {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// of are the comments of an issue, by ascending number as documented.
func (r *repository) of(issue int64) []*comment {
	var all []*comment
	for _, c := range r.comments {
		if c.issue == issue {
			all = append(all, c)
		}
	}
	return all
}

func (r *repository) drop(id int64) bool {
	before := len(r.comments)
	r.comments = slices.DeleteFunc(r.comments, func(c *comment) bool { return c.ID == id })
	return len(r.comments) < before
}

// pagesWithoutCursor is the first page that is refused without a cursor; page
// 100 was seen to be (https://github.com/google/go-github/issues/3565).
const pagesWithoutCursor = 100

// listIssues lists the newest first, pull requests among them, and honours
// state (open by default) and creator.
func (s *Server) listIssues(c call) {
	if gone(c) {
		return
	}
	query := c.r.URL.Query()
	state := query.Get("state")
	if state == "" {
		state = "open"
	}
	if number(query, "page", 1) >= pagesWithoutCursor && query.Get("after") == "" {
		refuse(c.w, http.StatusUnprocessableEntity, "Pagination with the page parameter is not supported for large datasets, please use cursor based pagination (after/before)", c.docs)
		return
	}
	creator := query.Get("creator")
	var found []*issue
	for _, i := range slices.Backward(c.repo.issues) {
		if (state == "all" || i.State == state) && (creator == "" || strings.EqualFold(creator, i.Author.Login)) {
			found = append(found, i)
		}
	}
	answer := []any{}
	for _, i := range page(c.w, c.r, found, true) {
		answer = append(answer, s.showIssue(c, i))
	}
	write(c.w, http.StatusOK, answer)
}

type issueRequest struct {
	Title  *string `json:"title"`
	Body   *string `json:"body"`
	State  *string `json:"state"`
	Reason *string `json:"state_reason"`
}

// createIssue says twice that a body is too long, as the real one does
// (https://github.com/objectstack-ai/objectstack/pull/18934).
func (s *Server) createIssue(c call) {
	var sent issueRequest
	err := json.NewDecoder(c.r.Body).Decode(&sent)
	switch {
	case gone(c):
	case err != nil || sent.Title == nil:
		refuse(c.w, http.StatusUnprocessableEntity, "Invalid request.\n\n\"title\" wasn't supplied.", c.docs)
	case sent.Body != nil && len(*sent.Body) > Limit:
		refuse(c.w, http.StatusUnprocessableEntity, "Validation Failed", c.docs, tooLong("Issue", "Body"), tooLong("Issue", "body"))
	default:
		body := ""
		if sent.Body != nil {
			body = *sent.Body
		}
		made := s.open(c.repo, c.who, *sent.Title, body)
		c.w.Header().Set("Location", fmt.Sprintf("%s/repos/%s/issues/%d", s.web.URL, c.repo.name, made.Number))
		write(c.w, http.StatusCreated, s.showIssue(c, made))
	}
}

func (s *Server) getIssue(c call) {
	if found := c.repo.issue(c.number); found != nil {
		write(c.w, http.StatusOK, s.showIssue(c, found))
		return
	}
	refuse(c.w, http.StatusNotFound, "Not Found", c.docs)
}

// editIssue keeps the old body in silence where the new one is too long, as
// the real one does (https://github.com/objectstack-ai/objectstack/issues/18793).
func (s *Server) editIssue(c call) {
	found := c.repo.issue(c.number)
	var sent issueRequest
	err := json.NewDecoder(c.r.Body).Decode(&sent)
	switch {
	case found == nil:
		refuse(c.w, http.StatusNotFound, "Not Found", c.docs)
		return
	case err != nil:
		refuse(c.w, http.StatusBadRequest, "Problems parsing JSON", c.docs)
		return
	}
	if sent.Title != nil {
		found.Title = *sent.Title
	}
	if sent.Body != nil && len(*sent.Body) <= Limit {
		found.Body = *sent.Body
	}
	if sent.State != nil {
		found.State, found.Reason = *sent.State, ""
	}
	if sent.Reason != nil {
		found.Reason = *sent.Reason
	}
	found.Edits++
	write(c.w, http.StatusOK, s.showIssue(c, found))
}

// gone refuses where the repository has no issues.
func gone(c call) bool {
	if c.repo.disabled {
		refuse(c.w, http.StatusGone, "Issues are disabled for this repo", "https://docs.github.com/v3/issues/")
	}
	return c.repo.disabled
}

func (s *Server) showIssue(c call, shown *issue) map[string]any {
	kind := "issues"
	if shown.Pull {
		kind = "pull"
	}
	answer := map[string]any{
		"id": 500_000 + shown.Number, "number": shown.Number, "title": shown.Title, "body": shown.Body,
		"state": shown.State, "state_reason": nil, "locked": shown.locked, "user": showAccount(shown.Author),
		"url":        fmt.Sprintf("%s/repos/%s/issues/%d", s.web.URL, c.repo.name, shown.Number),
		"html_url":   fmt.Sprintf("%s/%s/%s/%d", s.web.URL, c.repo.name, kind, shown.Number),
		"created_at": shown.created,
	}
	if shown.Reason != "" {
		answer["state_reason"] = shown.Reason
	}
	if shown.Pull {
		answer["pull_request"] = map[string]any{"url": fmt.Sprintf("%s/repos/%s/pulls/%d", s.web.URL, c.repo.name, shown.Number)}
	}
	return answer
}
