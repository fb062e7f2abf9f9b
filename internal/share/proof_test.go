package share_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

const listPath = "/v2/images/*/members"

// made are the three resources as they were just made, each on a cloud of its own.
func made(t *testing.T, use func(t *testing.T, cloud *acctest.Cloud, image string, m *acctest.Managed)) {
	t.Helper()
	for typeName, arguments := range map[string]map[string]any{
		"ims_image_share":            {"project_ids": projects(2)},
		"ims_image_share_member":     {"project_id": project(1)},
		"ims_image_share_acceptance": {"status": "accepted"},
	} {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			cloud, image := start(t, emulator.Options{})
			tenant := emulator.Owner
			if typeName == "ims_image_share_acceptance" {
				tenant = emulator.Receiver
				cloud.Change(image, addMembers(tenant.ProjectID))
			}
			m := cloud.Protocol(t, tenant).Manage(typeName)
			arguments["image_id"] = image
			quiet(t, m.Apply(t.Context(), arguments))
			use(t, cloud, image, m)
		})
	}
}

// TestMembersWithoutList: an answer that holds no list of members does not mean that an image is shared with nobody:
// what is shared stays in the state, and is not taken for ended.
func TestMembersWithoutList(t *testing.T) {
	t.Parallel()
	made(t, func(t *testing.T, cloud *acctest.Cloud, image string, m *acctest.Managed) {
		t.Helper()
		state, shared := m.State, len(answers(cloud, image))
		for _, path := range []string{listPath, listPath + "/*"} { // an answer of words alone, as of one that is busy
			cloud.Inject(emulator.Fault{Method: http.MethodGet, Path: path, Status: http.StatusOK, Message: "busy"})
		}
		says(t, m.Refresh(), "Unable to read image share", "not")
		if !m.State.Equal(state) {
			t.Errorf("the state is %v", m.State)
		}
		// The requests that end a share are lost, and nothing says that it has ended.
		cloud.Inject(emulator.Fault{Path: membersPath, Status: http.StatusNotFound})
		says(t, m.Destroy(t.Context()), "Unable to delete image share")
		if m.State.IsNull() || len(answers(cloud, image)) != shared {
			t.Errorf("the state is %v, and the image is shared with %v", m.State, answers(cloud, image))
		}
	})
}

// TestStopAnsweredByProxy: a 404 on the request that ends a share is no proof that there is none.
func TestStopAnsweredByProxy(t *testing.T) {
	t.Parallel()
	made(t, func(t *testing.T, cloud *acctest.Cloud, image string, m *acctest.Managed) {
		t.Helper()
		before := answers(cloud, image)
		remove := cloud.Inject(emulator.Fault{Path: membersPath, Status: http.StatusNotFound})
		says(t, m.Destroy(t.Context()), "Unable to delete image share", "404")
		if after := answers(cloud, image); m.State.IsNull() || len(after) != len(before) {
			t.Fatalf("the state is %v, and the image is shared with %v", m.State, after)
		}
		remove()
		quiet(t, m.Destroy(t.Context()))
	})
}

// TestStopOfWhatIsGone: what has ended by itself is proved by the list of members, or by the image, and is no error.
func TestStopOfWhatIsGone(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*testing.T, *acctest.Cloud, string){
		"image": func(t *testing.T, cloud *acctest.Cloud, image string) {
			t.Helper()
			if err := cloud.DeleteImage(image); err != nil {
				t.Fatal(err)
			}
		},
		"members": func(t *testing.T, cloud *acctest.Cloud, image string) {
			t.Helper()
			cloud.Change(image, func(i *emulator.Image) { i.Members = nil })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made(t, func(t *testing.T, cloud *acctest.Cloud, image string, m *acctest.Managed) {
				t.Helper()
				end(t, cloud, image)
				cloud.Inject(emulator.Fault{Path: membersPath, Status: http.StatusNotFound})
				quiet(t, m.Destroy(t.Context()))
				if !m.State.IsNull() {
					t.Error("it is still in the state")
				}
			})
		})
	}
}

