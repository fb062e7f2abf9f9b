package ims

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
)

var asked = time.Date(2026, 3, 1, 12, 0, 0, 500e6, time.UTC)

// request is what a lost request said; fitted is an image that it made.
func lostRequest() Created {
	return Created{
		Since: asked, Name: "golden", Description: "of today", Tags: map[string]string{"a": "1", "b": ""}, MinDisk: 40,
		EnterpriseProjectID: "e", Origin: "file,images:a,b.qcow2",
	}
}

func fitted(id string, differences ...string) map[string]any {
	image := map[string]any{
		"id":                    id,
		"status":                "queued",
		"owner":                 project,
		"name":                  "golden",
		"__description":         "of today",
		"tags":                  []string{"b=", "a=1"},
		"min_disk":              40,
		"enterprise_project_id": "e",
		"__data_origin":         "file,images:a,b.qcow2",
		"created_at":            "2026-03-01T12:00:03Z",
	}
	var changed map[string]any
	for _, difference := range differences {
		if err := json.Unmarshal([]byte(difference), &changed); err != nil {
			panic(err)
		}
	}
	maps.Copy(image, changed)
	return image
}

func TestCreatedFits(t *testing.T) {
	for difference, want := range map[string]bool{
		`{}`:                                        true,
		`{"status":"active"}`:                       true,
		`{"status":"killed"}`:                       true,
		`{"status":"deleted"}`:                      false,
		`{"status":"pending_delete"}`:               false,
		`{"owner":"another"}`:                       false,
		`{"owner":null}`:                            false,
		`{"name":"golden 2"}`:                       false,
		`{"__description":"x"}`:                     false,
		`{"__description":null}`:                    false,
		`{"min_disk":41}`:                           false,
		`{"min_disk":null}`:                         false,
		`{"enterprise_project_id":"0"}`:             false,
		`{"enterprise_project_id":"f"}`:             false,
		`{"enterprise_project_id":null}`:            true, // not told
		`{"__data_origin":null}`:                    true, // not told yet
		`{"__data_origin":""}`:                      true,
		`{"__data_origin":"file,images:a"}`:         false,
		`{"__data_origin":"instance,1"}`:            false,
		`{"tags":[]}`:                               true, // they may come late
		`{"tags":null}`:                             true,
		`{"tags":["a=1"]}`:                          false,
		`{"tags":["a=1","b=2"]}`:                    false,
		`{"tags":["a=1","b=","c=3"]}`:               false,
		`{"tags":["a=1","b"]}`:                      true,
		`{"created_at":"2026-03-01T12:00:00Z"}`:     true, // whole seconds
		`{"created_at":"2026-03-01T11:59:59Z"}`:     false,
		`{"created_at":"2026-03-01T12:00:00.700Z"}`: true,
		`{"created_at":null}`:                       false,
		`{"hw_firmware_type":"uefi"}`:               true,
	} {
		synctest.Test(t, func(t *testing.T) {
			client := New(newSession(t, reply(200, listed(fitted("i", difference)))), Options{})
			image, err := client.LookForCreated(t.Context(), lostRequest())
			if _, unclear := IsUnclear(err); want != (err == nil && image.ID == "i") || !want && !unclear {
				t.Errorf("%s: got %v, %v", difference, image, err)
			}
		})
	}
	tags := map[string]string{"a": "1", "b": ""}
	for name, test := range map[string]struct {
		created Created
		image   string
		want    bool
	}{
		"nothing said but the name": {
			Created{Since: asked, Name: "golden", Description: "of today", Tags: tags}, `{}`, true,
		},
		"default enterprise project": {
			Created{Since: asked, Name: "golden", Description: "of today", Tags: tags, EnterpriseProjectID: "0"}, `{}`, false,
		},
		"no tags": {Created{Since: asked, Name: "golden", Description: "of today"}, `{}`, false},
		"named by the service": {
			Created{Since: asked, Description: "of today", Tags: tags, Origin: lostRequest().Origin}, `{}`, true,
		},
		"no name and no origin": {
			Created{Since: asked, Description: "of today", Tags: tags, Origin: lostRequest().Origin},
			`{"__data_origin":null}`,
			false,
		},
		"data disk": {
			Created{Since: asked, Name: "golden", Description: "of today", Tags: tags, Environment: EnvironmentData},
			`{"virtual_env_type":"DataImage"}`,
			true,
		},
		"no data disk": {
			Created{Since: asked, Name: "golden", Description: "of today", Tags: tags, Environment: EnvironmentData},
			`{"virtual_env_type":"FusionCompute"}`,
			false,
		},
	} {
		if image := imageOf(t, encoded(fitted("i", test.image))); test.created.fits(image) != test.want {
			t.Errorf("%s: got %t", name, !test.want)
		}
	}
}

