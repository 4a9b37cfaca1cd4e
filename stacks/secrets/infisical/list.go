package infisical

import (
	"context"

	"github.com/go-resty/resty/v2"
	secrets "github.com/infisical/go-sdk/packages/api/secrets"
	"github.com/infisical/go-sdk/packages/models"
)

// list is what a folder holds.
type list struct {
	own     []models.Secret
	imports []models.SecretImport
	hidden  map[string]bool // names whose values the server masks
}

// list asks for one folder. A token that has expired since it was given is
// replaced once in a reading, if credentials are there to do it with.
func (s *session) list(ctx context.Context, path string) (*list, *failure) {
	token := s.current()
	answer, failed := s.ask(ctx, token, path)
	if failed == nil || !failed.token() || s.credentials.token != "" {
		return answer, failed
	}
	token, again := s.renewed(ctx, token)
	if again != nil {
		return nil, again
	}
	if token == "" {
		return nil, failed
	}
	return s.ask(ctx, token, path)
}

func (s *session) current() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token
}

// renewed is a token other than the one that was refused: that of a list
// beside this one that met the same, or of one more log-in. None is left after
// two log-ins.
func (s *session) renewed(ctx context.Context, stale string) (string, *failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.rejected != nil:
		return "", s.rejected
	case s.token != stale:
		return s.token, nil
	case s.logins > 1:
		return "", nil
	}
	s.rejected = s.login(ctx)
	return s.token, s.rejected
}

// ask sends the request for one folder: not below it, where names may clash,
// with its imports, and with references resolved.
func (s *session) ask(ctx context.Context, token, path string) (*list, *failure) {
	var answer secrets.ListSecretsV3RawResponse
	var masked map[string]bool
	shape := func(body []byte) bool {
		masked = hidden(body)
		return isList(body)
	}
	failed := s.request(ctx, token, shape, func(client *resty.Client) (err error) {
		answer, err = secrets.CallListSecretsV3(nil, client, secrets.ListSecretsV3RawRequest{
			ProjectID: s.settings.Project, Environment: s.settings.Environment, SecretPath: path,
			ExpandSecretReferences: true, IncludeImports: true,
		})
		return err
	})
	if failed != nil {
		return nil, failed
	}
	for _, secret := range answer.Secrets {
		if secret.SecretPath != "" && folder(secret.SecretPath) != path ||
			secret.Environment != "" && secret.Environment != s.settings.Environment {
			return nil, &failure{kind: misplaced, attempts: 1}
		}
	}
	return &list{own: answer.Secrets, imports: answer.Imports, hidden: masked}, nil
}
