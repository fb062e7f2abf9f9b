package ims

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// example is an example of the API reference, with the operation it belongs to.
type example struct {
	operation, call, kind, caption string
	body                           json.RawMessage
}

func examples(t *testing.T, kind string) []example {
	t.Helper()
	data, err := os.ReadFile("testdata/examples.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Operations []struct {
			Operation, Call string
			Examples        []struct {
				Kind, Caption string
				Body          json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	var list []example
	for _, operation := range file.Operations {
		for _, e := range operation.Examples {
			if e.Kind == kind {
				list = append(list, example{operation.Operation, operation.Call, e.Kind, e.Caption, e.Body})
			}
		}
	}
	if len(list) == 0 {
		t.Fatalf("no %s", kind)
	}
	return list
}

// TestExampleResponses decodes every response of the operations the client has, by the operation itself.
func TestExampleResponses(t *testing.T) {
	checks := map[string]func(*testing.T, *Client, []byte){
		"Creating a Data Disk Image from an External Image File": startedExample,
		"Creating a Full-ECS Image":                              startedExample,
		"Registering an Image":                                   startedExample,
		"Creating an Image":                                      startedExample,
		"Importing an Image File Quickly":                        startedExample,
		"Querying Images":                                        listExample,
		"Updating an Image":                                      updateExample,
		"Modifying an Image (Native OpenStack API)":              updateExample,
		"Querying the Status of an Asynchronous Job":             jobExample,
	}
	for _, e := range examples(t, "response") {
		t.Run(e.operation+" "+e.caption, func(t *testing.T) {
			check := checks[e.operation]
			if check == nil {
				t.Fatal("nothing decodes it")
			}
			check(t, New(newSession(t, reply(200, string(e.body))), Options{}), e.body)
		})
	}
}

func startedExample(t *testing.T, client *Client, body []byte) {
	t.Helper()
	answer, _ := decoded(t, body).(map[string]any)
	got, err := client.CreateSystemImage(t.Context(), &SystemImageRequest{Name: "a", InstanceID: "b"})
	want := StartedJob{ID: strings.TrimSpace(fmt.Sprint(answer["job_id"])), Expected: expected["server"]}
	if err != nil || got != want {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

// TestJobIDWithBlank: one of the reference's answers has a blank in front of the job's id.
func TestJobIDWithBlank(t *testing.T) {
	session := newSession(t, reply(200, `{"job_id": " b912fb4a4c464b568ecfca1071b21b10"}`))
	got, err := New(session, Options{}).CreateSystemImage(t.Context(), &SystemImageRequest{Name: "a", VolumeID: "b"})
	if want := (StartedJob{ID: "b912fb4a4c464b568ecfca1071b21b10", Expected: expected["volume"]}); err != nil ||
		got != want {
		t.Errorf("got %v, %v", got, err)
	}
}

func listExample(t *testing.T, client *Client, _ []byte) {
	t.Helper()
	images, err := client.Images(t.Context(), ImageFilter{})
	if err != nil || len(images) != 2 {
		t.Fatalf("got %d images, %v", len(images), err)
	}
	got := images[0]
	if got.Has("virtual_size") || !got.Has("__support_fc_inject") || got.Has("__description") {
		t.Error("Has tells the wrong attributes")
	}
	want := Image{
		ID: "bc6bed6e-ba3a-4447-afcc-449174a3eb52", Name: "CentOS 7.3 64bit vivado", Status: "active",
		Owner: "1bed856811654c1cb661a6ca845ebc77", Visibility: "public", Protected: true, Tags: []string{},
		ContainerFormat: "bare", DiskFormat: "zvhd2", MinDisk: 100, MinRAM: 2048, CreatedAt: moment("2018-09-06T14:03:27Z"),
		UpdatedAt: moment("2018-09-06T15:17:33Z"), Environment: EnvironmentECS, Firmware: "bios", ImageType: ImageTypePublic,
		Platform: "CentOS", OSType: "Linux", OSBit: 64, OSVersion: "CentOS 7.3 64bit", Registered: true, SourceType: "uds",
		Support: map[string]string{"fc_inject": "true"},
	}
	want.Attributes = got.Attributes
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Image{})); diff != "" {
		t.Error(diff)
	}
}

func updateExample(t *testing.T, client *Client, body []byte) {
	t.Helper()
	got, err := client.UpdateImage(
		t.Context(), imageID, map[string]Change{AttributeName: {Value: "ims_test", Present: true}},
	)
	if err != nil {
		t.Fatal(err)
	}
	want := Image{
		ID: imageID, Name: "ims_test", Description: "ims test", Status: "active", Owner: project, Visibility: "private",
		Tags: []string{}, ContainerFormat: "bare", DiskFormat: "vhd", MinDisk: 40, CreatedAt: moment("2015-12-04T09:45:33Z"),
		UpdatedAt: moment("2015-12-08T02:30:49Z"), Environment: EnvironmentECS, Firmware: "bios", ImageType: ImageTypePrivate,
		Platform: "Ubuntu", OSType: "Linux", OSBit: 64, OSVersion: "Ubuntu 14.04 server 64bit", Size: 449261568,
		Registered: true, SourceType: "uds", Support: map[string]string{}, Attributes: got.Attributes,
	}
	if strings.Contains(string(body), "__support_fc_inject") { // Glance's own PATCH answers without the two
		want.Support["fc_inject"] = "true"
		want.MultiQueue = true
	}
	if diff := cmp.Diff(want, *got, cmp.AllowUnexported(Image{})); diff != "" {
		t.Error(diff)
	}
	if got.Has("__data_origin") || !got.Has("__backup_id") {
		t.Error("Has tells the wrong attributes")
	}
}

func jobExample(t *testing.T, client *Client, _ []byte) {
	t.Helper()
	job, err := client.Job(t.Context(), "an id")
	if err != nil {
		t.Fatal(err)
	}
	type facts struct {
		ImageIDs []string
		Took     time.Duration
	}
	want, ok := map[string]facts{
		"imsCreateImageByInstance":       {[]string{"3f7185de-b59a-4bb8-aa1d-7a513528b0e9"}, 221963 * time.Millisecond},
		"imsImportOvaImageJob":           {[]string{"fc496c19-40c2-4220-8b1a-eba9d53fca7b"}, 10 * time.Minute},
		"imsImportDataImageJob":          {[]string{"aa5306f7-bc95-4fa3-aa40-dd38fbdf2031"}, 10 * time.Minute},
		"imsCreateWholeImageByBackupJob": {[]string{"ea0d5dce-ddb2-4f6f-83e3-55da065347fd"}, 6154 * time.Millisecond},
		"imsNativeExportImageJob":        {[]string{"1ab4df10-fe18-48b7-91c9-53695fcd9df5"}, 181728 * time.Millisecond},
		"imsDelImageMembersJob":          {nil, 1400 * time.Millisecond},
		"imsCopyImageInRegionJob":        {[]string{"30e55148-deb9-4923-adb9-91618de16ba0"}, 131278 * time.Millisecond},
	}[job.Type]
	if !ok {
		t.Fatalf("nobody expects a job of type %q", job.Type)
	}
	if diff := cmp.Diff(want, facts{job.ImageIDs(), job.EndTime.Sub(job.BeginTime.Time)}); diff != "" {
		t.Error(diff)
	}
	if job.State() != JobSucceeded || job.Err("make image") != nil || job.ID == "an id" {
		t.Errorf("got %+v", job)
	}
}

// TestExampleRequests sends every request of the operations the client has. One exception: what the examples give as
// `tags`, a list of "key.value", the client sends as `image_tags`, a list of keys and values, which cannot be misread.
func TestExampleRequests(t *testing.T) {
	tags := Tags(map[string]string{"aaa": "111", "bbb": "333", "ccc": "444"})
	create := func(request SystemImageRequest) func(context.Context, *Client) error {
		return func(ctx context.Context, c *Client) error {
			_, err := c.CreateSystemImage(ctx, &request)
			return err
		}
	}
	createData := func(request DataImageRequest) func(context.Context, *Client) error {
		return func(ctx context.Context, c *Client) error {
			_, err := c.CreateDataImage(ctx, &request)
			return err
		}
	}
	createWhole := func(request WholeImageRequest) func(context.Context, *Client) error {
		return func(ctx context.Context, c *Client) error {
			_, err := c.CreateWholeImage(ctx, &request)
			return err
		}
	}
	sends := map[string][]func(context.Context, *Client) error{
		"Creating an Image": {
			create(SystemImageRequest{
				Name: "ims_test", Description: "Create a system disk image from an ECS",
				InstanceID: "877a2cda-ba63-4e1e-b95f-e67e48b6129a", Tags: tags,
			}),
			create(SystemImageRequest{
				Name: "ims_test_file", Description: "Create an image from a file in an OBS bucket",
				ImageURL: "ims-image:centos70.qcow2", OSVersion: "CentOS 7.0 64bit", MinDisk: 40, Tags: tags,
			}),
			createData(DataImageRequest{
				Name: "ims_data_image_test", Description: "Create a data disk image from the data disk of an ECS",
				VolumeID: "c5dfbd0c-bf0a-4798-a453-61dc6b54aa30", Tags: []Tag{{"key2", "value2"}, {"key1", "value1"}},
			}),
			create(SystemImageRequest{
				Name: "ims_test_file", Description: "Create an image from an ISO file", ImageURL: "ims-image:centos70.iso",
				Type: TypeISO, OSVersion: "CentOS 7.0 64bit", MinDisk: 40, Tags: tags,
			}),
			create(SystemImageRequest{
				Name: "ims_test", Description: "Create a system disk image from a data disk",
				VolumeID: "877a2cda-ba63-4e1e-b95f-e67e48b6129a", Type: TypeECS, OSVersion: "CentOS 7.0 64bit", Tags: tags,
			}),
		},
		"Importing an Image File Quickly": {
			create(SystemImageRequest{
				Name: "ims_test_file", Description: "Create an image using a file in an OBS bucket.",
				ImageURL: "ims-image:centos70.zvhd2", OSVersion: "CentOS 7.0 64bit", MinDisk: 40, Type: TypeECS, Tags: tags,
				Quick: true,
			}),
			createData(DataImageRequest{
				Name: "ims_test_file", Description: "Create an image using a file in an OBS bucket.",
				ImageURL: "ims-image:centos70.zvhd2", OSType: OSTypeLinux, MinDisk: 40, Tags: tags, Quick: true,
			}),
		},
		"Creating a Data Disk Image from an External Image File": {createData(DataImageRequest{
			Name: "fedora-data1", Description: "Data disk 1 of Fedora", ImageURL: "image-test:fedora_data1.qcow2", MinDisk: 40,
			OSType: OSTypeLinux, Tags: Tags(map[string]string{"aaa": "111", "bbb": "222"}),
		})},
		"Creating a Full-ECS Image": {
			createWhole(WholeImageRequest{
				Name: "instance_whole_image", Description: "Create an image from an ECS",
				InstanceID: "877a2cda-ba63-4e1e-b95f-e67e48b6129a", VaultID: "de9fcf45-11b2-432c-8562-5c5428574600", Tags: tags,
			}),
			createWhole(WholeImageRequest{
				Name: "backup_whole_image", Description: "Create a full-ECS image from a CBR backup",
				BackupID: "9b27efab-4a17-4c06-bfa2-3e0cf021d3c3", WholeImageType: BackupCBR, Tags: tags,
			}),
		},
		"Registering an Image": {func(ctx context.Context, c *Client) error {
			_, err := c.RegisterFile(ctx, imageID, "bucketname:Centos6.5-disk1.vmdk")
			return err
		}},
		"Updating an Image": {func(ctx context.Context, c *Client) error {
			_, err := c.UpdateImage(ctx, imageID, map[string]Change{AttributeName: {Value: "ims_test", Present: true}})
			return err
		}},
		"Modifying an Image (Native OpenStack API)": {func(ctx context.Context, c *Client) error {
			return c.ProtectImage(ctx, imageID, true) // the one attribute that is Glance's alone
		}},
		"Deleting an Image (Native OpenStack API)": {func(ctx context.Context, c *Client) error {
			deleteBackup := true
			return c.DeleteImage(ctx, imageID, &deleteBackup)
		}},
		"Adding or Deleting Image Tags in a Batch": {func(ctx context.Context, c *Client) error {
			return c.SetTags(ctx, imageID, map[string]string{"key1": "value1", "key2": "value2", "key3": ""})
		}},
	}
	nth := map[string]int{}
	for _, e := range examples(t, "request") {
		t.Run(e.operation+" "+e.caption, func(t *testing.T) {
			n := nth[e.operation]
			nth[e.operation]++
			if n >= len(sends[e.operation]) {
				t.Fatal("nothing sends it")
			}
			session := newSession(t, reply(200, `{"job_id":"a","id":"`+imageID+`"}`))
			if err := sends[e.operation][n](t.Context(), New(session, Options{})); err != nil {
				t.Fatal(err)
			}
			got := session.requests[0]
			path := strings.NewReplacer("{project_id}", project, "{image_id}", imageID).Replace(e.call)
			if call := got.Method + " /" + got.Path; call != path || len(got.Query) > 0 {
				t.Errorf("sent %s?%s, want %s", call, got.Query.Encode(), path)
			}
			want := adapted(t, e)
			if diff := cmp.Diff(want, decoded(t, got.Body)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// adapted is the body of an example as this client sends it.
func adapted(t *testing.T, e example) any {
	t.Helper()
	value := decoded(t, e.body)
	if e.operation == "Modifying an Image (Native OpenStack API)" {
		return []any{map[string]any{"op": "replace", "path": "/protected", "value": true}}
	}
	body, ok := value.(map[string]any)
	tags, listed := body["tags"].([]any)
	if !ok || !listed || body["action"] != nil {
		return value
	}
	delete(body, "tags")
	var pairs []any
	for _, tag := range tags {
		key, value, found := strings.Cut(fmt.Sprint(tag), ".")
		if !found {
			t.Fatalf("tag %v is none of %q", tag, "key.value")
		}
		pairs = append(pairs, map[string]any{"key": key, "value": value})
	}
	body["image_tags"] = pairs
	return body
}

func decoded(t *testing.T, data []byte) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func moment(text string) Timestamp {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		panic(err)
	}
	return Timestamp{at.UTC()}
}
