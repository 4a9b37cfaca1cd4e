package infisicaltest

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Masked is what a value that is hidden reads.
const Masked = "<hidden-by-infisical>"

// placed is a secret with its place.
type placed struct {
	Secret
	environment, path string
}

func (f Folder) placed() []placed {
	var all []placed
	for _, secret := range f.Secrets {
		if secret.ID == "" {
			secret.ID = idOf(f.Environment, f.Path, secret.Key)
		}
		all = append(all, placed{secret, f.Environment, f.Path})
	}
	return all
}

func byID(all []placed) {
	slices.SortFunc(all, func(a, b placed) int { return cmp.Compare(a.ID, b.ID) })
}

// idOf makes a UUID that is the same in every run.
func idOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return fmt.Sprintf("%x-%x-4%x-8%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])[:36]
}

// created is when every secret was made.
var created = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// view is where a secret is shown: each shows other fields.
type view int

const (
	inList view = iota
	inImport
	alone
	aloneImported
)

// show is a secret as the API writes it.
func (s *Server) show(a ask, secret placed, value string, in view) map[string]any {
	newer := s.world.Generation == Generation2025
	hide := newer && (a.masked || secret.Hidden)
	if hide {
		value = Masked
	}
	body := map[string]any{
		"id": secret.ID, "_id": secret.ID, "workspace": a.project.ID, "environment": secret.environment, "version": 1, "type": "shared",
		"secretKey": secret.Key, "secretValue": value, "secretComment": secret.Comment, "skipMultilineEncoding": false,
	}
	if newer {
		body["secretValueHidden"] = hide
		body["secretMetadata"] = metadata(secret.Secret)
	} else {
		body["metadata"] = nil
	}
	if in == inImport {
		body["workspace"] = ""
		return body
	}
	body["createdAt"], body["updatedAt"] = stamp(created), stamp(created)
	body["secretReminderNote"], body["secretReminderRepeatDays"] = nil, nil
	if newer {
		body["isRotatedSecret"] = false
	}
	if in == inList {
		body["secretPath"] = secret.path
	}
	if in != aloneImported {
		body["tags"] = []any{}
	}
	return body
}

func metadata(secret Secret) []any {
	list := []any{}
	for _, key := range slices.Sorted(maps.Keys(secret.Metadata)) {
		list = append(list, map[string]any{"key": key, "value": secret.Metadata[key], "isEncrypted": false})
	}
	return list
}
