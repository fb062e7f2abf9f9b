package ims_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// benchClient is a client, signed in to an emulator with a number of private images; it gives the id of one of them.
func benchClient(b *testing.B, images int) (client *ims.Client, id string) {
	b.Helper()
	emu, err := emulator.New(emulator.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for i := range images {
		id = emu.AddImage(emulator.Image{Name: fmt.Sprintf("image-%04d", i), Tags: map[string]string{"a": "1", "b": "2"}})
	}
	server := httptest.NewServer(emu)
	b.Cleanup(server.Close)
	owner := emulator.Owner
	resolved, err := settings.Resolve(settings.Config{
		AuthURL: server.URL + "/v3", UserName: owner.UserName, Password: owner.Password, DomainName: owner.DomainName,
		ProjectName: owner.ProjectName,
	}, settings.Environment{Lookup: func(string) (string, bool) { return "", false }})
	if err != nil {
		b.Fatal(err)
	}
	client = ims.New(cloud.NewSession(resolved, cloud.SessionOptions{}), ims.Options{RequestsPerSecond: 1e9})
	if _, err := client.Scope(context.Background()); err != nil {
		b.Fatal(err)
	}
	return client, id
}

// BenchmarkImages lists a thousand images: three requests, and their decoding.
func BenchmarkImages(b *testing.B) {
	client, _ := benchClient(b, 1000)
	for b.Loop() {
		if images, err := client.Images(context.Background(), ims.ImageFilter{Owner: emulator.Owner.ProjectID}); err != nil ||
			len(images) != 1000 {
			b.Fatal(len(images), err)
		}
	}
}

// BenchmarkImage reads one image of a thousand: what a refresh costs for each.
func BenchmarkImage(b *testing.B) {
	client, id := benchClient(b, 1000)
	for b.Loop() {
		if _, err := client.Image(context.Background(), id); err != nil {
			b.Fatal(err)
		}
	}
}
