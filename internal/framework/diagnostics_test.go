package framework

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

func TestDetail(t *testing.T) {
	t.Parallel()
	advice := Advice{"IMG.0015": "Delete what is no longer needed.", "IMG.0088": "Share with fewer."}
	refused := &ims.Error{
		Operation: "create image", Code: "IMG.0015", Message: "The maximum is reached.", Status: 400, RequestID: "req-1",
	}
	for name, test := range map[string]struct {
		sentence string
		err      error
		advice   string
		want     string
	}{
		"refused": {
			"No image was made.", fmt.Errorf("creating: %w", refused), "",
			"No image was made.\n\nThe maximum is reached.\n\n" +
				"Operation: create image\nError code: IMG.0015\nHTTP status: 400\nRequest ID: req-1\n\n" +
				"Delete what is no longer needed.",
		},
		"limit reached": {
			"", &ims.Error{
				Operation: "share image", Code: "IMG.0088", Message: "Too many.", Status: 400,
				Quotas: []ims.Quota{{Type: "image", Used: 99, Quota: 100}},
			}, "",
			"Too many.\n\nOperation: share image\nError code: IMG.0088\nHTTP status: 400\n" +
				"Quota of image: 99 of 100 used\n\nShare with fewer.",
		},
		"job failed": {
			"", &ims.Error{Operation: "create image", Code: "IMG.0015", Message: "It broke.", JobID: "job-1"}, "Try again.",
			"It broke.\n\nOperation: create image\nError code: IMG.0015\nJob ID: job-1\n\nTry again.",
		},
		"no advice on the code": {
			"", &ims.Error{Operation: "create image", Code: "IMG.9999", Message: "It broke.", Status: 400}, "",
			"It broke.\n\nOperation: create image\nError code: IMG.9999\nHTTP status: 400",
		},
		"forbidden": {
			"", &ims.Error{Operation: "read", Message: "No.", Status: 403}, "",
			"No.\n\nOperation: read\nHTTP status: 403\n\n" +
				forbiddenAdvice,
		},
		"wait cut short": {
			"", &ims.WaitError{
				For: "job job-1", JobID: "job-1", Status: "RUNNING", After: 90 * time.Second, Err: context.DeadlineExceeded,
			}, "",
			"job job-1 was RUNNING after 1m30s: context deadline exceeded\n\nJob ID: job-1\n\n" +
				"Raise the fitting value in timeouts. A read goes by the value that the state has: after raising it, apply " +
				"once with -refresh=false.",
		},
		"no such operation": {
			"", &ims.Error{Operation: "read", Code: ims.CodeNoAPI, Message: "The API does not exist", Status: 404}, "",
			"The API does not exist\n\nOperation: read\nError code: APIGW.0101\nHTTP status: 404\n\n" +
				"This cloud does not offer the operation.",
		},
		"anything else": {"", errors.New("connection refused"), "", "connection refused"},
		"no error":      {"A sentence.", nil, "Advice.", "A sentence.\n\nAdvice."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := advice.Detail(test.sentence, test.err, test.advice); got != test.want {
				t.Errorf("got:\n%s\n\nwant:\n%s", got, test.want)
			}
		})
	}
}
