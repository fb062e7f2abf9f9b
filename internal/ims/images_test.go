package ims

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
)

// listsOf is a cloud with n images. It looks at limit and marker, and also tells ids again on the next page if repeats
// > 0.
func listsOf(n, repeats int) reaction {
	return func(ctx context.Context, req *cloud.Request) (*http.Response, error) {
		limit, err := strconv.Atoi(req.Query.Get("limit"))
		if err != nil || limit > 500 {
			return refusal(400, "IMG.0001")(ctx, req)
		}
		first := 0
		if marker := req.Query.Get("marker"); marker != "" {
			if first, err = strconv.Atoi(strings.TrimPrefix(marker, "image-")); err != nil {
				return refusal(400, "IMG.0001")(ctx, req)
			}
			first = max(0, first+1-repeats)
		}
		var page []map[string]any
		for i := first; i < n && len(page) < limit; i++ {
			page = append(page, activeImage("image-"+strconv.Itoa(i)))
		}
		return reply(200, listed(page...))(ctx, req)
	}
}

func TestImagesReadsEveryPage(t *testing.T) {
	ignoresMarker := func(n int) reaction {
		lists := listsOf(n, 0)
		return func(ctx context.Context, req *cloud.Request) (*http.Response, error) {
			without := *req
			without.Query = url.Values{"limit": req.Query["limit"]}
			return lists(ctx, &without)
		}
	}
	for name, test := range map[string]struct {
		cloud        reaction
		images, asks int
	}{
		"0":                           {listsOf(0, 0), 0, 1},
		"1":                           {listsOf(1, 0), 1, 1},
		"499":                         {listsOf(499, 0), 499, 1},
		"500":                         {listsOf(500, 0), 500, 2},
		"501":                         {listsOf(501, 0), 501, 2},
		"1000":                        {listsOf(1000, 0), 1000, 3},
		"1001":                        {listsOf(1001, 0), 1001, 3},
		"1001, pages overlap":         {listsOf(1001, 3), 1001, 3},
		"marker is ignored":           {ignoresMarker(1001), 500, 2},
		"marker is ignored, 1 page":   {ignoresMarker(20), 20, 1},
		"more than the limit at once": {reply(200, tooMany()), 600, 2},
	} {
		t.Run(name, func(t *testing.T) {
			session := newSession(t, test.cloud)
			images, err := New(
				session,
				Options{RequestsPerSecond: 1000},
			).Images(
				t.Context(),
				ImageFilter{Owner: project, Name: "a&b=c d"},
			)
			if err != nil || len(images) != test.images || session.count() != test.asks {
				t.Fatalf(
					"got %d images, %v with %d requests, want %d with %d",
					len(images),
					err,
					session.count(),
					test.images,
					test.asks,
				)
			}
			for i, image := range images {
				if want := "image-" + strconv.Itoa(i); image.ID != want {
					t.Fatalf("image %d is %s", i, image.ID)
				}
			}
			for _, request := range session.requests {
				if request.Query.Get("owner") != project || request.Query.Get("name") != "a&b=c d" ||
					request.Query.Get("limit") != "500" {
					t.Errorf("asked %s", request.Query.Encode())
				}
			}
		})
	}
	t.Run("a page fails", func(t *testing.T) {
		session := newSession(t, listsOf(501, 0), reply(403, ``))
		if images, err := New(session, Options{}).Images(t.Context(), ImageFilter{}); err == nil || images != nil {
			t.Errorf("got %d images, %v: half a list is no list", len(images), err)
		}
	})
}

// TestFirstImages takes one request, however many images there are, and leaves out the deleted ones.
func TestFirstImages(t *testing.T) {
	session := newSession(t, listsOf(1001, 0))
	images, err := New(session, Options{}).FirstImages(t.Context(), ImageFilter{Owner: project})
	if err != nil || len(images) != 500 || session.count() != 1 || session.requests[0].Query.Get("owner") != project {
		t.Errorf("got %d images, %v with %d requests", len(images), err, session.count())
	}
	deleted := map[string]any{"id": "a", "status": StatusDeleted}
	images, err = New(newSession(t, reply(200, listed(deleted, activeImage("b")))), Options{}).FirstImages(
		t.Context(), ImageFilter{})
	if err != nil || len(images) != 1 || images[0].ID != "b" {
		t.Errorf("got %v, %v", images, err)
	}
}

func tooMany() string {
	var page []map[string]any
	for i := range 600 {
		page = append(page, activeImage("image-"+strconv.Itoa(i)))
	}
	return listed(page...)
}

