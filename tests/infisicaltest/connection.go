package infisicaltest

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"time"
)

// Hang never answers. It ends when the client does. A channel is told of each
// request that has begun to hang, if it has room.
func Hang(arrived chan<- struct{}) Error {
	return func(_ http.ResponseWriter, r *http.Request, _ http.HandlerFunc) {
		select {
		case arrived <- struct{}{}:
		default:
		}
		<-r.Context().Done()
	}
}

// Slow answers after a while.
func Slow(after time.Duration) Error {
	return func(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
		select {
		case <-time.After(after):
			answer(w, r)
		case <-r.Context().Done():
		}
	}
}

// Cut closes the connection instead of an answer, after a while: servers whose
// database hangs do so after 30 seconds.
func Cut(after time.Duration) Error {
	return func(w http.ResponseWriter, r *http.Request, _ http.HandlerFunc) {
		select {
		case <-time.After(after):
			closeConn(w, false)
		case <-r.Context().Done():
		}
	}
}

// Reset resets the connection instead of an answer.
func Reset() Error {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) { closeConn(w, true) }
}

// Half breaks the connection in the middle of the answer.
func Half() Error {
	return func(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
		recorded := httptest.NewRecorder()
		answer(recorded, r)
		body := recorded.Body.Bytes()
		for name, values := range recorded.Header() {
			w.Header()[name] = values
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		w.WriteHeader(recorded.Code)
		_, _ = w.Write(body[:len(body)/2])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler) // ends the connection, and prints nothing
	}
}

// closeConn closes what is below a response, with a reset if that is asked for.
func closeConn(w http.ResponseWriter, reset bool) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // ends the connection too
	}
	if secured, ok := conn.(*tls.Conn); ok && reset {
		if raw, ok := secured.NetConn().(*net.TCPConn); ok {
			_ = raw.SetLinger(0)
			_ = raw.Close()
			return
		}
	}
	_ = conn.Close()
}
