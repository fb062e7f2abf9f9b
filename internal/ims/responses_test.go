package ims

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"testing"
)

// TestContractResponses decodes every other response of the references by an operation of the client that gets such
// answers.
func TestContractResponses(t *testing.T) {
	data, err := os.ReadFile("testdata/responses.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Operations []struct {
			Operation string
			Examples  []struct {
				Caption string
				Body    json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	// Operations of which the client needs nothing.
	notOurs := []string{
		"Querying Images by Tag", // the number alone
		"Querying Tags", "Adding an Image Sharing Member (Native OpenStack API)",
		"Updating the Image Sharing Status (Native OpenStack API)",
		"Querying a Schema for an Image Sharing Member List (Native OpenStack API)",
		"Querying a Schema for an Image Sharing Member (Native OpenStack API)",
		"Querying an Image List Schema (Native OpenStack API)", "Querying an Image Schema (Native OpenStack API)",
		"Querying Images (Native OpenStack API)", "Querying an API Version (Native OpenStack API)",
	}
	started := func(send func(context.Context, *Client) (StartedJob, error)) func(*testing.T, []byte) {
		return func(t *testing.T, body []byte) {
			t.Helper()
			job, err := send(t.Context(), New(newSession(t, reply(200, string(body))), Options{}))
			if err != nil || job.ID == "" {
				t.Errorf("got %v, %v", job, err)
			}
		}
	}
	changed := func(send func(context.Context, *Client) error) func(*testing.T, []byte) {
		return func(t *testing.T, body []byte) {
			t.Helper()
			session := newSession(t, reply(200, string(body)), reply(200, `{"job_id":"j","status":"SUCCESS","entities":{}}`))
			if err := send(t.Context(), New(session, Options{})); err != nil {
				t.Error(err)
			}
		}
	}
	refused := func(code, message string) func(*testing.T, []byte) {
		return func(t *testing.T, body []byte) {
			t.Helper()
			var failure *Error
			err := readImage(t.Context(), New(newSession(t, reply(400, string(body))), Options{}))
			if !errors.As(err, &failure) || failure.Code != code || failure.Message != message {
				t.Errorf("got %v", err)
			}
		}
	}
	checks := map[string]func(*testing.T, []byte){
		"Replicating an Image Within a Region": started(func(ctx context.Context, c *Client) (StartedJob, error) {
			return c.CopyImage(ctx, imageID, &CopyRequest{Name: "n"})
		}),
		"Exporting an Image": started(func(ctx context.Context, c *Client) (StartedJob, error) {
			return c.ExportImage(ctx, imageID, &ExportRequest{BucketURL: "b:o", Quick: true})
		}),
		"Adding Image Sharing Members": changed(func(ctx context.Context, c *Client) error {
			_, _, err := c.ShareImage(ctx, imageID, Recipients(MemberProject, "p"))
			return err
		}),
		"Deleting Image Sharing Members": changed(func(ctx context.Context, c *Client) error {
			return c.StopSharing(ctx, imageID, Recipients(MemberProject, "p"))
		}),
		"Updating the Sharing Status for Images": changed(func(ctx context.Context, c *Client) error {
			return c.AnswerShare(ctx, imageID, "p", MemberAccepted, "")
		}),
		"Querying Image Sharing Member Details (Native OpenStack API)": func(t *testing.T, body []byte) {
			t.Helper()
			var want Member
			if err := json.Unmarshal(body, &want); err != nil {
				t.Fatal(err)
			}
			c := New(newSession(t, reply(200, string(body))), Options{})
			member, err := c.Member(t.Context(), want.ImageID, want.ID)
			if err != nil || member.Status != MemberAccepted || member.CreatedAt.IsZero() {
				t.Errorf("got %v, %v", member, err)
			}
		},
		"Creating Image Metadata (Native OpenStack API)": func(t *testing.T, body []byte) {
			t.Helper()
			image, err := New(
				newSession(t, reply(201, string(body))), Options{},
			).CreateMetadata(t.Context(), &Metadata{Name: "n"})
			if err != nil || image.ID == "" {
				t.Errorf("got %v, %v", image, err)
			}
		},
		"Querying Image Details (Native OpenStack API)": func(t *testing.T, body []byte) {
			t.Helper()
			var want Image
			if err := json.Unmarshal(body, &want); err != nil {
				t.Fatal(err)
			}
			image, err := New(newSession(t, reply(200, string(body))), Options{}).GlanceImage(t.Context(), want.ID)
			if err != nil || image.Status != StatusActive {
				t.Errorf("got %v, %v", image, err)
			}
		},
		"Querying the Progress of an Asynchronous Job": endedJob,
		"Asynchronous Job Query":                       endedJob,
		"Querying Supported Image OSs": func(t *testing.T, body []byte) {
			t.Helper()
			versions, err := New(newSession(t, reply(200, string(body))), Options{}).OSVersions(t.Context(), nil)
			if err != nil || len(versions) == 0 {
				t.Errorf("got %v, %v", versions, err)
			}
		},
		"Error Codes":              refused("IMG.0024", "The imagetype is invalid."),
		"Response (error message)": refused("AS.0001", "The format of message is error"),
	}
	for _, operation := range file.Operations {
		for _, e := range operation.Examples {
			t.Run(operation.Operation+" "+e.Caption, func(t *testing.T) {
				check := checks[operation.Operation]
				if (check == nil) != slices.Contains(notOurs, operation.Operation) {
					t.Fatal("nothing decodes it")
				}
				if check != nil {
					check(t, e.Body)
				}
			})
		}
	}
}

// endedJob: a job of either read has ended, and shows what it made, whatever the form of its times and its progress.
func endedJob(t *testing.T, body []byte) {
	t.Helper()
	job, err := New(newSession(t, reply(200, string(body))), Options{}).Job(t.Context(), "an id")
	if err != nil {
		t.Fatal(err)
	}
	shares := []string{"imsAddImageMembersJob", "imsDelImageMembersJob"}
	if job.State() != JobSucceeded || job.BeginTime.IsZero() ||
		(len(job.ImageIDs()) == 0) != slices.Contains(shares, job.Type) {
		t.Errorf("got %+v", job)
	}
	if progress := job.Progress(); progress > 1 || progress != -1 && progress != 1 && job.Type != "createImageByInstance" {
		t.Errorf("the progress is %g", progress)
	}
}