// TestImageFilter sends each field of the filter alone.
func TestImageFilter(t *testing.T) {
	yes, no := true, false
	tests := map[string]struct {
		filter ImageFilter
		want   string
	}{
		"ImageType":           {ImageFilter{ImageType: "gold"}, "__imagetype=gold"},
		"Visibility":          {ImageFilter{Visibility: "shared"}, "visibility=shared"},
		"MemberStatus":        {ImageFilter{MemberStatus: "accepted"}, "member_status=accepted"},
		"Owner":               {ImageFilter{Owner: "a"}, "owner=a"},
		"ID":                  {ImageFilter{ID: "a"}, "id=a"},
		"Name":                {ImageFilter{Name: "a b"}, "name=a+b"},
		"Status":              {ImageFilter{Status: "active"}, "status=active"},
		"Platform":            {ImageFilter{Platform: "Debian"}, "__platform=Debian"},
		"OSType":              {ImageFilter{OSType: "Linux"}, "__os_type=Linux"},
		"OSBit":               {ImageFilter{OSBit: "64"}, "__os_bit=64"},
		"Environment":         {ImageFilter{Environment: "Ironic"}, "virtual_env_type=Ironic"},
		"EnterpriseProjectID": {ImageFilter{EnterpriseProjectID: "0"}, "enterprise_project_id=0"},
		"Tag":                 {ImageFilter{Tag: "a=b"}, "tag=a%3Db"},
		"ContainerFormat":     {ImageFilter{ContainerFormat: "bare"}, "container_format=bare"},
		"DiskFormat":          {ImageFilter{DiskFormat: "zvhd2"}, "disk_format=zvhd2"},
		"MinRAM":              {ImageFilter{MinRAM: 1024}, "min_ram=1024"},
		"MinDisk":             {ImageFilter{MinDisk: 40}, "min_disk=40"},
		"CreatedAt": {
			ImageFilter{CreatedAt: "gt:2018-10-28T10:00:00Z"},
			"created_at=gt%3A2018-10-28T10%3A00%3A00Z",
		},
		"UpdatedAt": {
			ImageFilter{UpdatedAt: "lte:2018-10-28T10:00:00Z"},
			"updated_at=lte%3A2018-10-28T10%3A00%3A00Z",
		},
		"Protected":  {ImageFilter{Protected: &yes}, "protected=true"},
		"Registered": {ImageFilter{Registered: &no}, "__isregistered=false"},
		"WholeImage": {ImageFilter{WholeImage: &no}, "__whole_image=false"},
		"KeyID":      {ImageFilter{KeyID: "a"}, "__system__cmkid=a"},
		"Support": {
			ImageFilter{Support: map[string]string{"kvm": "true", "arm": "false"}},
			"__support_arm=false&__support_kvm=true",
		},
		"SortKey":       {ImageFilter{SortKey: "name"}, "sort_key=name"},
		"SortDirection": {ImageFilter{SortDirection: "asc"}, "sort_dir=asc"},
	}
	for name, test := range tests {
		if got := test.filter.query().Encode(); got != test.want {
			t.Errorf("%s: sends %q, want %q", name, got, test.want)
		}
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[ImageFilter]()) {
		if _, ok := tests[field.Name]; !ok {
			t.Errorf("nothing tests %s", field.Name)
		}
	}
	if got := (ImageFilter{}).query().Encode(); got != "" {
		t.Errorf("an empty filter sends %q", got)
	}
}

func TestImageTakesNoOther(t *testing.T) {
	session := newSession(t, reply(200, listed(activeImage("another"), activeImage(imageID))))
	image, err := New(session, Options{}).Image(t.Context(), imageID)
	if err != nil || image.ID != imageID {
		t.Errorf("got %v, %v", image, err)
	}
	if got := session.requests[0].Query.Encode(); got != "id="+imageID || session.requests[0].Path != "v2/cloudimages" {
		t.Errorf("asked %s?%s", session.requests[0].Path, got)
	}
}

// patchable is an image that is changed as one of several kinds of service does it.
type patchable struct {
	attributes map[string]any // what it has
	hidden     []string       // what it has and does not list
	// refuses tells whether the service refuses the operation on an attribute that is there, or is not.
	refuses func(op string, has bool) bool
	patches []string
}

func (p *patchable) react(ctx context.Context, req *cloud.Request) (*http.Response, error) {
	if req.Method == http.MethodGet {
		shown := map[string]any{"id": imageID}
		for name, value := range p.attributes {
			if !slices.Contains(p.hidden, name) {
				shown[name] = value
			}
		}
		return reply(200, listed(shown))(ctx, req)
	}
	p.patches = append(p.patches, string(req.Body))
	var changed []func()
	for _, operation := range operationsOf(req.Body) {
		op, name := fmt.Sprint(operation["op"]), strings.TrimPrefix(fmt.Sprint(operation["path"]), "/")
		_, has := p.attributes[name]
		if p.refuses(op, has) {
			return refusal(400, CodeConflict)(ctx, req)
		}
		changed = append(changed, func() { p.attributes[name] = operation["value"] })
	}
	for _, change := range changed {
		change()
	}
	p.attributes["id"] = imageID
	return reply(200, encoded(p.attributes))(ctx, req)
}

