package postgres

import (
	"encoding/binary"
	"slices"
)

// The messages of PostgreSQL's protocol 3.0 that a health check exchanges. Each
// has its type, but the first, and its length, which counts itself.
// https://www.postgresql.org/docs/16/protocol-message-formats.html
var (
	authenticationOK = message('R', []byte{0, 0, 0, 0}) // the role needs no password, or gave the right one
	terminate        = message('X', nil)
)

// startupMessage logs a role in to a database.
func startupMessage(role, database string) []byte {
	version := []byte{0, 3, 0, 0}
	return sized(slices.Concat(version, texts("user", role, "database", database), []byte{0}))
}

// parameterStatus is how a server tells a setting when a client logs in. That
// of in_hot_standby it tells since PostgreSQL 14.
func parameterStatus(name, value string) []byte { return message('S', texts(name, value)) }

func message(kind byte, content []byte) []byte { return append([]byte{kind}, sized(content)...) }

func sized(content []byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(content)+4)), content...)
}

// texts are spelled one after the other, each with a zero at its end.
func texts(all ...string) []byte {
	var spelled []byte
	for _, text := range all {
		spelled = append(append(spelled, text...), 0)
	}
	return spelled
}
