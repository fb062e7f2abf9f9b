package project_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// startImage begins to make an image and returns the job's id.
func startImage(t *testing.T, cloud *acctest.Cloud) string {
	t.Helper()
	return request(
		t, cloud, "/v2/cloudimages/action", fmt.Sprintf(`{"name":"golden","instance_id":%q}`, emulator.InstanceID),
	)
}

// request starts a job as the owner and returns its id.
func request(t *testing.T, cloud *acctest.Cloud, path, body string) string {
	t.Helper()
	post, err := http.NewRequestWithContext(t.Context(), http.MethodPost, cloud.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	post.Header.Set("X-Auth-Token", cloud.IssueToken(emulator.Owner))
	response, err := http.DefaultClient.Do(post) //nolint:forbidigo // the provider's transport is not what is tested
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
	}()
	var answer struct {
		JobID string `json:"job_id"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || answer.JobID == "" {
		t.Fatalf("HTTP %d, %v", response.StatusCode, err)
	}
	return answer.JobID
}