func TestFindCreated(t *testing.T) {
	none := reply(200, listed())
	one := reply(200, listed(fitted("i"), fitted("older", `{"created_at":"2026-02-01T12:00:00Z"}`)))
	tests := map[string]struct {
		script     []reaction
		want       string
		candidates []string
		took       time.Duration // exactly; 0: a moment
		err        string
	}{
		"there at once":           {script: []reaction{one}, want: "i"},
		"appears":                 {script: []reaction{none, none, one}, want: "i", took: 2 * time.Second},
		"appears after a failure": {script: []reaction{none, reply(403, ``)}, err: "HTTP 403", took: time.Second},
		"never": {
			script: []reaction{none},
			took:   SearchFor,
			err:    "no image that fits the request appeared within 2m0s",
		},
		"nobody can look":     {script: []reaction{reply(503, ``)}, err: "HTTP 503", took: -1},
		"the last look fails": {script: append(repeat(none, 3), reply(503, ``)), err: "HTTP 503", took: -1},
		"several": {
			script:     []reaction{reply(200, listed(fitted("j", `{"created_at":"2026-03-01T12:00:04Z"}`), fitted("i")))},
			candidates: []string{"i", "j"},
			took:       SearchFor,
			err:        "2 images fit",
		},
		"several, one goes": {
			script: []reaction{reply(200, listed(fitted("i"), fitted("j"))), one},
			want:   "i",
			took:   time.Second,
		},
		"tags come and do not fit": {
			script: []reaction{reply(200, listed(fitted("i", `{"tags":["x=1"]}`)))},
			took:   SearchFor,
			err:    "no image",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				session := newSession(t, test.script...)
				begin := time.Now()
				image, err := New(session, Options{}).FindCreated(t.Context(), lostRequest())
				if (err == nil) != (test.want != "") || err == nil && image.ID != test.want ||
					err != nil && !strings.Contains(err.Error(), test.err) {
					t.Errorf("got %v, %v", image, err)
				}
				var candidates []string
				unclear, isUnclear := IsUnclear(err)
				if isUnclear {
					for _, candidate := range unclear.Candidates {
						candidates = append(candidates, candidate.ID)
					}
				}
				if looked := test.want == "" && !strings.HasPrefix(test.err, "HTTP"); isUnclear != looked {
					t.Errorf("unclear is %t: %v", isUnclear, err)
				}
				if diff := cmp.Diff(test.candidates, candidates); diff != "" {
					t.Error(diff)
				}
				if took := time.Since(begin); test.took >= 0 && took != test.took || took > SearchFor+time.Minute {
					t.Errorf("took %s, want %s", took, test.took)
				}
				for _, request := range session.requests {
					got := strings.TrimPrefix(request.Query.Encode(), "enterprise_project_id=all_granted_eps&") // after a 403
					if got != "limit=500&name=golden&owner="+project {
						t.Errorf("asked %s", got)
					}
				}
			})
		})
	}
}

// TestFindCreatedTakesNoOther: what this process has made otherwise, or may be making, is not taken.
func TestFindCreatedTakesNoOther(t *testing.T) {
	one := reply(200, listed(fitted("i")))
	t.Run("made by this process", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			client := New(newSession(t, one), Options{})
			client.MarkMade("i")
			if _, err := client.LookForCreated(t.Context(), lostRequest()); err == nil {
				t.Error("it was taken")
			}
		})
	})
	t.Run("found twice", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			client := New(newSession(t, one), Options{})
			if _, err := client.LookForCreated(t.Context(), lostRequest()); err != nil {
				t.Error(err)
			}
			if _, err := client.LookForCreated(t.Context(), lostRequest()); err == nil {
				t.Error("it was taken twice")
			}
		})
	})
	t.Run("a rival never ends", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			client := New(newSession(t, one), Options{})
			defer client.Making("golden")()
			defer client.Making("golden")()
			begin := time.Now()
			_, err := client.FindCreated(t.Context(), lostRequest())
			unclear, ok := IsUnclear(err)
			if !ok || len(unclear.Candidates) != 1 || time.Since(begin) != SearchFor ||
				!strings.Contains(err.Error(), "image i fits the request, and another request") {
				t.Errorf("got %v after %s", err, time.Since(begin))
			}
		})
	})
	for name, ends := range map[string]func(*Client){
		"a rival fails":       func(*Client) {},
		"a rival has made it": func(c *Client) { c.MarkMade("i") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := New(newSession(t, one), Options{})
				defer client.Making("golden")()
				done := client.Making("golden")
				defer client.Making("another name")()
				time.AfterFunc(30*time.Second, func() { ends(client); done(); done() })
				begin := time.Now()
				image, err := client.FindCreated(t.Context(), lostRequest())
				took := time.Since(begin)
				if fails := name == "a rival fails"; fails &&
					(err != nil || image.ID != "i" || took < 30*time.Second || took > 40*time.Second) ||
					!fails && (err == nil || took != SearchFor) {
					t.Errorf("got %v, %v after %s", image, err, took)
				}
			})
		})
	}
}

