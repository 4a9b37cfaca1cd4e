package infisicaltest

import "time"

// The other identities of the recorded server.
const (
	strangerID = "6a38d468-00cc-4289-8f93-62cc29f62ba1" // in no project
	adminID    = "b0000000-0000-4000-8000-000000000001" // reads every environment
	briefID    = "b0000000-0000-4000-8000-000000000002" // tokens live for 8 s, and 20 s at most
	noneID     = "b0000000-0000-4000-8000-000000000003" // reads no secrets
)

// recordedWorld is what the recorded server held.
func recordedWorld() World {
	reader := []Grant{{Project: ProjectID, Environments: []string{"prod"}}}
	shared := Import{"prod", "/shared"}
	return World{
		Projects: []Project{{ID: ProjectID, Slug: ProjectSlug, Environments: []string{"dev", "staging", "prod"}, Folders: []Folder{
			{Environment: "prod", Path: "/", Secrets: []Secret{
				{ID: "c6a6745b-5274-459d-8e34-dc3faafa2f83", Key: "ROOT_TOKEN", Value: "made-up-root-token-prod"},
				{ID: "0f03909d-1057-4d28-a3ce-cb2d0ad50108", Key: "REF_EXAMPLE", Value: "host=${infra.database.DB_HOST};user=${infra.database.DB_USER}"},
			}},
			{Environment: "prod", Path: "/infra", Imports: []Import{shared}, Secrets: []Secret{
				{ID: "8755a5c0-74e7-475d-b614-3317a7bfe69b", Key: "CLOUDFLARE_API_TOKEN", Value: "made-up-cf-token-prod", Comment: "DNS token (test value)"},
				{ID: "d281e0b3-9609-40da-b5e6-b18ec017576b", Key: "EMPTY_VALUE"},
				{ID: "dabe7186-31ce-4db1-bd58-6f2044ecd0d9", Key: "MULTILINE_KEY", Value: "-----BEGIN TEST KEY-----\nbWFkZS11cA==\n-----END TEST KEY-----\n"},
				{ID: "31e94361-8379-404b-85b7-f76886373cd0", Key: "UNICODE_VALUE", Value: "žluťoučký kůň ✓ \"quoted\" \\back"},
				{ID: "2f46d21e-025b-4211-a8ee-31cc3edc7722", Key: "lower_case_key", Value: "made-up-lower"},
			}},
			{Environment: "prod", Path: "/infra/empty"},
			{Environment: "prod", Path: "/infra/database", Secrets: []Secret{
				{ID: "5fbcf5b3-4284-4133-b981-2383edbeb8da", Key: "CLOUDFLARE_API_TOKEN", Value: "made-up-duplicate-name-prod"},
				{ID: "af5df04b-61c0-411a-a91a-4679ddc31555", Key: "DB_HOST", Value: "db.prod.example.test"},
				{ID: "a007026f-3e21-498c-a669-392fbbc8937c", Key: "DB_PASSWORD", Value: "made-up-db-pass-prod"},
				{ID: "75ea2993-d391-48fe-84e9-3bbb59be9384", Key: "DB_USER", Value: "app"},
			}},
			{Environment: "prod", Path: "/shared", Secrets: []Secret{
				{ID: "6cf11cf6-79dd-4a69-9f1a-fc9cce65c55a", Key: "CLOUDFLARE_API_TOKEN", Value: "made-up-imported-same-name-prod"},
				{ID: "9022c556-60b7-44a9-9f09-5b570df33048", Key: "SHARED_ONLY", Value: "made-up-shared-prod"},
			}},
			{Environment: "dev", Path: "/infra/database", Secrets: []Secret{{Key: "DB_PASSWORD", Value: "made-up-db-pass-dev"}}},
			{Environment: "dev", Path: "/infra", Secrets: []Secret{{Key: "CLOUDFLARE_API_TOKEN", Value: "made-up-cf-token-dev"}}},
		}}},
		Identities: []Identity{
			{ClientID: ClientID, ClientSecret: ClientSecret, Grants: reader},
			{ClientID: strangerID, ClientSecret: "s"},
			{ClientID: adminID, ClientSecret: "s", Grants: []Grant{{Project: ProjectID}}},
			{ClientID: briefID, ClientSecret: "s", Grants: reader, TokenTTL: 8 * time.Second, TokenMaxTTL: 20 * time.Second},
			{ClientID: noneID, ClientSecret: "s", Grants: []Grant{{Project: ProjectID, NoSecrets: true}}},
		},
	}
}

// edges are folders that the recorded server was given later.
func edges() []Folder {
	return []Folder{
		{Environment: "prod", Path: "/edge/ref-ok", Secrets: []Secret{
			{ID: "a4823162-9ea5-4c53-943b-44ec93474f9a", Key: "SPACES", Value: "padded value"},
			{ID: "a9e849e9-0fd9-4c08-898d-2db6a1d94af7", Key: "REF_OK", Value: "pass=${prod.infra.database.DB_PASSWORD}"},
			{ID: "d869c165-5e49-4762-be29-ee4f937cb832", Key: "TRAILING_NEWLINE", Value: "line\n"},
		}},
		{Environment: "prod", Path: "/edge/ref-denied", Secrets: []Secret{
			{ID: "73e074f5-f9fb-4bf3-8048-369cc628d711", Key: "REF_DENIED", Value: "pass=${dev.infra.database.DB_PASSWORD}"},
		}},
		{Environment: "prod", Path: "/edge/ref-missing", Secrets: []Secret{
			{ID: "8794ef73-0508-422b-a9f7-2abdab2bc2c2", Key: "REF_MISSING", Value: "x=${prod.infra.NO_SUCH_KEY}"},
			{ID: "3c34eece-2b8c-495b-92b0-466e00a9a69b", Key: "REF_MISSING2", Value: "x=${NO_SUCH_LOCAL}"},
		}},
		{Environment: "prod", Path: "/edge/import-denied", Imports: []Import{{"dev", "/infra/database"}}, Secrets: []Secret{
			{ID: "9c0cb5ea-b089-401d-8839-2477b8c6940e", Key: "OWN", Value: "own-value"},
		}},
		{Environment: "prod", Path: "/edge/two-imports", Imports: []Import{{"prod", "/shared"}, {"prod", "/infra/database"}}},
	}
}

// hold gives the server the tokens of the recordings, in the state that each
// was in.
func hold(s *Server) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for text, identity := range map[string]string{
		"test-access-token-07": strangerID, "test-access-token-08": adminID, "test-access-token-12": briefID,
		"test-access-token-13": ClientID, "test-access-token-15": briefID,
	} {
		s.accept(text, s.world.identity(identity))
	}
	for _, number := range []string{"01", "02", "03", "04", "05", "06", "09", "10", "11"} {
		s.accept("test-access-token-"+number, s.world.identity(ClientID))
	}
}
