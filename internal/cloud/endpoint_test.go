package cloud

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

func TestImagePlace(t *testing.T) {
	const (
		one = `[{"type":"compute","endpoints":[{"interface":"public","region":"eu-de","url":"https://ecs.example.com"}]},
			{"type":"image","endpoints":[{"interface":"admin","region":"eu-de","url":"https://admin.example.com"},
			{"interface":"internal","region":"eu-de","url":"https://inner.example.com/"},
			{"interface":"public","region":"eu-de","region_id":"eu-de","url":"https://ims.eu-de.example.com/v2"}]}]`
		two = `[{"type":"image","endpoints":[{"interface":"public","region":"eu-de","url":"https://ims.eu-de.example.com"},
			{"interface":"public","region_id":"eu-nl","url":"https://ims.eu-nl.example.com/v2.0/"}]}]`
		every = `[{"type":"image","endpoints":[{"interface":"public","region":"*","url":"https://ims.example.com"},
			{"interface":"public","region":"eu-nl","url":"https://ims.eu-nl.example.com"}]}]`
		none = `[{"type":"compute","endpoints":[{"interface":"public","region":"eu-de","url":"https://ecs.example.com"}]}]`
	)
	for name, test := range map[string]struct {
		catalog, availability, region, project string
		endpoint, wantRegion                   string
		absent                                 bool
		err                                    string
	}{
		"the only one": {catalog: one, endpoint: "https://ims.eu-de.example.com/", wantRegion: "eu-de"},
		"the only one, of any project": {
			catalog: one, project: "default", endpoint: "https://ims.eu-de.example.com/", wantRegion: "eu-de",
		},
		"inside": {
			catalog: one, availability: "internal", endpoint: "https://inner.example.com/", wantRegion: "eu-de",
		},
		"of the region": {
			catalog: two, region: "eu-nl", project: "eu-de", endpoint: "https://ims.eu-nl.example.com/", wantRegion: "eu-nl",
		},
		"of the project": {
			catalog: two, project: "eu-nl_one", endpoint: "https://ims.eu-nl.example.com/", wantRegion: "eu-nl",
		},
		"of several": {
			catalog: two, project: "one", err: "in several regions: eu-de, eu-nl. Give region",
		},
		"another region": {
			catalog: two, region: "eu-ch2", err: `not offer the image service in region "eu-ch2", but in: eu-de, eu-nl`,
		},
		"of all regions": {
			catalog: every, region: "eu-de", endpoint: "https://ims.example.com/", wantRegion: "eu-de",
		},
		"of all regions, none wanted": {catalog: every, endpoint: "https://ims.example.com/"},
		"of the region before all": {
			catalog: every, region: "eu-nl", endpoint: "https://ims.eu-nl.example.com/", wantRegion: "eu-nl",
		},
		"none":             {catalog: none, absent: true},
		"none of the kind": {catalog: two, availability: "admin", absent: true},
		"an empty catalog": {catalog: `[]`, absent: true},
		"region given, project says not": {
			catalog: one, region: "eu-nl", project: "eu-de", err: "not offer the image service in region",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var catalog []tokens.CatalogEntry
			if err := json.Unmarshal([]byte(test.catalog), &catalog); err != nil {
				t.Fatal(err)
			}
			if test.availability == "" {
				test.availability = "public"
			}
			got, found, err := catalogPlace(catalog, test.availability, test.region, test.project)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil || found == test.absent || got.endpoint != test.endpoint || got.region != test.wantRegion {
				t.Errorf("got %+v, %t, %v", got, found, err)
			}
		})
	}
}