// TestFindCreatedOneAtATime: two searches for equal requests find two images, each another one, or none; never the
// same.
func TestFindCreatedOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		at, most := 0, 0
		session := newSession(t, func(ctx context.Context, req *cloud.Request) (*http.Response, error) {
			mu.Lock()
			at++
			most = max(most, at)
			mu.Unlock()
			<-time.After(time.Second)
			mu.Lock()
			at--
			mu.Unlock()
			return reply(200, listed(fitted("i")))(ctx, req)
		})
		client := New(session, Options{})
		var found, unclear int
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				_, err := client.FindCreated(t.Context(), lostRequest())
				mu.Lock()
				defer mu.Unlock()
				if _, ok := IsUnclear(err); ok {
					unclear++
				} else if err == nil {
					found++
				}
			})
		}
		wait.Wait()
		if found != 1 || unclear != 3 || most != 1 {
			t.Errorf("%d found it, %d did not, %d looked at once", found, unclear, most)
		}
	})
}

func TestFindCreatedIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := New(newSession(t, reply(200, listed())), Options{})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Second, cancel)
		var wait sync.WaitGroup
		for range 2 { // one looks, one waits for it
			wait.Go(func() {
				begin := time.Now()
				_, err := client.FindCreated(ctx, lostRequest())
				if took := time.Since(
					begin,
				); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "golden") ||
					took != 10*time.Second {
					t.Errorf("got %v after %s", err, took)
				}
			})
		}
		wait.Wait()
		if _, err := client.LookForCreated(t.Context(), lostRequest()); err == nil || errors.Is(err, context.Canceled) {
			t.Errorf("the next search got %v", err)
		}
	})
}

func TestFindCreatedNeedsSignIn(t *testing.T) {
	session := newSession(t, reply(200, listed()))
	session.connect = func() error { return signInError(true) }
	var signIn *cloud.SignInError
	if _, err := New(session, Options{}).FindCreated(t.Context(), lostRequest()); !errors.As(err, &signIn) {
		t.Errorf("got %v", err)
	}
}

// TestServersTime: a moment that the server's clock has surely reached, and as near to it as can be known. A search
// for a
// lost request that was sent before anything was known of it does not take what is older.
func TestServersTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const ahead = 3 * time.Minute // the server's clock
		old := fitted("old")
		old["created_at"] = time.Now().Add(ahead - 5*time.Minute).Format(time.RFC3339)
		made := fitted("made")
		var images []map[string]any
		session := newSession(t, func(ctx context.Context, req *cloud.Request) (*http.Response, error) {
			date := time.Now().Add(ahead).UTC().Format(http.TimeFormat)
			<-time.After(2 * time.Second) // on the way
			return reply(200, listed(images...), "Date", date)(ctx, req)
		})
		client := New(session, Options{})
		request := lostRequest()
		request.Since = client.Now()
		if want := time.Now().Add(-largestSkew); !request.Since.Equal(want) {
			t.Errorf("before the first answer it is %s, want %s", request.Since, want)
		}
		made["created_at"] = time.Now().Add(ahead).Truncate(time.Second).Format(time.RFC3339)
		images = []map[string]any{old, made}
		image, err := client.LookForCreated(t.Context(), request)
		if err != nil || image.ID != "made" {
			t.Errorf("got %v, %v", image, err)
		}
		if now, server := client.Now(), time.Now().Add(ahead); now.After(server) || now.Before(server.Add(-4*time.Second)) {
			t.Errorf("it is %s, and the server's clock %s", now, server)
		}
		// A moment that the client did not tell stays as it is.
		if at := request.Since.Add(time.Hour); !client.corrected(at).Equal(at) {
			t.Error("a moment of another process is changed")
		}
	})
}
