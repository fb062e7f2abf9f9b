package ims

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// Quota is a limit of the project (API reference, Querying the Image Quota).
type Quota struct {
	Type  string `json:"type"` // what is limited: "image"
	Used  Int    `json:"used"`
	Quota Int    `json:"quota"`
	Min   Int    `json:"min"` // the least and the most that the quota can be set to
	Max   Int    `json:"max"`
}

// Quotas reads the project's limits.
func (c *Client) Quotas(ctx context.Context) ([]Quota, error) {
	var limits quotas
	err := c.do(
		ctx,
		call{operation: readQuotas, class: safe, list: true, method: http.MethodGet, path: "v1/cloudimages/quota"},
		&limits,
	)
	return limits, err
}

type quotas []Quota

// UnmarshalJSON refuses an answer without a list of quotas.
func (q *quotas) UnmarshalJSON(data []byte) error {
	var body struct {
		Quotas struct {
			Resources *[]Quota `json:"resources"`
		} `json:"quotas"`
	}
	err := json.Unmarshal(data, &body)
	if err == nil {
		*q, err = required(body.Quotas.Resources, "quotas", "type", func(quota *Quota) string { return quota.Type })
	}
	return err
}

const readQuotas = "read quotas"

// figuresIn is how long the figures for an error are asked for.
const figuresIn = 10 * time.Second

// withFigures adds the quota's figures to an error that says a limit is reached. They are looked up also for a run that
// is being stopped; what goes wrong then never hides the error itself.
func (c *Client) withFigures(ctx context.Context, refusedCall call, err error) error {
	var refused *Error
	if refusedCall.operation == readQuotas || !HasCode(err, CodeImageQuota, CodeShareQuota, CodeTagQuota) ||
		!errors.As(err, &refused) {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), figuresIn)
	defer cancel()
	if quotas, lookErr := c.Quotas(ctx); lookErr == nil {
		refused.Quotas = quotas
	}
	return err
}
