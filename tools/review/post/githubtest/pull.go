package githubtest

import (
	"fmt"
	"net/http"
	"slices"
)

// Head says which commit of which repository a pull request wants to bring in.
func (s *Server) Head(repository string, number int64, commit, from string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	pull := s.repository(repository).issue(number)
	pull.head, pull.from = commit, from
}

// listPulls lists the newest first and honours state, which is open by default
// (https://docs.github.com/rest/pulls/pulls#list-pull-requests).
func (s *Server) listPulls(c call) {
	state := c.r.URL.Query().Get("state")
	if state == "" {
		state = "open"
	}
	var found []*issue
	for _, i := range slices.Backward(c.repo.issues) {
		if i.Pull && (state == "all" || i.State == state) {
			found = append(found, i)
		}
	}
	answer := []any{}
	for _, i := range page(c.w, c.r, found, false) {
		answer = append(answer, map[string]any{
			"number": i.Number, "state": i.State, "title": i.Title, "user": showAccount(i.Author), "locked": i.locked,
			"head":     map[string]any{"sha": i.head, "ref": "change", "repo": map[string]any{"full_name": i.from, "fork": i.from != c.repo.name}},
			"base":     map[string]any{"ref": "main", "repo": map[string]any{"full_name": c.repo.name}},
			"html_url": fmt.Sprintf("%s/%s/pull/%d", s.web.URL, c.repo.name, i.Number),
		})
	}
	write(c.w, http.StatusOK, answer)
}