func TestDerivedPlace(t *testing.T) {
	for _, test := range []struct{ authURL, region, endpoint, wantRegion string }{
		{"https://iam.eu-de.otc.t-systems.com/v3", "", "https://ims.eu-de.otc.t-systems.com/", "eu-de"},
		{"https://iam.eu-de.otc.t-systems.com:443/v3", "eu-de", "https://ims.eu-de.otc.t-systems.com/", "eu-de"},
		{"https://iam.eu-nl.otc.t-systems.com", "", "https://ims.eu-nl.otc.t-systems.com/", "eu-nl"},
		{"https://iam.eu-de.otc.t-systems.com/v3", "eu-nl", "https://ims.eu-nl.otc.t-systems.com/", "eu-nl"},
		{"https://iam-pub.eu-ch2.sc.otc.t-systems.com/v3", "", "https://ims.eu-ch2.sc.otc.t-systems.com/", "eu-ch2"},
		{"https://iam.cn-north-4.myhuaweicloud.com/v3", "", "https://ims.cn-north-4.myhuaweicloud.com/", "cn-north-4"},
		{
			"https://iam.ap-southeast-1.myhuaweicloud.com/v3", "ap-southeast-3",
			"https://ims.ap-southeast-3.myhuaweicloud.com/", "ap-southeast-3",
		},
		{"https://iam.eu-west-101.myhuaweicloud.eu/v3", "", "https://ims.eu-west-101.myhuaweicloud.eu/", "eu-west-101"},
		{"https://iam.myhuaweicloud.com/v3", "cn-north-1", "https://ims.cn-north-1.myhuaweicloud.com/", "cn-north-1"},
		{"https://iam.myhuaweicloud.com/v3", "", "", ""},
		{"https://keystone.example.com:5000/v3", "eu-de", "", ""},
		{"http://127.0.0.1:19090/v3", "eu-de", "", ""},
		{"https://iam/v3", "eu-de", "", ""},
		{"", "eu-de", "", ""},
	} {
		got, ok := derivedPlace(test.authURL, test.region)
		if ok != (test.endpoint != "") || got.endpoint != test.endpoint || got.region != test.wantRegion {
			t.Errorf("%s in %q: got %+v, %t", test.authURL, test.region, got, ok)
		}
	}
}

func TestURLs(t *testing.T) {
	for text, want := range map[string]string{
		"https://h":                  "https://h/v3/",
		"https://h/":                 "https://h/v3/",
		"https://h/v3":               "https://h/v3/",
		"https://h/v3/":              "https://h/v3/",
		"https://h:5000/identity/v3": "https://h:5000/identity/v3/",
		"https://h/v2.0":             "https://h/v3/",
	} {
		if got := identityURL(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"https://h": "https://h/", "https://h/v2": "https://h/", "https://h/v2.15/": "https://h/",
		"https://h/image/v1": "https://h/image/",
		"https://h/v2x":      "https://h/v2x/",
	} {
		if got := withoutVersion(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestLocate(t *testing.T) {
	for name, test := range map[string]struct {
		change  func(f *fakeCloud, c *settings.Config)
		want    Scope
		wantErr string
	}{
		"of the catalog": {
			change: func(*fakeCloud, *settings.Config) {},
			want:   Scope{ProjectID: "p1", ProjectName: "eu-test_one", Region: "eu-test", Endpoint: "URL/"},
		},
		"given": {
			change: func(_ *fakeCloud, c *settings.Config) { c.Endpoint = "https://images.example.com/v2" },
			want: Scope{
				ProjectID: "p1", ProjectName: "eu-test_one", Region: "eu-test", Endpoint: "https://images.example.com/",
			},
		},
		"given, in a region that the catalog does not have": {
			change: func(_ *fakeCloud, c *settings.Config) { c.Endpoint, c.Region = "https://images.example.com", "eu-else" },
			want: Scope{
				ProjectID: "p1", ProjectName: "eu-test_one", Region: "eu-else", Endpoint: "https://images.example.com/",
			},
		},
		"given, and an empty catalog": {
			change: func(f *fakeCloud, c *settings.Config) { f.catalog, c.Endpoint = `[]%.0s`, "https://images.example.com" },
			want: Scope{
				ProjectID: "p1", ProjectName: "eu-test_one", Region: "eu-test", Endpoint: "https://images.example.com/",
			},
		},
		"nowhere": {
			change:  func(f *fakeCloud, _ *settings.Config) { f.catalog = `[]%.0s` },
			wantErr: "the catalog has no image service, and its address cannot be derived from auth_url. Give endpoint",
		},
		"of another region": {
			change:  func(_ *fakeCloud, c *settings.Config) { c.Region = "eu-else" },
			wantErr: `the catalog does not offer the image service in region "eu-else", but in: eu-test`,
		},
	} {
		for way, block := range map[string]func(*fakeCloud) settings.Config{
			"password": (*fakeCloud).byPassword, "token": (*fakeCloud).byToken, "access key": (*fakeCloud).byKey,
		} {
			t.Run(name+" with "+way, func(t *testing.T) {
				f := newFakeCloud(t)
				c := block(f)
				test.change(f, &c)
				got, err := session(t, c).Connect(t.Context())
				if test.wantErr != "" {
					if err == nil || !strings.Contains(err.Error(), test.wantErr) {
						t.Errorf("got %v", err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				want := test.want
				want.Endpoint = strings.Replace(want.Endpoint, "URL", f.URL, 1)
				// How large a body may be depends on the way in, not on the place.
				want.BodyLimit = got.BodyLimit
				if *got != want {
					t.Errorf("got %+v, want %+v", *got, want)
				}
			})
		}
	}
}
