package ims

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func imageOf(t *testing.T, body string) *Image {
	t.Helper()
	var image Image
	if err := json.Unmarshal([]byte(body), &image); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return &image
}

func TestImageNumbers(t *testing.T) {
	for value, want := range map[string]Int{
		`4096`: 4096, `"4096"`: 4096, `" 4096 "`: 4096, `""`: 0, `null`: 0, `0`: 0, `"0"`: 0, `"449261568000"`: 449261568000,
		`40.0`: 40, `"40.00"`: 40, `-1`: -1,
	} {
		for _, name := range []string{"max_ram", "min_ram", "min_disk", "__image_size", "__os_bit"} {
			image := imageOf(t, `{"`+name+`":`+value+`}`)
			if got := image.MaxRAM + image.MinRAM + image.MinDisk + image.Size + image.OSBit; got != want {
				t.Errorf("%s %s is %d, want %d", name, value, got, want)
			}
			if has := image.Has(name); has != (value != "null") {
				t.Errorf("%s %s: Has is %t", name, value, has)
			}
		}
	}
	for _, value := range []string{`"much"`, `1.5`, `"0x10"`, `true`, `[]`, `"99999999999999999999"`, `"."`} {
		if err := json.Unmarshal([]byte(`{"max_ram":`+value+`}`), &Image{}); err == nil ||
			!strings.Contains(err.Error(), "whole number") {
			t.Errorf("max_ram %s: got error %v", value, err)
		}
	}
	if got := imageOf(t, `{}`); got.MaxRAM != 0 || got.Has("max_ram") {
		t.Error("an absent number is not absent")
	}
}

func TestImageTruths(t *testing.T) {
	for value, want := range map[string]Bool{
		`true`: true, `"true"`: true, `"True"`: true, `"TRUE"`: true, `false`: false, `"false"`: false, `"False"`: false,
		`""`: false, `null`: false,
	} {
		for _, name := range []string{"protected", "hw_vif_multiqueue_enabled", "__isregistered", "__whole_image"} {
			image := imageOf(t, `{"`+name+`":`+value+`}`)
			if got := image.Protected || image.MultiQueue || image.Registered || image.WholeImage; got != want {
				t.Errorf("%s %s is %t, want %t", name, value, got, want)
			}
		}
	}
}

func TestImageSupport(t *testing.T) {
	image := imageOf(
		t,
		`{"__support_kvm":"true","__support_xen":true,"__support_arm":null,`+
			`"__support_kvm_gpu_type":"V100_vGPU","__support_x":"","name":"a"}`,
	)
	want := map[string]string{"kvm": "true", "xen": "true", "kvm_gpu_type": "V100_vGPU", "x": ""}
	if diff := cmp.Diff(want, image.Support); diff != "" {
		t.Error(diff)
	}
	for body, want := range map[string]string{
		`{"__support_arm":"true"}`: ArchitectureARM, `{"__support_arm":"True"}`: ArchitectureARM,
		`{"__support_arm":true}`:    ArchitectureARM,
		`{"__support_arm":"false"}`: ArchitectureX86, `{"__support_arm":null}`: ArchitectureX86, `{}`: ArchitectureX86,
	} {
		if got := imageOf(t, body).Architecture(); got != want {
			t.Errorf("%s is %s, want %s", body, got, want)
		}
	}
	for body, want := range map[string]string{
		`{}`: FirmwareBIOS, `{"hw_firmware_type":null}`: FirmwareBIOS, `{"hw_firmware_type":"uefi"}`: FirmwareUEFI,
	} {
		if got := imageOf(t, body).FirmwareType(); got != want {
			t.Errorf("%s is %s, want %s", body, got, want)
		}
	}
}

