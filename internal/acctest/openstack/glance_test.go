package openstack_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// An image's life through the native API, with two projects.
func TestGlance(t *testing.T) {
	each(t, func(t *testing.T, on *target) {
		t.Helper()
		owner, consumer := client(t, on, &on.owner), client(t, on, &on.consumer)
		image := uploaded(t, owner)
		protect(t, owner, image.ID)
		share(t, on, owner, consumer, image.ID)
		tags(t, on, owner, image.ID)
		if err := owner.DeleteImage(t.Context(), image.ID, nil); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]*ims.Client{"owner": owner, "consumer": consumer} {
			if _, err := c.GlanceImage(t.Context(), image.ID); !ims.IsNotFound(err) {
				t.Errorf("the %s reads the deleted image: %v", name, err)
			}
		}
		if err := owner.DeleteImage(t.Context(), image.ID, nil); !ims.IsNotFound(err) {
			t.Errorf("deleting it again: %v", err)
		}
	})
}

// uploaded is an image made of metadata and a file.
func uploaded(t *testing.T, c *ims.Client) *ims.Image {
	t.Helper()
	const version = "Debian GNU/Linux 12.0.0 64bit"
	image, err := c.CreateMetadata(t.Context(), &ims.Metadata{
		Name: "golden", OSVersion: version, DiskFormat: "raw", MinDisk: 1, MinRAM: 512,
		Tags: map[string]string{"team": "a=b"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if image.Status != ims.StatusQueued || image.Name != "golden" || image.OSVersion != version || image.MinRAM != 512 ||
		image.TagMap()["team"] != "a=b" {
		t.Errorf("made %+v", image)
	}
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	if err := c.UploadFile(
		t.Context(), image.ID, io.MultiReader(bytes.NewReader(content)), int64(len(content)),
	); err != nil {
		t.Fatal(err)
	}
	got, err := c.GlanceImage(t.Context(), image.ID)
	if err != nil || got.Status != ims.StatusActive {
		t.Fatalf("after the upload: %+v, %v", got, err)
	}
	if err := c.UploadFile(t.Context(), image.ID, bytes.NewReader(content), int64(len(content))); err == nil {
		t.Error("an active image took a file")
	}
	return got
}

func protect(t *testing.T, c *ims.Client, id string) {
	t.Helper()
	if err := c.ProtectImage(t.Context(), id, true); err != nil {
		t.Fatal(err)
	}
	if got, err := c.GlanceImage(t.Context(), id); err != nil || !bool(got.Protected) {
		t.Errorf("protected: %+v, %v", got, err)
	}
	if err := c.DeleteImage(t.Context(), id, nil); err == nil || ims.IsNotFound(err) {
		t.Errorf("deleting a protected image: %v", err)
	}
	if err := c.ProtectImage(t.Context(), id, false); err != nil {
		t.Error(err)
	}
}

// share takes the steps of both sides. Sharing itself is Glance's own request: IMS has a job for it.
func share(t *testing.T, on *target, owner, consumer *ims.Client, id string) {
	t.Helper()
	if _, err := consumer.GlanceImage(t.Context(), id); !ims.IsNotFound(err) {
		t.Errorf("before sharing: %v", err)
	}
	giving, _ := open(t, byPassword(on, &on.owner))
	receiving, _ := open(t, byPassword(on, &on.consumer))
	path := "v2/images/" + id
	if on.real {
		// IMS shares private images.
		status, body, err := call(
			t, giving, http.MethodPatch, path, `[{"op":"replace","path":"/visibility","value":"shared"}]`, "Content-Type",
			"application/openstack-images-v2.1-json-patch",
		)
		if status != http.StatusOK || err != nil {
			t.Fatalf("visibility: %d %s %v", status, body, err)
		}
	}
	adding := `{"member":"` + on.consumer.projectID + `"}`
	status, body, err := call(t, giving, http.MethodPost, path+"/members", adding)
	if status != http.StatusOK || err != nil {
		t.Fatalf("adding the member: %d %s %v", status, body, err)
	}
	expectMember := func(c *ims.Client, status string) {
		t.Helper()
		members, err := c.Members(t.Context(), id)
		if err != nil || len(members) != 1 || members[0].ID != on.consumer.projectID || members[0].Status != status {
			t.Errorf("members %+v, %v", members, err)
		}
		member, err := c.Member(t.Context(), id, on.consumer.projectID)
		if err != nil || member.Status != status || member.CreatedAt.IsZero() {
			t.Errorf("member %+v, %v", member, err)
		}
	}
	expectMember(owner, ims.MemberPending)
	member := path + "/members/" + on.consumer.projectID
	const accepted = `{"status":"accepted"}`
	if status, _, err := call(t, giving, http.MethodPut, member, accepted); status != http.StatusForbidden || err != nil {
		t.Errorf("the owner answers: %d %v", status, err)
	}
	if status, body, err := call(t, receiving, http.MethodPut, member, accepted); status != http.StatusOK || err != nil {
		t.Fatalf("accepting: %d %s %v", status, body, err)
	}
	expectMember(owner, ims.MemberAccepted)
	expectMember(consumer, ims.MemberAccepted)
	if _, err := consumer.GlanceImage(t.Context(), id); err != nil {
		t.Errorf("after accepting: %v", err)
	}
	if err := consumer.DeleteImage(t.Context(), id, nil); err == nil {
		t.Error("the consumer deleted the image")
	}
	if status, body, err := call(t, giving, http.MethodDelete, member, ""); status != http.StatusNoContent || err != nil {
		t.Errorf("removing the member: %d %s %v", status, body, err)
	}
	if _, err := owner.Member(t.Context(), id, on.consumer.projectID); !ims.IsNotFound(err) {
		t.Errorf("a member that was removed: %v", err)
	}
}

func tags(t *testing.T, on *target, owner *ims.Client, id string) {
	t.Helper()
	s, _ := open(t, byPassword(on, &on.owner))
	path := "v2/images/" + id + "/tags/"
	for _, step := range []struct {
		method, tag string
		status      int
	}{
		{http.MethodPut, "stage=prod", http.StatusNoContent},
		{http.MethodPut, "plain", http.StatusNoContent},
		{http.MethodDelete, "plain", http.StatusNoContent},
		{http.MethodDelete, "plain", http.StatusNotFound},
	} {
		if status, body, err := call(t, s, step.method, path+step.tag, ""); status != step.status || err != nil {
			t.Errorf("%s %s: %d %s %v", step.method, step.tag, status, body, err)
		}
	}
	got, err := owner.GlanceImage(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if all := got.TagMap(); len(all) != 2 || all["stage"] != "prod" || all["team"] != "a=b" {
		t.Errorf("tags %v", all)
	}
}
