package revision

import (
	"context"
	"fmt"
	"regexp"
)

// scp is the short form in which ssh names a repository.
var scp = regexp.MustCompile(`^(?:ssh://)?git@([^:/]+)[:/](.+?)(?:\.git)?/?$`)

// web is the form of whoever reads without a key.
var web = regexp.MustCompile(`^https://(?:[^@/]*@)?([^/]+)/(.+?)(?:\.git)?/?$`)

// Origin is the address of the repository that a checkout was cloned from, as
// one reads it over https: without a login and without .git.
func Origin(ctx context.Context, root string) (string, error) {
	url, err := git(ctx, root, "config", "--get", "remote.origin.url")
	if err != nil {
		return "", fmt.Errorf("the checkout has no origin; name the repository with --repository")
	}
	for _, form := range []*regexp.Regexp{scp, web} {
		if found := form.FindStringSubmatch(url); found != nil {
			return fmt.Sprintf("https://%s/%s", found[1], found[2]), nil
		}
	}
	return "", fmt.Errorf("the checkout's origin is no address that Argo CD reads; name the repository with --repository")
}
