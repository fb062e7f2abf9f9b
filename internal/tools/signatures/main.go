// Command signatures signs random requests with Huawei Cloud's own SDK and prints them, with their signatures, as
// JSON: the second opinion
// that internal/cloud holds its own against. The seed is fixed, so the requests are the same each time.
//
//	go run -C internal/tools/signatures . >internal/cloud/testdata/huawei_signatures.json
package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/signer"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/request"
)

// signed is a request and what the SDK makes of it.
type signed struct {
	Method        string              `json:"method"`
	Path          string              `json:"path"` // not escaped
	Query         map[string][]string `json:"query,omitempty"`
	Body          string              `json:"body,omitempty"`
	ProjectID     string              `json:"project_id,omitempty"`
	Date          string              `json:"date"`
	Authorization string              `json:"authorization"`
}

const (
	count     = 300
	host      = "ims.example.com"
	accessKey = "AKPUBLIC0003"
	secretKey = "sk-s3cret-0004"
)

func main() {
	random := rand.New(rand.NewPCG(20261125, 1))
	all := make([]signed, count)
	for i := range all {
		all[i] = randomRequest(random)
		if err := all[i].sign(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	for i, one := range all {
		line, err := json.Marshal(one)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println([]string{"[", ","}[min(i, 1)] + string(line))
	}
	fmt.Println("]")
}

func pick[T any](random *rand.Rand, from []T) T { return from[random.IntN(len(from))] }

// pieces are what is told wrong most easily: what is escaped by one function and not by another, what means something
// in a URL, and
// letters of several bytes.
var pieces = []string{
	"a", "Z", "0", "image", " ", "+", "%", "%20", "%2F", "&", "=", "?", "#", "~", "-", "_", ".", "*", "'", "(", ")", "!",
	"@", ":", ";", ",", "$",
	"[", "]", "{", "|", "\\", "\"", "<", "ä", "ß", "образ", "一", "é", "🙂", "\t",
}

func text(random *rand.Rand, longest int) string {
	var b strings.Builder
	for range random.IntN(longest + 1) {
		b.WriteString(pick(random, pieces))
	}
	return b.String()
}

func randomRequest(random *rand.Rand) signed {
	one := signed{
		Method: pick(random, []string{"GET", "POST", "PUT", "PATCH", "DELETE"}),
		Path:   "/v" + pick(random, []string{"1", "2"}),
		Query:  map[string][]string{},
		Date:   fmt.Sprintf("202611%02dT%02d%02d%02dZ", 1+random.IntN(28), random.IntN(24), random.IntN(60), random.IntN(60)),
	}
	for range 1 + random.IntN(4) {
		one.Path += "/" + "s" + text(random, 4)
	}
	one.Path += pick(random, []string{"", "", "/"})
	for range random.IntN(5) {
		key := pick(random, []string{"name", "tag", "__imagetype", "Z", "a-b", "k" + text(random, 3)})
		for range 1 + random.IntN(3) {
			one.Query[key] = append(one.Query[key], text(random, 4))
		}
	}
	if random.IntN(2) == 0 {
		one.Body = pick(random, []string{`{"name":"x"}`, "{}", "[1, 2]\n", text(random, 12)})
	}
	if random.IntN(3) > 0 {
		one.ProjectID = "p1"
	}
	return one
}

func (s *signed) sign() error {
	builder := request.NewHttpRequestBuilder().WithEndpoint("https://"+host).WithPath(s.Path).WithMethod(s.Method).
		AddHeaderParam("host", host).AddHeaderParam(signer.HeaderXDate, s.Date)
	for key, values := range s.Query {
		builder.AddQueryParam(key, reflect.ValueOf(values))
	}
	if s.ProjectID != "" {
		builder.AddHeaderParam("X-Project-Id", s.ProjectID)
	}
	if s.Body != "" {
		builder.WithBody("", s.Body)
	}
	headers, err := signer.Sign(builder.Build(), accessKey, secretKey)
	s.Authorization = headers[signer.HeaderAuthorization]
	return err
}
