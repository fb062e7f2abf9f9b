package export_test

import "github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"

type arguments = map[string]any

// with is arguments with more of them.
func with(some arguments, more ...arguments) arguments { return acctest.With(some, more...) }
