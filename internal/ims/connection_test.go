package ims

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// overHTTP is a client with a real session on a server that counts connections.
func overHTTP(t *testing.T, serve http.HandlerFunc) (client *Client, connections *atomic.Int32) {
	t.Helper()
	connections = &atomic.Int32{}
	server := httptest.NewUnstartedServer(serve)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	resolved, err := settings.Resolve(settings.Config{
		AccessKey: "access", SecretKey: "secret", ProjectID: project, Region: "eu-de", AuthURL: server.URL + "/v3",
		Endpoint: server.URL,
	}, settings.Environment{})
	if err != nil {
		t.Fatal(err)
	}
	session := cloud.NewSession(resolved, cloud.SessionOptions{})
	return New(session, Options{Clock: &steppingClock{now: time.Now()}}), connections
}

// answers gives the nth request its nth answer, in many small pieces, the JSON with blanks after it.
func answers(t *testing.T, statuses []int, bodies []string) http.HandlerFunc {
	t.Helper()
	var mu sync.Mutex
	n := 0
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if n >= len(statuses) {
			t.Errorf("more requests than answers: %s %s", r.Method, r.URL)
			w.WriteHeader(http.StatusTeapot)
			return
		}
		w.WriteHeader(statuses[n])
		if statuses[n] != http.StatusNoContent {
			for part := range strings.SplitSeq(bodies[n]+strings.Repeat(" ", 20_000), " ") {
				_, _ = fmt.Fprint(w, part, " ")
			}
			_ = http.NewResponseController(w).Flush()
			_, _ = fmt.Fprint(w, "\n\n")
		}
		n++
	}
}

// TestOneConnection makes an image, with failures on the way, and changes and deletes it, all on one connection.
func TestOneConnection(t *testing.T) {
	one := listed(fitted(imageID, `{"status":"active"}`))
	page := strings.Repeat("<p>The service is overloaded.</p>", 5000)
	script := []struct {
		status int
		body   string
	}{
		{429, `{"error_code":"APIGW.0308","error_msg":"slow down"}`},
		{400, `{"error":{"code":"IMG.0010","message":"busy"}}`},
		{200, `{"job_id":"` + jobID + `"}`},
		{404, page},
		{200, jobBody("RUNNING")},
		{503, page},
		{200, jobBody("SUCCESS")},
		{200, one},
		{204, ``},
		{400, `{"error":{"code":"IMG.0035","message":"conflict"}}`},
		{200, one},
		{200, `{"id":"` + imageID + `"}`},
		{200, `{"id":"` + imageID + `"}`},
		{200, `not JSON ` + page},
		{204, ``},
		{200, listed()},
	}
	var statuses []int
	var bodies []string
	for _, answer := range script {
		statuses, bodies = append(statuses, answer.status), append(bodies, answer.body)
	}
	client, connections := overHTTP(t, answers(t, statuses, bodies))
	ctx := t.Context()

	started, err := client.CreateSystemImage(ctx, &SystemImageRequest{Name: "golden", InstanceID: "a"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Wait(ctx, "make image", started); err != nil {
		t.Error(err)
	}
	if image, err := client.WaitActive(ctx, imageID); err != nil || image.Name != "golden" {
		t.Errorf("got %v, %v", image, err)
	}
	if err := client.SetTags(ctx, imageID, map[string]string{"a": "1"}); err != nil {
		t.Error(err)
	}
	if _, err := client.UpdateImage(ctx, imageID, map[string]Change{AttributeName: {Value: "b"}}); err != nil {
		t.Error(err)
	}
	if err := client.ProtectImage(ctx, imageID, false); err != nil {
		t.Error(err)
	}
	if _, err := client.Images(ctx, ImageFilter{}); err == nil {
		t.Error("garbage passed for a list")
	}
	if err := client.DeleteImage(ctx, imageID, nil); err != nil {
		t.Error(err)
	}
	if err := client.WaitGone(ctx, imageID); err != nil {
		t.Error(err)
	}
	if got := connections.Load(); got != 1 {
		t.Errorf("%d connections were opened", got)
	}
}

// TestAnswerDropped drops the connection of the first request: before anything of the answer, and within it. A request
// that starts a job is not sent again.
func TestAnswerDropped(t *testing.T) {
	for name, drop := range map[string]func(http.ResponseWriter){
		"before the answer": func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
		"within the answer": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "100")
			_, _ = fmt.Fprint(w, `{"job_id":"8a1`)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var posts, gets atomic.Int32
			client, _ := overHTTP(t, func(w http.ResponseWriter, r *http.Request) {
				count, body := &gets, listed(activeImage(imageID))
				if r.Method == http.MethodPost {
					count, body = &posts, `{"job_id":"`+jobID+`"}`
				}
				if count.Add(1) == 1 {
					drop(w)
				}
				_, _ = fmt.Fprint(w, body)
			})
			if err := startJob(t.Context(), client); !AnswerLost(err) || posts.Load() != 1 {
				t.Errorf("got %v after %d requests", err, posts.Load())
			}
			if err := readImage(t.Context(), client); err != nil || gets.Load() != 2 {
				t.Errorf("got %v after %d requests", err, gets.Load())
			}
		})
	}
}

// TestNobodyListens: a request that reaches nobody is sent again, also one that starts a job.
func TestNobodyListens(t *testing.T) {
	const address = "http://127.0.0.1:1" // a port that only root may open, and that no service has
	resolved, err := settings.Resolve(settings.Config{
		AccessKey: "access", SecretKey: "secret", ProjectID: project, Region: "eu-de", AuthURL: address + "/v3",
		Endpoint: address,
	}, settings.Environment{})
	if err != nil {
		t.Fatal(err)
	}
	clock := &steppingClock{now: time.Now()}
	err = startJob(
		t.Context(), New(cloud.NewSession(resolved, cloud.SessionOptions{}), Options{MaxRetries: 3, Clock: clock}),
	)
	if !NotSent(err) || AnswerLost(err) || len(clock.slept) != 3 {
		t.Errorf("got %v after %d pauses", err, len(clock.slept))
	}
}
