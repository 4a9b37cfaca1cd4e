package githubtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Limit is how long a comment or an issue may be, in bytes of UTF-8: 262,144
// are stored, 262,145 refused, whatever the characters. The message of the
// refusal names another figure and unit; the API's description names none.
// Measured by xmo-odoo on 2025-10-28 (https://github.com/dead-claudia/github-limits/pull/13)
// and for either endpoint on 2026-09-17 (https://github.com/objectstack-ai/objectstack/issues/18826).
const Limit = 262_144

// Comment is one as it lies in the double.
type Comment struct {
	ID     int64
	Author Account
	Body   string
	Edits  int
}

type comment struct {
	Comment
	issue            int64
	created, updated time.Time
}

// Comment writes a comment as somebody, and gives its number.
func (s *Server) Comment(repository string, issue int64, who Account, body string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.add(s.repositories[strings.ToLower(repository)], issue, who, body).ID
}

// Comments are those of an issue, the oldest first.
func (s *Server) Comments(repository string, issue int64) []Comment {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Comment
	for _, c := range s.repositories[strings.ToLower(repository)].of(issue) {
		all = append(all, c.Comment)
	}
	return all
}

// Delete deletes a comment as somebody with a browser does.
func (s *Server) Delete(repository string, id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.repositories[strings.ToLower(repository)].drop(id)
}

// Edit edits a comment as somebody with a browser does.
func (s *Server) Edit(repository string, id int64, body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.repositories[strings.ToLower(repository)].comment(id).Body = body
}

func (s *Server) add(repo *repository, issue int64, who Account, body string) *comment {
	s.numbers++
	c := &comment{Comment: Comment{ID: s.numbers, Author: who, Body: body}, issue: issue, created: s.tick()}
	c.updated = c.created
	repo.comments = append(repo.comments, c)
	return c
}

func (s *Server) listComments(c call) {
	if c.repo.issue(c.number) == nil {
		refuse(c.w, http.StatusNotFound, "Not Found", c.docs)
		return
	}
	answer := []any{}
	for _, found := range page(c.w, c.r, c.repo.of(c.number), false) {
		answer = append(answer, s.showComment(c, found))
	}
	write(c.w, http.StatusOK, answer)
}

func (s *Server) createComment(c call) {
	issue := c.repo.issue(c.number)
	body, ok := readBody(c)
	switch {
	case issue == nil:
		refuse(c.w, http.StatusNotFound, "Not Found", c.docs)
	case issue.locked:
		refuse(c.w, http.StatusForbidden, "Unable to create comment because issue is locked.", "https://docs.github.com/articles/locking-conversations/")
	case !ok:
		refuse(c.w, http.StatusUnprocessableEntity, "Invalid request.\n\n\"body\" wasn't supplied.", c.docs)
	case len(body) > Limit:
		refuse(c.w, http.StatusUnprocessableEntity, "Validation Failed", c.docs, tooLong("IssueComment", "Body"))
	case strings.TrimSpace(body) == "":
		refuse(c.w, http.StatusUnprocessableEntity, "Validation Failed", c.docs,
			problem{Resource: "IssueComment", Code: "unprocessable", Field: "data", Message: "Body cannot be blank"})
	default:
		made := s.add(c.repo, c.number, c.who, body)
		c.w.Header().Set("Location", s.web.URL+commentPath(c.repo, made.ID))
		write(c.w, http.StatusCreated, s.showComment(c, made))
	}
}

func (s *Server) getComment(c call) {
	if found := c.repo.comment(c.number); found != nil {
		write(c.w, http.StatusOK, s.showComment(c, found))
		return
	}
	refuse(c.w, http.StatusNotFound, "Not Found", c.docs)
}

// editComment lets whoever may write edit anybody's comment, as the real one
// does: nothing here keeps a client from others' comments.
func (s *Server) editComment(c call) {
	found := c.repo.comment(c.number)
	body, ok := readBody(c)
	switch {
	case found == nil:
		refuse(c.w, http.StatusNotFound, "Not Found", c.docs)
	case !ok:
		refuse(c.w, http.StatusUnprocessableEntity, "Invalid request.\n\n\"body\" wasn't supplied.", c.docs)
	case len(body) > Limit:
		refuse(c.w, http.StatusUnprocessableEntity, "Validation Failed", c.docs, tooLong("IssueComment", "body"))
	default:
		found.Body, found.updated = body, s.tick()
		found.Edits++
		write(c.w, http.StatusOK, s.showComment(c, found))
	}
}

func (s *Server) deleteComment(c call) {
	if !c.repo.drop(c.number) {
		refuse(c.w, http.StatusNotFound, "Not Found", c.docs)
		return
	}
	c.w.Header().Del("Content-Type")
	c.w.WriteHeader(http.StatusNoContent)
}

// tooLong is the refusal as the real API words it, with a figure and a unit
// that are not those it enforces, and a capital letter on creation only
// (https://github.com/objectstack-ai/objectstack/pull/18934).
func tooLong(resource, field string) problem {
	return problem{Resource: resource, Code: "unprocessable", Field: "data", Message: field + " is too long (maximum is 65536 characters)"}
}

func readBody(c call) (string, bool) {
	var sent struct {
		Body *string `json:"body"`
	}
	if err := json.NewDecoder(c.r.Body).Decode(&sent); err != nil || sent.Body == nil {
		return "", false
	}
	return *sent.Body, true
}

func (s *Server) showComment(c call, shown *comment) map[string]any {
	page := fmt.Sprintf("%s/%s/pull/%d", s.web.URL, c.repo.name, shown.issue)
	return map[string]any{
		"id": shown.ID, "node_id": fmt.Sprintf("IC_%d", shown.ID), "url": s.web.URL + commentPath(c.repo, shown.ID),
		"html_url":  fmt.Sprintf("%s#issuecomment-%d", page, shown.ID),
		"issue_url": fmt.Sprintf("%s/repos/%s/issues/%d", s.web.URL, c.repo.name, shown.issue),
		"user":      showAccount(shown.Author), "body": shown.Body, "author_association": "NONE",
		"created_at": shown.created, "updated_at": shown.updated,
	}
}

func showAccount(a Account) any {
	if a.Login == "" {
		return nil // an account that is no more
	}
	return map[string]any{"login": a.Login, "id": a.ID, "type": a.Kind, "site_admin": false}
}

func commentPath(repo *repository, id int64) string {
	return fmt.Sprintf("/repos/%s/issues/comments/%d", repo.name, id)
}
