package githubtest

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/google/go-github/v89/github"
)

// AddPull adds an open pull request, and its repository if there is none yet.
func (s *Server) AddPull(repository string, number int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	repo := s.repository(repository)
	repo.pulls = append(repo.pulls, &github.PullRequest{Number: &number, State: github.Ptr("open"), Head: &github.PullRequestBranch{}})
}

// Head says which commit of which repository a pull request wants to bring in.
func (s *Server) Head(repository string, number int, commit, from string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, pull := range s.repository(repository).pulls {
		if pull.GetNumber() == number {
			pull.Head = &github.PullRequestBranch{SHA: &commit, Repo: &github.Repository{FullName: &from}}
		}
	}
}

// Close closes a pull request or an issue as somebody with a browser does.
func (s *Server) Close(repository string, number int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, pull := range s.repository(repository).pulls {
		if pull.GetNumber() == number {
			pull.State = github.Ptr("closed")
		}
	}
	if issue := s.repository(repository).issue(number); issue != nil {
		issue.State = github.Ptr("closed")
	}
}

// Comment writes a comment as somebody, and returns its number.
func (s *Server) Comment(repository string, pull int, login, body string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.comment(s.repository(repository), pull, login, body).GetID()
}

// Comments are those of a pull request, the oldest first.
func (s *Server) Comments(repository string, pull int) []github.IssueComment {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []github.IssueComment
	for _, comment := range s.repository(repository).comments[pull] {
		all = append(all, *comment)
	}
	return all
}

// Edit replaces the body of a comment as somebody with a browser does; an empty
// one deletes it.
func (s *Server) Edit(repository string, id int64, body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.repository(repository).edit(id, &body)
}

// Issue opens an issue as somebody, and returns its number.
func (s *Server) Issue(repository, login, title, body string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open(s.repository(repository), login, github.IssueRequest{Title: &title, Body: &body}).GetNumber()
}

// Issues are those of a repository, the oldest first.
func (s *Server) Issues(repository string) []github.Issue {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []github.Issue
	for _, issue := range s.repository(repository).issues {
		all = append(all, *issue)
	}
	return all
}

func (s *Server) repository(name string) *repository {
	if s.repositories[name] == nil {
		s.repositories[name] = &repository{name: name, comments: map[int][]*github.IssueComment{}}
	}
	return s.repositories[name]
}

func (s *Server) comment(repo *repository, pull int, login, body string) *github.IssueComment {
	s.numbers++
	address := fmt.Sprintf("%s/%s/pull/%d#issuecomment-%d", s.web.URL, repo.name, pull, s.numbers)
	made := &github.IssueComment{ID: github.Ptr(s.numbers), HTMLURL: &address, User: &github.User{Login: &login}, Body: &body}
	repo.comments[pull] = append(repo.comments[pull], made)
	return made
}

func (s *Server) open(repo *repository, login string, asked github.IssueRequest) *github.Issue {
	number := 1
	for _, pull := range repo.pulls {
		number = max(number, pull.GetNumber()+1)
	}
	for _, issue := range repo.issues {
		number = max(number, issue.GetNumber()+1)
	}
	made := &github.Issue{
		Number: &number, State: github.Ptr("open"), Title: asked.Title, Body: asked.Body, User: &github.User{Login: &login},
		HTMLURL: github.Ptr(fmt.Sprintf("%s/%s/issues/%d", s.web.URL, repo.name, number)),
	}
	repo.issues = append(repo.issues, made)
	return made
}

func (r *repository) issue(number int) *github.Issue {
	for _, issue := range r.issues {
		if issue.GetNumber() == number {
			return issue
		}
	}
	return nil
}

// edit replaces the body of a comment, or deletes it, and returns it; nil if
// there is none.
func (r *repository) edit(id int64, body *string) *github.IssueComment {
	for pull, all := range r.comments {
		for i, comment := range all {
			if comment.GetID() != id {
				continue
			}
			if comment.Body = body; *body == "" {
				r.comments[pull] = slices.Delete(all, i, i+1)
			}
			return comment
		}
	}
	return nil
}

func (s *Server) routes() {
	s.handle("POST /graphql", func(c call) (int, any) {
		return http.StatusOK, map[string]any{"data": map[string]any{"viewer": map[string]any{"login": c.login}}}
	})
	s.handle("GET /repos/{owner}/{name}/pulls", func(c call) (int, any) {
		all := []any{}
		for _, pull := range slices.Backward(c.repo.pulls) { // the newest first
			if pull.GetState() == "open" {
				all = append(all, pull)
			}
		}
		return http.StatusOK, all
	})
	s.handle("GET /repos/{owner}/{name}/issues/{number}/comments", func(c call) (int, any) {
		all := []any{}
		for _, comment := range c.repo.comments[c.number] {
			all = append(all, comment)
		}
		return found(slices.ContainsFunc(c.repo.pulls, func(p *github.PullRequest) bool { return p.GetNumber() == c.number }), http.StatusOK, all)
	})
	s.handle("POST /repos/{owner}/{name}/issues/{number}/comments", func(c call) (int, any) {
		if len(c.sent.GetBody()) > Limit {
			return http.StatusUnprocessableEntity, "Body is too long (maximum is 65536 characters)" // the real one names another figure, too
		}
		return http.StatusCreated, s.comment(c.repo, c.number, c.login, c.sent.GetBody())
	})
	s.handle("PATCH /repos/{owner}/{name}/issues/comments/{number}", func(c call) (int, any) {
		comment := c.repo.edit(int64(c.number), c.sent.Body)
		return found(comment != nil, http.StatusOK, comment)
	})
	s.handle("DELETE /repos/{owner}/{name}/issues/comments/{number}", func(c call) (int, any) {
		return found(c.repo.edit(int64(c.number), github.Ptr("")) != nil, http.StatusNoContent, nil)
	})
	s.handle("GET /repos/{owner}/{name}/issues", func(c call) (int, any) {
		all := []any{}
		for _, pull := range c.repo.pulls { // which GitHub lists among the issues
			all = append(all, github.Issue{Number: pull.Number, PullRequestLinks: &github.PullRequestLinks{}})
		}
		for _, issue := range slices.Backward(c.repo.issues) {
			if by := c.URL.Query().Get("creator"); by == "" || by == issue.GetUser().GetLogin() {
				all = append(all, issue)
			}
		}
		return http.StatusOK, all
	})
	s.handle("POST /repos/{owner}/{name}/issues", func(c call) (int, any) {
		return http.StatusCreated, s.open(c.repo, c.login, c.sent)
	})
	s.handle("PATCH /repos/{owner}/{name}/issues/{number}", editIssue)
}

func editIssue(c call) (int, any) {
	issue := c.repo.issue(c.number)
	if issue == nil {
		return found(false, 0, nil)
	}
	if len(c.sent.GetBody()) <= Limit && c.sent.Body != nil { // a longer one is left out without a word
		issue.Body = c.sent.Body
	}
	if c.sent.Title != nil {
		issue.Title = c.sent.Title
	}
	if c.sent.State != nil {
		issue.State, issue.StateReason = c.sent.State, c.sent.StateReason
	}
	return http.StatusOK, issue
}

func found(is bool, status int, answer any) (int, any) {
	if !is {
		return http.StatusNotFound, "Not Found"
	}
	return status, answer
}
