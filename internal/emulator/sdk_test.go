package emulator_test

import (
	"net/http/httptest"
	"testing"
	"time"

	golangsdk "github.com/opentelekomcloud/gophertelekomcloud"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack"
	resourcetags "github.com/opentelekomcloud/gophertelekomcloud/openstack/common/tags"
	v1images "github.com/opentelekomcloud/gophertelekomcloud/openstack/ims/v1/images"
	v1members "github.com/opentelekomcloud/gophertelekomcloud/openstack/ims/v1/members"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack/ims/v1/others"
	v1tags "github.com/opentelekomcloud/gophertelekomcloud/openstack/ims/v1/tags"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack/ims/v2/images"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack/ims/v2/members"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack/ims/v2/tags"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestSDK runs every IMS function of Open Telekom Cloud's own SDK, signed in both ways: a client that is not ours.
func TestSDK(t *testing.T) {
	t.Setenv("OS_REGION_NAME", "")
	owner := emulator.Owner
	for name, options := range map[string]func(url string) golangsdk.AuthOptionsProvider{
		"password": func(url string) golangsdk.AuthOptionsProvider {
			return golangsdk.AuthOptions{
				IdentityEndpoint: url, Username: owner.UserName, Password: owner.Password, DomainName: owner.DomainName,
				TenantName: owner.ProjectName,
			}
		},
		"access key": func(url string) golangsdk.AuthOptionsProvider {
			return golangsdk.AKSKAuthOptions{
				IdentityEndpoint: url, AccessKey: owner.AccessKey, SecretKey: owner.SecretKey, ProjectName: owner.ProjectName,
				Domain: owner.DomainName, Region: emulator.Region,
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			emu, err := emulator.New(emulator.Options{JobDuration: time.Nanosecond})
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(emu)
			t.Cleanup(server.Close)
			provider, err := openstack.AuthenticatedClient(options(server.URL + "/v3"))
			if err != nil {
				t.Fatal(err)
			}
			s := &sdk{t: t, emu: emu}
			endpoint := golangsdk.EndpointOpts{Region: emulator.Region}
			s.v1 = must(openstack.NewIMSV1(provider, endpoint))(t)
			s.v2 = must(openstack.NewIMSV2(provider, endpoint))(t)
			s.create()
			s.readAndChange()
			s.share()
			if unknown := emu.Unknown(); len(unknown) > 0 {
				t.Errorf("unknown: %+v", unknown)
			}
		})
	}
}

// must takes the result of a call that has to work.
func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

type sdk struct {
	t      *testing.T
	emu    *emulator.Emulator
	v1, v2 *golangsdk.ServiceClient
}

// made is the image of a job.
func (s *sdk) made(jobID *string, err error) string {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	job, err := others.ShowJob(s.v1, *jobID)
	if err != nil || job.Status != "SUCCESS" {
		s.t.Fatalf("%+v: %v", job, err)
	}
	return job.Entities.ImageId
}

func (s *sdk) create() {
	s.t.Helper()
	const debian = "Debian GNU/Linux 12.0.0 64bit"
	pair := []resourcetags.ResourceTag{{Key: "team", Value: "a-b"}}
	s.emu.AddBackup("second")
	for name, id := range map[string]string{
		"file": s.made(images.CreateImageFromOBS(s.v2, images.CreateImageFromOBSOpts{
			Name: "file", OsVersion: debian, ImageUrl: emulator.ImageFile, MinDisk: 40, ImageTags: pair,
		})),
		"server": s.made(images.CreateImageFromECS(s.v2, images.CreateImageFromECSOpts{
			Name: "server", InstanceId: emulator.InstanceID, Description: "from a server", Tags: []string{"a.b"},
		})),
		"volume": s.made(images.CreateImageFromDisk(s.v2, images.CreateImageFromDiskOpts{
			Name: "volume", VolumeId: emulator.VolumeID, OsVersion: debian, Type: "ECS",
		})),
		"quick": s.made(images.ImportImageQuick(s.v2, images.ImportImageQuickOpts{
			Name: "quick", OsVersion: debian, ImageUrl: emulator.QuickFile, MinDisk: 40, Type: "ECS",
		})),
		"data": s.made(v1images.CreateDataImage(s.v1, v1images.CreateDataImageOpts{
			Name: "data", OsType: "Linux", ImageUrl: emulator.DataFile, MinDisk: 40,
		})),
		"whole": s.made(v1images.CreateWholeImageFromECS(s.v1, v1images.CreateWholeImageFromECSOpts{
			Name: "whole", InstanceId: emulator.InstanceID, VaultId: emulator.VaultID,
		})),
		"backup": s.made(v1images.CreateWholeImageFromCBRorCSBS(s.v1, v1images.CreateWholeImageFromCBRorCSBSOpts{
			Name: "backup", BackupId: "second", WholeImageType: "CBR",
		})),
	} {
		found := must(images.ListImages(s.v2, images.ListImagesOpts{Id: id, ImageType: "private"}))(s.t)
		if len(found) != 1 || found[0].Name != name || found[0].Status != "active" || found[0].Id != id ||
			found[0].CreatedAt.IsZero() {
			s.t.Errorf("%s: %+v", name, found)
		}
	}
}

func (s *sdk) readAndChange() {
	s.t.Helper()
	id := s.emu.AddImage(emulator.Image{Name: "changing", Attributes: object{"__image_size": "1024"}})
	public := must(images.ListImages(s.v2, images.ListImagesOpts{
		ImageType: "gold", Visibility: "public", Platform: "Debian", SortKey: "name", SortDir: "asc",
	}))(s.t)
	if len(public) < 4 || public[0].Platform != "Debian" {
		s.t.Errorf("%+v", public)
	}
	changed := must(images.UpdateImage(s.v2, id, []images.UpdateImageOpts{
		{Op: "replace", Path: "/name", Value: "changed"}, {Op: "add", Path: "/__description", Value: "new"},
	}))(s.t)
	if changed.Name != "changed" || changed.Description != "new" {
		s.t.Errorf("%+v", changed)
	}
	for name, err := range map[string]error{
		"add": tags.AddImageTag(s.v2, tags.AddImageTagOpts{
			ImageId: id, Tag: resourcetags.ResourceTag{Key: "k", Value: "v"},
		}),
		"create": tags.BatchAddOrDeleteTags(s.v2, tags.BatchAddOrDeleteTagsOpts{
			ImageId: id, Action: "create", Tags: []resourcetags.ResourceTag{{Key: "l", Value: "w"}},
		}),
		"v1": v1tags.CreateOrUpdateTags(s.v1, v1tags.CreateOrUpdateTagsOpts{
			ImageId: id, ImageTag: resourcetags.ResourceTag{Key: "m", Value: "x"},
		}),
	} {
		if err != nil {
			s.t.Errorf("%s: %v", name, err)
		}
	}
	if err := tags.DeleteImageTag(s.v2, tags.DeleteImageTagOpts{ImageId: id, Key: "l"}); err != nil {
		s.t.Error(err)
	}
	if got := must(tags.ListImageTags(s.v2, id))(s.t); len(got) != 2 || got[0].Key != "k" {
		s.t.Errorf("%+v", got)
	}
	if got := must(tags.ListImagesTags(s.v2))(s.t); len(got) != 4 {
		s.t.Errorf("%+v", got)
	}
	if got := must(v1tags.ListTags(s.v1, v1tags.ListTagsOpts{Id: id}))(s.t); len(got) != 2 || got[0] != "k.v" {
		s.t.Errorf("%+v", got)
	}
	byTags := must(tags.ListImageByTags(s.v2, tags.ListImageByTagsOpts{
		Action: "filter", Tags: []resourcetags.ListedTag{{Key: "k", Values: []string{"v"}}}, Limit: "10",
	}))(s.t)
	if byTags.TotalCount != 1 || byTags.Resources[0].ResourceId != id ||
		byTags.Resources[0].ResourceDetail.Status != "active" {
		s.t.Errorf("%+v", byTags)
	}
	if quota := must(others.ShowImageQuota(s.v1))(s.t); len(quota) != 1 || quota[0].Used != 8 {
		s.t.Errorf("%+v", quota)
	}
	s.made(v1images.ExportImage(s.v1, v1images.ExportImageOpts{
		ImageId: id, BucketUrl: "bucket:exported.qcow2", FileFormat: "qcow2",
	}))
	s.made(others.CopyImageInRegion(s.v1, others.CopyImageInRegionOpts{ImageId: id, Name: "replica"}))
	queued := s.emu.AddImage(emulator.Image{Status: "queued"})
	s.made(v1images.RegisterImage(s.v1, v1images.RegisterImageOpts{ImageId: queued, ImageUrl: emulator.ImageFile}))
}

func (s *sdk) share() {
	s.t.Helper()
	id := s.emu.AddImage(emulator.Image{})
	received := s.emu.AddImage(emulator.Image{
		Owner:   emulator.Receiver.ProjectID,
		Members: []emulator.Member{{ProjectID: emulator.Owner.ProjectID, Status: "pending"}},
	})
	with := v1members.BatchMembersOpts{Images: []string{id}, Projects: []string{emulator.Receiver.ProjectID}}
	s.made(v1members.BatchAddMembers(s.v1, with))
	listed := must(members.ListMembers(s.v2, id))(s.t)
	if len(listed.Members) != 1 || listed.Members[0].Status != "pending" || listed.Members[0].CreatedAt.IsZero() {
		s.t.Errorf("%+v", listed)
	}
	must(members.GetMember(s.v2, members.GetMemberOpts{ImageId: id, MemberId: emulator.Receiver.ProjectID}))(s.t)
	s.made(v1members.BatchDeleteMembers(s.v1, with))
	s.made(v1members.BatchUpdateMembers(s.v1, v1members.BatchUpdateMembersOpts{
		Images: []string{received}, ProjectId: emulator.Owner.ProjectID, Status: "accepted",
	}))
	shared := must(images.ListImages(s.v2, images.ListImagesOpts{
		ImageType: "shared", Visibility: "shared", MemberStatus: "accepted",
	}))(s.t)
	if len(shared) != 1 || shared[0].Id != received {
		s.t.Errorf("%+v", shared)
	}
}
