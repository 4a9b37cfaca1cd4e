package components_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/components/postgres"
	"platform/components/redis"
)

func TestClaims(t *testing.T) {
	for name, tc := range map[string]struct {
		register      func(protect bool) program
		size, claimed string
	}{
		"postgres-pvc":     {protectedPostgres, "50Gi", "rcp-nas"}, // name, size and class never change
		"db-dump-archives": {protectedPostgres, "100Gi", "rcp-nas"},
		"redis-data":       {protectedRedis, "2Gi", "rcp-nas"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, protect := range []bool{false, true} {
				found := false
				for _, claim := range run(t, tc.register(protect)).of("PersistentVolumeClaim") {
					if dig(claim.Inputs, "metadata", "name") != name {
						continue
					}
					found = true
					assert.Equal(t, map[string]any{
						"accessModes": []any{"ReadWriteOnce"}, "storageClassName": tc.claimed,
						"resources": map[string]any{"requests": map[string]any{"storage": tc.size}},
					}, claim.Inputs["spec"])
					assert.Equal(t, protect, claim.Protect)
					assert.Equal(t, protect, claim.RetainOnDelete, "taken out of the program, the data stays")
				}
				assert.True(t, found)
			}
		})
	}
}

func protectedPostgres(protect bool) program {
	args := postgresArgs()
	args.Protect = protect
	return registering("postgres", postgres.New, args)
}

func protectedRedis(protect bool) program {
	args := redisArgs()
	args.Protect = protect
	return registering("redis", redis.New, args)
}
