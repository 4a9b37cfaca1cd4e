package githubtest

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Pages have 30 entries unless the request asks for another number, of which
// 100 is the most. https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api
const (
	pageDefault = 30
	pageMost    = 100
)

// cursor is what a cursor begins with; what follows is nobody's business.
const cursor = "Y3Vyc29yOnYyOpK"

// page cuts out what a request asks for and writes the Link header, which has
// only those relations that there are: an answer of one page has no header.
func page[T any](w http.ResponseWriter, r *http.Request, all []T, cursors bool) []T {
	query := r.URL.Query()
	size := number(query, "per_page", pageDefault)
	if size > pageMost {
		size = pageMost
	}
	at := number(query, "page", 1)
	if _, err := fmt.Sscanf(query.Get("after"), cursor+"%d", &at); err == nil && !cursors {
		at = 1 // no such parameter there
	}
	last := max(1, (len(all)+size-1)/size)
	var links []string
	link := func(to int, relation string) {
		query.Set("page", strconv.Itoa(to))
		query.Del("after")
		if cursors && relation == "next" {
			query.Set("after", cursor+strconv.Itoa(to))
		}
		address := url.URL{Scheme: "https", Host: r.Host, Path: r.URL.Path, RawQuery: query.Encode()}
		links = append(links, fmt.Sprintf("<%s>; rel=%q", address.String(), relation))
	}
	if at > 1 {
		link(min(at-1, last), "prev")
	}
	if at < last {
		link(at+1, "next")
		link(last, "last")
	}
	if at > 1 {
		link(1, "first")
	}
	if len(links) > 0 {
		w.Header().Set("Link", strings.Join(links, ", "))
	}
	from := min((at-1)*size, len(all))
	return all[from:min(from+size, len(all))]
}

func number(query url.Values, name string, fallback int) int {
	n, err := strconv.Atoi(query.Get(name))
	if err != nil || n < 1 {
		return fallback
	}
	return n
}
