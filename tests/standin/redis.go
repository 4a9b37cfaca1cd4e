package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// redis is one connection to a Redis server.
type redis struct {
	net.Conn
	in *bufio.Reader
}

// errNil is the answer that there is no value.
var errNil = errors.New("redis: no value")

// openRedis connects and logs in as redis://:PASSWORD@HOST:PORT/DB says.
func openRedis(ctx context.Context, address string) (*redis, error) {
	at, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("redis: the URL cannot be read") // the parser's error shows it
	}
	dialer := net.Dialer{Timeout: 3 * time.Second}
	connection, err := dialer.DialContext(ctx, "tcp", at.Host)
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	r := &redis{connection, bufio.NewReader(connection)}
	if password, set := at.User.Password(); set {
		if _, err := r.do("AUTH", password); err != nil {
			_ = r.Close()
			return nil, err
		}
	}
	return r, nil
}

// do sends one command and reads its answer: a string, a number or a list.
func (r *redis) do(words ...string) (any, error) {
	_ = r.SetDeadline(time.Now().Add(15 * time.Second))
	var out strings.Builder
	fmt.Fprintf(&out, "*%d\r\n", len(words))
	for _, word := range words {
		fmt.Fprintf(&out, "$%d\r\n%s\r\n", len(word), word)
	}
	if _, err := io.WriteString(r, out.String()); err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	return r.read()
}

func (r *redis) read() (any, error) {
	line, err := r.in.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	if len(line) < 3 {
		return nil, fmt.Errorf("redis: %q is no answer", line)
	}
	kind, rest := line[0], strings.TrimSpace(line[1:])
	if kind == '+' {
		return rest, nil
	}
	if kind == '-' {
		return nil, fmt.Errorf("redis: %s", rest)
	}
	number, err := strconv.Atoi(rest)
	if err != nil {
		return nil, fmt.Errorf("redis: %q is no answer", line)
	}
	switch {
	case kind == ':':
		return number, nil
	case number < 0:
		return nil, errNil
	case kind == '$':
		text := make([]byte, number+2)
		if _, err := io.ReadFull(r.in, text); err != nil {
			return nil, fmt.Errorf("redis: %w", err)
		}
		return string(text[:number]), nil
	case kind == '*':
		list := make([]any, number)
		for i := range list {
			if list[i], err = r.read(); err != nil {
				return nil, err
			}
		}
		return list, nil
	}
	return nil, fmt.Errorf("redis: %q is no answer", line)
}
