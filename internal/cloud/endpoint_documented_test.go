package cloud

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

var argument = regexp.MustCompile(`(?m)^  (\w+) += "(.*)"$`)

// The provider blocks that the documentation has for each cloud find the image service without an endpoint of their
// own: with a password, whose token's catalog may have it or not, and with an access key, which needs no catalog.
func TestDocumentedClouds(t *testing.T) {
	for name, want := range map[string]string{
		"otc-eu-de":   "https://ims.eu-de.otc.t-systems.com/",
		"otc-eu-nl":   "https://ims.eu-nl.otc.t-systems.com/",
		"otc-swiss":   "https://ims.eu-ch2.sc.otc.t-systems.com/",
		"huaweicloud": "https://ims.ap-southeast-1.myhuaweicloud.com/",
	} {
		content, err := os.ReadFile(filepath.Join("..", "..", "examples", "clouds", name, "provider.tf"))
		if err != nil {
			t.Fatal(err)
		}
		given := map[string]string{}
		for _, match := range argument.FindAllStringSubmatch(string(content), -1) {
			given[match[1]] = match[2]
		}
		block := settings.Config{
			AuthURL: given["auth_url"], Region: given["region"], DomainName: given["domain_name"],
			ProjectName: given["project_name"],
		}
		byPassword, byKey := block, block
		byPassword.UserName, byPassword.Password = "jane", testPassword
		byKey.AccessKey, byKey.SecretKey = testAccessKey, testSecretKey
		for way, test := range map[string]struct {
			block   settings.Config
			catalog string
		}{
			"password, in the catalog": {
				byPassword,
				`[{"type":"image","endpoints":[{"interface":"public","region":"` + block.Region + `","url":"` + want + `v2"}]}]`,
			},
			"password, not in it": {byPassword, `[]`},
			"access key":          {byKey, `[]`},
		} {
			t.Run(name+" with "+way, func(t *testing.T) {
				resolved, err := settings.Resolve(test.block, settings.Environment{})
				if err != nil {
					t.Fatal(err)
				}
				identity := block.AuthURL
				s := NewSession(resolved, SessionOptions{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
					if address := r.URL.Scheme + "://" + r.URL.Host + "/v3"; address != identity {
						t.Errorf("asked %s", r.URL)
					}
					if r.Method == http.MethodPost {
						resp := answer(http.StatusCreated,
							`{"token":{"project":{"id":"p1","name":"`+block.ProjectName+`"},"catalog":`+test.catalog+`}}`)
						resp.Header.Set("X-Subject-Token", "t1")
						return resp, nil
					}
					return answer(http.StatusOK, `{"projects":[{"id":"p1","name":"`+block.ProjectName+`"}]}`), nil
				})})
				scope, err := s.Connect(t.Context())
				if err != nil || scope.Endpoint != want || scope.Region != block.Region {
					t.Errorf("got %+v, %v, want %s", scope, err, want)
				}
			})
		}
	}
}