func operationsOf(body []byte) []map[string]any {
	var operations []map[string]any
	if err := json.Unmarshal(body, &operations); err != nil {
		panic(err)
	}
	return operations
}

func TestUpdateImage(t *testing.T) {
	documented := func(op string, has bool) bool { return op == "replace" && !has }
	strict := func(op string, has bool) bool { return op == "replace" && !has || op == "add" && has }
	onlyReplace := func(op string, _ bool) bool { return op == "add" }
	onlyAdd := func(op string, _ bool) bool { return op == "replace" }
	never := func(string, bool) bool { return true }
	both := map[string]Change{"name": {Value: "b", Present: true}, "hw_firmware_type": {Value: "uefi"}}
	tests := map[string]struct {
		refuses func(string, bool) bool
		has     map[string]any
		hidden  []string
		changes map[string]Change
		patches []string // op and path of each request's operations
		fails   bool
	}{
		"present and absent, documented service": {
			documented,
			map[string]any{"name": "a"},
			nil,
			both,
			[]string{"add /hw_firmware_type, replace /name"},
			false,
		},
		"present and absent, strict service": {
			strict,
			map[string]any{"name": "a"},
			nil,
			both,
			[]string{"add /hw_firmware_type, replace /name"},
			false,
		},
		"present and absent, adds are refused": {
			onlyReplace,
			map[string]any{"name": "a"},
			nil,
			both,
			[]string{"add /hw_firmware_type, replace /name", "replace /hw_firmware_type, replace /name"},
			false,
		},
		"present, replaces are refused": {
			onlyAdd,
			map[string]any{"name": "a"},
			nil,
			map[string]Change{"name": both["name"]},
			[]string{"replace /name", "add /name"},
			false,
		},
		"thought present, strict service": {
			strict,
			map[string]any{},
			nil,
			map[string]Change{"name": both["name"]},
			[]string{"replace /name", "add /name"},
			false,
		},
		"thought absent, strict service": {
			strict,
			map[string]any{"name": "a", "hw_firmware_type": "bios"},
			nil,
			both,
			[]string{"add /hw_firmware_type, replace /name", "replace /hw_firmware_type, replace /name"},
			false,
		},
		"thought absent, documented service": {
			documented,
			map[string]any{"name": "a", "hw_firmware_type": "bios"},
			nil,
			both,
			[]string{"add /hw_firmware_type, replace /name"},
			false,
		},
		"present, not listed, strict service": {
			strict,
			map[string]any{"name": "a", "hw_firmware_type": "bios"},
			[]string{"hw_firmware_type"},
			both,
			[]string{"add /hw_firmware_type, replace /name", "replace /hw_firmware_type, replace /name"},
			false,
		},
		"listed as null, documented service": {
			documented,
			map[string]any{"name": "a"},
			nil,
			map[string]Change{"__description": {Value: "d", Present: true}},
			[]string{"replace /__description", "add /__description"},
			false,
		},
		"all is refused: one more try and no more": {
			never,
			map[string]any{"name": "a"},
			nil,
			both,
			[]string{"add /hw_firmware_type, replace /name", "replace /hw_firmware_type, replace /name"},
			true,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			service := &patchable{attributes: test.has, hidden: test.hidden, refuses: test.refuses}
			session := newSession(t, service.react)
			image, err := New(session, Options{}).UpdateImage(t.Context(), imageID, test.changes)
			if test.fails != HasCode(err, CodeConflict) || !test.fails && (err != nil || image.ID != imageID) {
				t.Errorf("got %v, %v", image, err)
			}
			var patches []string
			for _, patch := range service.patches {
				var operations []string
				for _, operation := range operationsOf([]byte(patch)) {
					operations = append(operations, fmt.Sprintf("%s %s", operation["op"], operation["path"]))
				}
				patches = append(patches, strings.Join(operations, ", "))
			}
			if diff := cmp.Diff(test.patches, patches); diff != "" {
				t.Error(diff)
			}
			for name, change := range test.changes {
				if !test.fails && test.has[name] != change.Value {
					t.Errorf("%s is %v", name, test.has[name])
				}
			}
		})
	}
}