func TestImageOrigin(t *testing.T) {
	for text, want := range map[string]Origin{
		`"instance,877a2cda"`:           {Kind: OriginInstance, ID: "877a2cda"},
		`"volume,c5dfbd0c"`:             {Kind: OriginVolume, ID: "c5dfbd0c"},
		`"server_backup,9b27efab"`:      {Kind: OriginBackup, ID: "9b27efab"},
		`"file,images:a.qcow2"`:         {Kind: OriginFile, File: "images:a.qcow2"},
		`"file,images:a,b,c.qcow2"`:     {Kind: OriginFile, File: "images:a,b,c.qcow2"},
		`"file,images:sub/fold er,.x"`:  {Kind: OriginFile, File: "images:sub/fold er,.x"},
		`"image,eu-de,33ad552d"`:        {Kind: OriginImage, Region: "eu-de", ID: "33ad552d"},
		`"image,33ad552d"`:              {},
		`"instance"`:                    {},
		`"instance,"`:                   {},
		`"elsewhere,33ad552d"`:          {},
		`""`:                            {},
		`null`:                          {},
		`"Instance,877a2cda"`:           {},
		`"image,eu-de,33ad552d,more"`:   {Kind: OriginImage, Region: "eu-de", ID: "33ad552d,more"},
		`",a"`:                          {},
		`"file,a:b","__data_origin2":1`: {Kind: OriginFile, File: "a:b"},
	} {
		if diff := cmp.Diff(want, imageOf(t, `{"__data_origin":`+text+`}`).Origin()); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func TestImageTags(t *testing.T) {
	for list, want := range map[string]map[string]string{
		`["a=1","b=2"]`:     {"a": "1", "b": "2"},
		`["a=b=c"]`:         {"a": "b=c"},
		`["a=="]`:           {"a": "="},
		`["a="]`:            {"a": ""},
		`["alone"]`:         {"alone": ""},
		`["a.b=c.d","a=1"]`: {"a.b": "c.d", "a": "1"},
		`[]`:                {},
		`null`:              {},
	} {
		if diff := cmp.Diff(want, imageOf(t, `{"tags":`+list+`}`).TagMap()); diff != "" {
			t.Errorf("%s: %s", list, diff)
		}
	}
}

func TestTimestamp(t *testing.T) {
	for text, want := range map[string]string{
		`"2018-09-06T14:03:27Z"`:       "2018-09-06T14:03:27Z",
		`"2024-11-06T06:19:43.195Z"`:   "2024-11-06T06:19:43.195Z",
		`"2018-09-06T16:03:27+02:00"`:  "2018-09-06T14:03:27Z",
		`"2018-09-06T16:03:27+0200"`:   "2018-09-06T14:03:27Z",
		`"2018-09-06T14:03:27"`:        "2018-09-06T14:03:27Z",
		`"2018-09-06T14:03:27.000000"`: "2018-09-06T14:03:27Z",
		`"2018-09-06 14:03:27"`:        "2018-09-06T14:03:27Z",
		`"04-Jun-2015 18:11:06:586"`:   "2015-06-04T18:11:06.586Z",
		`""`:                           "",
		`null`:                         "",
	} {
		image := imageOf(t, `{"created_at":`+text+`}`)
		if got := image.CreatedAt.String(); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
		if zone := image.CreatedAt.Location(); zone != time.UTC {
			t.Errorf("%s is in zone %s", text, zone)
		}
	}
	// No form of a time is worth an answer, and with it a wait.
	for _, text := range []string{
		`"yesterday"`, `1536242607`, `{}`, `[]`, `true`, `"2018-13-06T14:03:27Z"`, `"04-Jun-2015"`,
	} {
		moment := Timestamp{Time: time.Now()}
		if err := json.Unmarshal([]byte(text), &moment); err != nil || !moment.IsZero() {
			t.Errorf("%s is %s, %v", text, moment, err)
		}
	}
}

// TestCompareAge: images of the same second have an order, too, whatever order they come in.
func TestCompareAge(t *testing.T) {
	at := moment("2018-09-06T14:03:27Z")
	a, b, c := Image{
		ID: "a", CreatedAt: at,
	}, Image{
		ID: "b", CreatedAt: at,
	}, Image{
		ID: "0", CreatedAt: moment("2018-09-06T14:03:28Z"),
	}
	for _, list := range [][]Image{{c, b, a}, {a, b, c}, {b, c, a}} {
		slices.SortFunc(list, CompareAge)
		if list[0].ID != "a" || list[1].ID != "b" || list[2].ID != "0" {
			t.Errorf("got %s, %s, %s", list[0].ID, list[1].ID, list[2].ID)
		}
	}
}

func FuzzOrigin(f *testing.F) {
	for _, seed := range []string{
		"instance,877a2cda", "file,images:a,b.qcow2", "image,eu-de,33ad552d", "image,,", ",", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		image := &Image{DataOrigin: text}
		origin := image.Origin()
		if origin == (Origin{}) {
			return
		}
		again := origin.Kind + "," + origin.ID + origin.File
		if origin.Kind == OriginImage {
			again = origin.Kind + "," + origin.Region + "," + origin.ID
		}
		if again != text {
			t.Errorf("%q became %q", text, again)
		}
	})
}

func FuzzTagMap(f *testing.F) {
	for _, seed := range []string{"a=1", "alone", "a=b=c", "=", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tags := (&Image{Tags: []string{text}}).TagMap()
		if len(tags) != 1 {
			t.Fatalf("%q became %d tags", text, len(tags))
		}
		for key, value := range tags {
			if strings.Contains(key, "=") || key+"="+value != text && (key != text || value != "") {
				t.Errorf("%q became %q and %q", text, key, value)
			}
		}
	})
}

func FuzzTimestamp(f *testing.F) {
	for _, seed := range []string{
		`"2018-09-06T14:03:27Z"`, `"2018-09-06T16:03:27.5+0200"`, `"2018-09-06 14:03:27"`, `null`, `""`,
		`"0000-01-01T00:00:00Z"`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var at, again Timestamp
		if json.Unmarshal([]byte(text), &at) != nil {
			return
		}
		if err := json.Unmarshal([]byte(encoded(at.String())), &again); err != nil || !again.Equal(at.Time) {
			t.Errorf("%s became %q, and that %q: %v", text, at, again, err)
		}
	})
}