// TestAnswerCutByDeadline: a share that does not appear is said to be missing, also when the deadline cuts the wait.
func TestAnswerCutByDeadline(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	// The first look finds nothing; those after it take so long that the deadline comes first.
	path := "/v2/images/" + image + "/members/" + emulator.Receiver.ProjectID
	cloud.Inject(emulator.Fault{Method: http.MethodGet, Path: path, Skip: 1, Delay: 300 * time.Millisecond})
	ctx, expire := newDeadline()
	go func() {
		defer expire()
		looks := 0
		cloud.AwaitRequest(t, func(r emulator.Request) bool {
			if r.Path == path {
				looks++
			}
			return looks == 2
		})
	}()
	m := cloud.Protocol(t, emulator.Receiver).Manage("ims_image_share_acceptance")
	reported := m.Apply(ctx, map[string]any{"image_id": image, "status": "accepted"})
	says(t, reported, "Image "+image+" is not shared with project "+emulator.Receiver.ProjectID, "let this resource "+
		"depend on it")
	if text := strings.Join(reported, ""); strings.Contains(text, "deadline") {
		t.Errorf("the error is about the provider, not about the share: %s", text)
	}
}

// deadline is a context whose deadline comes when the test says so.
type deadline struct{ expired chan struct{} }

func newDeadline() (ctx context.Context, expire func()) {
	d := deadline{make(chan struct{})}
	return d, sync.OnceFunc(func() { close(d.expired) })
}

func (d deadline) Deadline() (at time.Time, ok bool) { return time.Time{}, false }
func (d deadline) Value(any) any                     { return nil }
func (d deadline) Done() <-chan struct{}             { return d.expired }

func (d deadline) Err() error {
	select {
	case <-d.expired:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// TestShareInterruptedIsKept: as long as the job goes on that an interrupted creation began, a plan finds nothing to
// do; then it finds the share.
func TestShareInterruptedIsKept(t *testing.T) {
	t.Parallel()
	for typeName, arguments := range map[string]map[string]any{
		"ims_image_share":            {"project_ids": projects(2)},
		"ims_image_share_member":     {"project_id": project(1)},
		"ims_image_share_acceptance": {"status": "accepted"},
	} {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			cloud, image := start(t, emulator.Options{JobDuration: 20 * time.Hour, TokenLifetime: 10000 * time.Hour})
			tenant := emulator.Owner
			if typeName == "ims_image_share_acceptance" {
				tenant = emulator.Receiver
				cloud.Change(image, addMembers(tenant.ProjectID))
			}
			arguments["image_id"] = image
			m := cloud.Protocol(t, tenant).Manage(typeName)
			ctx, interrupt := context.WithCancel(t.Context())
			go func() {
				defer interrupt()
				cloud.AwaitRequest(t, func(r emulator.Request) bool { return strings.Contains(r.Path, "/jobs/") })
			}()
			says(t, m.Apply(ctx, arguments), "WARNING Interrupted")

			settled(t, m, arguments)
			cloud.Clock.Advance(30 * time.Hour)
			quiet(t, m.Refresh())
			settled(t, m, arguments)
			if typeName != "ims_image_share" && m.Attribute("created_at") == "" {
				t.Errorf("the state is %v", m.State)
			}
			quiet(t, m.Destroy(t.Context()))
		})
	}
}

// TestShareJobUnreadable: where jobs may not be read, the error does not claim that nothing was shared.
func TestShareJobUnreadable(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	cloud.Inject(emulator.Fault{Path: "/v1/*/jobs/*", Status: http.StatusForbidden})
	m := cloud.Protocol(t, emulator.Owner).Manage("ims_image_share")
	says(t, m.Apply(t.Context(), shareOf(image, projects(1))), "The service did not say that it is done", "HTTP "+
		"status: 403")
	if !m.State.IsNull() {
		t.Error("the share is in the state: the next apply would take it from everybody")
	}
}

// TestAnswerCheckedByOneRequest: a plan looks for the image to be answered where it is expected, and finds it at once.
func TestAnswerCheckedByOneRequest(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"pending", "accepted", "rejected"} {
		cloud, image := start(t, emulator.Options{})
		cloud.Change(image, addMembers(emulator.Receiver.ProjectID))
		m := cloud.Protocol(t, emulator.Receiver).Manage("ims_image_share_acceptance")
		wanted := "accepted"
		if answer != "pending" {
			quiet(t, m.Apply(t.Context(), map[string]any{"image_id": image, "status": answer}))
		}
		if answer == "accepted" {
			wanted = "rejected"
		}
		cloud.ResetJournal()
		m.Plan(map[string]any{"image_id": image, "status": wanted})
		if calls := cloud.Calls(); len(calls) != 1 {
			t.Errorf("%s: the plan sent %v", answer, calls)
		}
	}
}