// TestUpdateImageSendsOnePatch: all changes go at once, in the order of their names, numbers as numbers.
func TestUpdateImageSendsOnePatch(t *testing.T) {
	session := newSession(t, reply(200, `{"id":"`+imageID+`"}`))
	if _, err := New(session, Options{}).UpdateImage(t.Context(), imageID, map[string]Change{
		AttributeName: {
			"n",
			true,
		},
		AttributeDescription:       {"", false},
		AttributeMinRAM:            {int64(1024), true},
		AttributeMaxRAM:            {int64(0), false},
		AttributeMultiQueue:        {"true", false},
		AttributeFirmware:          {"uefi", true},
		AttributeEnterpriseProject: {"0", false},
	}); err != nil {
		t.Fatal(err)
	}
	want := `[{"op":"add","path":"/__description","value":""},{"op":"add","path":"/enterprise_project_id","value":"0"},` +
		`{"op":"replace","path":"/hw_firmware_type","value":"uefi"},` +
		`{"op":"add","path":"/hw_vif_multiqueue_enabled","value":"true"},{"op":"add","path":"/max_ram","value":0},` +
		`{"op":"replace","path":"/min_ram","value":1024},{"op":"replace","path":"/name","value":"n"}]`
	if got := string(session.requests[0].Body); session.count() != 1 || got != want {
		t.Errorf("%d requests, the first %s", session.count(), got)
	}
	if got := session.requests[0]; got.Method != http.MethodPatch || got.Path != "v2/cloudimages/"+imageID ||
		got.Header.Get("Content-Type") != "application/json" {
		t.Errorf("sent %s %s as %s", got.Method, got.Path, got.Header.Get("Content-Type"))
	}
}

func TestUpdateImageReadsWhatItIsNotTold(t *testing.T) {
	session := newSession(t, reply(200, `{}`), reply(200, listed(activeImage(imageID))))
	image, err := New(session, Options{}).UpdateImage(t.Context(), imageID, map[string]Change{AttributeName: {Value: "n"}})
	if err != nil || image.ID != imageID || session.count() != 2 {
		t.Errorf("got %v, %v after %d requests", image, err, session.count())
	}
}

func TestProtectImage(t *testing.T) {
	session := newSession(t, reply(200, `{"id":"`+imageID+`"}`))
	if err := New(session, Options{}).ProtectImage(t.Context(), imageID, false); err != nil {
		t.Fatal(err)
	}
	got := session.requests[0]
	if got.Method != http.MethodPatch || got.Path != "v2/images/"+imageID ||
		string(got.Body) != `[{"op":"replace","path":"/protected","value":false}]` ||
		!slices.Equal(got.Header["Content-Type"], []string{glancePatch}) {
		t.Errorf("sent %s %s %s as %s", got.Method, got.Path, got.Body, got.Header)
	}
}

func TestDeleteImage(t *testing.T) {
	yes, no := true, false
	for want, deleteBackup := range map[string]*bool{
		"": nil, `{"delete_backup":true}`: &yes, `{"delete_backup":false}`: &no,
	} {
		session := newSession(t, reply(204, ``))
		if err := New(session, Options{}).DeleteImage(t.Context(), imageID, deleteBackup); err != nil {
			t.Fatal(err)
		}
		if got := session.requests[0]; got.Method != http.MethodDelete || got.Path != "v2/images/"+imageID ||
			string(got.Body) != want {
			t.Errorf("sent %s %s %s", got.Method, got.Path, got.Body)
		}
	}
}

func TestTags(t *testing.T) {
	tags := map[string]string{"b": "2", "a": "", "c": "x=y"}
	tagsPath := "v2/" + project + "/images/" + imageID + "/tags"
	session := newSession(t, reply(204, ``))
	client := New(session, Options{})
	if err := client.SetTags(t.Context(), imageID, tags); err != nil {
		t.Fatal(err)
	}
	if err := client.RemoveTags(t.Context(), imageID, tags); err != nil {
		t.Fatal(err)
	}
	for i, action := range []string{"create", "delete"} {
		want := `{"action":"` + action +
			`","tags":[{"key":"a","value":""},{"key":"b","value":"2"},{"key":"c","value":"x=y"}]}`
		if got := session.requests[i]; got.Method != http.MethodPost || got.Path != tagsPath+"/action" ||
			string(got.Body) != want {
			t.Errorf("sent %s %s %s", got.Method, got.Path, got.Body)
		}
	}
	if err := client.SetTags(t.Context(), imageID, nil); err != nil || session.count() != 2 {
		t.Errorf("no tags made a request, or %v", err)
	}

	session = newSession(t, reply(200, `{"tags":[{"key":"a","value":""},{"key":"c","value":"x=y"}]}`))
	got, err := New(session, Options{}).ImageTags(t.Context(), imageID)
	if diff := cmp.Diff(
		map[string]string{"a": "", "c": "x=y"},
		got,
	); err != nil || diff != "" ||
		session.requests[0].Path != tagsPath {
		t.Errorf("got %v from %s\n%s", err, session.requests[0].Path, diff)
	}
}
